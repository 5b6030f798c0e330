"""Where does each promise of the project stand, and how much has each partner taken part?

The board counts every record of the project, hidden ones too (decision 1). What partners took part in counts what the
viewer may list: a cut by organisation is a facet, not a total of the project.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from registry.domain.counts import Count, Qualifier
from registry.domain.indicators import CountingRule, Target, TargetProgress, Verdict, progress
from registry.domain.periods import DatePeriod
from registry.domain.permissions import Viewer
from registry.models.activities import Activity, Participation
from registry.models.aggregates import ReleasedTally
from registry.models.projects import Beneficiary, Organisation
from registry.models.projects import Target as TargetRow
from registry.queries.counted import KindCount, counts_by_kind
from registry.queries.phases import held, month_of, planned
from registry.queries.visibility import listable_in

SILENT_MONTHS = 6
"""So long without an activity, a partner is named as silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One promise. ``kind`` is empty for officers; then held counts attendances and ``evidence_of`` activities.

    ``held_other`` is what the other counting rule gives; ``not_counted`` how many activities name no number.
    """

    progress: TargetProgress
    kind: str
    held_other: int
    evidence_of: int
    not_counted: int = 0

    @property
    def counts_officers(self) -> bool:
        """Whether attendances are counted: service numbers of those who took part are not collected."""
        return not self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The targets of a project in the order of the promise, with how far its time has run."""

    period: DatePeriod
    day: int
    share: float
    rule: CountingRule
    rows: tuple[BoardRow, ...]
    withheld: int

    def verdicts(self, *wanted: Verdict) -> int:
        """How many targets have one of these verdicts."""
        return sum(row.progress.verdict in wanted for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLine:
    """Activities an organisation took part in that the viewer may list: per month of the period, and the last month."""

    organisation: str
    short: str
    total: int
    by_month: tuple[int, ...]
    last_on: date | None
    silent: bool


def board(
    session: Session, viewer: Viewer, project_id: int, period: DatePeriod, *, rule: CountingRule, now: datetime
) -> Board:
    """Every target judged by one rule, with the other rule's number beside it."""
    counted = counts_by_kind(session, project_id, period)
    other = CountingRule.EVERY_KIND if rule is CountingRule.ROOTS else CountingRule.ROOTS
    share = period.elapsed_share(now.date())
    rows = [_row(target, counted[rule], counted[other], share) for target in targets(session, project_id)]
    return Board(
        period=period,
        day=min(max((now.date() - period.from_on).days + 1, 0), period.days),
        share=share,
        rule=rule,
        rows=tuple(rows),
        withheld=withheld(session, viewer, project_id, now),
    )


def targets(session: Session, project_id: int) -> tuple[Target, ...]:
    """The promises in their order; one without a kind counts officers."""
    found = session.scalars(
        select(TargetRow).where(TargetRow.project_id == project_id).order_by(TargetRow.position, TargetRow.id)
    )
    return tuple(
        Target(
            item=row.indicator,
            label=row.label,
            target=Count(row.value, Qualifier(row.qualifier)),
            unit=row.unit,
            kinds=frozenset({row.kind} if row.kind else ()),
        )
        for row in found
    )


def _row(target: Target, counts: Mapping[str, KindCount], others: Mapping[str, KindCount], share: float) -> BoardRow:
    kind = next(iter(target.kinds), "")
    mine, theirs = gathered(target, counts), gathered(target, others)
    if kind:
        judged = progress(target, mine.held, mine.planned, mine.evidence, share)
        return BoardRow(progress=judged, kind=kind, held_other=theirs.held, evidence_of=mine.held)
    return BoardRow(
        progress=progress(target, mine.attendances, mine.attendances_planned, mine.evidence, share),
        kind="",
        held_other=theirs.attendances,
        evidence_of=mine.held,
        not_counted=mine.attendances_unknown,
    )


def gathered(target: Target, counts: Mapping[str, KindCount]) -> KindCount:
    """The counts of a target's kinds together; of every kind for officers."""
    kinds = target.kinds or counts.keys()
    return sum((counts.get(kind, KindCount()) for kind in kinds), start=KindCount())


def withheld(session: Session, viewer: Viewer, project_id: int, now: datetime) -> int:
    """How many held or planned records of the whole project the viewer may not list: one number, never by filter."""
    missing = func.sum(case((listable_in(project_id, viewer, now), 0), else_=1))
    counted = select(missing).where(Activity.project_id == project_id, Activity.tallied.is_(False))
    return int(session.scalar(counted.where(or_(held(), planned()))) or 0)


def by_partner(
    session: Session, viewer: Viewer, project_id: int, period: DatePeriod, now: datetime
) -> tuple[PartnerLine, ...]:
    """Each beneficiary's and partner's activities by the month they began in, the most active first."""
    months = months_of(period)
    counts = _by_organisation(session, viewer, project_id, now)
    names = _organisations(session, project_id, frozenset(counts))
    this_month = now.year * 12 + now.month
    lines = []
    for key, (name, short) in names.items():
        row = tuple(counts.get(key, {}).get(month, 0) for month in months)
        last = max((month for month, number in zip(months, row, strict=True) if number), default=None)
        age = this_month - (last // 100 * 12 + last % 100 if last else period.from_on.year * 12 + period.from_on.month)
        lines.append(
            PartnerLine(
                organisation=name,
                short=short,
                total=sum(row),
                by_month=row,
                last_on=date(last // 100, last % 100, 1) if last else None,
                silent=age >= SILENT_MONTHS,
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.total, line.organisation)))


def months_of(period: DatePeriod) -> tuple[int, ...]:
    """The months a period touches, as YYYYMM."""
    first = period.from_on.year * 12 + period.from_on.month - 1
    last = period.last_on.year * 12 + period.last_on.month - 1
    return tuple(number // 12 * 100 + number % 12 + 1 for number in range(first, last + 1))


def _by_organisation(
    session: Session, viewer: Viewer, project_id: int, now: datetime
) -> Mapping[int, Mapping[int, int]]:
    """Held activities per organisation and month: released ones from the stored counts, the rest live."""
    stored = (
        select(ReleasedTally.value, ReleasedTally.month, func.sum(ReleasedTally.activities))
        .where(ReleasedTally.project_id == project_id, ReleasedTally.dimension == "organisation")
        .where(held(ReleasedTally.kind, ReleasedTally.status))
        .group_by(ReleasedTally.value, ReleasedTally.month)
    )
    month = month_of(Activity.from_on).label("month")
    mine: ColumnElement[bool] = listable_in(project_id, viewer, now)
    live = (
        select(Participation.organisation_id, month, func.count(Activity.id.distinct()))
        .join(Activity, Activity.id == Participation.activity_id)
        .where(Activity.project_id == project_id, Activity.tallied.is_(False), held(), mine)
        .where(Participation.organisation_id.is_not(None))
        .group_by(Participation.organisation_id, "month")
    )
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for statement in (stored, live):
        for organisation, when, number in session.execute(statement):
            counts[int(organisation)][int(when)] += int(number)
    return counts


def _organisations(session: Session, project_id: int, met: frozenset[int]) -> Mapping[int, tuple[str, str]]:
    partners = select(Beneficiary.organisation_id).where(Beneficiary.project_id == project_id)
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.short)
        .where(or_(Organisation.id.in_(sorted(met)), Organisation.id.in_(partners)))
        .order_by(Organisation.name)
    )
    return {key: (name, short) for key, name, short in rows}
