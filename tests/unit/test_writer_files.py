"""Do CSV, JSON and XLSX say what the table says, and nothing a spreadsheet would execute?"""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from registry.domain.counts import Count, Qualifier
from registry.domain.money import Money
from registry.reports.tables import Column, Paragraph, Report, Table
from registry.reports.writers.cells import original_text, safe_text
from registry.reports.writers.csv_file import as_csv, stream_csv
from registry.reports.writers.json_file import as_json
from registry.reports.writers.workbook import About, as_xlsx, write_xlsx

WHEN = datetime(2023, 4, 29, 14, 2, tzinfo=UTC)
COLUMNS = (
    Column(key="place", label="Place", width=40),
    Column(key="paid_on", label="Paid on", kind="date"),
    Column(key="at", label="At", kind="datetime"),
    Column(key="eur", label="Amount", kind="money", currency="EUR"),
    Column(key="share", label="Share", kind="percent"),
    Column(key="rate", label="Rate"),
    Column(key="persons", label="Persons", kind="count"),
    Column(key="n", label="Number", kind="int"),
)
NOT_COUNTED = Count(value=None, qualifier=Qualifier.NOT_COUNTED)
ROWS = (
    ("Škofije, A1", date(2023, 4, 9), WHEN, Money(-150, "EUR"), Decimal("94.2"),
     Decimal("4.9326104247"), Count(value=40, qualifier=Qualifier.MORE_THAN), 7),
    ("=1+1", None, None, None, None, None, NOT_COUNTED, -3),
)  # fmt: skip
FOOTER = ("Total", None, None, Money(-150, "EUR"), None, None, None, 4)


def lines_table(key: str = "lines", title: str = "Cost lines [all]: *?") -> Table:
    return Table(key=key, title=title, columns=COLUMNS, rows=ROWS, footer=FOOTER)


def report(*tables: Table) -> Report:
    return Report(
        name="expenditure", title="Expenditure", subtitle="Costs", project="TEST-A", period="2022", marking="SENSITIVE",
        sections=(Paragraph(text="Invented."), *tables), generated_at=WHEN, data_revision=7, filters=(("Kind", "JP"),),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+39 040", "-x", "@SUM(A1)", "\tx", "\rx", "\0x", "'=1", "''+1"])
def test_a_text_read_as_a_formula_gets_an_apostrophe_that_comes_off_again(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    assert original_text(safe_text(text)) == text


@pytest.mark.parametrize("text", ["", "Trieste", "a=b", "'quoted'", "'t Hek", "–"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text
    assert original_text(text) == text


def test_csv_has_bare_numbers_iso_dates_and_harmless_text() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(lines_table()).decode(), newline="")))
    assert rows == [
        ["place", "paid_on", "at", "eur", "share", "rate", "persons", "n"],
        ["Škofije, A1", "2023-04-09", "2023-04-29T14:02:00Z", "-1.50", "94.2", "4.9326104247", "> 40", "7"],
        ["'=1+1", "", "", "", "", "", "n.c.", "-3"],
    ]


def test_csv_begins_with_a_byte_order_mark_only_when_asked() -> None:
    assert as_csv(lines_table(), bom=True) == b"\xef\xbb\xbf" + as_csv(lines_table())
    assert as_csv(report(lines_table()), bom=True).startswith(b"\xef\xbb\xbf")


def test_csv_of_a_report_names_each_table() -> None:
    text = as_csv(report(lines_table("a", "First"), lines_table("b", "=Second"))).decode()
    assert text.startswith("First\r\nplace,")
    assert "\r\n\r\n'=Second\r\nplace," in text


def many_rows(number: int) -> Iterator[tuple[str, int]]:
    return ((f"row {index}", index) for index in range(number))


TWO_COLUMNS = (Column(key="text", label="Text"), Column(key="n", label="N", kind="int"))


def test_a_long_csv_is_streamed_in_flat_memory() -> None:
    length, peak_of_few = measured(2_000)
    ten_times_length, peak_of_many = measured(20_000)
    assert ten_times_length > 9 * length
    assert peak_of_many < 2 * peak_of_few


def measured(number: int) -> tuple[int, int]:
    tracemalloc.start()
    length = sum(len(chunk) for chunk in stream_csv(TWO_COLUMNS, many_rows(number)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return length, peak


def test_json_carries_typed_figures_and_the_hash() -> None:
    source = report(lines_table())
    document = json.loads(as_json(source))
    row = document["sections"][1]["rows"][0]
    assert row["eur"] == {"amount": "-1.50", "currency": "EUR"}
    assert row["persons"] == {"value": 40, "qualifier": "more_than"}
    assert document["content_hash"] == source.content_hash
    assert document["generated_at"] == "2023-04-29T14:02:00Z"


def workbook_of(source: Report) -> openpyxl.Workbook:
    buffer = io.BytesIO()
    as_xlsx(source, buffer)
    return openpyxl.load_workbook(buffer)


def test_a_workbook_keeps_the_types_of_its_cells() -> None:
    sheet = workbook_of(report(lines_table())).worksheets[0]
    first, second, total = list(sheet.iter_rows(min_row=2, values_only=True))
    assert first[0] == "Škofije, A1"
    assert [moment.isoformat() for moment in first[1:3]] == ["2023-04-09T00:00:00", "2023-04-29T14:02:00"]
    assert first[3:] == (-1.5, 94.2, 4.9326104247, 40, 7)
    assert second == ("'=1+1", None, None, None, None, None, "n.c.", -3)
    assert total[3] == -1.5
    assert sheet["A3"].data_type == "s"
    assert sheet["D2"].number_format == "#,##0.00"
    assert sheet["G2"].number_format == '"> "#,##0""'
    assert sheet["B2"].number_format == "yyyy-mm-dd"


def test_a_workbook_has_bold_headings_frozen_panes_and_a_filter() -> None:
    sheet = workbook_of(report(lines_table())).worksheets[0]
    assert sheet["D1"].value == "Amount, EUR"
    assert sheet["D1"].font.bold
    assert sheet["A4"].font.bold
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:H3"
    assert sheet.column_dimensions["A"].width == pytest.approx(40, abs=1)


def test_a_workbook_says_where_its_figures_come_from() -> None:
    source = report(lines_table())
    book = workbook_of(source)
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["SHA-256"] == source.content_hash
    assert about["Filter: Kind"] == "JP"
    assert about["Data revision"] == "7"
    assert about["Marking"] == "SENSITIVE"
    assert book.properties.title == "Expenditure"
    assert book.properties.keywords == "SENSITIVE"


def test_sheets_of_alike_titles_have_different_names() -> None:
    tables = [lines_table(key, "A title that is rather too long for a sheet") for key in ("a", "b", "c")]
    book = workbook_of(report(*tables, lines_table("d", "About"), lines_table("e", "///")))
    assert len(set(book.sheetnames)) == 6
    assert book.sheetnames[-2] == "e"


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    table = Table(key="t", title="T", columns=(Column(key="x", label="X"),), rows=(("a\x00b\x0bc\ufffe",),))
    assert workbook_of(report(table)).worksheets[0]["A2"].value == "abc"


def test_an_amount_in_another_currency_than_its_column_is_not_written() -> None:
    table = Table(key="t", title="T", columns=(COLUMNS[3],), rows=((Money(minor=1, currency="HUF"),),))
    with pytest.raises(ValueError, match="in EUR, not in HUF"):
        as_xlsx(report(table), io.BytesIO())


def test_rows_of_any_number_are_written_to_a_path(tmp_path: Path) -> None:
    about = About(title="Extract", subject="All", marking="", generated_at=WHEN, lines=(("Rows", "3000"),))
    write_xlsx(TWO_COLUMNS, many_rows(3000), tmp_path / "extract.xlsx", about)
    book = openpyxl.load_workbook(tmp_path / "extract.xlsx", read_only=True)
    numbers = [row[0] for row in book["Rows"].iter_rows(min_row=2, min_col=2, max_col=2, values_only=True)]
    book.close()
    assert numbers == list(range(3000))
