"""The reports: what is there, the report on paper, and its files."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

from flask import Blueprint, render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from registry.domain.errors import ReasonRequired
from registry.domain.permissions import Permission
from registry.edge import clock, current_project, requires, viewer
from registry.edge.ticking import tick_if_overdue
from registry.extensions import db
from registry.models.projects import Project
from registry.reports import production
from registry.reports.files import FORMATS, file_name, format_of
from registry.reports.tables import Report
from registry.web.asked import LONGEST_REASON, days, one
from registry.web.handed_over import MadeFile, auditor_read, hand_over

bp = Blueprint("reports", __name__)

NAMES = {
    "monitoring": (
        lazy_gettext("Monitoring report"),
        lazy_gettext("What was held against what was promised, by quarter, organisation, result and effort."),
        "target-arrow",
    ),
    "expenditure": (
        lazy_gettext("Expenditure against the budget"),
        lazy_gettext("What was spent by whom on what, with the rate of every line, against the budget."),
        "coins",
    ),
}
"""Each report's title, the question it answers, and its icon."""


@bp.get("/p/<project_ref>/reports")
@requires(Permission.REPORT_VIEW)
def index(project_ref: str) -> str:
    """The reports that the viewer may read."""
    names = production.readable(viewer(), current_project().id)
    return render_template("reports/index.html", project_ref=project_ref, reports=[(n, *NAMES[n]) for n in names])


@bp.get("/p/<project_ref>/reports/<name>")
@requires(Permission.REPORT_VIEW)
def page(project_ref: str, name: str) -> str:
    """The report on paper, over the project's own period or the one asked for."""
    tick_if_overdue()
    report = _produced(name)
    period = production.period_of(_project(), *days())
    shown = render_template(
        "reports/page.html",
        project_ref=project_ref,
        report=report,
        from_on=period.from_on,
        last_on=period.until_on - timedelta(days=1),
        asked=any(days()),
        formats=list(FORMATS),
        needs_reason=production.needs_reason(name, viewer(), current_project().id),
    )
    auditor_read("report.read", _rows(report), {"report": name, "period": report.period})
    return shown


@bp.post("/p/<project_ref>/reports/<name>/file")
@requires(Permission.REPORT_VIEW)
def file(project_ref: str, name: str) -> Response:
    """The report as a file. ReasonRequired for a protected one, or when its recipient has no role in the project."""
    code, reason, recipient = one("format"), one("reason", longest=LONGEST_REASON), one("recipient")
    chosen = format_of(code)
    if not reason and (recipient or production.needs_reason(name, viewer(), current_project().id)):
        raise ReasonRequired("Say in a few words what the file is for.")
    report = _produced(name)
    content = chosen.write(report)
    return hand_over(
        MadeFile(
            file=io.BytesIO(content),
            media_type=chosen.media_type,
            name=file_name(report, current_project().acronym, code),
            action="report.export",
            rows=_rows(report),
            content_hash=hashlib.sha256(content).hexdigest(),
            reason=reason,
            details={
                "report": name,
                "form": code,
                "period": report.period,
                "recipient": recipient,
                "figures": report.content_hash,
            },
        )
    )


file.commits = True  # type: ignore[attr-defined]  # by its last step: the file is made before the writing begins


def _produced(name: str) -> Report:
    project = _project()
    first, until = days()
    period = production.period_of(project, first, until) if first or until else None
    return production.produce(db.session(), name, project=project, viewer=viewer(), period=period, clock=clock())


def _project() -> Project:
    return db.session.get_one(Project, current_project().id)


def _rows(report: Report) -> int:
    return sum(len(table.rows) for table in report.tables)
