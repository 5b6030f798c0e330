"""Which published tables and outlines does the product ship, and how are they opened?

Every file's source, licence and trust stands in PROVENANCE.md. An empty cell is unknown, never zero.
"""

from __future__ import annotations

import csv
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def path(name: str) -> Path:
    """Path of a shipped file by its name ("borders.csv", "basemap/sections.geojson"). Raises FileNotFoundError."""
    found = _FOLDER / name
    if not found.is_file():
        raise FileNotFoundError(f"no reference file is called {name}")
    return found


@lru_cache
def table(name: str) -> list[dict[str, str]]:
    """Rows of a table by its name without ending ("borders"); every cell is text. Read once: do not change the rows."""
    with path(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache
def geojson(name: str) -> dict[str, Any]:
    """A feature collection of the base map by its name ("sections"). Read once: do not change it."""
    content: dict[str, Any] = json.loads(path(f"basemap/{name}.geojson").read_text(encoding="utf-8"))
    return content
