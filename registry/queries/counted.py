"""How many activities were held, are planned and are verified in a period, under either counting rule?

Without a condition the numbers include records that nobody outside their organisations may list: for a project's own,
unfiltered totals only (decision 1). Then whole months come from the stored counts and the days at the edges of a period
are counted live.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from registry.domain.indicators import ActivityFact, CountingRule, Grouped, held_by_rule
from registry.domain.periods import DatePeriod
from registry.models.activities import Activity
from registry.models.aggregates import ProjectTally
from registry.queries.phases import held, month_of, planned

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """Activities of one kind: held, planned, verified by every host; who attended, and how often nobody counted."""

    held: int = 0
    planned: int = 0
    evidence: int = 0
    attendances: int = 0
    attendances_planned: int = 0
    attendances_unknown: int = 0

    def __add__(self, other: KindCount) -> KindCount:
        return KindCount(**{name: getattr(self, name) + getattr(other, name) for name in KindCount.__slots__})

    @property
    def grouped(self) -> Grouped:
        """The counts as the indicator's rules take them."""
        return Grouped(held=self.held, planned=self.planned, evidence=self.evidence)


NOTHING = KindCount()


def counts_by_kind(
    session: Session, project_id: int, period: DatePeriod, only: Condition | None = None
) -> Mapping[CountingRule, Mapping[str, KindCount]]:
    """Both countings, by kind, of all records or of those under a condition.

    A child counts under ROOTS when no ancestor counts in the same period.
    """
    every: dict[str, KindCount] = defaultdict(KindCount)
    roots: dict[str, KindCount] = defaultdict(KindCount)
    for kind, root, count in _rows(session, project_id, period, only):
        every[kind] += count
        roots[kind] += count if root else KindCount(
            planned=count.planned, attendances_planned=count.attendances_planned
        )  # fmt: skip
    for kind, count in _children_that_count(session, project_id, period, only):
        roots[kind] += count
    return {CountingRule.EVERY_KIND: dict(every), CountingRule.ROOTS: dict(roots)}


def months_inside(period: DatePeriod) -> tuple[int, int]:
    """First and last whole month of a period as YYYYMM; the last lies before the first when there is none."""
    first = period.from_on if period.from_on.day == 1 else _next_month(period.from_on)
    last = (period.until_on.replace(day=1)) - timedelta(days=1)
    return first.year * 100 + first.month, last.year * 100 + last.month


def edges(period: DatePeriod) -> tuple[DatePeriod, ...]:
    """The days of a period outside its whole months."""
    first, last = months_inside(period)
    if last < first:
        return (period,)
    begin, end = date(first // 100, first % 100, 1), _next_month(date(last // 100, last % 100, 1))
    parts = ((period.from_on, begin), (end, period.until_on))
    return tuple(DatePeriod(from_on=one, until_on=other) for one, other in parts if one < other)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def held_by_month(
    session: Session, project_id: int, period: DatePeriod, only: Condition | None = None
) -> Mapping[tuple[str, int], int]:
    """Activities held per kind and month (YYYYMM): all of them, or those under a condition."""
    counts: dict[tuple[str, int], int] = defaultdict(int)
    first, last = months_inside(period)
    if only is None and first <= last:
        stored = select(ProjectTally.kind, ProjectTally.month, func.sum(ProjectTally.activities)).where(
            ProjectTally.project_id == project_id, ProjectTally.phase == "held", ProjectTally.month.between(first, last)
        )
        for kind, month, number in session.execute(stored.group_by(ProjectTally.kind, ProjectTally.month)):
            counts[kind, month] += int(number)
    for part in edges(period) if only is None else (period,):
        when = month_of(Activity.counts_on).label("month")
        live = select(Activity.kind, when, func.count()).where(held(), *_counting(project_id, part, only))
        for kind, month, number in session.execute(live.group_by(Activity.kind, "month")):
            counts[kind, int(month)] += int(number)
    return {key: number for key, number in counts.items() if number}


def _counting(project_id: int, part: DatePeriod, only: Condition | None) -> list[Condition]:
    days = [Activity.counts_on >= part.from_on, Activity.counts_on < part.until_on]
    return [Activity.project_id == project_id, *days, *([] if only is None else [only])]


def _rows(
    session: Session, project_id: int, period: DatePeriod, only: Condition | None
) -> Iterable[tuple[str, bool, KindCount]]:
    first, last = months_inside(period)
    stored = (
        select(
            ProjectTally.kind,
            ProjectTally.phase,
            ProjectTally.root,
            func.sum(ProjectTally.activities),
            func.sum(ProjectTally.verified),
            func.sum(ProjectTally.attendances),
            func.sum(ProjectTally.attendances_unknown),
        )
        .where(ProjectTally.project_id == project_id, ProjectTally.month.between(first, last))
        .where(ProjectTally.phase.in_(("held", "planned")))
        .group_by(ProjectTally.kind, ProjectTally.phase, ProjectTally.root)
    )
    selects: list[Any] = [stored] if only is None and first <= last else []
    selects += [_live(project_id, part, only) for part in (edges(period) if only is None else (period,))]
    for statement in selects:
        for kind, phase, root, *sums in session.execute(statement):
            yield kind, bool(root), _count(phase, *(int(value or 0) for value in sums))


def _live(project_id: int, part: DatePeriod, only: Condition | None) -> Any:
    phase = case((held(), "held"), else_="planned").label("phase")
    root = case((Activity.parent_id.is_(None), 1), else_=0).label("root")
    verified = func.sum(case((Activity.verified_at.is_not(None), 1), else_=0))
    unknown = func.sum(case((Activity.officers.is_(None), 1), else_=0))
    return (
        select(Activity.kind, phase, root, func.count(), verified, func.sum(Activity.officers), unknown)
        .where(or_(held(), planned()), *_counting(project_id, part, only))
        .group_by(Activity.kind, "phase", "root")
    )


def _count(phase: str, activities: int, verified: int, attendances: int, unknown: int) -> KindCount:
    if phase == "planned":
        return KindCount(planned=activities, attendances_planned=attendances)
    return KindCount(held=activities, evidence=verified, attendances=attendances, attendances_unknown=unknown)


def _children_that_count(
    session: Session, project_id: int, period: DatePeriod, only: Condition | None
) -> list[tuple[str, KindCount]]:
    """The parts of larger activities of which no ancestor counts.

    Of parts of a root the database decides; of the few that lie deeper, and under a condition, the rule of the domain.
    """
    above, inside = aliased(Activity), aliased(Activity)
    part = (Activity.project_id == project_id, Activity.parent_id.is_not(None))
    if only is not None:
        return _by_rule(session, select(Activity.id).where(*part, only), period, only)
    deeper = select(Activity.id).join(above, above.id == Activity.parent_id).where(*part, above.parent_id.is_not(None))
    parent_counts = and_(
        held(above.kind, above.status), above.counts_on >= period.from_on, above.counts_on < period.until_on
    )
    verified = func.sum(case((Activity.verified_at.is_not(None), 1), else_=0))
    unknown = func.sum(case((Activity.officers.is_(None), 1), else_=0))
    alone = (
        select(Activity.kind, func.count(), verified, func.sum(Activity.officers), unknown)
        .join(above, above.id == Activity.parent_id)
        # By way of their ids: the index of parents is small, that of days is not.
        .where(Activity.id.in_(select(inside.id).where(inside.parent_id.is_not(None))))
        .where(*_counting(project_id, period, None), held(), above.parent_id.is_(None))
        .where(case((parent_counts, 1), else_=0) == 0)
        .group_by(Activity.kind)
    )
    counted = [(kind, _count("held", *(int(value or 0) for value in sums))) for kind, *sums in session.execute(alone)]
    return counted + _by_rule(session, deeper, period, None)


def _by_rule(
    session: Session, parts: Select[int], period: DatePeriod, only: Condition | None
) -> list[tuple[str, KindCount]]:
    """Those of the parts that count under ROOTS, judged with all their ancestors (under the condition)."""
    columns = (Activity.id, Activity.kind, Activity.status, Activity.counts_on, Activity.parent_id, Activity.officers)
    chosen = select(*columns, Activity.verified_at.is_not(None))
    rows = list(session.execute(chosen.where(Activity.id.in_(parts))))
    asked = {row.id for row in rows}
    known, missing = set(asked), {row.parent_id for row in rows} - asked - {None}
    while missing:
        above = session.execute(chosen.where(Activity.id.in_(sorted(missing)), true() if only is None else only)).all()
        rows += above
        known |= missing
        missing = {row.parent_id for row in above} - known - {None}
    facts, seen = [], {}
    for key, kind, status, counts_on, parent, officers, evidenced in rows:
        facts.append(ActivityFact(id=key, kind=kind, status=status, counts_on=counts_on, parent_id=parent))
        seen[key] = KindCount(
            held=1, evidence=int(evidenced), attendances=officers or 0, attendances_unknown=int(officers is None)
        )
    roots = held_by_rule(facts, CountingRule.ROOTS, period)
    return [(fact.kind, seen[fact.id]) for fact in roots if fact.id in asked]
