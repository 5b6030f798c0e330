"""Whatever the figures: do files give back what was written, and do all cuts add up to the same total?"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from registry.domain.money import Money
from registry.reports.expenditure import CostRow, ExpenditureRows, build
from registry.reports.heads import Head
from registry.reports.tables import Column, Table
from registry.reports.writers.cells import original_text, safe_text
from registry.reports.writers.csv_file import as_csv

WHEN = datetime(2023, 4, 29, tzinfo=UTC)
HEAD = Head(
    reference="TEST-2", acronym="TEST-A", title="Patrols", from_on=date(2022, 1, 1), until_on=date(2023, 1, 1),
    marking="", data_revision=1,
)  # fmt: skip
LINE = CostRow(
    beneficiary="P1", category="TRAV", work_package="WP1", kind="JP", currency="EUR", amount_minor=1, eur_minor=1,
    rate=None, rate_on=None, rate_source="", reference="A1", incurred_on=date(2022, 3, 3), provisional=False,
)  # fmt: skip
CENTS = st.integers(min_value=-(10**12), max_value=10**12)
COST_LINES = st.builds(
    lambda who, what, where, kind, minor, euro: replace(
        LINE, beneficiary=who, category=what, work_package=where, kind=kind, amount_minor=minor, eur_minor=euro
    ),
    st.sampled_from(["P1", "P2", "P3"]),
    st.sampled_from(["PERS", "TRAV"]),
    st.sampled_from(["WP1", "WP2"]),
    st.sampled_from(["JP", "CBO", "MGT"]),
    CENTS,
    st.none() | CENTS,
)
# Everything one can type, with what spreadsheets take for formulas made frequent; lone surrogates are no text.
TEXTS = st.text(st.sampled_from("=+-@\t\r\n'\",;") | st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXTS)
def test_a_marked_text_comes_back_exactly_and_is_never_a_formula(text: str) -> None:
    written = safe_text(text)
    assert original_text(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))


@given(st.lists(st.tuples(TEXTS, CENTS, st.dates() | st.none())))
def test_csv_gives_back_what_was_written(rows: list[tuple[str, int, date | None]]) -> None:
    columns = (
        Column(key="text", label="Text"),
        Column(key="eur", label="Amount", kind="money", currency="EUR"),
        Column(key="on", label="On", kind="date"),
    )
    table = Table(key="t", title="T", columns=columns, rows=tuple((t, Money(m, "EUR"), d) for t, m, d in rows))
    read = list(csv.reader(io.StringIO(as_csv(table).decode(), newline="")))[1:]
    back = [(original_text(t), int(Decimal(m) * 100), date.fromisoformat(d) if d else None) for t, m, d in read]
    assert back == rows


@given(st.lists(COST_LINES, max_size=30))
def test_lines_groups_and_total_are_equal_to_the_cent(lines: list[CostRow]) -> None:
    report = build(ExpenditureRows(head=HEAD, lines=tuple(lines), budget=())).report(generated_at=WHEN)
    total = Money(sum(line.eur_minor or 0 for line in lines), "EUR")
    for key in ("by_beneficiary", "by_category", "by_work_package", "by_kind"):
        table = report.table(key)
        spent = [cell.minor for cell in table.values("spent") if isinstance(cell, Money)]
        assert sum(spent) == total.minor
        assert table.footer is not None
        assert table.footer[table.column_index("spent")] == total
    assert sum(cell.minor for cell in report.table("lines").values("eur") if isinstance(cell, Money)) == total.minor
