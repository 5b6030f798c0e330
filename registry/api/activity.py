"""What does one activity say, and how is it amended, verified or withdrawn by a script that has read it?"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from registry.api.bodies import json_object
from registry.api.conditional import require_match, tag_of, tagged
from registry.api.problem_api import ApiBlueprint
from registry.api.reading import log_reading
from registry.domain.activities import Kind
from registry.domain.commands import AmendActivity, VerifyActivity, WithdrawActivity
from registry.domain.errors import InvalidInput, NotFound
from registry.domain.permissions import Permission
from registry.domain.precision import View
from registry.edge import clock, commits, requires, viewer
from registry.extensions import db
from registry.models.activities import Activity
from registry.models.projects import Project
from registry.queries.activity import activity_page
from registry.queries.activity_costs import activity_costs, may_read
from registry.schemas.activities import LogActivityIn
from registry.schemas.activity_out import ActivityDetailOut, CostOut
from registry.schemas.observations import LogObservationIn
from registry.schemas.patrols import LogJointPatrolIn
from registry.schemas.teams import LogTeamIn
from registry.schemas.whole import CommandSchema
from registry.services import access, amend_activity, verify_activity, withdraw_activity

bp = ApiBlueprint("api_activity", __name__, description="One activity: read it, then change what you have read.")

SCHEMAS: dict[str, type[CommandSchema]] = {
    Kind.JOINT_PATROL: LogJointPatrolIn,
    Kind.CROSS_BORDER_OBSERVATION: LogObservationIn,
    Kind.JOINT_INVESTIGATION_TEAM: LogTeamIn,
}
HELD = "If-Match is missing: send the ETag of the record as you read it."
STALE = "The record has changed since it was read."


class AmendmentIn(ma.Schema):
    """The whole new content, as it would be logged, and why."""

    reason = ma.fields.String(required=True, validate=ma.validate.Length(1, 400))
    content = ma.fields.Dict(required=True, metadata={"description": "As sent to log a record of this kind."})


class VerificationIn(ma.Schema):
    """The leg to verify; without one, all legs that your organisations host."""

    leg = ma.fields.Integer(load_default=None, allow_none=True, strict=True)


class WithdrawalIn(ma.Schema):
    """Why the record is taken back."""

    reason = ma.fields.String(required=True, validate=ma.validate.Length(1, 400))


class AmendedOut(ma.Schema):
    """The new version; ``reopened`` says that its hosts are asked to verify it anew."""

    reference = ma.fields.String()
    version = ma.fields.Integer()
    reopened = ma.fields.Boolean()
    warnings = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()))


class VerifiedOut(ma.Schema):
    """Which legs were verified now, how many wait, and when the record will be released."""

    reference = ma.fields.String()
    legs = ma.fields.List(ma.fields.Integer())
    waiting = ma.fields.Integer()
    released_at = ma.fields.AwareDateTime(allow_none=True)


class WithdrawnOut(ma.Schema):
    """The record as it stands now: readable, and counted nowhere."""

    reference = ma.fields.String()
    status = ma.fields.String()
    version = ma.fields.Integer()


@bp.get("/activities/<reference>")
@requires(Permission.ACTIVITY_VIEW)
@commits
@bp.may_answer(404, "There is no such record, or you may not know of it.")
@bp.may_answer(304, "Nothing has changed since the ETag in If-None-Match.")
@bp.answers(200, ActivityDetailOut, "The record at the precision you may see, with its ETag.")
def show_activity(reference: str) -> Response:
    """Read one activity.

    Reading an exact place is written into the audit log, with the purpose of the token.
    """
    shown, view, project_id = read(reference)
    log_reading("activity.read", reference, () if shown["record"]["published"] else (view,), project_id=project_id)
    response = tagged(jsonify(shown), tag_of(shown))
    response.headers["Cache-Control"] = "no-store"  # exact places stay on no disk; a script keeps the tag itself
    return response


@bp.post("/activities/<reference>/amendments")
@requires(Permission.ACTIVITY_AMEND)
@commits
@bp.reads(AmendmentIn)
@bp.may_answer(428, HELD)
@bp.may_answer(412, STALE)
@bp.answers(200, AmendedOut)
def amend(reference: str) -> Response:
    """Give a record a new content, with a reason. The old version stays readable."""
    body = json_object()
    activity, _view = access.activity_for(
        db.session(), viewer(), reference, Permission.ACTIVITY_AMEND, now=clock().now()
    )
    require_match(tag_of(read(reference)[0]))
    loaded = AmendmentIn().load(body)
    project = db.session.get_one(Project, activity.project_id)
    changes = _changes(loaded["content"], activity.kind, project.reference, activity.client_uuid)
    command = AmendActivity(
        reference=reference, expected_version=activity.version, reason=loaded["reason"], changes=changes
    )
    amended = amend_activity.amend(db.session(), command, actor=viewer(), clock=clock())
    return _changed(AmendedOut().dump(amended), reference)


@bp.post("/activities/<reference>/verifications")
@requires(Permission.ACTIVITY_VERIFY)
@commits
@bp.reads(VerificationIn)
@bp.may_answer(428, HELD)
@bp.may_answer(412, STALE)
@bp.answers(200, VerifiedOut)
def verify(reference: str) -> Response:
    """Verify a record for its host. Who logged it does not verify it."""
    asked = VerificationIn().load(json_object())
    require_match(tag_of(read(reference)[0]))
    command = VerifyActivity(reference=reference, leg=asked["leg"])
    verified = verify_activity.verify(db.session(), command, actor=viewer(), clock=clock())
    return _changed(VerifiedOut().dump(verified), reference)


@bp.post("/activities/<reference>/withdrawals")
@requires(Permission.ACTIVITY_WITHDRAW)
@commits
@bp.reads(WithdrawalIn)
@bp.may_answer(428, HELD)
@bp.may_answer(412, STALE)
@bp.answers(200, WithdrawnOut)
def withdraw(reference: str) -> Response:
    """Take a record back, with a reason. Nothing is deleted."""
    asked = WithdrawalIn().load(json_object())
    require_match(tag_of(read(reference)[0]))
    command = WithdrawActivity(reference=reference, reason=asked["reason"])
    withdrawn = withdraw_activity.withdraw(db.session(), command, actor=viewer(), clock=clock())
    return jsonify(WithdrawnOut().dump(withdrawn))


def read(reference: str) -> tuple[dict[str, Any], View, int]:
    """One record as the asker sees it, its precision, its project. Raises NotFound for what may not be known."""
    now = clock().now()
    activity, view = access.activity_for(db.session(), viewer(), reference, Permission.ACTIVITY_VIEW, now=now)
    page = activity_page(db.session(), viewer(), activity.project_id, reference, now)
    if page is None:
        raise NotFound(f"There is no activity {reference}, or you may not see it.")
    shown: dict[str, Any] = ActivityDetailOut().dump(page)
    return {**shown, "costs": _costs(activity)}, view, activity.project_id


def _costs(activity: Activity) -> list[dict[str, Any]] | None:
    """The lines the asker may read; None where costs are not shown at all."""
    if not may_read(viewer(), activity.project_id):
        return None
    lead = db.session.get_one(Project, activity.project_id).lead_organisation_id
    found = activity_costs(
        db.session(), viewer(), activity.project_id, activity.id, lead_organisation_id=lead, now=clock().now()
    )
    lines: list[dict[str, Any]] = CostOut(many=True).dump(found.lines)
    return lines


def _changes(content: dict[str, Any], kind: str, project: str, client_uuid: str | None) -> Any:
    schema = SCHEMAS.get(kind, LogActivityIn)
    sent = {**content, "client_uuid": client_uuid} if client_uuid else content
    try:
        return schema(project=project).load_json(sent)
    except InvalidInput as error:
        raise InvalidInput({f"content.{name}": texts for name, texts in error.errors.items()}) from error


def _changed(body: dict[str, Any], reference: str) -> Response:
    response = jsonify(body)
    response.set_etag(tag_of(read(reference)[0]))
    return response
