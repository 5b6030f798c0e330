"""How is a table written as an XLSX workbook whose cells keep their type: numbers numeric, dates dates, text text?

XlsxWriter runs in constant-memory mode (one row held at a time), so the length of a table does not matter.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from registry.domain.counts import Count, Total
from registry.domain.money import Money, minor_units
from registry.reports.figures import Cell, Column, display, number, plain
from registry.reports.tables import Report, Row, Table
from registry.reports.writers.cells import safe_text

LAST_CELL_LENGTH = 32_767
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_NUMBER_FORMATS = {"int": "#,##0", "money": "#,##0.00", "percent": '0.0" %"', "count": "#,##0", "text": "General"}
_WIDTHS = {"text": 28, "int": 10, "money": 16, "percent": 10, "date": 12, "datetime": 18, "count": 14}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the workbook says of itself: document properties and the sheet About."""

    title: str
    subject: str
    marking: str
    generated_at: datetime
    lines: tuple[tuple[str, str], ...]


def about_report(report: Report) -> About:
    """Period, filters, revision, hash and instant of generation of a report."""
    return About(
        title=report.title,
        subject=report.subtitle,
        marking=report.marking,
        generated_at=report.generated_at,
        lines=report.provenance,
    )


def write_xlsx(columns: Sequence[Column], rows: Iterable[Row], path: Path | IO[bytes], about: About) -> None:
    """One sheet of rows, taken one at a time, and the sheet About, written to a path or an open binary file."""
    with _workbook(path, about) as book:
        _write_sheet(book, "Rows", columns, rows, None)


def as_xlsx(source: Report, path: Path | IO[bytes]) -> None:
    """A sheet for every table of the report, with its row of totals, and the sheet About."""
    with _workbook(path, about_report(source)) as book:
        taken = {"about"}
        for table in source.tables:
            footer = table.footer
            _write_sheet(book, _sheet_name(table, taken), table.columns, table.rows, footer)


class _Book:
    """An open workbook with its cell formats, made once each."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self._formats: dict[tuple[str, bool], Any] = {}

    def format(self, number_format: str, *, bold: bool = False) -> Any:
        """The format for a number format, made at its first use."""
        key = (number_format, bold)
        if key not in self._formats:
            chosen = {"num_format": number_format, "valign": "top"} | ({"bold": True, "top": 1} if bold else {})
            self._formats[key] = self.file.add_format(chosen)
        return self._formats[key]


@contextmanager
def _workbook(path: Path | IO[bytes], about: About) -> Iterator[_Book]:
    # XlsxWriter spools each sheet to a temporary file; a directory of our own is gone even if a row raises.
    with tempfile.TemporaryDirectory(prefix="registry-xlsx-") as spool:
        target = str(path) if isinstance(path, Path) else path
        file = xlsxwriter.Workbook(
            target, {"constant_memory": True, "tmpdir": spool, "strings_to_formulas": False, "strings_to_urls": False}
        )
        written_at = about.generated_at.astimezone(UTC)
        file.set_properties(
            {"title": about.title, "subject": about.subject, "keywords": about.marking, "created": written_at}
        )
        book = _Book(file)
        try:
            yield book
            _write_about(book, about)
            file.close()
        except BaseException:
            _abandon(file)
            raise


def _abandon(file: Any) -> None:
    """Lets go of the spooled sheets of a workbook that will not be finished."""
    for sheet in file.worksheets():
        sheet.row_data_fh.close()
    file.fileclosed = True


def _write_sheet(book: _Book, name: str, columns: Sequence[Column], rows: Iterable[Row], footer: Row | None) -> None:
    sheet = book.file.add_worksheet(name)
    heading = book.file.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width or _WIDTHS[column.kind])
        sheet.write_string(0, index, safe_text(column.heading), heading)
    sheet.freeze_panes(1, 1)
    last = 0
    for last, row in enumerate(rows, start=1):
        _write_row(book, sheet, last, columns, row, bold=False)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    if footer is not None:
        _write_row(book, sheet, last + 1, columns, footer, bold=True)


def _write_row(book: _Book, sheet: Any, at: int, columns: Sequence[Column], row: Row, *, bold: bool) -> None:
    styled = partial(book.format, bold=bold)
    for index, (column, cell) in enumerate(zip(columns, row, strict=True)):
        _write_cell(sheet, (at, index), column, cell, styled)


def _write_cell(sheet: Any, at: tuple[int, int], column: Column, cell: Cell, styled: Callable[[str], Any]) -> None:
    if cell is None:
        sheet.write_blank(*at, None, styled("General"))
    elif isinstance(cell, datetime):
        # A spreadsheet knows no time zones: the instant is written in UTC.
        sheet.write_datetime(*at, cell.astimezone(UTC).replace(tzinfo=None), styled("yyyy-mm-dd hh:mm"))
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell, styled("yyyy-mm-dd"))
    elif (bare := number(cell)) is not None:
        sheet.write_number(*at, bare, styled(_number_format(column, cell)))
    else:
        sheet.write_string(*at, _text(cell if isinstance(cell, str) else display(column, cell)), styled("General"))


def _number_format(column: Column, cell: Cell) -> str:
    if isinstance(cell, Money):
        plain(column, cell)  # refuses an amount in another currency than the column's
        return _NUMBER_FORMATS["money" if minor_units(cell.currency) else "int"]
    if isinstance(cell, (Count, Total)):
        # What stands before and after the number (≈, >, 2 n.c.) is format, so that the number can still be computed.
        before, _, after = display(column, cell).partition(f"{cell.value:,}")
        return f'"{before}"#,##0"{after}"' if before or after else _NUMBER_FORMATS["count"]
    if isinstance(cell, Decimal) and column.kind not in {"money", "percent"}:
        return "General"
    return _NUMBER_FORMATS.get(column.kind, "General")


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("", safe_text(text))[:LAST_CELL_LENGTH]


def _sheet_name(table: Table, taken: set[str]) -> str:
    stem = _NOT_IN_A_SHEET_NAME.sub(" ", table.title)[:28].strip() or table.key[:28]
    name, ordinal = stem, 2
    while name.lower() in taken:
        name, ordinal = f"{stem[:25]} {ordinal}", ordinal + 1
    taken.add(name.lower())
    return name


def _write_about(book: _Book, about: About) -> None:
    sheet = book.file.add_worksheet("About")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    bold = book.file.add_format({"bold": True})
    lines = (("Title", about.title), ("Subject", about.subject), ("Marking", about.marking), *about.lines)
    for at, (label, text) in enumerate(lines):
        sheet.write_string(at, 0, _text(label), bold)
        sheet.write_string(at, 1, _text(text))
