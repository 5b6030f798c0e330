"""Does the expenditure report add up to the cent, and keep out of its sums what it cannot convert?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from registry.domain.money import Money
from registry.reports.expenditure import BudgetRow, CostRow, ExpenditureRows, build
from registry.reports.heads import Head, Unbalanced
from registry.reports.tables import Chart, Report

WHEN = datetime(2023, 4, 29, 14, 2, tzinfo=UTC)
HEAD = Head(
    reference="TEST-2", acronym="TEST-A", title="Patrols", from_on=date(2022, 3, 1), until_on=date(2023, 3, 1),
    marking="SENSITIVE", data_revision=7,
)  # fmt: skip
LEI = CostRow(
    beneficiary="P2 Romania", category="TRAV", work_package="WP2", kind="JP", currency="RON", amount_minor=734_390,
    eur_minor=148_885, rate=Decimal("4.9326104247"), rate_on=date(2022, 2, 28), rate_source="ECB, mean",
    reference="D19", incurred_on=date(2022, 3, 3), provisional=False,
)  # fmt: skip
EURO = replace(
    LEI, beneficiary="P1 Slovenia", category="PERS", work_package="WP1", kind="CBO", currency="EUR", amount_minor=4_561,
    eur_minor=4_561, rate=None, rate_on=None, rate_source="", reference="A1", incurred_on=date(2022, 3, 1),
    provisional=True,
)  # fmt: skip
WAITING = replace(LEI, currency="UAH", amount_minor=50_000, eur_minor=None, rate=None, rate_on=None, reference="U1")
BUDGET = (
    BudgetRow(beneficiary="P1 Slovenia", category="PERS", amount_minor=10_000, work_package="WP1"),
    BudgetRow(beneficiary="P1 Slovenia", category="TRAV", amount_minor=20_000),
)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def report(*lines: CostRow, budget: tuple[BudgetRow, ...] = BUDGET) -> Report:
    return build(ExpenditureRows(head=HEAD, lines=lines, budget=budget)).report(generated_at=WHEN)


def test_costs_stand_against_the_budget_by_beneficiary() -> None:
    table = report(LEI, EURO).table("by_beneficiary")
    assert table.rows == (
        ("P1 Slovenia", euros(30_000), euros(4_561), euros(25_439), Decimal("15.2")),
        ("P2 Romania", None, euros(148_885), None, None),
    )
    assert table.footer == ("All", euros(30_000), euros(153_446), euros(-123_446), Decimal("511.5"))


def test_costs_stand_against_the_budget_by_category_and_work_package() -> None:
    built = report(LEI, EURO)
    assert built.table("by_category").rows == (
        ("P1 Slovenia", "PERS", euros(10_000), euros(4_561), euros(5_439), Decimal("45.6")),
        ("P1 Slovenia", "TRAV", euros(20_000), None, euros(20_000), Decimal("0.0")),
        ("P2 Romania", "TRAV", None, euros(148_885), None, None),
    )
    assert built.table("by_work_package").display_rows == (
        ("WP1", "100.00", "45.61", "54.39", "45.6 %"),
        ("WP2", "–", "1,488.85", "–", "–"),
    )
    assert built.table("by_kind").rows == (("CBO", 1, euros(4_561)), ("JP", 1, euros(148_885)))


def test_amounts_without_a_rate_are_listed_by_currency_and_in_no_sum() -> None:
    built = report(LEI, WAITING, replace(WAITING, currency="TRY", amount_minor=1, reference="T1"), WAITING)
    assert built.table("not_converted").rows == (("TRY", 1, Money(1, "TRY")), ("UAH", 2, Money(100_000, "UAH")))
    assert built.table("by_beneficiary").footer is not None
    assert built.table("by_beneficiary").footer[2] == euros(148_885)
    assert built.table("by_kind").footer == ("All", 1, euros(148_885))


def test_without_such_amounts_there_is_no_such_table() -> None:
    assert "not_converted" not in {table.key for table in report(LEI).tables}


def test_the_lines_carry_rate_source_and_state_in_the_order_in_which_costs_were_incurred() -> None:
    table = report(LEI, WAITING, EURO).table("lines")
    assert table.values("reference") == ("A1", "D19", "U1")
    assert table.values("state") == ("provisional", "final", "not converted")
    assert table.display_rows[1][6:] == (
        "RON", "7,343.90", "4.9326104247", "28 Feb 2022", "ECB, mean", "1,488.85", "final",
    )  # fmt: skip
    assert table.display_rows[2][-2:] == ("–", "not converted")


def test_provisional_figures_say_so() -> None:
    assert "1 cost lines" in report(LEI, EURO).table("by_beneficiary").footnotes[0]
    assert report(LEI).table("by_beneficiary").footnotes == ()


def test_the_chart_shows_costs_and_budget_of_the_table() -> None:
    chart = next(section for section in report(LEI, EURO).sections if isinstance(section, Chart))
    assert chart.table_key == "by_beneficiary"
    assert [series.values for series in chart.series] == [
        (Decimal("45.61"), Decimal("1488.85")),
        (Decimal("300.00"), None),
    ]


def test_a_report_that_does_not_add_up_cannot_be_made() -> None:
    built = build(ExpenditureRows(head=HEAD, lines=(LEI, EURO), budget=BUDGET))
    with pytest.raises(Unbalanced, match="by work package 153445"):
        replace(built, by_work_package={"WP1": 153_445})
    with pytest.raises(Unbalanced, match="total 153447"):
        replace(built, total_minor=153_447)
    with pytest.raises(Unbalanced, match="budget in cents of EUR"):
        replace(built, budget_minor=1)


def test_the_order_of_the_rows_makes_no_difference_to_the_hash() -> None:
    assert report(LEI, EURO, WAITING).content_hash == report(WAITING, LEI, EURO).content_hash


def test_nothing_spent_and_nothing_planned_is_a_report_too() -> None:
    empty = report(budget=())
    assert empty.table("by_beneficiary").footer == ("All", euros(0), euros(0), euros(0), None)
    assert empty.table("lines").rows == ()
    assert not [section for section in empty.sections if isinstance(section, Chart)]


def test_the_head_names_project_and_period() -> None:
    built = report(LEI)
    assert built.project == "TEST-A (TEST-2)"
    assert built.period == "1 Mar 2022 to 28 Feb 2023"
    assert built.subtitle == "Patrols. 1 Mar 2022 to 28 Feb 2023."
