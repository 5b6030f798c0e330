"""What does a cross-border observation say over the wire? Mode, offence, crossing, authorisation, how it ended."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from marshmallow import Schema, fields, validate

from registry.domain.activities import Kind
from registry.domain.command_parts import KindFacts, ObservationFacts
from registry.domain.errors import InvalidInput
from registry.domain.periods import local_to_utc
from registry.schemas.activities import ActivitySchema
from registry.schemas.fields import ClockTime, Day, Instant, Words


class ObservationSchema(Schema):
    """``observation-mode``, ``-offence``, ``-crossed_day``, ``-crossed_time``, ``-end_reason``, …"""

    mode = fields.String(
        load_default="ordinary",
        validate=validate.OneOf(("ordinary", "urgent"), error="An observation is ordinary or urgent."),
    )
    offence = Words(40, load_default="")
    request_reference = Words(80, load_default="")
    crossed_at, authorised_at = Instant(), Instant()
    crossed_day, authorised_day = Day(), Day()
    crossed_time, authorised_time = ClockTime(), ClockTime()
    end_reason = Words(24, load_default="")


class LogObservationIn(ActivitySchema):
    """The form of a cross-border observation (CISA Article 40)."""

    KIND = Kind.CROSS_BORDER_OBSERVATION
    observation = fields.Nested(ObservationSchema, load_default=dict)

    def facts_of(self, values: dict[str, Any], zone: str) -> KindFacts:
        """The facts, moments turned to UTC."""
        said: dict[str, Any] = values.pop("observation")
        texts = {name: said[name] for name in ("mode", "offence", "request_reference", "end_reason") if name in said}
        crossed_at, authorised_at = _moment(said, "crossed", zone), _moment(said, "authorised", zone)
        return ObservationFacts(crossed_at=crossed_at, authorised_at=authorised_at, **texts)


def _moment(said: dict[str, Any], name: str, zone: str) -> datetime | None:
    instant: datetime | None = said.get(f"{name}_at")
    day: date | None = said.get(f"{name}_day")
    clock: time | None = said.get(f"{name}_time")
    if instant is not None:
        return instant
    if day is None and clock is None:
        return None
    if day is None or clock is None:
        raise InvalidInput({f"observation.{name}_time": ["Write the day and the time, or neither."]})
    return local_to_utc(day, clock, zone, field=f"observation.{name}_time")
