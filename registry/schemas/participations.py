"""Who took part, as it comes over the wire? Authority, role, head-counts by function and gender."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from registry import reference
from registry.domain.activities import ParticipationRole
from registry.domain.command_parts import FunctionCount, ParticipationIn
from registry.schemas.fields import Words

MOST_OFFICERS = 100_000
NOT_NEGATIVE = validate.Range(0, MOST_OFFICERS, error="Write a whole number from 0 to 100,000.")
WHOLE: dict[str, Any] = {"invalid": "Write a whole number, or leave it empty when it was not counted."}


class FunctionIn(Schema):
    """Officers of one function: ``{"function": "driver", "number": 2, "gender": "unknown"}``."""

    function = Words(24, required=True)
    number = fields.Integer(required=True, validate=NOT_NEGATIVE, error_messages=WHOLE)
    gender = fields.String(load_default="unknown", validate=validate.OneOf(("woman", "man", "other", "unknown")))

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> FunctionCount:
        """The head-count as a value."""
        known = [row["code"] for row in reference.table("functions")]
        if values["function"] not in known:
            raise ValidationError(f"A function is one of {', '.join(known)}.", "function")
        return FunctionCount(**values)


class ParticipationSchema(Schema):
    """One authority: ``participations-0-organisation``, ``-role``, ``-officers``, ``-women``, ``-men``, …"""

    organisation = Words(12, required=True, error_messages={"required": "Choose the authority."})
    role = fields.Enum(
        ParticipationRole,
        by_value=True,
        required=True,
        error_messages={"required": "Choose the part it played.", "unknown": "A role is one of {choices}."},
    )
    officers = fields.Integer(allow_none=True, load_default=None, validate=NOT_NEGATIVE, error_messages=WHOLE)
    women = fields.Integer(allow_none=True, load_default=None, validate=NOT_NEGATIVE, error_messages=WHOLE)
    men = fields.Integer(allow_none=True, load_default=None, validate=NOT_NEGATIVE, error_messages=WHOLE)
    functions = fields.List(fields.Nested(FunctionIn), load_default=list, validate=validate.Length(max=40))
    officer_in_charge = Words(32, load_default="")

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> ParticipationIn:
        """The part as a value; its own checks are the command's."""
        return ParticipationIn(**{**values, "functions": tuple(values["functions"])})
