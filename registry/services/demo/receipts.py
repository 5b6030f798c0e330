"""Which receipts do the demonstration's costs have? One picture per supplier, each saying that it is invented."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from registry.services import documents

SUPPLIERS = (
    "Hotel Invented",
    "Example Fuel",
    "Sample Travel",
    "Invented Rentals",
    "Example Interpreters",
    "Sample Supply",
)
MOST_RECEIPTS = 20_000
"""Beyond so many a project's lines share receipts: a million of them would show nothing more."""
_SIZE = (480, 300)


class Receipts:
    """The receipts of one project, numbered on from ``last``; ``taken`` hands over the rows made since it was asked."""

    def __init__(self, *, project_id: int, last: int) -> None:
        self._project_id, self._last = project_id, last
        self._rows: list[dict[str, Any]] = []
        self._of_bearer: dict[str, list[int]] = defaultdict(list)
        self.made = 0

    def one(self, bearer: str, supplier: str, reference: str, added_by: int | None, at: datetime) -> int:
        """A receipt of its own for a line; returns its id."""
        self._last += 1
        self.made += 1
        self._of_bearer[bearer].append(self._last)
        content = picture(supplier)
        digest = hashlib.sha256(content).hexdigest()
        self._rows.append(
            {
                "id": self._last,
                "project_id": self._project_id,
                "activity_id": None,
                "reference": reference,
                "sha256": digest,
                "original_sha256": digest,
                "media_type": "image/png",
                "size_bytes": len(content),
                "file_name": f"synthetic-{supplier.lower().replace(' ', '-')}.png",
                "added_by": added_by,
                "added_at": at,
            }
        )
        return self._last

    def shared(self, bearer: str, rng: Random) -> int | None:
        """One of the receipts the bearer has already."""
        there = self._of_bearer[bearer]
        return there[int(rng.random() * len(there))] if there else None

    def taken(self) -> list[dict[str, Any]]:
        """The rows to be stored, each handed over once."""
        rows, self._rows = self._rows, []
        return rows


def write_files(instance: Path) -> None:
    """Keep the pictures where receipts are kept."""
    folder = instance / documents.FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for supplier in SUPPLIERS:
        content = picture(supplier)
        (folder / hashlib.sha256(content).hexdigest()).write_bytes(content)


@lru_cache
def picture(supplier: str) -> bytes:
    """The receipt of a supplier: the same bytes every time, without metadata."""
    image = Image.new("RGB", _SIZE, "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=28)
    pen.rectangle((10, 10, _SIZE[0] - 10, _SIZE[1] - 10), outline="black", width=2)
    for line, text in enumerate(("SYNTHETIC RECEIPT", supplier, "Invented for the demo.", "Proves nothing.")):
        pen.text((34, 40 + 52 * line), text, fill="black", font=font)
    content = BytesIO()
    image.save(content, format="PNG", optimize=True)
    return content.getvalue()
