"""How fast is the money spent? Costs cumulated by month against the budget, as a table and the line drawn from it."""

from __future__ import annotations

from collections.abc import Iterable

from registry.domain.money import Money
from registry.domain.periods import MONTHS
from registry.reports.figures import Column
from registry.reports.tables import Chart, Table, chart_of


def burn(by_month: Iterable[tuple[int, int]], budget: Money) -> tuple[Chart, Table]:
    """The months (YYYYMM, EUR cents) from the first cost to the last, those without costs between them too."""
    spent = dict(by_month)
    rows, cumulated = [], 0
    for month in _every_month(spent):
        cumulated += spent.get(month, 0)
        monthly = Money(spent.get(month, 0), "EUR")
        rows.append((f"{MONTHS[month % 100 - 1]} {month // 100}", monthly, Money(cumulated, "EUR"), budget))
    table = Table(
        key="burn",
        title="Costs by month, EUR",
        columns=(
            Column(key="month", label="Month"),
            Column(key="spent", label="Spent", kind="money", currency="EUR"),
            Column(key="cumulated", label="Cumulated", kind="money", currency="EUR"),
            Column(key="budget", label="Budget", kind="money", currency="EUR"),
        ),
        rows=tuple(rows),
    )
    drawn = chart_of(
        table, kind="line", title="Costs, cumulated", category="month", series=["cumulated", "budget"], unit="EUR"
    )
    return drawn, table


def _every_month(spent: dict[int, int]) -> Iterable[int]:
    if not spent:
        return
    first, last = (month // 100 * 12 + month % 100 - 1 for month in (min(spent), max(spent)))
    for number in range(first, last + 1):
        yield number // 12 * 100 + number % 12 + 1
