"""What do all kinds of joint activity say over the wire? One schema for form and JSON, and what goes out."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from registry import reference
from registry.domain.activities import Kind
from registry.domain.commands import KindFacts, LogActivity, ReleaseOverride
from registry.domain.errors import InvalidInput
from registry.schemas.costs import CostSchema
from registry.schemas.fields import ClockTime, Day, Instant, Measures, PartialDay, Words
from registry.schemas.participations import ParticipationSchema
from registry.schemas.places import PlaceSchema
from registry.schemas.times import FOLDS, when
from registry.schemas.whole import UNKNOWN, CommandSchema

COMMON_KINDS = (Kind.JOINT_OPERATION, Kind.JOINT_ACTION_DAY, Kind.MEETING, Kind.WORKSHOP, Kind.TRAINING, Kind.EXCHANGE)
FINDINGS = frozenset(row["code"] for row in reference.table("measures") if row["is_finding"] == "yes")
MEASURES = frozenset(row["code"] for row in reference.table("measures"))
_FOLD = validate.OneOf(tuple(FOLDS), error="Say whether it was the first or the second.")


class ActivitySchema(CommandSchema):
    """The shared part of every kind: who, when, where, why, with what result and at which cost."""

    LISTS: tuple[str, ...] = ("crime_areas",)
    KIND: Kind | None = None

    client_uuid = fields.UUID(error_messages={"invalid_uuid": "This is not a UUID: load the form again."})
    organisation = Words(12, load_default="")
    title = Words(240, load_default="")
    zone = Words(64)
    starts_day, ends_day = Day(), Day()
    starts_time, ends_time = ClockTime(), ClockTime()
    starts_fold, ends_fold = fields.String(validate=_FOLD), fields.String(validate=_FOLD)
    starts_at, ends_at = Instant(), Instant()
    starts_on, ends_on = PartialDay(), PartialDay()
    participations = fields.List(
        fields.Nested(ParticipationSchema),
        required=True,
        validate=validate.Length(1, 40, error="Between 1 and 40 authorities take part."),
        error_messages={"required": "Say who takes part."},
    )
    legs = fields.List(Words(12), load_default=list, validate=validate.Length(max=20))
    place = fields.Nested(PlaceSchema, load_default=None, allow_none=True)
    aim = Words(1000, load_default="")
    crime_areas = fields.List(Words(40), load_default=list, validate=validate.Length(max=8))
    legal_basis = Words(240, load_default="")
    outcomes = Measures(load_default=dict)
    nothing_found = fields.Boolean(load_default=False)
    facts = Words(20_000, load_default="")
    assessment = Words(20_000, load_default="")
    note = Words(4_000, load_default="")
    costs = fields.List(fields.Nested(CostSchema), load_default=list, validate=validate.Length(max=100))
    work_package = Words(12, load_default="")
    parent = Words(40, load_default="")
    external_reference = Words(80, load_default="")
    source_url = Words(400, load_default="")
    sensitive = fields.Boolean(load_default=False)
    release_never = fields.Boolean(load_default=False)
    release_delay_days = fields.Integer(load_default=None, allow_none=True)
    release_reason = Words(400, load_default="")

    @pre_load
    def accept_null_counts(self, body: Any, **_: object) -> Any:
        """In JSON null is a measure that was not counted."""
        outcomes = body.get("outcomes") if isinstance(body, dict) else None
        if not isinstance(outcomes, dict):
            return body
        return {**body, "outcomes": {key: "n.c." if value is None else value for key, value in outcomes.items()}}

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> LogActivity:
        """The command; what it refuses keeps the names of the form."""
        _check_codes(values)
        zone: str = values.pop("zone", "") or self.default_zone
        kind = self.kind_of(values)
        facts_of_kind = self.facts_of(values, zone)
        times = when(values, zone)
        for name in ("legs", "crime_areas", "costs", "participations"):
            values[name] = tuple(values[name])
        uuid = str(values.pop("client_uuid", None) or uuid4())
        command = {**values, **times, "zone": zone, "client_uuid": uuid, "release": _release(values)}
        for name in ("release_never", "release_delay_days", "release_reason"):
            command.pop(name)
        return LogActivity(
            kind=kind, project=self.project, facts_of_kind=facts_of_kind, findings=self.findings(values), **command
        )

    def kind_of(self, values: dict[str, Any]) -> Kind:
        """The kind this schema is made for."""
        if self.KIND is None:
            raise InvalidInput({"kind": ["Choose what kind of activity it was."]})
        return self.KIND

    def facts_of(self, values: dict[str, Any], zone: str) -> KindFacts | None:
        """What only this kind has, taken out of the values."""
        return None

    def findings(self, values: dict[str, Any]) -> frozenset[str]:
        """The findings that a null result speaks of: those that the sender was asked."""
        return FINDINGS & set(values["outcomes"])


class LogActivityIn(ActivitySchema):
    """The common form: joint operation, joint action day, meeting, workshop, training, exchange."""

    kind = fields.Enum(
        Kind,
        by_value=True,
        required=True,
        validate=validate.OneOf(COMMON_KINDS, error="This kind has a form of its own."),
        error_messages={"required": "Choose what kind of activity it was.", "unknown": "A kind is one of {choices}."},
    )

    def kind_of(self, values: dict[str, Any]) -> Kind:
        """The kind that was chosen."""
        kind: Kind = values.pop("kind")
        return kind


def _check_codes(values: dict[str, Any]) -> None:
    """Codes of the lists: an unknown measure is an unknown field."""
    faults = {f"outcomes.{measure}": [UNKNOWN] for measure in values["outcomes"] if measure not in MEASURES}
    areas = {row["code"] for row in reference.table("crime_areas")}
    if set(values["crime_areas"]) - areas:
        faults["crime_areas"] = ["Choose crime areas from the list."]
    if values["source_url"] and not values["source_url"].startswith(("https://", "http://")):
        faults["source_url"] = ["A link begins with https:// or http://."]
    if faults:
        raise InvalidInput(faults)


def _release(values: dict[str, Any]) -> ReleaseOverride | None:
    never, days, reason = values["release_never"], values["release_delay_days"], values["release_reason"]
    if not never and days is None:
        if reason:
            raise ValidationError("Say whether it is released later or never.", "release_delay_days")
        return None
    return ReleaseOverride(reason=reason, never=never, delay_days=None if never else days)
