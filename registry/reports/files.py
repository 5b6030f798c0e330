"""In which formats does a report leave, and what is each called?"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from registry.domain.errors import InvalidInput
from registry.reports.tables import Report
from registry.reports.writers.csv_file import as_csv
from registry.reports.writers.json_file import as_json
from registry.reports.writers.pdf import as_pdf
from registry.reports.writers.workbook import as_xlsx


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a report is written, and its media type."""

    media_type: str
    write: Callable[[Report], bytes]


def _workbook(report: Report) -> bytes:
    file = io.BytesIO()
    as_xlsx(report, file)
    return file.getvalue()


FORMATS = {
    "csv": Format(media_type="text/csv", write=lambda report: as_csv(report, bom=True)),
    "xlsx": Format(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=_workbook,
    ),
    "pdf": Format(media_type="application/pdf", write=as_pdf),
    "json": Format(media_type="application/json", write=as_json),
}


def file_of(report: Report, code: str) -> bytes:
    """The report in that format; InvalidInput on ``format`` for one that is not known."""
    return format_of(code).write(report)


def format_of(code: str) -> Format:
    """The format of that code; InvalidInput on ``format`` for one that is not known."""
    try:
        return FORMATS[code]
    except KeyError:
        raise InvalidInput({"format": [f"Choose one of {', '.join(FORMATS)}."]}) from None


def file_name(report: Report, acronym: str, code: str) -> str:
    """``athena-2-monitoring-rev118.pdf``: letters and digits only, so that every system takes it."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in acronym.lower())
    return f"{words.strip('-')}-{report.name}-rev{report.data_revision}.{code}"
