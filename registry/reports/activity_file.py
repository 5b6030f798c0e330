"""How does the list of activities stand in a file? The columns of the page, written row by row as CSV or XLSX."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO

from registry.domain.activities import Kind
from registry.domain.counts import Count
from registry.queries.activity_rows import ActivityRow
from registry.reports.figures import Cell, Column
from registry.reports.tables import Row
from registry.reports.writers.csv_file import stream_csv
from registry.reports.writers.workbook import About, write_xlsx

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KEPT_IN_MEMORY = 4 * 2**20

COLUMNS = (
    Column(key="reference", label="Reference", width=20),
    Column(key="kind", label="Kind", width=8),
    Column(key="kind_name", label="Kind in words", width=26),
    Column(key="title", label="Title", width=44),
    Column(key="first_on", label="First day", kind="date"),
    Column(key="last_on", label="Last day", kind="date"),
    Column(key="starts_at", label="Begins", kind="datetime", unit="UTC"),
    Column(key="ends_at", label="Ends", kind="datetime", unit="UTC"),
    Column(key="place", label="Place", width=30),
    Column(key="border", label="Border", width=10),
    Column(key="section", label="Section", width=12),
    Column(key="longitude", label="Longitude", width=12),
    Column(key="latitude", label="Latitude", width=12),
    Column(key="cell", label="Grid cell", width=16),
    Column(key="shown_as", label="Place and time shown as", width=16),
    Column(key="countries", label="Countries", width=14),
    Column(key="officers", label="Officers", kind="count"),
    Column(key="persons_checked", label="Persons controlled", kind="count"),
    Column(key="vehicles_checked", label="Vehicles controlled", kind="count"),
    Column(key="arrests", label="Arrests", kind="count"),
    Column(key="status", label="Status", width=16),
    Column(key="verified", label="Verified by the host", width=10),
)


def cells(row: ActivityRow) -> Row:
    """One record as a row of the file, in the order of ``COLUMNS``."""
    when, where = row.when, row.where
    return (
        row.reference,
        row.kind,
        Kind(row.kind).label,
        row.title,
        when.from_on,
        _last(when.until_on),
        when.starts_at,
        when.ends_at,
        where.label,
        where.border,
        where.section,
        _degrees(where.lon),
        _degrees(where.lat),
        where.cell,
        f"{where.precision.value}, {when.precision.value}",
        " ".join(row.countries),
        row.officers,
        *_results(row),
        row.status,
        "yes" if row.verified else "no",
    )


def _results(row: ActivityRow) -> Iterator[Count | None]:
    for measure in ("persons_checked", "vehicles_checked", "arrests"):
        yield row.results[measure]


def _last(until_on: date | None) -> date | None:
    return None if until_on is None else until_on - timedelta(days=1)


def _degrees(value: float | None) -> Cell:
    # A number, not a text: a text with a minus in front would be marked as a formula.
    return None if value is None else Decimal(str(round(value, 6)))


class Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[ActivityRow]) -> None:
        self.rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.number += 1
            yield cells(row)


def write_file(rows: Iterable[ActivityRow], form: str, about: About, *, bom: bool = True) -> tuple[IO[bytes], int, str]:
    """The file, open at its beginning, how many records it holds, and the SHA-256 of its bytes in hex."""
    file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 (the response closes it)
    counted = Counted(rows)
    if form == "xlsx":
        write_xlsx(COLUMNS, counted, file, about)
    else:
        for chunk in stream_csv(COLUMNS, counted, bom=bom):
            file.write(chunk)
    file.seek(0)
    content_hash = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return file, counted.number, content_hash


def file_name(acronym: str, on: datetime, form: str) -> str:
    """``athena-2-activities-2026-11-24.csv``: letters and digits only, so that every system takes it."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in acronym.lower())
    return f"{words.strip('-')}-activities-{on.date().isoformat()}.{form}"
