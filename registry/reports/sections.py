"""What stands in a report: tables of typed cells, charts whose figures are read from them, and paragraphs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from registry.reports.figures import Cell, Column, display, number

ChartKind = Literal["bars", "grouped_bars", "line"]
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns, rows of typed cells, and perhaps a last row of totals.

    Raises ValueError if a row has not one cell per column, or an amount would stand without its currency.
    """

    section_type: ClassVar[str] = "table"

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    footer: Row | None = None
    footnotes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"table {self.key!r} has two columns of one key")
        if "currency" not in keys and any(c.kind == "money" and c.currency is None for c in self.columns):
            raise ValueError(f"table {self.key!r} shows amounts without their currency")
        for row in (*self.rows, *([self.footer] if self.footer is not None else [])):
            if len(row) != len(keys):
                raise ValueError(f"table {self.key!r} has {len(keys)} columns and a row of {len(row)} cells")

    def column_index(self, key: str) -> int:
        """Where the column stands; raises KeyError if there is none of that key."""
        for index, column in enumerate(self.columns):
            if column.key == key:
                return index
        raise KeyError(key)

    def values(self, key: str) -> tuple[Cell, ...]:
        """The cells of one column, without the row of totals."""
        index = self.column_index(key)
        return tuple(row[index] for row in self.rows)

    def display_row(self, row: Row) -> tuple[str, ...]:
        """One row as people read it."""
        return tuple(display(column, cell) for column, cell in zip(self.columns, row, strict=True))

    @property
    def display_rows(self) -> tuple[tuple[str, ...], ...]:
        """Every row as people read it, without the row of totals."""
        return tuple(self.display_row(row) for row in self.rows)

    @property
    def display_footer(self) -> tuple[str, ...] | None:
        """The row of totals as people read it; a text cell without content stays empty."""
        if self.footer is None:
            return None
        return tuple(
            "" if cell is None and not column.is_numeric else display(column, cell)
            for column, cell in zip(self.columns, self.footer, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of bars or one line: the numbers of one column of the chart's table, with their printed form."""

    key: str
    label: str
    values: tuple[Decimal | None, ...]
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing of figures that stand in the table ``table_key``; build it with :func:`chart_of`."""

    section_type: ClassVar[str] = "chart"

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    table_key: str
    category_key: str

    @property
    def alt(self) -> str:
        """The figures in words, for those who do not see the drawing."""
        parts = []
        for index, category in enumerate(self.categories):
            figures = ", ".join(f"{series.label} {series.printed[index]}" for series in self.series)
            parts.append(f"{category}: {figures}")
        return f"{self.title}. " + "; ".join(parts)

    @property
    def size(self) -> Literal["short", "middle", "tall"]:
        """How high the drawing is on a page, as the end of a class name."""
        if self.kind != "bars":
            return "middle"
        return "short" if len(self.categories) <= 3 else "middle" if len(self.categories) <= 8 else "tall"

    def as_json(self) -> str:
        """What the page's script draws from: numbers as JSON numbers, and their printed form beside them."""
        return json.dumps(self.drawn(), ensure_ascii=False)

    def drawn(self) -> dict[str, object]:
        """What a drawing needs: bare numbers, and their printed form beside them."""
        series = [
            {
                "key": row.key,
                "label": row.label,
                "values": [None if value is None else float(value) for value in row.values],
                "printed": row.printed,
            }
            for row in self.series
        ]
        return {"kind": self.kind, "categories": self.categories, "unit": self.unit, "series": series}


def chart_of(
    table: Table, *, kind: ChartKind, title: str, category: str, series: Sequence[str], unit: str = ""
) -> Chart:
    """A chart of the named columns of a table; nothing is computed."""
    label_column = table.columns[table.column_index(category)]
    drawn = []
    for key in series:
        column = table.columns[table.column_index(key)]
        cells = table.values(key)
        printed = tuple(display(column, cell) for cell in cells)
        drawn.append(Series(key=key, label=column.label, values=tuple(number(c) for c in cells), printed=printed))
    return Chart(
        kind=kind,
        title=title,
        categories=tuple(display(label_column, cell) for cell in table.values(category)),
        series=tuple(drawn),
        unit=unit,
        table_key=table.key,
        category_key=category,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text between tables, with an optional heading."""

    section_type: ClassVar[str] = "paragraph"

    text: str
    title: str = ""


Section = Table | Chart | Paragraph
