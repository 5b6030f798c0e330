"""How does a script log? One address per kind with facts of its own, one for the rest; as the pages do."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify, url_for

from registry.api.activity import read
from registry.api.bodies import json_object, take_project, with_project
from registry.api.conditional import tag_of
from registry.api.problem_api import ApiBlueprint
from registry.domain.permissions import Permission
from registry.edge import clock, commits, requires, viewer
from registry.extensions import db
from registry.schemas.activities import LogActivityIn
from registry.schemas.observations import LogObservationIn
from registry.schemas.patrols import LogJointPatrolIn
from registry.schemas.teams import LogTeamIn
from registry.schemas.whole import CommandSchema
from registry.services import log_activity

bp = ApiBlueprint("api_log", __name__, description="What took place, or is planned: once, however often it is sent.")

AGAIN = "Sent before, with the same content by the same sender: the first record."
TAKEN = "The client_uuid is taken by another content or another sender."
WRONG = "A field is wrong, missing or not known: errors says which."


class LoggedOut(ma.Schema):
    """The record that was made, and what is worth asking back."""

    reference = ma.fields.String(metadata={"example": "JP-SI-2026-0042"})
    created = ma.fields.Boolean(metadata={"description": "false when it had been sent before"})
    warnings = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()))


@bp.post("/joint-patrols")
@requires(Permission.ACTIVITY_LOG)
@commits
@bp.reads(with_project("JointPatrol", LogJointPatrolIn))
@bp.may_answer(409, TAKEN)
@bp.may_answer(200, AGAIN)
@bp.answers(201, LoggedOut, "Logged. Location leads to the record, ETag is its version.")
def log_joint_patrol() -> Response:
    """Log a joint patrol.

    Without a client_uuid every sending makes a record of its own: make one, and sending again is safe.
    """
    return _logged(LogJointPatrolIn)


@bp.post("/observations")
@requires(Permission.ACTIVITY_LOG)
@commits
@bp.reads(with_project("CrossBorderObservation", LogObservationIn))
@bp.may_answer(409, TAKEN)
@bp.may_answer(200, AGAIN)
@bp.answers(201, LoggedOut, "Logged. Location leads to the record, ETag is its version.")
def log_observation() -> Response:
    """Log a cross-border observation, ordinary or urgent (CISA Article 40)."""
    return _logged(LogObservationIn)


@bp.post("/teams")
@requires(Permission.ACTIVITY_LOG)
@commits
@bp.reads(with_project("JointInvestigationTeam", LogTeamIn))
@bp.may_answer(409, TAKEN)
@bp.may_answer(200, AGAIN)
@bp.answers(201, LoggedOut, "Logged. Location leads to the record, ETag is its version.")
def log_team() -> Response:
    """Log a joint investigation team with its agreement."""
    return _logged(LogTeamIn)


@bp.post("/activities")
@requires(Permission.ACTIVITY_LOG)
@commits
@bp.reads(with_project("CommonActivity", LogActivityIn))
@bp.may_answer(409, TAKEN)
@bp.may_answer(200, AGAIN)
@bp.answers(201, LoggedOut, "Logged. Location leads to the record, ETag is its version.")
def log_common_activity() -> Response:
    """Log a joint operation, a joint action day, a meeting, a workshop, a training or an exchange."""
    return _logged(LogActivityIn)


def _logged(schema: type[CommandSchema]) -> Response:
    body: dict[str, Any] = json_object()
    project = take_project(body, Permission.ACTIVITY_LOG)
    command = schema(project=project).load_json(body)
    logged = log_activity.log(db.session(), command, actor=viewer(), clock=clock())
    response = jsonify(LoggedOut().dump(logged))
    response.status_code = 201 if logged.created else 200
    response.headers["Location"] = url_for("api_activity.show_activity", reference=logged.reference)
    response.set_etag(tag_of(read(logged.reference)[0]))
    return response
