"""From which rows is the monitoring report built?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from registry.domain.counts import Qualifier, Total
from registry.reports.heads import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """One promise of the project and where it stands.

    ``held_every_kind`` counts each activity; ``held_roots`` leaves out those whose ancestor counts in the same period
    (the roots rule), and is what is measured against the target. ``evidence`` says what proves it.
    """

    item: str
    label: str
    unit: str
    target: int
    qualifier: Qualifier
    held_every_kind: int
    held_roots: int
    planned: int
    expected: int | None
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """How many activities of one kind were held in one quarter, such as 2026-Q1."""

    kind: str
    kind_label: str
    quarter: str
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """In how many activities an organisation took part, and how many of them it hosted."""

    organisation: str
    country: str
    took_part: int
    hosted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One measure of outcome (persons checked, arrests, …) over all activities."""

    measure: str
    unit: str
    total: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Hours on patrol, and officers. ``officers_are_distinct`` is false when attendances were counted instead."""

    patrol_hours: Decimal
    officers: int
    officers_are_distinct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringRows:
    """Everything the report is built from. ``held_total`` includes the ``withheld`` activities."""

    head: Head
    targets: tuple[TargetRow, ...]
    held: tuple[HeldRow, ...]
    held_total: int
    organisations: tuple[OrganisationRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    effort: Effort
    unplaced: int
    withheld: int
