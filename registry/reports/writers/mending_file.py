"""How is a table of rows to mend written as a file? CSV that a spreadsheet opens as it is, without formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from registry.reports.writers.cells import safe_text

_BYTE_ORDER_MARK = "\ufeff"


def mending_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as they stand, shorter or longer than the header where they came so."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([safe_text(name) for name in header])
    writer.writerows([safe_text(cell) for cell in row] for row in rows)
    return (_BYTE_ORDER_MARK + buffer.getvalue()).encode()
