"""What did the project do in a period: held by kind and month, by organisation, with which results and effort?

Over the project's own period the counts by kind are its unfiltered totals, hidden records included. Over any other
period, and for organisations, results and effort always, only what the viewer may list is counted (decision 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, not_, select
from sqlalchemy.orm import Session

from registry.domain.activities import Kind
from registry.domain.counts import EMPTY_TOTAL, Qualifier, Total
from registry.domain.indicators import CountingRule, Target
from registry.domain.periods import DatePeriod
from registry.domain.permissions import Viewer
from registry.models.activities import Activity, OutcomeCount, Participation
from registry.models.projects import Organisation
from registry.queries.counted import KindCount, counts_by_kind, held_by_month
from registry.queries.phases import held
from registry.queries.targets import gathered, targets, withheld
from registry.queries.visibility import exact_for, listable_in


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCount:
    """A promise with what was counted towards it under both rules; for officers the counts are attendances."""

    target: Target
    every_kind: KindCount
    roots: KindCount

    def held(self, rule: CountingRule) -> int:
        """Activities, or attendances where officers were promised."""
        count = self.roots if rule is CountingRule.ROOTS else self.every_kind
        return count.held if self.target.kinds else count.attendances

    @property
    def planned(self) -> int:
        """Agreed or scheduled, each kind counted."""
        return self.every_kind.planned if self.target.kinds else self.every_kind.attendances_planned


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCount:
    """In how many held activities that the viewer may list an organisation took part, and how many it hosted."""

    organisation: str
    country: str
    took_part: int
    hosted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything a monitoring report says. ``withheld`` is the one number of the whole project."""

    period: DatePeriod
    whole: bool
    targets: tuple[TargetCount, ...]
    held: Mapping[tuple[str, int], int]
    organisations: tuple[OrganisationCount, ...]
    outcomes: Mapping[str, Total]
    patrol_hours: Decimal
    attendances: int
    unplaced: int
    withheld: int

    @property
    def held_total(self) -> int:
        """All activities held in the period."""
        return sum(self.held.values())


def figures(
    session: Session, viewer: Viewer, project_id: int, period: DatePeriod, *, whole: bool, now: datetime
) -> Figures:
    """The figures of a period; ``whole`` says that it is the project's own, so that hidden records count."""
    listed = listable_in(project_id, viewer, now)
    inside = (Activity.project_id == project_id, held(), listed, Activity.counts_on >= period.from_on,
              Activity.counts_on < period.until_on)  # fmt: skip
    only = None if whole else listed
    counted = counts_by_kind(session, project_id, period, only)
    hours, attendances, unplaced = _effort(session, inside, exact_for(viewer, frozenset({project_id})), whole=whole)
    return Figures(
        period=period,
        whole=whole,
        targets=tuple(
            TargetCount(
                target=target,
                every_kind=gathered(target, counted[CountingRule.EVERY_KIND]),
                roots=gathered(target, counted[CountingRule.ROOTS]),
            )
            for target in targets(session, project_id)
        ),
        held=held_by_month(session, project_id, period, only),
        organisations=_organisations(session, inside),
        outcomes=_outcomes(session, inside),
        patrol_hours=hours,
        attendances=attendances,
        unplaced=unplaced,
        withheld=withheld(session, viewer, project_id, now) if whole else 0,
    )


Inside = tuple[ColumnElement[bool], ...]


COARSE_HOURS = 10
FEWEST_COARSE = 5
"""Times that the viewer sees by hour or day only: in a period of one's own choice they count from so many patrols on,
and the sum is rounded; fewer would tell how long one of them was."""


def _effort(session: Session, inside: Inside, exact: ColumnElement[bool], *, whole: bool) -> tuple[Decimal, int, int]:
    seconds = extract("epoch", Activity.ends_at) - Activity.sort_key
    timed = (Activity.kind == str(Kind.JOINT_PATROL)) & Activity.starts_at.is_not(None) & Activity.ends_at.is_not(None)
    statement: Select[*tuple[Any, ...]] = select(
        func.sum(case((timed, seconds), else_=0)),
        func.sum(case((and_(timed, exact), seconds), else_=0)),
        func.sum(case((and_(timed, not_(exact)), 1), else_=0)),
        func.sum(Activity.officers),
        func.sum(case((Activity.cell_e.is_(None), 1), else_=0)),
    )
    patrol, seen, coarse, attendances, unplaced = session.execute(statement.where(*inside)).one()
    counted = seen if not whole and 0 < (coarse or 0) < FEWEST_COARSE else patrol
    hours = (Decimal(int(counted or 0)) / 3600).quantize(Decimal("0.1"))
    if not whole and (coarse or 0) >= FEWEST_COARSE:
        hours = Decimal(round(hours / COARSE_HOURS) * COARSE_HOURS).quantize(Decimal("0.1"))
    return hours, int(attendances or 0), int(unplaced or 0)


def _organisations(session: Session, inside: Inside) -> tuple[OrganisationCount, ...]:
    hosted = func.sum(case((Participation.role == "HOST", 1), else_=0))
    counted = (
        select(Participation.organisation_id.label("id"), func.count().label("took_part"), hosted.label("hosted"))
        .join(Activity, Activity.id == Participation.activity_id)
        .where(*inside, Participation.organisation_id.is_not(None))
        .group_by(Participation.organisation_id)
        .subquery()
    )
    rows = session.execute(
        select(Organisation.name, Organisation.country_iso2, counted.c.took_part, counted.c.hosted)
        .join(counted, counted.c.id == Organisation.id)
        .order_by(counted.c.took_part.desc(), Organisation.name)
    )
    return tuple(
        OrganisationCount(organisation=name, country=country or "", took_part=int(took_part), hosted=int(hosts))
        for name, country, took_part, hosts in rows
    )


def _outcomes(session: Session, inside: Inside) -> Mapping[str, Total]:
    rows = session.execute(
        select(OutcomeCount.measure, OutcomeCount.qualifier, func.count(), func.sum(OutcomeCount.value))
        .join(Activity, Activity.id == OutcomeCount.activity_id)
        .where(*inside)
        .group_by(OutcomeCount.measure, OutcomeCount.qualifier)
    )
    totals: dict[str, Total] = defaultdict(lambda: EMPTY_TOTAL)
    for measure, qualifier, parts, value in rows:
        missing = parts if qualifier == Qualifier.NOT_COUNTED else 0
        totals[measure] += Total(
            value=None if value is None else int(value),
            qualifier=Qualifier(qualifier),
            parts=parts,
            not_counted=missing,
        )
    return totals
