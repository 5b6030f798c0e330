"""flask --app wsgi registry import …: activities, exchange rates, the published record, and their undoing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from registry import reference
from registry.domain.clock import Clock
from registry.domain.errors import RegistryError
from registry.domain.permissions import SYSTEM, Viewer
from registry.edge import clock, write_unit
from registry.extensions import db
from registry.ingest.activities import read_activities
from registry.ingest.errors import RowError
from registry.ingest.import_check import CheckedActivities, check_activities, check_rates, codes
from registry.ingest.mending import to_mend
from registry.ingest.rates import SOURCE
from registry.ingest.tables import read_table
from registry.models.projects import Project
from registry.reports.writers.mending_file import mending_csv
from registry.services import accounts, import_rates, published_record, reference_tables, withdraw_import
from registry.services.access import project_for
from registry.services.import_activities import import_activities, owner_for

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITTEN = click.Path(dir_okay=False, writable=True, path_type=Path)
_as = click.option("--as", "email", default="", metavar="EMAIL", help="Whose rights to use; default: the system's own.")
_reason = click.option("--reason", default="", help="Kept in the audit log.")


@click.group("import")
def imports() -> None:
    """Bring in what other programs wrote."""


@imports.command("activities")
@click.argument("file", type=FILE)
@click.option("--project", required=True, metavar="REF", help="The project the activities belong to.")
@click.option("--organisation", required=True, metavar="ORG", help="Short code of the organisation that owns them.")
@click.option("--keep-good", is_flag=True, help="Write the good rows and put the others into a file to mend.")
@click.option(
    "--errors",
    "errors_file",
    type=WRITTEN,
    help="Where the bad rows go; default with --keep-good: beside FILE, spring.errors.csv for spring.csv.",
)
@_as
@_reason
@with_appcontext
def activities(
    *, file: Path, project: str, organisation: str, keep_good: bool, errors_file: Path | None, email: str, reason: str
) -> None:
    """Import the activities of FILE (CSV or XLSX): all of it, or nothing when a row is bad."""
    with _in_plain_words():
        with write_unit():
            session = db.session()
            actor = _actor(session, email)
            checked = _checked(session, actor, project, organisation, file)
            writes = keep_good or not checked.errors
            command = checked.command(project, organisation, keep_good=keep_good, reason=reason)
            done = import_activities(session, command, actor=actor, clock=clock()) if writes else None
            target = errors_file or (file.with_name(f"{file.stem}.errors.csv") if keep_good else None)
            if checked.errors and target:
                target.write_bytes(mending_csv(*to_mend(checked.content, checked.errors)))
        _say(checked.notes, checked.errors)
        if checked.errors and target:
            click.echo(f"The rows to mend are in {target}.")
        known = done.known if done else len(checked.known)
        click.echo(f"Rows written: {done.written if done else 0}, known: {known}, bad: {checked.bad_rows}.")
        if done is None:
            raise click.ClickException("Nothing was written. Mend the rows, or keep the good ones with --keep-good.")
        if done.batch is not None:
            undo = f"flask --app wsgi registry import withdraw {done.batch} --reason “…”"
            click.echo(f"Batch {done.batch}: it can be withdrawn with {undo}")


@imports.command("rates")
@click.argument("file", type=FILE)
@click.option("--source", default=SOURCE, show_default=True, help="Who published the rates.")
@click.option("--project", default="", metavar="REF", help="Needed with --as: where the person is finance officer.")
@_as
@_reason
@with_appcontext
def rates(file: Path, source: str, project: str, email: str, reason: str) -> None:
    """Import exchange rates: the ECB's table, a column per currency, or currency, date, units_per_eur."""
    with _in_plain_words():
        with write_unit():
            session = db.session()
            content = file.read_bytes()
            checked = check_rates(session, source, file.name, content)
            command = import_rates.ImportRates(
                source=source,
                file_name=file.name,
                content=content,
                rates=checked.rates,
                bad=checked.unreadable,
                project=project,
                reason=reason,
            )
            actor = _actor(session, email)
            done = None
            if not checked.errors:
                done = import_rates.import_rates(session, command, actor=actor, clock=clock())
        _say(checked.notes, checked.errors)
        written, known = (done.written, done.known) if done else (0, checked.known)
        click.echo(f"Quotes written: {written}, known: {known}, bad: {len(checked.errors)}.")
        if done is None:
            raise click.ClickException("Nothing was written. Mend the quotes and import the file again.")
        click.echo(f"Cost lines whose figure in euro changed: {done.reconverted}.")


@imports.command("published")
@with_appcontext
def published() -> None:
    """Load the activities that public pages report, as a record of their own for reading."""
    with _in_plain_words():
        with write_unit():
            number = load_published(db.session(), clock())
        click.echo(f"Published activities written: {number}.")


@imports.command("withdraw")
@click.argument("batch", type=int)
@click.option("--reason", required=True, help="Why; kept with the import and in the audit log.")
@_as
@with_appcontext
def withdraw(batch: int, reason: str, email: str) -> None:
    """Withdraw the whole import BATCH. Nothing is deleted; its file can be imported again."""
    with _in_plain_words():
        with write_unit():
            session = db.session()
            number = withdraw_import.withdraw(session, batch, reason, actor=_actor(session, email), clock=clock())
        click.echo(f"Activities withdrawn: {number}.")


def load_published(session: Session, clock: Clock) -> int:
    """Load the shipped table of published activities and the countries and borders it names; how many were new.

    Twice changes nothing.
    """
    reference_tables.load(session)
    name = "real_activities.csv"
    found = read_activities(read_table(name, reference.path(name).read_bytes()), codes(session))
    return published_record.load(session, found.rows, clock=clock)


def _actor(session: Session, email: str) -> Viewer:
    return accounts.viewer_of(accounts.user_by_email(session, email)) if email else SYSTEM


def _checked(session: Session, actor: Viewer, project: str, organisation: str, file: Path) -> CheckedActivities:
    found: Project = project_for(session, actor, project)
    owner = owner_for(session, actor, found, organisation)
    return check_activities(session, found, owner, file.name, file.read_bytes())


def _say(notes: tuple[str, ...], errors: tuple[RowError, ...]) -> None:
    for line in (*notes, *(error.sentence for error in errors)):
        click.echo(line)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """What goes wrong on purpose is said in its sentence, with exit code 1 and without a traceback."""
    try:
        yield
    except RegistryError as error:
        sentences = [text for texts in getattr(error, "errors", {}).values() for text in texts]
        raise click.ClickException(" ".join(sentences) or error.message) from error
