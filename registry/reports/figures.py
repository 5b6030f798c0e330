"""How is one figure written: for people, for other programs, and in the canonical form that is hashed?

Every number of every page, PDF, CSV and workbook passes through this module and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from registry.domain.counts import NOT_YET_LABEL, Count, Total
from registry.domain.money import Money, format_amount
from registry.domain.periods import format_day

Cell = str | int | Decimal | Money | date | datetime | Count | Total | None
Kind = Literal["text", "int", "money", "percent", "date", "datetime", "count"]

NOT_YET = NOT_YET_LABEL
MINUS = "−"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    ``currency`` names the currency of every amount in a money column; without it the table carries a column
    ``currency`` that names it row by row. ``unit`` is printed behind the heading; ``width`` is a hint in characters.
    """

    key: str
    label: str
    kind: Kind = "text"
    align: Literal["left", "right"] | None = None
    currency: str | None = None
    unit: str | None = None
    width: int | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether the column holds figures, which stand right-aligned with equal digits."""
        return self.kind in {"int", "money", "percent", "count"}

    @property
    def side(self) -> Literal["left", "right"]:
        """On which side the column's content stands."""
        return self.align or ("right" if self.is_numeric else "left")

    @property
    def heading(self) -> str:
        """The label with its currency or unit, where it has one."""
        measured_in = self.currency or self.unit
        return f"{self.label}, {measured_in}" if measured_in else self.label


def display(column: Column, value: Cell) -> str:
    """The figure as people read it: – not yet, n.c. not counted, 1,234.50, 29 Apr 2023."""
    if value is None:
        return NOT_YET
    if isinstance(value, Money):
        return signed(format_amount(_of_the_column(column, value)))
    if isinstance(value, (Count, Total)):
        return value.display()
    if isinstance(value, date):
        return display_date(value)
    if isinstance(value, (int, Decimal)):
        return _display_number(column, value)
    return value


def display_date(value: date) -> str:
    """A day as 29 Apr 2023, an instant as 29 Apr 2023, 14:02 UTC."""
    if isinstance(value, datetime):
        instant = value.astimezone(UTC)
        return f"{display_date(instant.date())}, {instant:%H:%M} UTC"
    return format_day(value)


def display_period(from_on: date, until_on: date) -> str:
    """A half-open period of days with its last day included, as people write it."""
    return f"{display_date(from_on)} to {display_date(until_on - timedelta(days=1))}"


def signed(text: str) -> str:
    """The text of a number with a real minus sign."""
    return text.replace("-", MINUS)


def plain(column: Column, value: Cell) -> str:
    """The figure for CSV: ISO dates, decimal strings without separators, empty where there is none yet.

    A count that is not exact keeps its sign (``> 40``, ``n.c.``): as a bare number it would say too much.
    """
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{_of_the_column(column, value).decimal():f}"
    if isinstance(value, (Count, Total)):
        return "" if value.display() == NOT_YET else value.display().replace(",", "")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _iso(value) if isinstance(value, date) else str(value)


def structured(value: Cell) -> object:
    """The figure for JSON and for the hash: amounts and counts keep their currency and qualifier."""
    if isinstance(value, Money):
        return {"amount": f"{value.decimal():f}", "currency": value.currency}
    if isinstance(value, Count):
        return {"value": value.value, "qualifier": str(value.qualifier)}
    if isinstance(value, Total):
        sure = {"value": value.value, "qualifier": str(value.qualifier)}
        return sure | {"parts": value.parts, "not_counted": value.not_counted}
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _iso(value) if isinstance(value, date) else value


def number(value: Cell) -> Decimal | None:
    """The bare number a chart draws or a spreadsheet computes with; None where there is none."""
    if isinstance(value, Money):
        return value.decimal()
    if isinstance(value, (Count, Total)):
        return None if value.value is None else Decimal(value.value)
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    return None


def percentage(part: int, whole: int) -> Decimal | None:
    """``part`` in per cent of ``whole``, half-up to one decimal; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _display_number(column: Column, value: int | Decimal) -> str:
    if column.kind == "percent":
        return signed(f"{Decimal(value).quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,f} %")
    return signed(f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}")


def _of_the_column(column: Column, value: Money) -> Money:
    if column.currency is not None and column.currency != value.currency:
        raise ValueError(f"column {column.key!r} is in {column.currency}, not in {value.currency}")
    return value


def _iso(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat()
