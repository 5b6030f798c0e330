"""``python -m registry.reports.writers.typesetter``: JSON of a report on stdin, its PDF on stdout.

A process of its own for each document: the typesetting library keeps the memory of every document it has set.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Literal

import typst

_TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(__file__).parents[2] / "static" / "fonts-pdf"
# Archivable (ISO 19005-2, level A) and accessible (ISO 14289-1).
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]


def fonts() -> list[str]:
    """The folders to take fonts from: our own if they are there, and matplotlib's DejaVu Sans for the rest."""
    import matplotlib as mpl  # heavy, and only the child needs it

    fallback = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return [str(folder) for folder in (FONTS, fallback) if folder.is_dir()]


def typeset(document: dict[str, Any]) -> bytes:
    """The PDF of a document as :func:`registry.reports.writers.pdf.printable` describes it."""
    # The document and its drawings stay in memory; the library takes such a set of files but its types do not say so.
    files: Any = {"main.typ": _TEMPLATE.read_bytes()}
    charts = [section for section in document["sections"] if section["type"] == "chart"]
    if charts:
        from registry.reports.writers import drawing  # matplotlib, for documents with charts only

        drawing.use_fonts(FONTS if FONTS.is_dir() else None)
        for position, section in enumerate(charts):
            section["file"] = f"chart-{position}.svg"
            files[section["file"]] = drawing.as_svg(section.pop("drawn"))
    inputs = {"report": json.dumps(document, ensure_ascii=False)}
    pdf: bytes = typst.compile(
        files, sys_inputs=inputs, font_paths=fonts(), ignore_system_fonts=True, format="pdf", pdf_standards=[*STANDARDS]
    )
    return pdf


if __name__ == "__main__":  # pragma: no cover - runs in the child only; the tests read what it writes
    sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer)))
