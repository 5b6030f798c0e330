"""What does a joint patrol say over the wire? The ground of its checks, its risk assessment, kilometres driven."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from registry.domain.activities import CheckBasis, Kind
from registry.domain.command_parts import KindFacts, PatrolFacts
from registry.domain.errors import InvalidInput
from registry.schemas.activities import ActivitySchema
from registry.schemas.fields import Words
from registry.schemas.places import NOWHERE


class LogJointPatrolIn(ActivitySchema):
    """The form of a joint patrol; a patrol always says where it was."""

    KIND = Kind.JOINT_PATROL

    check_basis = fields.Enum(
        CheckBasis,
        by_value=True,
        load_default=None,
        allow_none=True,
        error_messages={"unknown": "A ground is one of {choices}."},
    )
    risk_reference = Words(120, load_default="")
    km_driven = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 100_000, error="Kilometres lie between 0 and 100,000."),
        error_messages={"invalid": "Write whole kilometres."},
    )

    def facts_of(self, values: dict[str, Any], zone: str) -> KindFacts:
        """Check basis, risk reference and kilometres; the place is checked here since other kinds may lack it."""
        if values["place"] is None:
            raise InvalidInput({"place.text": [NOWHERE]})
        names = ("check_basis", "risk_reference", "km_driven")
        return PatrolFacts(**{name: values.pop(name) for name in names})
