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
    incurred_on: date
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """What one beneficiary may spend on one category, in cents of EUR; the work package where the budget names one."""

    beneficiary: str
    category: str
    amount_minor: int
    work_package: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostGroup:
    """Cost lines of one beneficiary, category, work package, kind and currency together, in minor units."""

    beneficiary: str
    category: str
    work_package: str
    kind: str
    currency: str
    lines: int
    eur_minor: int
    unconverted_lines: int
    unconverted_minor: int
    provisional_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenditureRows:
    """Everything the report is built from.

    ``groups`` are given when not every line is: of too many lines, or where the reader may not read all of them. Then
    ``lines`` are those that are shown, and ``left_out`` says why there are not more.
    """

    head: Head
    lines: tuple[CostRow, ...]
    budget: tuple[BudgetRow, ...]
    groups: tuple[CostGroup, ...] | None = None
    left_out: str = ""

    @property
    def every_group(self) -> tuple[CostGroup, ...]:
        """The groups given, or each line as a group of its own."""
        return tuple(map(_alone, self.lines)) if self.groups is None else self.groups


def _alone(line: CostRow) -> CostGroup:
    waiting = line.eur_minor is None
    return CostGroup(
        beneficiary=line.beneficiary,
        category=line.category,
        work_package=line.work_package,
        kind=line.kind,
        currency=line.currency,
        lines=1,
        eur_minor=line.eur_minor or 0,
        unconverted_lines=int(waiting),
        unconverted_minor=line.amount_minor if waiting else 0,
        provisional_lines=int(line.provisional),
    )
