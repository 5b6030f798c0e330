"""Every cost line a reader may read, as the columns and rows of a file too long for a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.queries.cost_lines import Line
from registry.reports.figures import Column
from registry.reports.tables import Row

COLUMNS = (
    Column(key="reference", label="Reference"),
    Column(key="incurred_on", label="Incurred on", kind="date"),
    Column(key="beneficiary", label="Beneficiary"),
    Column(key="cost_type", label="Cost type"),
    Column(key="category", label="Category"),
    Column(key="work_package", label="Work package"),
    Column(key="kind", label="Kind"),
    Column(key="activity", label="Activity"),
    Column(key="description", label="Description"),
    Column(key="supplier", label="Supplier"),
    Column(key="currency", label="Currency"),
    Column(key="amount", label="Amount", kind="money"),
    Column(key="rate", label="Rate", unit="per EUR", align="right"),
    Column(key="rate_on", label="Rate of", kind="date"),
    Column(key="rate_source", label="Source of the rate"),
    Column(key="eur", label="Amount", kind="money", currency="EUR"),
    Column(key="state", label="State"),
    Column(key="receipt", label="Receipt"),
)


def rows_of(lines: Iterable[Line]) -> Iterator[Row]:
    """The lines, one at a time; what is masked for the reader stays empty, and what is not converted has no EUR."""
    for line in lines:
        state = "not converted" if line.eur is None else "provisional" if line.provisional else "final"
        yield (
            line.reference, line.incurred_on, line.beneficiary, line.cost_type, line.category, line.work_package,
            line.kind, line.activity, line.description, line.supplier, line.amount.currency, line.amount, line.rate,
            line.rate_on, line.rate_source, line.eur, state, "yes" if line.has_receipt else "no",
        )  # fmt: skip
