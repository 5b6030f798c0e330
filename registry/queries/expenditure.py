"""Where is the money of a project: budget against costs by beneficiary, category, work package and month?

Totals are those of all beneficiaries, from the stored counts. What no rate is known for is listed by currency and is in
no sum in EUR (decision 25).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import Session

from registry.domain.budget import BudgetAmount
from registry.domain.money import Money
from registry.domain.periods import DatePeriod
from registry.models.activities import Activity
from registry.models.aggregates import CostTally
from registry.models.costs import CostLine
from registry.models.projects import Beneficiary, BudgetLine, Organisation, WorkPackage

NO_PACKAGE = "–"
"""The work package of costs that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryName:
    """A beneficiary as tables name it: number, organisation, the currency of its accounts."""

    id: int
    number: str
    organisation: str
    short: str
    currency: str

    @property
    def label(self) -> str:
        """``P1 Police, Slovenia``."""
        return f"{self.number} {self.organisation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostGroup:
    """Costs of one beneficiary, category, work package, kind of activity, currency and month, in minor units."""

    beneficiary: str
    category: str
    work_package: str
    kind: str
    currency: str
    month: int
    lines: int
    eur_minor: int
    unconverted_lines: int
    unconverted_minor: int
    provisional_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A line of the budget, in EUR cents."""

    beneficiary: str
    category: str
    work_package: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Everything the totals of a project's money are made of."""

    beneficiaries: tuple[BeneficiaryName, ...]
    work_packages: Mapping[str, str]
    groups: tuple[CostGroup, ...]
    budget: tuple[Planned, ...]

    @property
    def amounts(self) -> tuple[BudgetAmount, ...]:
        """Budget and actual as the matrix takes them."""
        planned = [
            BudgetAmount(beneficiary=p.beneficiary, category=p.category, work_package=p.work_package,
                         budget_minor=p.minor)
            for p in self.budget
        ]  # fmt: skip
        actual = [
            BudgetAmount(beneficiary=g.beneficiary, category=g.category, work_package=g.work_package,
                         actual_minor=g.eur_minor)
            for g in self.groups
        ]  # fmt: skip
        return (*planned, *actual)

    @property
    def budgeted(self) -> Money:
        """The whole budget."""
        return Money(sum(line.minor for line in self.budget), "EUR")

    @property
    def spent(self) -> Money:
        """All costs that could be converted."""
        return Money(sum(group.eur_minor for group in self.groups), "EUR")

    @property
    def lines(self) -> int:
        """How many cost lines there are, converted or not."""
        return sum(group.lines for group in self.groups)

    @property
    def provisional_lines(self) -> int:
        """How many lines may still change, because the period of their rate has not ended."""
        return sum(group.provisional_lines for group in self.groups)

    @property
    def unconverted_lines(self) -> int:
        """How many lines no rate is known for."""
        return sum(group.unconverted_lines for group in self.groups)

    @property
    def not_converted(self) -> tuple[Money, ...]:
        """What no rate is known for, by currency."""
        sums: dict[str, int] = defaultdict(int)
        for group in self.groups:
            if group.unconverted_lines:
                sums[group.currency] += group.unconverted_minor
        return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))

    @property
    def by_month(self) -> tuple[tuple[int, int], ...]:
        """Costs in EUR cents per month (YYYYMM), in the order of time."""
        sums: dict[int, int] = defaultdict(int)
        for group in self.groups:
            sums[group.month] += group.eur_minor
        return tuple(sorted(sums.items()))


def spending(
    session: Session, project_id: int, period: DatePeriod | None = None, only: ColumnElement[bool] | None = None
) -> Spending:
    """The project's budget and costs; with a period the costs incurred in it, counted live.

    ``only`` is what the viewer may read (``cost_lines.readable``): a period is a filter, and a filter counts no more.
    """
    names = beneficiaries(session, project_id)
    packages = session.execute(
        select(WorkPackage.id, WorkPackage.code, WorkPackage.title)
        .where(WorkPackage.project_id == project_id)
        .order_by(WorkPackage.code)
    ).all()
    codes = {key: code for key, code, _ in packages}
    labels = {name.id: name.label for name in names}
    statement = _stored(project_id) if period is None else _incurred(project_id, period, only)
    return Spending(
        beneficiaries=names,
        work_packages={code: title for _, code, title in packages},
        groups=tuple(_groups(session.execute(statement), labels, codes)),
        budget=_budget(session, project_id, labels, codes),
    )


def beneficiaries(session: Session, project_id: int) -> tuple[BeneficiaryName, ...]:
    """The project's beneficiaries in the order of their numbers."""
    rows = session.execute(
        select(
            Beneficiary.id, Beneficiary.number, Organisation.name, Organisation.short, Beneficiary.accounting_currency
        )
        .join(Organisation, Organisation.id == Beneficiary.organisation_id)
        .where(Beneficiary.project_id == project_id)
    )
    found = [
        BeneficiaryName(id=key, number=number, organisation=name, short=short, currency=currency)
        for key, number, name, short, currency in rows
    ]
    return tuple(sorted(found, key=lambda b: (len(b.number), b.number)))


_SUMS = ("lines", "eur_minor", "unconverted_lines", "unconverted_minor", "provisional_lines")


def _stored(project_id: int) -> Any:
    keys = (
        CostTally.beneficiary_id, CostTally.category, CostTally.work_package_id, CostTally.activity_kind,
        CostTally.currency, CostTally.month,
    )  # fmt: skip
    sums = [getattr(CostTally, name) for name in _SUMS]
    return select(*keys, *sums).where(CostTally.project_id == project_id, CostTally.lines > 0).order_by(*keys)


def _incurred(project_id: int, period: DatePeriod, only: ColumnElement[bool] | None) -> Any:
    keys = (
        CostLine.beneficiary_id, CostLine.category, func.coalesce(CostLine.work_package_id, 0),
        CostLine.activity_kind, CostLine.currency,
    )  # fmt: skip
    unconverted = CostLine.eur_minor.is_(None)
    sums = (
        func.count(),
        func.coalesce(func.sum(CostLine.eur_minor), 0),
        func.sum(case((unconverted, 1), else_=0)),
        func.sum(case((unconverted, CostLine.amount_minor), else_=0)),
        func.sum(case((CostLine.provisional, 1), else_=0)),
    )
    return (
        select(*keys, func.min(CostLine.incurred_on), *sums)
        .join(Beneficiary, Beneficiary.id == CostLine.beneficiary_id)
        .outerjoin(Activity, Activity.id == CostLine.activity_id)
        .where(CostLine.project_id == project_id, CostLine.withdrawn_at.is_(None), true() if only is None else only)
        .where(CostLine.incurred_on >= period.from_on, CostLine.incurred_on < period.until_on)
        .group_by(CostLine.beneficiary_id, CostLine.category, CostLine.work_package_id, CostLine.activity_kind)
        .group_by(CostLine.currency)
        .order_by(*keys)
    )


def _groups(rows: Iterable[Any], labels: Mapping[int, str], codes: Mapping[int, str]) -> Iterable[CostGroup]:
    for beneficiary, category, package, kind, currency, when, *sums in rows:
        month = when if isinstance(when, int) else when.year * 100 + when.month
        yield CostGroup(
            beneficiary=labels[beneficiary],
            category=category,
            work_package=codes.get(package, NO_PACKAGE),
            kind=kind,
            currency=currency,
            month=month,
            **{name: int(value) for name, value in zip(_SUMS, sums, strict=True)},
        )


def _budget(
    session: Session, project_id: int, labels: Mapping[int, str], codes: Mapping[int, str]
) -> tuple[Planned, ...]:
    rows = session.execute(
        select(BudgetLine.beneficiary_id, BudgetLine.category, BudgetLine.work_package_id, BudgetLine.amount_eur_minor)
        .join(Beneficiary, Beneficiary.id == BudgetLine.beneficiary_id)
        .where(Beneficiary.project_id == project_id)
        .order_by(BudgetLine.id)
    )
    return tuple(
        Planned(beneficiary=labels[key], category=category, work_package=codes.get(package, NO_PACKAGE), minor=minor)
        for key, category, package, minor in rows
    )
