"""How does a script record a cost? With the page's schema and service: converted once, the rate kept."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from registry.api.bodies import json_object, take_project, with_project
from registry.api.problem_api import ApiBlueprint
from registry.domain.permissions import Permission
from registry.edge import clock, commits, requires, viewer
from registry.extensions import db
from registry.schemas.costs import RecordCostIn
from registry.services import record_costs

bp = ApiBlueprint("api_costs", __name__, description="Costs of activities and of the project itself.")


class EuroOut(ma.Schema):
    """An amount in euro cents."""

    minor = ma.fields.Integer()
    currency = ma.fields.String()


class RecordedOut(ma.Schema):
    """The new cost line. ``eur`` is null while no rate is known: *not converted*, which is not zero."""

    reference = ma.fields.String(metadata={"example": "C-SI-2026-0042"})
    eur = ma.fields.Nested(EuroOut, allow_none=True)


@bp.post("/costs")
@requires(Permission.COST_RECORD)
@commits
@bp.reads(with_project("ProjectCost", RecordCostIn))
@bp.may_answer(422, "A field is wrong, missing or not known: errors says which.")
@bp.answers(201, RecordedOut)
def record_cost() -> Any:
    """Record a cost of an activity, or of management (MGT) or dissemination (DIS).

    Send the amount as text, such as "1234.50", with its currency.
    """
    body = json_object()
    project = take_project(body, Permission.COST_RECORD)
    command = RecordCostIn(project=project).load_json(body)
    return record_costs.record(db.session(), command, actor=viewer(), clock=clock())
