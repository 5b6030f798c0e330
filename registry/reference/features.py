"""How is a shape of the base map written: rounded, small, one feature a line?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

Feature = dict[str, Any]


def feature(shape: BaseGeometry, **properties: object) -> Feature:
    """A GeoJSON feature, coordinates rounded to four decimals (about ten metres)."""
    return {"type": "Feature", "properties": properties, "geometry": _rounded(mapping(shape))}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value


def write(path: Path, features: Iterable[Feature]) -> None:
    """A feature collection, one feature a line."""
    lines = ",\n".join(json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
    sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")
