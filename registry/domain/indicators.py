"""Are the project's targets being met? Counting rules and forecast of the targets board (decisions 16 and 38)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.domain.activities import Phase, phase
from registry.domain.counts import Count
from registry.domain.errors import InvalidInput
from registry.domain.periods import DatePeriod

BAND = 1.28
"""Width of the forecast band in roots of what is still expected: about eight ends of ten lie inside."""


class CountingRule(StrEnum):
    """Whether parts of a larger activity count beside it. Both figures are shown, labelled."""

    EVERY_KIND = "every_kind"
    ROOTS = "roots"


class Verdict(StrEnum):
    """Where the forecast lies to the target."""

    REACHED = "reached"
    ON_TARGET = "on_target"
    IN_DOUBT = "in_doubt"
    WILL_MISS = "will_miss"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFact:
    """What counting needs of an activity: its life, the day it counts on, what it is part of, who attended.

    ``officers`` are the pseudonymous numbers of those who took part, where given; otherwise ``attendances`` is all.
    """

    id: int
    kind: str
    status: str
    counts_on: date | None
    parent_id: int | None = None
    officers: frozenset[str] = frozenset()
    attendances: int = 0
    evidenced: bool = False

    def held_in(self, period: DatePeriod) -> bool:
        """Whether it was held and counts on a day of the period."""
        return phase(self.kind, self.status) is Phase.HELD and self._lies_in(period)

    def planned_in(self, period: DatePeriod) -> bool:
        """Whether it is agreed or scheduled for a day of the period."""
        return phase(self.kind, self.status) is Phase.PLANNED and self._lies_in(period)

    def _lies_in(self, period: DatePeriod) -> bool:
        return self.counts_on is not None and self.counts_on in period


def held_by_rule(facts: Iterable[ActivityFact], rule: CountingRule, period: DatePeriod) -> tuple[ActivityFact, ...]:
    """The activities that count as held in the period.

    Under ROOTS one is left out when any ancestor counts in the same period, whatever lies between them. The facts
    must hold the ancestors too, also those of other kinds.
    """
    known = {fact.id: fact for fact in facts}
    held = tuple(fact for fact in known.values() if fact.held_in(period))
    if rule is CountingRule.EVERY_KIND:
        return held
    counted = {fact.id for fact in held}
    return tuple(fact for fact in held if counted.isdisjoint(_ancestors(fact, known)))


def grouped(facts: Iterable[ActivityFact], rule: CountingRule, period: DatePeriod) -> dict[str, Grouped]:
    """Held, planned and evidenced per kind under a rule: what the database groups for large projects."""
    everything = tuple(facts)
    held = held_by_rule(everything, rule, period)
    by_kind = Counter(fact.kind for fact in held)
    evidence = Counter(fact.kind for fact in held if fact.evidenced)
    planned = Counter(fact.kind for fact in everything if fact.planned_in(period))
    return {
        kind: Grouped(held=by_kind[kind], planned=planned[kind], evidence=evidence[kind])
        for kind in sorted(by_kind.keys() | planned.keys())
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Activities of one kind in a period: held, planned, and how many of the held have their evidence."""

    held: int = 0
    planned: int = 0
    evidence: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.evidence <= self.held or self.planned < 0:
            raise InvalidInput({"held": ["Counts are zero or more, and evidence belongs to what was held."]})

    def __add__(self, other: Grouped) -> Grouped:
        return Grouped(
            held=self.held + other.held,
            planned=self.planned + other.planned,
            evidence=self.evidence + other.evidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersInvolved:
    """How many officers: distinct persons where every record gives pseudonymous numbers, otherwise attendances."""

    number: int
    distinct: bool


def officers_involved(facts: Collection[ActivityFact]) -> OfficersInvolved:
    """Distinct officers, or attendances as soon as one record that had officers does not name them by number."""
    if all(len(fact.officers) >= fact.attendances for fact in facts):
        return OfficersInvolved(number=len(frozenset().union(*(fact.officers for fact in facts))), distinct=True)
    return OfficersInvolved(number=sum(max(fact.attendances, len(fact.officers)) for fact in facts), distinct=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was promised: how many, of which kinds of activity, in which unit."""

    item: str
    label: str
    target: Count
    unit: str
    kinds: frozenset[str]

    def gather(self, groups: Mapping[str, Grouped]) -> Grouped:
        """The counts of the target's kinds together."""
        result = Grouped()
        for kind in self.kinds:
            result += groups.get(kind, Grouped())
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProgress:
    """Where a target stands. ``share`` is held to target; ``pace_difference`` held less ``expected_by_today``.

    The forecast carries the pace so far on to the end; plans are shown and not added. It is None before any time has
    passed. Rounded to whole activities, as it is judged and shown.
    """

    target: Target
    held: int
    planned: int
    evidence: int
    share: float | None
    expected_by_today: float
    pace_difference: float
    forecast_low: int | None
    forecast_high: int | None
    verdict: Verdict


def progress(target: Target, held: int, planned: int, evidence: int, elapsed_share: float) -> TargetProgress:
    """Judge a target from counts and the share of its period that has passed (0 to 1).

    InvalidInput when the target has no number, or the share lies outside 0 to 1.
    """
    promised = target.target.value
    if promised is None:
        raise InvalidInput({"target": ["A target is a number."]})
    low, high = forecast(held, elapsed_share)
    expected = promised * elapsed_share
    return TargetProgress(
        target=target,
        held=held,
        planned=planned,
        evidence=evidence,
        share=held / promised if promised else None,
        expected_by_today=expected,
        pace_difference=held - expected,
        forecast_low=low,
        forecast_high=high,
        verdict=verdict(promised, held, low, high),
    )


def forecast(held: int, elapsed_share: float) -> tuple[int, int] | tuple[None, None]:
    """Low and high number at the end: pace so far, give or take 1.28 roots of what is still expected.

    Never below what is held already, and exactly that once all time has passed; (None, None) before it began.
    """
    if not 0 <= elapsed_share <= 1:
        raise InvalidInput({"elapsed_share": ["The elapsed share lies between 0 and 1."]})
    if elapsed_share == 0:
        return None, None
    at_end = held / elapsed_share
    band = BAND * math.sqrt(at_end - held)
    return max(held, _whole(at_end - band)), _whole(at_end + band)


def verdict(promised: int, held: int, low: int | None, high: int | None) -> Verdict:
    """Reached already; else by the band: above the target, below it, or across it. Without a forecast, in doubt."""
    if held >= promised:
        return Verdict.REACHED
    if low is None or high is None:
        return Verdict.IN_DOUBT
    if low >= promised:
        return Verdict.ON_TARGET
    return Verdict.WILL_MISS if high < promised else Verdict.IN_DOUBT


def _whole(number: float) -> int:
    return math.floor(number + 0.5)


def _ancestors(fact: ActivityFact, known: Mapping[int, ActivityFact]) -> set[int]:
    """All activities this one is part of; a ring of parents, which cannot be meant, ends where it closes."""
    found: set[int] = set()
    parent = fact.parent_id
    while parent is not None and parent not in found and parent != fact.id:
        found.add(parent)
        parent = known[parent].parent_id if parent in known else None
    return found
