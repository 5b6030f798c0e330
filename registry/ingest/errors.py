"""What is wrong with a file, where, and how is it mended? One kind of error for the whole file, one for a row of it."""

from __future__ import annotations

from dataclasses import dataclass

from registry.domain.errors import InvalidInput

LONGEST_QUOTATION = 60


class BadFile(InvalidInput):
    """The file as a whole cannot be read; ``row`` and ``column`` say where, if there is a place, ``how`` the way out.

    ``errors["file"]`` holds the whole sentence.
    """

    slug = "bad-file"
    title = "This file cannot be read"

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None, how: str = "") -> None:
        sentence = " ".join(part for part in (_where(row, column) + message, how) if part)
        super().__init__({"file": [sentence]}, sentence)
        self.row, self.column, self.how = row, column, how


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """What is wrong in one row: the line a person sees, the column, the value as it stands, the problem, the mending.

    ``column`` is empty where the row as a whole is wrong.
    """

    row: int
    column: str
    value: str
    problem: str
    mend: str

    @property
    def sentence(self) -> str:
        """``Row 5, column “starts_on”: “May” is not a date. Write a year, a month or a day.``"""
        return f"{_where(self.row, self.column)}{self.problem} {self.mend}"


def quoted(value: str) -> str:
    """The value in quotation marks, shortened, for a sentence."""
    short = value if len(value) <= LONGEST_QUOTATION else f"{value[: LONGEST_QUOTATION - 1]}…"
    return f"“{short}”"


def _where(row: int | None, column: str | None) -> str:
    places = [f"Row {row}"] if row is not None else []
    if column:
        places.append(f"{'column' if places else 'Column'} {quoted(column)}")
    return f"{', '.join(places)}: " if places else ""
