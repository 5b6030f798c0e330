"""From which rows is the expenditure report built?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.reports.heads import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """One cost line: the amount paid in minor units, and its cents in EUR unless no rate is known.

    ``rate`` is in units of the currency per EUR; ``provisional`` says that the period of its rate has not ended.
    """

    beneficiary: str
    category: str
    work_package: str
    kind: str
    currency: str
    amount_minor: int
    eur_minor: int | None
    rate: Decimal | None
    rate_on: date | None
    rate_source: str
    reference: str
    paid_on: date
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """What one beneficiary may spend on one category, in cents of EUR; the work package where the budget names one."""

    beneficiary: str
    category: str
    amount_minor: int
    work_package: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenditureRows:
    """Everything the report is built from."""

    head: Head
    lines: tuple[CostRow, ...]
    budget: tuple[BudgetRow, ...]
