"""What is the registry asked to do? Frozen commands that cross from the edge to the services; none can be built wrong.

A refusal is one ``InvalidInput`` that names every field in the words of the form: ``costs.0.amount``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from registry.domain.activities import Kind, Status
from registry.domain.activity_checks import Faults, merged, null_result_errors, part_errors
from registry.domain.command_parts import (
    FACTS_OF,
    CostItem,
    FunctionCount,
    KindFacts,
    ObservationFacts,
    ParticipationIn,
    PatrolFacts,
    PlaceIn,
    ReleaseOverride,
    TeamFacts,
)
from registry.domain.counts import NOT_COUNTED, Count
from registry.domain.errors import InvalidInput, ReasonRequired
from registry.domain.periods import PartialDate, Period, zone_of

__all__ = [
    "FACTS_OF",
    "AmendActivity",
    "CostItem",
    "FunctionCount",
    "KindFacts",
    "LogActivity",
    "ObservationFacts",
    "ParticipationIn",
    "PatrolFacts",
    "PlaceIn",
    "RecordCost",
    "ReleaseOverride",
    "SaveDraft",
    "TeamFacts",
    "VerifyActivity",
    "WithdrawActivity",
    "fingerprint",
]

LONGEST_REASON = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LogActivity:
    """A joint activity as it is logged, planned or imported. With a period in hours, or partial days, or neither.

    ``organisation`` is the owner, needed by who logs for several; ``legs`` are the hosts in order, one each, when
    there is more than one; ``findings`` are the measures among the outcomes that a null result speaks of.
    """

    kind: Kind
    project: str
    client_uuid: str
    participations: tuple[ParticipationIn, ...]
    organisation: str = ""
    title: str = ""
    period: Period | None = None
    starts_on: PartialDate | None = None
    ends_on: PartialDate | None = None
    zone: str = "UTC"
    status: Status | None = None
    legs: tuple[str, ...] = ()
    place: PlaceIn | None = None
    aim: str = ""
    crime_areas: tuple[str, ...] = ()
    legal_basis: str = ""
    facts_of_kind: KindFacts | None = None
    outcomes: Mapping[str, Count] = field(default_factory=dict)
    findings: frozenset[str] = frozenset()
    nothing_found: bool = False
    facts: str = ""
    assessment: str = ""
    note: str = ""
    costs: tuple[CostItem, ...] = ()
    work_package: str = ""
    parent: str = ""
    external_reference: str = ""
    source_url: str = ""
    sensitive: bool = False
    release: ReleaseOverride | None = None

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if self.facts_of_kind is None and self.kind in FACTS_OF:
            object.__setattr__(self, "facts_of_kind", FACTS_OF[self.kind]())
        faults = merged(self._own_faults(), self._people_faults(), part_errors(self.outcomes))
        found = {measure: self.outcomes.get(measure, NOT_COUNTED) for measure in self.findings}
        faults = merged(faults, null_result_errors(found, self.nothing_found))
        if faults:
            raise InvalidInput({_outcome_path(self.outcomes, name): texts for name, texts in faults.items()})

    def _own_faults(self) -> Faults:
        faults: Faults = {}
        if not self.client_uuid.strip() or len(self.client_uuid) > 36:
            faults["client_uuid"] = ["Every record carries a UUID made where it was written."]
        expected = FACTS_OF.get(self.kind, type(None))
        if not isinstance(self.facts_of_kind, expected):
            faults["kind"] = [f"These facts do not belong to a {self.kind.label}."]
        if self.period is not None and (self.starts_on or self.ends_on):
            faults["starts_on"] = ["Give hours or days, not both."]
        if self.starts_on and self.ends_on and self.ends_on.until_on <= self.starts_on.from_on:
            faults["ends_on"] = ["The end must not come before the start."]
        return faults

    def _people_faults(self) -> Faults:
        faults: Faults = {} if self.participations else {"participations": ["Say who takes part."]}
        seen: set[str] = set()
        for index, part in enumerate(self.participations):
            path = f"participations.{index}"
            faults = merged(faults, part.faults(path))
            if part.organisation in seen:
                faults = merged(faults, {f"{path}.organisation": ["This authority is named twice."]})
            seen.add(part.organisation)
        return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendActivity:
    """A new content for a record, made from the version that was read, with the reason of the change."""

    reference: str
    expected_version: int
    reason: str
    changes: LogActivity

    def __post_init__(self) -> None:
        _check_reason(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyActivity:
    """The host's word that a record is right: for all its legs, or for the leg named."""

    reference: str
    leg: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawActivity:
    """A record is taken back, with a reason; nothing is deleted."""

    reference: str
    reason: str

    def __post_init__(self) -> None:
        _check_reason(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCost:
    """A cost of an activity, or of the project itself (``activity_kind`` MGT or DIS)."""

    project: str
    item: CostItem
    activity: str = ""
    activity_kind: str = ""
    work_package: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Typed work to be kept for its writer."""

    project: str
    kind: str
    client_uuid: str
    content: Mapping[str, Any]


def fingerprint(command: object) -> str:
    """SHA-256 over everything a command says: two that say the same have the same (decision 20)."""
    return hashlib.sha256(json.dumps(_plain(command), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, frozenset | tuple | list):
        listed = sorted(value) if isinstance(value, frozenset) else value
        return [_plain(part) for part in listed]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    return getattr(value, "wkt", None) or str(value)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonRequired
    if len(reason) > LONGEST_REASON:
        raise InvalidInput({"reason": [f"Keep the reason below {LONGEST_REASON} characters."]})


def _outcome_path(outcomes: Mapping[str, Count], name: str) -> str:
    return f"outcomes.{name}" if name in outcomes else name
