"""Which exchange rates does a file hold? The ECB's history, a column per currency, or our own list, a row per quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from registry.domain.errors import InvalidInput
from registry.domain.money import Rate, minor_units
from registry.ingest.errors import BadFile, RowError, quoted
from registry.ingest.tables import Row, TableFile

SOURCE = "ECB"
_FIGURES = re.compile(r"\d{1,9}(\.\d{1,12})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NO_QUOTE = frozenset({"", "N/A", "-"})
_LIST_COLUMNS = ("currency", "date", "units_per_eur")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesFile:
    """The quotes of a file in its order, the cells that are none, what was noticed, and where each quote stands."""

    rates: list[Rate]
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    places: dict[tuple[str, date], tuple[int, str]] = field(default_factory=dict)


def read_rates(table: TableFile, source: str = SOURCE) -> RatesFile:
    """The quotes of a table in either form; BadFile when it has neither set of columns.

    An empty cell or N/A is a day without a quote, never a rate of zero. Two different quotes of one currency and day
    are an error; the same quote twice is one.
    """
    names = {column.casefold(): column for column in table.columns}
    errors = list(table.errors)
    quotes: dict[tuple[str, date], Rate] = {}
    places: dict[tuple[str, date], tuple[int, str]] = {}
    notes = list(table.notes)
    if all(name in names for name in _LIST_COLUMNS):
        cells = _listed(table, [names[name] for name in _LIST_COLUMNS])
    elif "date" in names and any(map(_known, table.columns)):
        cells = _wide(table, names["date"])
        unused = [column for column in table.columns if column != names["date"] and not _known(column)]
        notes += [f"Columns of no currency known here were not read: {', '.join(unused)}."] if unused else []
    else:
        raise BadFile(
            "There are no exchange rates in this table.",
            how="Name the columns Date, USD, … as the ECB does, or currency, date, units_per_eur.",
        )
    for cell in cells:
        rate = _rate(cell, source)
        if isinstance(rate, RowError):
            errors.append(rate)
            continue
        places.setdefault((rate.currency, rate.rate_on), (cell.row, cell.columns[2]))
        if quotes.setdefault((rate.currency, rate.rate_on), rate).units_per_eur != rate.units_per_eur:
            errors.append(_contradiction(cell, quotes[rate.currency, rate.rate_on]))
    errors.sort(key=lambda error: error.row)
    return RatesFile(rates=list(quotes.values()), errors=errors, notes=notes, places=places)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """One quote as text, with the columns to name when it is wrong."""

    row: int
    currency: str
    day: str
    units: str
    columns: tuple[str, str, str]


def _known(currency: str) -> bool:
    try:
        minor_units(currency)
    except InvalidInput:
        return False
    return True


def _listed(table: TableFile, columns: list[str]) -> Iterator[_Cell]:
    currency, day, units = columns
    for row in table.rows:
        yield _cell(row, row.cells[currency].upper(), row.cells[day], row.cells[units], (currency, day, units))


def _wide(table: TableFile, day: str) -> Iterator[_Cell]:
    currencies = [column for column in table.columns if _known(column)]
    for row in table.rows:
        for currency in currencies:
            if row.cells[currency].upper() not in _NO_QUOTE:
                yield _cell(row, currency, row.cells[day], row.cells[currency], (currency, day, currency))


def _cell(row: Row, currency: str, day: str, units: str, columns: tuple[str, str, str]) -> _Cell:
    return _Cell(row=row.number, currency=currency, day=day, units=units, columns=columns)


def _rate(cell: _Cell, source: str) -> Rate | RowError:
    currency_column, day_column, units_column = cell.columns
    if not _known(cell.currency):
        return _error(
            cell, currency_column, cell.currency, "is not a currency known here.", "Write a code such as RSD."
        )
    try:
        on = date.fromisoformat(cell.day if _DAY.fullmatch(cell.day) else "")
    except ValueError:
        return _error(cell, day_column, cell.day, "is not a day.", "Write year, month and day: 2026-11-24.")
    figures = cell.units.replace(",", ".") if cell.units.count(",") == 1 and "." not in cell.units else cell.units
    if not _FIGURES.fullmatch(figures) or not Decimal(figures):
        return _error(cell, units_column, cell.units, "is not a rate above zero.", "Write units for one euro: 117.05.")
    return Rate(currency=cell.currency, units_per_eur=Decimal(figures), rate_on=on, source=source)


def _contradiction(cell: _Cell, first: Rate) -> RowError:
    problem = f"is the second rate of {cell.currency} for {cell.day}; the first is {first.units_per_eur}."
    return _error(cell, cell.columns[2], cell.units, problem, "Keep the one that was published.")


def _error(cell: _Cell, column: str, value: str, problem: str, mend: str) -> RowError:
    return RowError(row=cell.row, column=column, value=value, problem=f"{quoted(value)} {problem}", mend=mend)
