"""The Activities page: what have we done? And the file of exactly what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from registry.domain.errors import InvalidInput
from registry.domain.filters import ActivityFilters
from registry.domain.permissions import Permission
from registry.edge import clock, commits, current_project, requires, viewer
from registry.edge.ticking import tick_if_overdue
from registry.extensions import db
from registry.models.projects import Project
from registry.queries.activities import count, listing
from registry.queries.facets import facets, own_shorts
from registry.reports.activity_file import MEDIA_TYPES, file_name, write_file
from registry.reports.writers.workbook import About
from registry.schemas.filters import filters_from
from registry.services import export_activities as exporting
from registry.services.export_activities import ExportActivities
from registry.web.filter_marks import marks_of, tabs_of
from registry.web.handed_over import auditor_read
from registry.web.shell import exists

bp = Blueprint("activities", __name__)

CURSORS = ("after", "before")
EXPORT_FIELDS = ("csrf_token", "form", "reason", "recipient", "leaves", "bom")


@bp.get("/p/<project_ref>/activities")
@requires(Permission.ACTIVITY_VIEW)
def page(project_ref: str) -> str:
    """The list with its facets, as the viewer may see it."""
    tick_if_overdue()
    filters, cursors = filters_from(request.args.items(multi=True), CURSORS)
    project, now, session = current_project(), clock().now(), db.session()
    after, before = cursors.get("after", ""), cursors.get("before", "")
    found = listing(session, viewer(), project.id, filters, now=now, after=after, before=before)
    values = facets(session, viewer(), project.id, filters, now=now)
    shown = render_template(
        "activities/page.html",
        project_ref=project_ref,
        listing=found,
        facets=values,
        filters=filters,
        marks=marks_of(filters, values),
        tabs=tabs_of(filters, own_shorts(session, viewer(), project.id)),
        published=project.read_only,
        may_log=not project.read_only and viewer().may(Permission.ACTIVITY_LOG, project.id) and exists(_RULE + "log"),
        has_map=exists(_RULE + "map"),
        kosovo=any("XK" in row.countries for row in found.rows),
    )
    exact = sum(row.view.exact and not row.published for row in found.rows)
    auditor_read("activity.list", found.shown, {"filter": filters.query_string(), "exact": str(exact)}, exact=exact)
    return shown


_RULE = "/p/<project_ref>/"


@bp.get("/p/<project_ref>/activities/export")
@requires(Permission.ACTIVITY_EXPORT)
def ask(project_ref: str) -> str:
    """What the file will hold, and the questions it asks: what for, and does it leave the project?"""
    filters, others = filters_from(request.args.items(multi=True), ("form",))
    return _asked(project_ref, filters, {"form": others.get("form", "csv")}, {})


def _asked(project_ref: str, filters: ActivityFilters, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    project, session = current_project(), db.session()
    return render_template(
        "activities/export.html",
        project_ref=project_ref,
        filters=filters,
        values=values,
        errors=errors,
        matching=count(session, viewer(), project.id, filters, now=clock().now()),
        protected=exporting.is_protected(session, viewer(), _project(), filters, clock()),
    )


def _project() -> Project:
    return db.session.get_one(Project, current_project().id)


@bp.post("/p/<project_ref>/activities/export")
@requires(Permission.ACTIVITY_EXPORT)
def export(project_ref: str) -> Any:
    """The whole filtered list as a file. It is made while only reading, and handed over with its audit row."""
    filters, fields = filters_from(request.form.items(multi=True), EXPORT_FIELDS)
    try:
        command = _command(project_ref, filters, fields)
        rows = exporting.allowed_rows(db.session(), command, actor=viewer(), clock=clock())
    except InvalidInput as error:
        return _asked(project_ref, filters, fields, error.errors), 422
    file, number, content_hash = write_file(rows, command.form, _about(filters), bom=fields.get("bom") != "0")
    return _hand_over(_Made(command=command, file=file, rows=number, content_hash=content_hash))


export.commits = True  # type: ignore[attr-defined]  # by its last step: the file is made before the writing begins


def _command(project_ref: str, filters: ActivityFilters, fields: dict[str, str]) -> ExportActivities:
    return ExportActivities(
        project=project_ref,
        filters=filters,
        form=fields.get("form", "csv"),
        reason=fields.get("reason", ""),
        recipient=fields.get("recipient", ""),
        leaves_project=fields.get("leaves") == "yes",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A file that is ready to go."""

    command: ExportActivities
    file: IO[bytes]
    rows: int
    content_hash: str


def _about(filters: ActivityFilters) -> About:
    project, now = current_project(), clock().now()
    return About(
        title=f"Activities of {project.acronym}",
        subject=project.title,
        marking="SENSITIVE NON-CLASSIFIED" if not project.read_only else "",
        generated_at=now,
        lines=(
            ("Project", f"{project.acronym}, {project.reference}"),
            ("Filter", filters.query_string() or "none"),
            ("Made by", viewer().service_number or viewer().email),
            ("Data revision", str(project.data_revision)),
        ),
    )


@commits
def _hand_over(made: _Made) -> Response:
    exporting.record_export(
        db.session(),
        made.command,
        rows=made.rows,
        content_hash=made.content_hash,
        actor=viewer(),
        clock=clock(),
    )
    name = file_name(current_project().acronym, clock().now(), made.command.form)
    response = send_file(made.file, MEDIA_TYPES[made.command.form], as_attachment=True, download_name=name)
    response.headers["X-Rows"] = str(made.rows)
    return response
