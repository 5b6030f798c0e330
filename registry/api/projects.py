"""Which projects may the token's owner see, where do their promises stand, and what do their reports say?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import Response

from registry.api.problem_api import ApiBlueprint
from registry.api.reading import log_reading, token_purpose, up_to_date
from registry.domain.errors import ReasonRequired
from registry.domain.indicators import CountingRule
from registry.domain.permissions import Permission
from registry.edge import clock, commits, current_project, requires, viewer
from registry.extensions import db
from registry.queries import targets
from registry.queries.shell import projects_of
from registry.reports import files, production
from registry.schemas.fields import Day
from registry.services import access, audit

bp = ApiBlueprint("api_projects", __name__, description="The projects you belong to, and the published record.")


class ProjectOut(ma.Schema):
    """A project: its reference stands in addresses, its acronym on pages."""

    reference = ma.fields.String()
    acronym = ma.fields.String()
    title = ma.fields.String()
    read_only = ma.fields.Boolean(metadata={"description": "The published record: everybody reads, nobody writes."})
    own = ma.fields.Boolean(metadata={"description": "Whether you hold a role in it."})


class ProjectsOut(ma.Schema):
    """All projects, none left out."""

    items = ma.fields.List(ma.fields.Nested(ProjectOut))
    total = ma.fields.Integer()
    shown = ma.fields.Integer()


@bp.get("/projects")
@requires(Permission.SIGNED_IN)
@bp.answers(200, ProjectsOut)
def list_projects() -> dict[str, Any]:
    """List projects."""
    lines = projects_of(db.session(), viewer())
    return {"items": lines, "total": len(lines), "shown": len(lines)}


class TargetOut(ma.Schema):
    """One promise: what was promised, what was held, planned and verified, and whether it is on its way."""

    indicator = ma.fields.String(attribute="progress.target.item")
    label = ma.fields.String(attribute="progress.target.label")
    kind = ma.fields.String(metadata={"description": "empty where officers are counted"})
    unit = ma.fields.String(attribute="progress.target.unit")
    target = ma.fields.Integer(attribute="progress.target.target.value")
    qualifier = ma.fields.String(attribute="progress.target.target.qualifier")
    held = ma.fields.Integer(attribute="progress.held")
    planned = ma.fields.Integer(attribute="progress.planned")
    verified = ma.fields.Integer(attribute="progress.evidence")
    verified_of = ma.fields.Integer(attribute="evidence_of")
    held_by_the_other_rule = ma.fields.Integer(attribute="held_other")
    not_counted = ma.fields.Integer(metadata={"description": "activities that name no number of officers"})
    expected_by_today = ma.fields.Float(attribute="progress.expected_by_today")
    forecast_low = ma.fields.Integer(attribute="progress.forecast_low", allow_none=True)
    forecast_high = ma.fields.Integer(attribute="progress.forecast_high", allow_none=True)
    verdict = ma.fields.String(attribute="progress.verdict")


class TargetsOut(ma.Schema):
    """The board of a project; ``withheld`` records count here though you may not list them."""

    from_on = ma.fields.Date(attribute="period.from_on")
    until_on = ma.fields.Date(attribute="period.until_on")
    rule = ma.fields.String()
    items = ma.fields.List(ma.fields.Nested(TargetOut), attribute="rows")
    withheld = ma.fields.Integer()


class TargetsIn(ma.Schema):
    """How to count: *roots* leaves out what belongs to an activity that counts itself."""

    rule = ma.fields.Enum(CountingRule, by_value=True, load_default=CountingRule.EVERY_KIND)


@bp.get("/projects/<project_ref>/targets")
@requires(Permission.TARGETS_VIEW)
@up_to_date
@commits
@bp.takes(TargetsIn, location="query")
@bp.answers(200, TargetsOut)
def show_targets(asked: dict[str, Any], project_ref: str) -> targets.Board:
    """Show what was promised and what was done."""
    head = current_project()
    period = production.period_of(access.project_for(db.session(), viewer(), project_ref))
    board = targets.board(db.session(), viewer(), head.id, period, rule=asked["rule"], now=clock().now())
    log_reading("targets.read", project_ref, (), project_id=head.id, asked=asked["rule"].value)
    return board


class ReportIn(ma.Schema):
    """Over which days, and written how. Days are those of the project when they are not given."""

    from_on = Day(data_key="from", load_default=None)
    last_on = Day(data_key="to", load_default=None)
    format = ma.fields.String(load_default="json", validate=ma.validate.OneOf(tuple(files.FORMATS)))


@bp.get("/projects/<project_ref>/reports/<name>")
@requires(Permission.REPORT_VIEW)
@up_to_date
@commits
@bp.takes(ReportIn, location="query")
@bp.may_answer(422, "A parameter cannot be read, or the token states no purpose and the report needs a reason.")
@bp.answers(200, None, "The report, in the format asked for, as an attachment.")
def show_report(asked: dict[str, Any], project_ref: str, name: str) -> Response:
    """Make a report: monitoring or expenditure.

    The purpose of the token is the reason that is logged. A report with cost lines is refused to a token without one.
    """
    project = access.project_for(db.session(), viewer(), project_ref)
    reason = token_purpose()
    if production.needs_reason(name, viewer(), project.id) and not reason:
        raise ReasonRequired("Make a token that states its purpose: it is the reason of this export.")
    last_on = asked["last_on"]
    period = production.period_of(project, asked["from_on"], last_on + timedelta(days=1) if last_on else None)
    report = production.produce(db.session(), name, project=project, viewer=viewer(), period=period, clock=clock())
    written = files.file_of(report, asked["format"])
    audit.record(
        db.session(),
        actor=viewer(),
        action="report.export",
        subject=name,
        project_id=project.id,
        clock=clock(),
        reason=reason,
        content_hash=report.content_hash,
        details={"format": asked["format"], "by": "api"},
    )
    response = Response(written, content_type=files.format_of(asked["format"]).media_type)
    response.headers.set(
        "Content-Disposition", "attachment", filename=files.file_name(report, project.acronym, asked["format"])
    )
    return response
