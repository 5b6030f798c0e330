"""What does a report consist of before it is a page or a file?

A report is a value: tables, charts whose figures are read from those tables, and paragraphs. Its hash is taken over
everything it says except when it was generated, so equal figures give an equal hash on any day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from registry.reports.figures import Cell, Column, Kind, display, display_date, number, plain, structured

__all__ = [
    "Cell", "Chart", "Column", "Kind", "Paragraph", "Report", "Section", "Series", "Table",
    "chart_of", "display", "plain",
]  # fmt: skip

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
        series = [
            {
                "key": s.key,
                "label": s.label,
                "values": [None if v is None else float(v) for v in s.values],
                "printed": s.printed,
            }
            for s in self.series
        ]
        drawn = {
            "title": self.title,
            "kind": self.kind,
            "categories": self.categories,
            "unit": self.unit,
            "series": series,
        }
        return json.dumps(drawn, ensure_ascii=False)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole report. Raises ValueError if a chart shows other figures than its table.

    ``particulars`` are further lines of the title block (label, text); ``marking`` is printed on every page.
    """

    name: str
    title: str
    subtitle: str
    project: str
    period: str
    sections: tuple[Section, ...]
    marking: str
    generated_at: datetime
    data_revision: int
    filters: tuple[tuple[str, str], ...] = ()
    particulars: tuple[tuple[str, str], ...] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        tables = {table.key: table for table in self.tables}
        if len(tables) != len(tuple(self.tables)):
            raise ValueError(f"report {self.name!r} has two tables of one key")
        for chart in (section for section in self.sections if isinstance(section, Chart)):
            table = tables.get(chart.table_key)
            if table is None or chart != _redrawn(chart, table):
                raise ValueError(f"chart {chart.title!r} does not show the figures of table {chart.table_key!r}")

    @property
    def tables(self) -> Iterator[Table]:
        """The tables in their order."""
        return (section for section in self.sections if isinstance(section, Table))

    def table(self, key: str) -> Table:
        """The table of that key; raises KeyError if there is none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    @property
    def content_hash(self) -> str:
        """SHA-256, in hex, over the canonical JSON of everything but the instant of generation."""
        canonical = json.dumps(content(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def provenance(self) -> tuple[tuple[str, str], ...]:
        """Where the figures come from, as labelled lines: the title block and the workbook's sheet About."""
        return (
            ("Project", self.project),
            ("Period", self.period),
            *self.particulars,
            *((f"Filter: {label}", text) for label, text in self.filters),
            ("Generated", display_date(self.generated_at)),
            ("Data revision", str(self.data_revision)),
            ("SHA-256", self.content_hash),
        )


def content(report: Report) -> dict[str, object]:
    """Everything a report says, as JSON-ready values, without when it was generated."""
    return {
        "name": report.name,
        "title": report.title,
        "subtitle": report.subtitle,
        "project": report.project,
        "period": report.period,
        "filters": [list(pair) for pair in report.filters],
        "particulars": [list(pair) for pair in report.particulars],
        "marking": report.marking,
        "language": report.language,
        "data_revision": report.data_revision,
        "sections": [_section_content(section) for section in report.sections],
    }


def _section_content(section: Section) -> dict[str, object]:
    if isinstance(section, Paragraph):
        return {"type": "paragraph", "title": section.title, "text": section.text}
    if isinstance(section, Chart):
        shown = [series.key for series in section.series]
        return {"type": "chart", "kind": section.kind, "title": section.title, "table": section.table_key,
                "category": section.category_key, "series": shown, "unit": section.unit}  # fmt: skip
    keys = [column.key for column in section.columns]
    columns = [
        {"key": c.key, "label": c.label, "kind": c.kind, "currency": c.currency, "unit": c.unit}
        for c in section.columns
    ]
    rows = [dict(zip(keys, map(structured, row), strict=True)) for row in section.rows]
    footer = None if section.footer is None else dict(zip(keys, map(structured, section.footer), strict=True))
    return {"type": "table", "key": section.key, "title": section.title, "caption": section.caption,
            "columns": columns, "rows": rows, "footer": footer, "footnotes": list(section.footnotes)}  # fmt: skip


def _redrawn(chart: Chart, table: Table) -> Chart:
    return chart_of(table, kind=chart.kind, title=chart.title, category=chart.category_key,
                    series=[series.key for series in chart.series], unit=chart.unit)  # fmt: skip
