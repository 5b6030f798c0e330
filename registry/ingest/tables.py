"""Which columns and rows does a table file hold, CSV or XLSX alike, and which of its rows do not fit?

Row numbers are those a person sees: the line of a CSV file on which a record starts, the row of a sheet. Every cell
comes as text without blanks around it; an empty text is unknown, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.ingest import csv_files, workbooks
from registry.ingest.errors import BadFile, RowError, quoted
from registry.ingest.raw import MAX_COLUMNS, MAX_ROWS, RawTable, one_of_many

MAX_BYTES = 20_000_000
LONGEST_CELL = 32_767  # what a spreadsheet can hold
_FORMULA_MARK = re.compile(r"'+[=+\-@\t\r\0]")
_VALUE = re.compile(r"[-+]?\d+([.,]\d+)?|\d{4}-\d\d(-\d\d)?|\d{1,2}[./]\d{1,2}[./]\d{4}", re.ASCII)
_BINARY = {
    b"%PDF": "This is a PDF document, not a table.",
    b"\x89PNG": "This is a picture, not a table.",
    b"\xff\xd8\xff": "This is a picture, not a table.",
    b"\x1f\x8b": "This is a compressed file, not a table.",
    b"SQLi": "This is a database, not a table.",
}
_SAVE_AS = "Save the table as XLSX or as CSV (UTF-8) and choose that file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: its row number in the file and its cells by the column names of the header."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """The columns in their order, the rows that fit them, what was noticed, and the rows that do not fit."""

    columns: tuple[str, ...]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    header_row: int = 1


def read_table(filename: str, content: bytes) -> TableFile:
    """The table in a CSV or XLSX file; what it is, its content says, not its name.

    BadFile when it is empty, too large, no table, has no usable header or no rows. Rows with a wrong number of cells
    are left out and stand in ``errors``, each with its number.
    """
    if len(content) > MAX_BYTES:
        raise BadFile(
            f"The file has {len(content) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} are read.",
            how="Split the table into several files.",
        )
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise BadFile(
            f"{quoted(filename)} is empty.", how="Choose a file with a header row and at least one row below it."
        )
    return _fit(_raw(content))


def _raw(content: bytes) -> RawTable:
    for magic, message in _BINARY.items():
        if content.startswith(magic):
            raise BadFile(message, how=_SAVE_AS)
    if workbooks.is_workbook(content):
        return workbooks.read(content)
    return csv_files.read(content)


def _fit(raw: RawTable) -> TableFile:
    if not raw.records:
        raise BadFile("There is not a single filled cell in this table.", how="Put the column names in the first row.")
    header_row, header = raw.records[0]
    columns, notes = _columns(header_row, header, raw.notes)
    rows: list[Row] = []
    errors = list(raw.errors)
    refused = {error.row for error in errors}
    for number, record in raw.records[1:]:
        row_errors = _row_errors(number, record, columns, padded=raw.padded)
        errors += row_errors
        if not row_errors and number not in refused:
            cells = [original_text(cell.strip()) for cell in record]
            cells += [""] * (len(columns) - len(cells))
            rows.append(Row(number=number, cells=dict(zip(columns, cells, strict=False))))
    if not rows and not errors:
        raise BadFile("There are column names but no rows below them.", row=header_row, how="Add at least one row.")
    return TableFile(
        columns=columns,
        header_row=header_row,
        rows=rows,
        notes=notes,
        errors=sorted(errors, key=lambda error: error.row),
    )


def _columns(row: int, header: list[str], notes: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    names = [original_text(" ".join(name.split())) for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise BadFile(
            f"The header has {len(names)} columns; at most {MAX_COLUMNS} are read.", row=row, how="Remove columns."
        )
    if any(_VALUE.fullmatch(name) for name in names):
        value = next(name for name in names if _VALUE.fullmatch(name))
        raise BadFile(
            f"The first row holds values such as {quoted(value)}, not column names.",
            row=row,
            column=f"number {names.index(value) + 1}",
            how="Insert a row with the column names above it.",
        )
    _refuse_blank_and_double(row, names)
    trimmed = ["Empty columns at the right end were left out."] if len(names) < len(header) else []
    return tuple(names), [*notes, *trimmed]


def _refuse_blank_and_double(row: int, names: list[str]) -> None:
    seen: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        if not name:
            raise BadFile("This column has no name.", row=row, column=f"number {place}", how="Name it or delete it.")
        if name.casefold() in seen:
            raise BadFile(
                f"Columns {seen[name.casefold()]} and {place} have the same name.",
                row=row,
                column=name,
                how="Rename or delete one of them.",
            )
        seen[name.casefold()] = place


def _row_errors(number: int, record: list[str], columns: tuple[str, ...], *, padded: bool) -> list[RowError]:
    """What is wrong with the shape of one record; sheets are rectangles, so there only text beyond the header is."""
    beyond = [cell for cell in record[len(columns) :] if cell.strip()]
    if beyond:
        return [
            RowError(
                row=number,
                column="",
                value=beyond[0],
                problem=f"There are {len(record)} cells for {len(columns)} columns; the first too many is "
                f"{quoted(beyond[0])}.",
                mend="Put a cell that holds the separator in quotation marks, or name the column in the header.",
            )
        ]
    if len(record) < len(columns) and not padded:
        return [
            RowError(
                row=number,
                column=columns[len(record)],
                value="",
                problem=f"There {one_of_many(len(record), 'is 1 cell', 'are {} cells')} for {len(columns)} columns.",
                mend="Add the missing cells, empty ones too, or check for a missing separator.",
            )
        ]
    return [
        RowError(
            row=number,
            column=column,
            value=cell[:LONGEST_CELL],
            problem=f"The cell has {len(cell)} characters; at most {LONGEST_CELL} are kept.",
            mend="Shorten it. A missing quotation mark further up can also cause this.",
        )
        for column, cell in zip(columns, record, strict=False)
        if len(cell) > LONGEST_CELL
    ]


def original_text(text: str) -> str:
    """The text without the apostrophe that exports put before what a spreadsheet would take for a formula."""
    return text[1:] if _FORMULA_MARK.match(text) else text


__all__ = ["LONGEST_CELL", "MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Row", "TableFile", "original_text", "read_table"]
