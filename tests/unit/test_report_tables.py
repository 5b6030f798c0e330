"""Do figures read the same everywhere, and does a report refuse to say what its tables do not?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from registry.domain.counts import Count, Qualifier, total
from registry.domain.money import Money
from registry.reports.figures import display_period, number, percentage, structured
from registry.reports.tables import Chart, Column, Paragraph, Report, Table, chart_of, display, plain

EURO = Column(key="eur", label="Amount", kind="money", currency="EUR")
TEXT = Column(key="place", label="Place")
COUNT = Column(key="persons", label="Persons", kind="count", unit="persons")
SHARE = Column(key="share", label="Used", kind="percent")
NOON = datetime(2023, 4, 29, 16, 2, tzinfo=timezone(timedelta(hours=2)))


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def counted(value: int | None, qualifier: Qualifier = Qualifier.EXACT) -> Count:
    return Count(value=value, qualifier=qualifier)


def table(**changes: object) -> Table:
    fields: dict[str, object] = {
        "key": "costs",
        "title": "Costs by place",
        "columns": (TEXT, EURO, COUNT),
        "rows": (("Škofije", euros(123_450), counted(4)), ("Pesek", None, counted(None, Qualifier.NOT_COUNTED))),
        "footer": (None, euros(123_450), None),
    }
    return Table(**(fields | changes))  # type: ignore[arg-type]


def report(**changes: object) -> Report:
    costs = table()
    fields: dict[str, object] = {
        "name": "expenditure",
        "title": "Expenditure",
        "subtitle": "Joint patrols on one border",
        "project": "TEST-A",
        "period": "1 Mar 2022 to 28 Feb 2023",
        "sections": (
            Paragraph(text="Invented figures.", title="Note"),
            costs,
            chart_of(costs, kind="bars", title="Costs", category="place", series=["eur"], unit="EUR"),
        ),
        "marking": "SENSITIVE",
        "generated_at": NOON,
        "data_revision": 118,
        "filters": (("Country", "SI"),),
    }
    return Report(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "value", "shown", "bare"),
    [
        (EURO, euros(123_456_789), "1,234,567.89", "1234567.89"),
        (EURO, euros(-5), "−0.05", "-0.05"),
        (EURO, euros(0), "0.00", "0.00"),
        (EURO, None, "–", ""),
        (COUNT, counted(1200), "1,200", "1200"),
        (COUNT, counted(0), "0", "0"),
        (COUNT, counted(1200, Qualifier.MORE_THAN), "> 1,200", "> 1200"),
        (COUNT, counted(40, Qualifier.APPROXIMATE), "≈ 40", "≈ 40"),
        (COUNT, counted(40, Qualifier.ALMOST), "almost 40", "almost 40"),
        (COUNT, counted(None, Qualifier.NOT_COUNTED), "n.c.", "n.c."),
        (COUNT, total([counted(1200), counted(None, Qualifier.NOT_COUNTED)]), "1,200 (1 n.c.)", "1200 (1 n.c.)"),
        (COUNT, total([]), "–", ""),
        (Column(key="yen", label="Yen", kind="money", currency="JPY"), Money(1500, "JPY"), "1,500", "1500"),
        (SHARE, Decimal("94.25"), "94.3 %", "94.25"),
        (Column(key="n", label="N", kind="int"), -1234, "−1,234", "-1234"),
        (Column(key="r", label="Rate"), Decimal("4.9326104247"), "4.9326104247", "4.9326104247"),
        (Column(key="d", label="Day", kind="date"), date(2023, 4, 9), "9 Apr 2023", "2023-04-09"),
        (Column(key="t", label="At", kind="datetime"), NOON, "29 Apr 2023, 14:02 UTC", "2023-04-29T14:02:00Z"),
        (TEXT, "Trieste", "Trieste", "Trieste"),
    ],
)
def test_a_figure_is_written_for_people_and_for_programs(column: Column, value: object, shown: str, bare: str) -> None:
    assert display(column, value) == shown  # type: ignore[arg-type]
    assert plain(column, value) == bare  # type: ignore[arg-type]


def test_an_amount_in_another_currency_than_its_column_is_refused() -> None:
    lei = Money(minor=734_390, currency="RON")
    with pytest.raises(ValueError, match="in EUR, not in RON"):
        display(EURO, lei)
    with pytest.raises(ValueError, match="in EUR, not in RON"):
        plain(EURO, lei)


def test_structured_figures_keep_currency_and_qualifier() -> None:
    assert structured(euros(150)) == {"amount": "1.50", "currency": "EUR"}
    assert structured(counted(40, Qualifier.ALMOST)) == {"value": 40, "qualifier": "almost"}
    assert structured(total([counted(40)])) == {"value": 40, "qualifier": "exact", "parts": 1, "not_counted": 0}
    assert structured(Decimal("1.10")) == "1.10"
    assert structured(date(2023, 4, 9)) == "2023-04-09"
    assert structured(3) == 3


def test_the_bare_number_of_a_figure() -> None:
    cells = (euros(150), counted(3), counted(None, Qualifier.NOT_COUNTED), 7, Decimal("1.5"), "x", None)
    assert [number(cell) for cell in cells] == [
        Decimal("1.50"), Decimal(3), None, Decimal(7), Decimal("1.5"), None, None,
    ]  # fmt: skip


def test_a_percentage_is_rounded_half_up_and_of_nothing_there_is_none() -> None:
    assert percentage(90_1675, 95_0000) == Decimal("94.9")
    assert percentage(1, 2000) == Decimal("0.1")
    assert percentage(1, 0) is None


def test_a_period_is_shown_with_its_last_day_included() -> None:
    assert display_period(date(2022, 3, 1), date(2023, 3, 1)) == "1 Mar 2022 to 28 Feb 2023"


def test_figures_stand_right_and_headings_name_their_unit() -> None:
    assert (EURO.side, TEXT.side, Column(key="x", label="X", align="right").side) == ("right", "left", "right")
    assert (EURO.heading, COUNT.heading, TEXT.heading) == ("Amount, EUR", "Persons, persons", "Place")


def test_a_table_refuses_a_row_that_does_not_fit() -> None:
    with pytest.raises(ValueError, match="3 columns and a row of 1"):
        table(rows=(("Škofije",),))
    with pytest.raises(ValueError, match="3 columns and a row of 2"):
        table(footer=(None, None))


def test_a_table_refuses_two_columns_of_one_key() -> None:
    with pytest.raises(ValueError, match="two columns of one key"):
        table(columns=(TEXT, TEXT, COUNT))


def test_a_table_refuses_amounts_without_their_currency() -> None:
    anything = Column(key="amount", label="Amount", kind="money")
    with pytest.raises(ValueError, match="without their currency"):
        Table(key="t", title="T", columns=(anything,), rows=())
    currency = Column(key="currency", label="Currency")
    mixed = Table(key="t", title="T", columns=(currency, anything), rows=(("RON", Money(minor=1, currency="RON")),))
    assert mixed.display_rows == (("RON", "0.01"),)


def test_a_table_shows_its_rows_and_its_totals() -> None:
    assert table().display_rows == (("Škofije", "1,234.50", "4"), ("Pesek", "–", "n.c."))
    assert table().display_footer == ("", "1,234.50", "–")
    assert table(footer=None).display_footer is None
    with pytest.raises(KeyError):
        table().values("nothing")


def test_a_chart_takes_its_figures_from_the_table() -> None:
    chart = next(section for section in report().sections if isinstance(section, Chart))
    assert chart.categories == ("Škofije", "Pesek")
    assert chart.series[0].values == (Decimal("1234.50"), None)
    assert chart.alt == "Costs. Škofije: Amount 1,234.50; Pesek: Amount –"
    assert json.loads(chart.as_json())["series"][0] == {
        "key": "eur",
        "label": "Amount",
        "values": [1234.5, None],
        "printed": ["1,234.50", "–"],
    }


def test_a_report_refuses_a_chart_that_differs_from_its_table() -> None:
    chart = chart_of(table(), kind="bars", title="Costs", category="place", series=["eur"])
    changed = table(rows=(("Škofije", euros(1), None),))
    with pytest.raises(ValueError, match="does not show the figures"):
        report(sections=(changed, chart))
    with pytest.raises(ValueError, match="does not show the figures"):
        report(sections=(chart,))


@pytest.mark.parametrize(("bars", "size"), [(2, "short"), (4, "middle"), (9, "tall")])
def test_a_drawing_is_as_high_as_its_bars_need(bars: int, size: str) -> None:
    rows = tuple((f"Place {index}", euros(index), None) for index in range(bars))
    many = table(rows=rows)
    assert chart_of(many, kind="bars", title="T", category="place", series=["eur"]).size == size
    assert chart_of(many, kind="line", title="T", category="place", series=["eur"]).size == "middle"


def test_a_report_refuses_two_tables_of_one_key() -> None:
    with pytest.raises(ValueError, match="two tables of one key"):
        report(sections=(table(), table()))


def test_equal_content_has_an_equal_hash_on_any_day() -> None:
    assert report().content_hash == report(generated_at=datetime(2030, 1, 1, tzinfo=UTC)).content_hash
    assert len(report().content_hash) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"data_revision": 119},
        {"filters": ()},
        {"period": "another"},
        {"sections": (table(rows=(("Škofije", euros(123_451), counted(4)),)),)},
        {"sections": (table(footer=None),)},
        {"marking": "PUBLIC"},
    ],
)
def test_any_other_content_has_another_hash(change: dict[str, object]) -> None:
    assert replace(report(), **change).content_hash != report().content_hash  # type: ignore[arg-type]


def test_the_provenance_names_period_filters_revision_and_hash() -> None:
    lines = dict(report(particulars=(("Due", "29 Apr 2023"),)).provenance)
    assert lines["Filter: Country"] == "SI"
    assert lines["Due"] == "29 Apr 2023"
    assert lines["Generated"] == "29 Apr 2023, 14:02 UTC"
    assert lines["Data revision"] == "118"
    assert len(lines["SHA-256"]) == 64


def test_a_table_is_found_by_its_key() -> None:
    assert report().table("costs").title == "Costs by place"
    with pytest.raises(KeyError):
        report().table("nothing")
