"""flask --app wsgi registry report NAME: the report of the page, as a file or on standard output."""

from __future__ import annotations

import hashlib
import sys
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app, render_template
from flask.cli import with_appcontext
from markupsafe import Markup

from registry.domain.errors import InvalidInput, ReasonRequired, RegistryError
from registry.domain.periods import DatePeriod, parse_local_day
from registry.domain.permissions import SYSTEM, Viewer
from registry.edge import clock, write_unit
from registry.extensions import db
from registry.models.projects import Project
from registry.reports import production
from registry.reports.files import FORMATS, file_of
from registry.reports.sections import Chart
from registry.reports.tables import Report
from registry.services import access, accounts, audit, derive

HTML = "html"
STYLES = ("registry.css", "pages.css", "figures.css")


@click.command("report")
@click.argument("name", type=click.Choice(list(production.REPORTS)))
@click.option("--project", "reference", required=True, help="Reference of the project.")
@click.option("--format", "code", type=click.Choice([HTML, *FORMATS]), default="pdf", show_default=True)
@click.option("--from", "first", default="", help="First day, 2026-01-01; without it the project's.")
@click.option("--to", "last", default="", help="Last day meant; without it the project's.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else standard output.")
@click.option("--as", "email", default="", help="Act as this person, with their rights; else as the installation.")
@click.option("--reason", default="", help="What the file is for; kept in the audit log.")
@with_appcontext
def report(output: Path | None, **options: str) -> None:
    """Make the report NAME (monitoring or expenditure) of a project, and write down that it was made."""
    try:
        content = _made(_Asked(**options))
    except RegistryError as error:
        raise click.ClickException(_sentence(error)) from error
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        output.write_bytes(content)
        click.echo(f"{output}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}", err=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line says."""

    name: str
    reference: str
    code: str
    first: str
    last: str
    email: str
    reason: str

    def period(self, project: Project) -> DatePeriod | None:
        """The days asked for; None for the project's own."""
        if not self.first and not self.last:
            return None
        from_on = parse_local_day(self.first, "from") if self.first else None
        until_on = parse_local_day(self.last, "to") + timedelta(days=1) if self.last else None
        return production.period_of(project, from_on, until_on)


def _made(asked: _Asked) -> bytes:
    session = db.session()
    with write_unit():
        derive.tick(session, clock())
    actor = accounts.viewer_of(accounts.user_by_email(session, asked.email)) if asked.email else SYSTEM
    project = access.project_for(session, actor, asked.reference)
    if not asked.reason.strip() and not actor.unmasked and production.needs_reason(asked.name, actor, project.id):
        raise ReasonRequired("Give --reason: say in a few words what the file is for.")
    made = production.produce(
        session, asked.name, project=project, viewer=actor, period=asked.period(project), clock=clock()
    )
    content = _as_html(made) if asked.code == HTML else file_of(made, asked.code)
    with write_unit():
        _record(asked, actor, made, content)
    return content


def _record(asked: _Asked, actor: Viewer, made: Report, content: bytes) -> None:
    project = access.project_for(db.session(), actor, asked.reference)
    audit.record(
        db.session(),
        actor=actor,
        action="report.export",
        subject=project.reference,
        project_id=project.id,
        clock=clock(),
        reason=asked.reason.strip(),
        touched=sum(len(table.rows) for table in made.tables),
        content_hash=hashlib.sha256(content).hexdigest(),
        details={"report": made.name, "form": asked.code, "period": made.period, "figures": made.content_hash},
    )


def _as_html(made: Report) -> bytes:
    """One file that needs no other: styles inside, charts as pictures."""
    from registry.reports.writers import drawing  # matplotlib is large, and only this format needs it here

    drawing.use_fonts(None)
    drawings = {
        chart.title: f"data:image/svg+xml;base64,{b64encode(drawing.as_svg(chart.drawn())).decode()}"
        for chart in made.sections
        if isinstance(chart, Chart)
    }
    folder = Path(current_app.static_folder or "") / "css"
    written = "\n".join((folder / name).read_text(encoding="utf-8") for name in STYLES)
    inside = "\n".join(line for line in written.splitlines() if not line.startswith("@font-face"))
    style = Markup(inside)  # noqa: S704 - our own style sheets
    with current_app.test_request_context():
        return render_template("reports/file.html", report=made, drawings=drawings, style=style).encode()


def _sentence(error: RegistryError) -> str:
    if isinstance(error, InvalidInput):
        return " ".join(f"{field}: {text}" for field, texts in error.errors.items() for text in texts)
    return error.message
