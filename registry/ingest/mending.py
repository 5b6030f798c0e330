"""How are bad rows handed back? As the table they came in, each with where it is wrong and how it is mended.

The four columns stand first, so that a row with a cell too many or too few stays as it was; they are passed over when
the mended file is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.ingest import csv_files, workbooks
from registry.ingest.errors import RowError
from registry.ingest.tables import original_text

COLUMNS = ("row", "column", "problem", "how to mend")


def to_mend(content: bytes, errors: Sequence[RowError]) -> tuple[list[str], Iterator[list[str]]]:
    """The header and the bad rows of a table that was read before, in the file's order, as plain text."""
    raw = (workbooks if workbooks.is_workbook(content) else csv_files).read(content)
    header = [original_text(" ".join(name.split())) for name in raw.records[0][1]] if raw.records else []
    kept = [place for place, name in enumerate(header) if name.casefold() not in COLUMNS]
    by_row: dict[int, list[RowError]] = {}
    for error in errors:
        by_row.setdefault(error.row, []).append(error)
    return [*COLUMNS, *(header[place] for place in kept)], _rows(raw.records[1:], by_row, header, kept)


def _rows(
    records: Sequence[tuple[int, list[str]]],
    by_row: dict[int, list[RowError]],
    header: Sequence[str],
    kept: Sequence[int],
) -> Iterator[list[str]]:
    for number, record in records:
        wrong = by_row.get(number)
        if wrong is None:
            continue
        cells = [record[place] for place in kept if place < len(record)] + record[len(header) :]
        yield [
            str(number),
            "; ".join(dict.fromkeys(error.column for error in wrong if error.column)),
            " ".join(error.problem for error in wrong),
            " ".join(dict.fromkeys(error.mend for error in wrong)),
            *(original_text(cell.strip()) for cell in cells),
        ]
