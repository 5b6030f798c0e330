"""What does a joint investigation team say over the wire? Its agreement, purpose and the agencies that support it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from registry.domain.activities import Kind
from registry.domain.command_parts import KindFacts, TeamFacts
from registry.schemas.activities import ActivitySchema
from registry.schemas.fields import Day, Words

AGENCIES = ("EUROPOL", "EUROJUST", "OLAF", "EPPO", "FRONTEX", "SELEC")


class TeamSchema(Schema):
    """``team-signed_on``, ``team-agreement_until_on``, ``team-purpose``, ``team-agencies`` (may repeat)."""

    signed_on = Day(load_default=None, allow_none=True)
    agreement_until_on = Day(load_default=None, allow_none=True)
    purpose = Words(400, load_default="")
    agencies = fields.List(
        fields.String(validate=validate.OneOf(AGENCIES, error="An agency is one of {choices}.")),
        load_default=list,
        validate=validate.Length(max=len(AGENCIES)),
    )


class LogTeamIn(ActivitySchema):
    """The form of a joint investigation team; its parties are its participations, a host it may lack."""

    LISTS = ("crime_areas", "team.agencies")
    KIND = Kind.JOINT_INVESTIGATION_TEAM
    team = fields.Nested(TeamSchema, load_default=dict)

    def facts_of(self, values: dict[str, Any], zone: str) -> KindFacts:
        """The facts; without explicit days the team begins with its agreement."""
        said: dict[str, Any] = values.pop("team")
        if said.get("signed_on") and not any(name.startswith(("starts_", "ends_")) for name in values):
            values["starts_day"] = said["signed_on"]
        return TeamFacts(**{**said, "agencies": tuple(said.get("agencies", ()))})
