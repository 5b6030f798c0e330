"""How is a report written as PDF/A-2a and PDF/UA-1? This side prepares the JSON; a child process sets the pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC
from pathlib import Path

from registry.domain.errors import RegistryError
from registry.reports.tables import Chart, Paragraph, Report, Section, Table

_PROJECT_ROOT = Path(__file__).parents[3]
_SECONDS_ALLOWED = 120
_WIDEST_UPRIGHT = 112
_WIDEST_LYING = 165
_LONGEST_TEXT_COUNTED = 36


class TypesettingFailed(RegistryError):
    """The document could not be set; the figures themselves are not in doubt and the other formats remain."""

    slug = "typesetting-failed"
    title = "The PDF could not be produced"
    status = 500


def as_pdf(report: Report) -> bytes:
    """The report as an archivable, accessible PDF. Raises TypesettingFailed if it cannot be set in two minutes."""
    document = json.dumps(printable(report), ensure_ascii=False).encode()
    command = [sys.executable, "-m", "registry.reports.writers.typesetter"]
    environment = os.environ | {"PYTHONPATH": str(_PROJECT_ROOT)}
    # matplotlib keeps its list of fonts there between documents; a service account may have no home directory.
    environment.setdefault("MPLCONFIGDIR", str(Path(tempfile.gettempdir()) / "registry-matplotlib"))
    try:
        done = subprocess.run(  # noqa: S603 - our own module, fed by stdin only
            command, input=document, capture_output=True, timeout=_SECONDS_ALLOWED, check=True, env=environment
        )
    except subprocess.TimeoutExpired as slow:
        raise TypesettingFailed(f"The PDF was not finished within {_SECONDS_ALLOWED} seconds.") from slow
    except subprocess.CalledProcessError as failed:
        last_line = failed.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TypesettingFailed(f"The PDF could not be produced: {last_line}") from failed
    return done.stdout


def printable(report: Report) -> dict[str, object]:
    """The report as the typesetter takes it: every figure already written, charts with their bare numbers."""
    moment = report.generated_at.astimezone(UTC)
    digits = report.content_hash
    sections = []
    numbers = {"Table": 0, "Figure": 0}
    for section in report.sections:
        label = "Table" if isinstance(section, Table) else "Figure"
        numbers[label] += not isinstance(section, Paragraph)
        sections.append(_printable_section(section, f"{label} {numbers[label]}. "))
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "project": report.project,
        # "SENTINEL-D (101035948)" is SENTINEL-D in the running head.
        "acronym": report.project.partition(" (")[0],
        "marking": report.marking,
        "language": report.language,
        "date": [moment.year, moment.month, moment.day, moment.hour, moment.minute],
        "provenance": [list(line) for line in report.provenance if line[0] != "SHA-256"],
        "hash": " ".join(digits[at : at + 8] for at in range(0, len(digits), 8)),
        "sections": sections,
    }


def _printable_section(section: Section, number: str) -> dict[str, object]:
    if isinstance(section, Paragraph):
        return {"type": "paragraph", "title": section.title, "text": section.text}
    if isinstance(section, Chart):
        return _printable_chart(section, number)
    return _printable_table(section, number)


def _printable_chart(chart: Chart, number: str) -> dict[str, object]:
    measured_against = chart.kind == "bars" and len(chart.series) > 1
    key = f"filled: {chart.series[0].label} · outline: {chart.series[1].label}" if measured_against else ""
    title = number + chart.title + (f", {chart.unit}" if chart.unit and chart.kind == "bars" else "")
    return {"type": "chart", "title": title, "alt": chart.alt, "key": key, "drawn": chart.drawn()}


def _printable_table(table: Table, number: str) -> dict[str, object]:
    rows = [list(row) for row in table.display_rows]
    footer = table.display_footer
    lengths = [
        min(max([len(cells[at]) for cells in (*rows, footer or ())[: len(rows) + bool(footer)]] or [0]),
            _LONGEST_TEXT_COUNTED)
        for at in range(len(table.columns))
    ]  # fmt: skip
    texts = [at for at, column in enumerate(table.columns) if column.kind == "text"]
    columns = [
        {"heading": column.heading, "side": column.side, "share": max(lengths[at], 8) if at in texts else None}
        for at, column in enumerate(table.columns)
    ]
    if not texts:
        columns = [column | {"share": 1} for column in columns]
    # A text can wrap, a figure cannot.
    width = sum(max(min(length, 18) if at in texts else length, 6) + 2 for at, length in enumerate(lengths))
    return {
        "type": "table", "title": number + table.title, "caption": table.caption, "columns": columns, "rows": rows,
        "footer": None if footer is None else list(footer), "footnotes": list(table.footnotes),
        "wide": width > _WIDEST_UPRIGHT, "size": 7 if width > _WIDEST_LYING else 8,
    }  # fmt: skip
