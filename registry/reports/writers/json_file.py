"""How is a report written as JSON: typed figures, with its hash and the instant it was generated?"""

from __future__ import annotations

import json

from registry.reports.figures import structured
from registry.reports.tables import Report, content


def as_json(report: Report) -> bytes:
    """The report as UTF-8 JSON. Leaving out ``generated_at`` and ``content_hash`` gives what the hash is taken over."""
    document = content(report) | {
        "generated_at": structured(report.generated_at),
        "content_hash": report.content_hash,
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
