"""The budget matrix: sums agree both ways and no amount is lost."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.budget import (
    EMPTY_CELL,
    BudgetAmount,
    BudgetCell,
    BudgetMatrix,
    BudgetRow,
    UnbalancedMatrixError,
    budget_matrix,
)
from registry.domain.money import Money

CATEGORIES = ("PERS", "TRAV")


def amount(beneficiary: str, category: str, budget: int, actual: int, package: str = "") -> BudgetAmount:
    return BudgetAmount(
        beneficiary=beneficiary, category=category, work_package=package, budget_minor=budget, actual_minor=actual
    )


def cell(budget: int, actual: int) -> BudgetCell:
    return BudgetCell(budget_minor=budget, actual_minor=actual)


def test_amounts_are_arranged_by_beneficiary_and_category() -> None:
    matrix = budget_matrix(
        [amount("SI", "TRAV", 1000, 0), amount("SI", "TRAV", 0, 1001), amount("IT", "OTHR", 500, 200)],
        CATEGORIES,
        ("IT", "SI", "RO"),
    )
    assert matrix.categories == ("PERS", "TRAV", "OTHR")
    assert [row.beneficiary for row in matrix.rows] == ["IT", "SI", "RO"]
    assert matrix.rows[1].cells == (EMPTY_CELL, cell(1000, 1001), EMPTY_CELL)
    assert matrix.rows[2].total == EMPTY_CELL
    assert matrix.totals == (EMPTY_CELL, cell(1000, 1001), cell(500, 200))
    assert matrix.grand_total == cell(1500, 1201)


def test_work_packages_are_kept_apart_on_demand() -> None:
    amounts = [amount("SI", "TRAV", 10, 5, "WP2"), amount("SI", "TRAV", 20, 5, "WP1")]
    assert [row.work_package for row in budget_matrix(amounts, CATEGORIES).rows] == [""]
    apart = budget_matrix(amounts, CATEGORIES, by_work_package=True)
    assert [(row.work_package, row.total.budget_minor) for row in apart.rows] == [("WP1", 20), ("WP2", 10)]


def test_a_cell_knows_its_share_what_is_left_and_whether_it_is_over() -> None:
    over = cell(1000, 1001)
    assert over.share == Fraction(1001, 1000)
    assert over.over
    assert over.left == Money(-1, "EUR")
    assert (over.budget, over.actual) == (Money(1000, "EUR"), Money(1001, "EUR"))
    assert not cell(1000, 1000).over
    assert cell(0, 5).share is None
    assert cell(0, 5).over


def test_an_empty_budget_is_an_empty_matrix() -> None:
    matrix = budget_matrix([], ())
    assert (matrix.rows, matrix.totals, matrix.grand_total) == ((), (), EMPTY_CELL)


@pytest.mark.parametrize(
    ("row_total", "column_total", "grand_total"),
    [(cell(1, 0), cell(2, 0), cell(2, 0)), (cell(2, 0), cell(1, 0), cell(2, 0)), (cell(2, 0), cell(2, 0), cell(1, 0))],
)
def test_a_matrix_that_does_not_add_up_cannot_be_built(
    row_total: BudgetCell, column_total: BudgetCell, grand_total: BudgetCell
) -> None:
    row = BudgetRow(beneficiary="SI", work_package="", cells=(cell(2, 0),), total=row_total)
    with pytest.raises(UnbalancedMatrixError, match="does not add up"):
        BudgetMatrix(categories=("TRAV",), rows=(row,), totals=(column_total,), grand_total=grand_total)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            amount,
            st.sampled_from("ABC"),
            st.sampled_from(["PERS", "TRAV", "EQUI"]),
            st.integers(0, 10**12),
            st.integers(-(10**12), 10**12),
            st.sampled_from(["", "WP1"]),
        ),
        max_size=20,
    ),
    st.booleans(),
)
def test_no_amount_is_ever_lost(amounts: list[BudgetAmount], apart: bool) -> None:
    matrix = budget_matrix(amounts, CATEGORIES, ("A",), by_work_package=apart)
    assert sum(row.total.budget_minor for row in matrix.rows) == sum(item.budget_minor for item in amounts)
    assert sum(total.actual_minor for total in matrix.totals) == sum(item.actual_minor for item in amounts)
