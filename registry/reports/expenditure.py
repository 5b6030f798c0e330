"""What was spent, by whom, on what, against which budget?

Every figure in EUR is a sum of cents fixed when the line was written, so groups of any cut add up to the same total.
Amounts that could not be converted are listed by currency and are in no sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from registry.domain.money import Money
from registry.reports.expenditure_rows import BudgetRow, CostGroup, CostRow, ExpenditureRows
from registry.reports.figures import Cell, Column, percentage
from registry.reports.heads import Head, must_balance
from registry.reports.tables import Report, Row, Section, Table, chart_of

__all__ = ["BudgetRow", "CostGroup", "CostRow", "ExpenditureReport", "ExpenditureRows", "build"]

EUR = "EUR"
Item = TypeVar("Item")
Key = TypeVar("Key")
Sortable = TypeVar("Sortable", str, tuple[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenditureReport:
    """Sums in cents of EUR by several cuts, which all add up to ``total_minor``; raises Unbalanced otherwise."""

    head: Head
    lines: tuple[CostRow, ...]
    groups: tuple[CostGroup, ...]
    left_out: str
    spent: Mapping[tuple[str, str], int]
    by_work_package: Mapping[str, int]
    by_kind: Mapping[str, int]
    budgeted: Mapping[tuple[str, str], int]
    budgeted_by_work_package: Mapping[str, int]
    not_converted: Mapping[str, int]
    total_minor: int
    budget_minor: int

    def __post_init__(self) -> None:
        must_balance(
            "costs in cents of EUR",
            total=self.total_minor,
            groups=sum(group.eur_minor for group in self.groups),
            by_beneficiary_and_category=sum(self.spent.values()),
            by_work_package=sum(self.by_work_package.values()),
            by_kind=sum(self.by_kind.values()),
        )
        if not self.left_out:
            must_balance(
                "cost lines in cents of EUR",
                total=self.total_minor,
                lines=sum(line.eur_minor or 0 for line in self.lines),
            )
        must_balance("budget in cents of EUR", total=self.budget_minor, groups=sum(self.budgeted.values()))

    def report(self, *, generated_at: datetime) -> Report:
        """The report as tables and one chart."""
        beneficiaries = self._by_beneficiary()
        sections: list[Section] = [
            *_against_the_budget(beneficiaries),
            self._by_category(),
            self._by_work_package(),
            self._by_kind(),
        ]
        if self.not_converted:
            sections.append(self._not_converted())
        sections.append(self._lines())
        title = "Expenditure against the budget"
        return self.head.report(name="expenditure", title=title, sections=tuple(sections), generated_at=generated_at)

    def _by_beneficiary(self) -> Table:
        budget, spent = _by_first(self.budgeted), _by_first(self.spent)
        return Table(
            key="by_beneficiary",
            title="Costs by beneficiary, EUR",
            columns=(Column(key="beneficiary", label="Beneficiary"), *_AGAINST_BUDGET),
            rows=tuple((name, *_against(budget.get(name), spent.get(name))) for name in _keys(budget, spent)),
            footer=("All", *_against(self.budget_minor, self.total_minor)),
            footnotes=self._provisional_note(),
        )

    def _by_category(self) -> Table:
        cells = _keys(self.budgeted, self.spent)
        return Table(
            key="by_category",
            title="Costs by beneficiary and category, EUR",
            columns=(
                Column(key="beneficiary", label="Beneficiary"),
                Column(key="category", label="Category"),
                *_AGAINST_BUDGET,
            ),
            rows=tuple((*cell, *_against(self.budgeted.get(cell), self.spent.get(cell))) for cell in cells),
            footer=("All", None, *_against(self.budget_minor, self.total_minor)),
        )

    def _by_work_package(self) -> Table:
        budget, spent = self.budgeted_by_work_package, self.by_work_package
        return Table(
            key="by_work_package",
            title="Costs by work package, EUR",
            columns=(Column(key="work_package", label="Work package"), *_AGAINST_BUDGET),
            rows=tuple((name, *_against(budget.get(name), spent.get(name))) for name in _keys(budget, spent)),
            footer=("All", *_against(sum(budget.values()) or None, self.total_minor)),
        )

    def _by_kind(self) -> Table:
        number = _summed(((group, group.lines - group.unconverted_lines) for group in self.groups), lambda g: g.kind)
        columns = (Column(key="kind", label="Kind"), Column(key="lines", label="Cost lines", kind="int"), _SPENT)
        return Table(
            key="by_kind",
            title="Costs by kind of activity, EUR",
            columns=columns,
            rows=tuple((kind, number[kind], _eur(self.by_kind[kind])) for kind in sorted(self.by_kind)),
            footer=("All", sum(number.values()), _eur(self.total_minor)),
        )

    def _not_converted(self) -> Table:
        number = _summed(((group, group.unconverted_lines) for group in self.groups), lambda g: g.currency)
        rows: list[Row] = []
        for currency, minor in sorted(self.not_converted.items()):
            rows.append((currency, number[currency], Money(minor=minor, currency=currency)))
        return Table(
            key="not_converted",
            title="Costs not converted, by currency",
            caption="No rate is known for these lines. They are in no sum of this report.",
            columns=(
                Column(key="currency", label="Currency"),
                Column(key="lines", label="Cost lines", kind="int"),
                Column(key="amount", label="Amount", kind="money"),
            ),
            rows=tuple(rows),
        )

    def _lines(self) -> Table:
        return Table(
            key="lines",
            title="Cost lines",
            caption=self.left_out,
            columns=_LINE_COLUMNS,
            rows=tuple(_line(line) for line in self.lines),
            footer=(
                "Shown" if self.left_out else "All",
                *[None] * (len(_LINE_COLUMNS) - 3),
                _eur(sum(line.eur_minor or 0 for line in self.lines)),
                None,
            ),
        )

    def _provisional_note(self) -> tuple[str, ...]:
        number = sum(group.provisional_lines for group in self.groups)
        if not number:
            return ()
        return (f"Provisional: the period of the rate of {number} cost lines has not ended, so their EUR may change.",)


def build(rows: ExpenditureRows) -> ExpenditureReport:
    """The balanced figures of the rows; the lines are put in the order in which costs were incurred."""
    lines = tuple(sorted(rows.lines, key=lambda line: (line.incurred_on, line.reference, line.beneficiary)))
    groups = rows.every_group
    converted = [(group, group.eur_minor) for group in groups if group.lines > group.unconverted_lines]
    waiting = ((group, group.unconverted_minor) for group in groups if group.unconverted_lines)
    named = ((row.work_package, row.amount_minor) for row in rows.budget if row.work_package is not None)
    return ExpenditureReport(
        head=rows.head,
        lines=lines,
        groups=groups,
        left_out=rows.left_out,
        spent=_summed(converted, lambda group: (group.beneficiary, group.category)),
        by_work_package=_summed(converted, lambda group: group.work_package),
        by_kind=_summed(converted, lambda group: group.kind),
        budgeted=_summed(((row, row.amount_minor) for row in rows.budget), lambda row: (row.beneficiary, row.category)),
        budgeted_by_work_package=_summed(named, lambda name: name),
        not_converted=_summed(waiting, lambda group: group.currency),
        total_minor=sum(minor for _, minor in converted),
        budget_minor=sum(row.amount_minor for row in rows.budget),
    )


_SPENT = Column(key="spent", label="Spent", kind="money", currency=EUR)
_AGAINST_BUDGET = (
    Column(key="budget", label="Budget", kind="money", currency=EUR),
    _SPENT,
    Column(key="left", label="Left", kind="money", currency=EUR),
    Column(key="used", label="Used", kind="percent"),
)
_LINE_COLUMNS = (
    Column(key="reference", label="Reference"),
    Column(key="incurred_on", label="Incurred on", kind="date"),
    Column(key="beneficiary", label="Beneficiary"),
    Column(key="category", label="Category", width=10),
    Column(key="work_package", label="Work package", width=10),
    Column(key="kind", label="Kind", width=8),
    Column(key="currency", label="Currency", width=9),
    Column(key="amount", label="Amount", kind="money"),
    Column(key="rate", label="Rate", unit="per EUR", align="right", width=16),
    Column(key="rate_on", label="Rate of", kind="date"),
    Column(key="rate_source", label="Source of the rate"),
    Column(key="eur", label="Amount", kind="money", currency=EUR),
    Column(key="state", label="State", width=14),
)


def _against_the_budget(beneficiaries: Table) -> tuple[Section, ...]:
    if not beneficiaries.rows:
        return (beneficiaries,)
    drawn = chart_of(beneficiaries, kind="bars", title="Costs against the budget", category="beneficiary",
                     series=["spent", "budget"], unit=EUR)  # fmt: skip
    return drawn, beneficiaries


def _line(line: CostRow) -> Row:
    state = "not converted" if line.eur_minor is None else "provisional" if line.provisional else "final"
    amount = Money(minor=line.amount_minor, currency=line.currency)
    return (line.reference, line.incurred_on, line.beneficiary, line.category, line.work_package, line.kind,
            line.currency, amount, line.rate, line.rate_on, line.rate_source, _eur(line.eur_minor), state)  # fmt: skip


def _against(budget: int | None, spent: int | None) -> tuple[Cell, ...]:
    if budget is None:
        return None, _eur(spent), None, None
    return _eur(budget), _eur(spent), _eur(budget - (spent or 0)), percentage(spent or 0, budget)


def _eur(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor=minor, currency=EUR)


def _summed(pairs: Iterable[tuple[Item, int]], key: Callable[[Item], Key]) -> dict[Key, int]:
    sums: dict[Key, int] = defaultdict(int)
    for item, minor in pairs:
        sums[key(item)] += minor
    return dict(sums)


def _by_first(sums: Mapping[tuple[str, str], int]) -> dict[str, int]:
    return _summed(sums.items(), lambda cell: cell[0])


def _keys(*sums: Mapping[Sortable, int]) -> list[Sortable]:
    return sorted({key for some in sums for key in some})
