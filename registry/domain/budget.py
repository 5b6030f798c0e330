"""Where is the budget? Beneficiary by category: budget against actual, in euro cents, and the sums agree.

Which cost type belongs to which category is a matter of the rule set and comes with the lines (decision 15).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from registry.domain.errors import RegistryError
from registry.domain.money import Money


class UnbalancedMatrixError(RegistryError):
    """Rows and columns of a budget matrix differ from its grand total: a fault of the program, never of the user."""

    slug = "matrix-does-not-balance"
    title = "The budget matrix does not add up"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetAmount:
    """A budgeted and an actual amount of one beneficiary, category and, if kept, work package; euro cents."""

    beneficiary: str
    category: str
    work_package: str = ""
    budget_minor: int = 0
    actual_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCell:
    """Budget and actual, in euro cents."""

    budget_minor: int = 0
    actual_minor: int = 0

    def __add__(self, other: BudgetCell) -> BudgetCell:
        return BudgetCell(
            budget_minor=self.budget_minor + other.budget_minor,
            actual_minor=self.actual_minor + other.actual_minor,
        )

    @property
    def budget(self) -> Money:
        """The budget in euro."""
        return Money(self.budget_minor, "EUR")

    @property
    def actual(self) -> Money:
        """What was spent, in euro."""
        return Money(self.actual_minor, "EUR")

    @property
    def left(self) -> Money:
        """What is left; negative when over budget."""
        return self.budget - self.actual

    @property
    def share(self) -> Fraction | None:
        """Actual to budget, exact; None without a budget."""
        return Fraction(self.actual_minor, self.budget_minor) if self.budget_minor else None

    @property
    def over(self) -> bool:
        """Whether more was spent than budgeted, to the cent."""
        return self.actual_minor > self.budget_minor


EMPTY_CELL = BudgetCell()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """One beneficiary, or one beneficiary's work package: a cell per category, and their sum."""

    beneficiary: str
    work_package: str
    cells: tuple[BudgetCell, ...]
    total: BudgetCell


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetMatrix:
    """Rows by category with totals both ways. Raises UnbalancedMatrixError unless both ways lead to the grand total."""

    categories: tuple[str, ...]
    rows: tuple[BudgetRow, ...]
    totals: tuple[BudgetCell, ...]
    grand_total: BudgetCell

    def __post_init__(self) -> None:
        rows_agree = all(_sum(row.cells) == row.total for row in self.rows)
        both_ways = _sum(row.total for row in self.rows) == _sum(self.totals) == self.grand_total
        if not (rows_agree and both_ways):
            raise UnbalancedMatrixError


def budget_matrix(
    amounts: Iterable[BudgetAmount],
    categories: Sequence[str],
    beneficiaries: Sequence[str] = (),
    *,
    by_work_package: bool = False,
) -> BudgetMatrix:
    """Arrange amounts as a matrix.

    ``categories`` and ``beneficiaries`` give the order and are shown even when empty; what they do not name follows in
    the order of the alphabet, so that no amount is ever lost.
    """
    cells: dict[tuple[str, str, str], BudgetCell] = defaultdict(BudgetCell)
    grand_total = EMPTY_CELL
    for amount in amounts:
        cell = BudgetCell(budget_minor=amount.budget_minor, actual_minor=amount.actual_minor)
        package = amount.work_package if by_work_package else ""
        cells[amount.beneficiary, package, amount.category] += cell
        grand_total += cell
    columns = _in_order(categories, {category for _, _, category in cells})
    names = _in_order(beneficiaries, {beneficiary for beneficiary, _, _ in cells})
    rows = []
    for name in names:
        packages = sorted({package for beneficiary, package, _ in cells if beneficiary == name}) or [""]
        for package in packages:
            row_cells = tuple(cells.get((name, package, column), EMPTY_CELL) for column in columns)
            rows.append(BudgetRow(beneficiary=name, work_package=package, cells=row_cells, total=_sum(row_cells)))
    totals = tuple(_sum(row.cells[index] for row in rows) for index in range(len(columns)))
    return BudgetMatrix(categories=columns, rows=tuple(rows), totals=totals, grand_total=grand_total)


def _in_order(given: Sequence[str], met: set[str]) -> tuple[str, ...]:
    return (*dict.fromkeys(given), *sorted(met - set(given)))


def _sum(cells: Iterable[BudgetCell]) -> BudgetCell:
    return sum(cells, start=EMPTY_CELL)
