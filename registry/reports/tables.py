"""What does a report consist of before it is a page or a file?

A report is a value: tables, charts whose figures are read from those tables, and paragraphs. Its hash is taken over
everything it says except when it was generated, so equal figures give an equal hash on any day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.reports.figures import Cell, Column, Kind, display, display_date, plain, structured
from registry.reports.sections import Chart, Paragraph, Row, Section, Series, Table, chart_of

__all__ = [
    "Cell", "Chart", "Column", "Kind", "Paragraph", "Report", "Row", "Section", "Series", "Table",
    "chart_of", "display", "plain",
]  # fmt: skip


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
