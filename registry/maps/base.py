"""What lies under the records? The outlines of the base map, with the names of countries in the reader's language."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from babel import Locale, UnknownLocaleError
from shapely.geometry import shape

from registry.domain.errors import NotFound
from registry.reference import geojson

ATTRIBUTION = "Natural Earth; towns: GeoNames (CC BY 4.0)"
NAMES = frozenset({"countries", "countries_low", "borders", "sections", "lakes", "towns"})
_COUNTRIES = frozenset({"countries", "countries_low"})
WITH_FOOTNOTE = frozenset({"XK"})
"""Names that carry an asterisk; the page that shows them says what it stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseFile:
    """A file of the base map as it is sent: plain and packed, with its tag."""

    body: bytes
    packed: bytes
    tag: str


@lru_cache(maxsize=64)
def base_file(name: str, language: str) -> BaseFile:
    """A file of the base map by its name; raises NotFound for any other name."""
    if name not in NAMES:
        raise NotFound(f"The base map has no file {name}.")
    content = geojson(name)
    if name in _COUNTRIES:
        content = {**content, "features": [_named(feature, language) for feature in content["features"]]}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return BaseFile(body=body, packed=gzip.compress(body, mtime=0), tag=hashlib.sha256(body).hexdigest()[:20])


def country_name(iso2: str, language: str) -> str:
    """The name of a country in a language, with the asterisk where one belongs; the code when nothing is known."""
    try:
        names = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        names = Locale("en").territories
    return f"{names.get(iso2, iso2)}{'*' if iso2 in WITH_FOOTNOTE else ''}"


def _named(feature: dict[str, Any], language: str) -> dict[str, Any]:
    iso2 = feature["properties"]["iso2"]
    named = {**feature["properties"], "name": country_name(iso2, language), "label": _label_places().get(iso2)}
    return {**feature, "properties": named}


@lru_cache(maxsize=1)
def _label_places() -> dict[str, list[float]]:
    """Where each country's name stands: in the middle of the widest part of its largest piece."""
    return {
        feature["properties"]["iso2"]: _roomiest(shape(feature["geometry"]))
        for feature in geojson("countries_low")["features"]
    }


def _roomiest(outline: Any) -> list[float]:
    largest = max(getattr(outline, "geoms", [outline]), key=lambda piece: piece.area)
    middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.05), 0)
    return [round(middle.x, 3), round(middle.y, 3)]
