"""How is a table written as CSV (RFC 4180, UTF-8), also a table too long to be held in memory?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from registry.reports.figures import Cell, Column, plain
from registry.reports.tables import Report, Row, Table
from registry.reports.writers.cells import safe_text

_ROWS_PER_CHUNK = 500
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def stream_csv(columns: Sequence[Column], rows: Iterable[Row], *, bom: bool = False) -> Iterator[bytes]:
    """The rows in chunks of bytes, headed by the columns' keys; memory does not grow with the rows.

    ``bom`` puts the byte order mark in front that spreadsheet programs want to see before they believe in UTF-8.
    """
    if bom:
        yield _BYTE_ORDER_MARK
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.key for column in columns])
    for position, row in enumerate(rows, start=1):
        writer.writerow([_field(column, cell) for column, cell in zip(columns, row, strict=True)])
        if position % _ROWS_PER_CHUNK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def as_csv(source: Report | Table, *, bom: bool = False) -> bytes:
    """One table, or every table of a report one after another, each under a line with its title.

    The row of totals is left out: a program that reads the file adds up itself, and would count it twice.
    """
    if isinstance(source, Table):
        return b"".join(stream_csv(source.columns, source.rows, bom=bom))
    parts = [_titled(table) for table in source.tables]
    return (_BYTE_ORDER_MARK if bom else b"") + b"\r\n".join(parts)


def _titled(table: Table) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([safe_text(table.title)])
    return buffer.getvalue().encode() + b"".join(stream_csv(table.columns, table.rows))


def _field(column: Column, cell: Cell) -> str:
    return safe_text(cell) if isinstance(cell, str) else plain(column, cell)


def _emptied(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk
