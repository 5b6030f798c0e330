"""What do a CSV file and a sheet have in common before the header is understood? Numbered records of text."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry.ingest.errors import BadFile, RowError

MAX_ROWS = 50_000
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Records that hold any text, each with its row number; ``padded`` when the format fills rows up to one width."""

    records: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    padded: bool = False


def too_many_rows(row: int) -> BadFile:
    """The refusal of a table with more rows than are read at once."""
    return BadFile(
        f"The table goes on beyond {MAX_ROWS} rows.",
        row=row,
        how="Split it into several files, or delete the empty rows below the last one.",
    )


def one_of_many(number: int, one: str, many: str) -> str:
    """``one`` for 1, else ``many`` with the number in it."""
    return one if number == 1 else many.format(number)
