"""Is this a shape we can keep, and on whose soil is a place? Shapes come as GeoJSON, longitude and latitude, WGS 84."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from pyproj import Geod
from shapely import STRtree
from shapely.affinity import affine_transform
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points
from shapely.validation import explain_validity

from registry.domain.errors import InvalidInput
from registry.domain.positions import Position

Box: TypeAlias = tuple[float, float, float, float]  # west, south, east, north
MAX_POINTS = 20_000
DEPTH = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2}
FEWEST_POINTS = {"LineString": 2, "MultiLineString": 2, "Polygon": 4}


class Soil:
    """The countries by their polygons, for the question on whose soil a place lies."""

    def __init__(self, polygons: Mapping[str, BaseGeometry]) -> None:
        self._codes = sorted(polygons)
        self._tree = STRtree([polygons[code] for code in self._codes])

    def country(self, position: Position) -> str | None:
        """The code of the country that holds the place, the first by code on a border line; None at sea."""
        found = self._tree.query(Point(position.lon, position.lat), predicate="intersects")
        return self._codes[min(found)] if len(found) else None

    def swapped_axes_suspected(self, position: Position, countries: Collection[str]) -> bool:
        """Whether the place lies in none of the countries but would if latitude and longitude changed places."""
        swapped = _swapped(position)
        if swapped is None or self.country(position) in countries:
            return False
        return self.country(swapped) in countries

    @staticmethod
    def distance_m(position: Position, line: BaseGeometry) -> float:
        """How far the place lies from a border line (or inside an area: 0), geodesic, in metres."""
        narrow = max(math.cos(math.radians(position.lat)), 0.01)
        # A degree of longitude is shorter than one of latitude: look for the nearest point in that scale.
        around = affine_transform(line, [narrow, 0, 0, 1, -position.lon * narrow, -position.lat])
        nearest = nearest_points(Point(0, 0), around)[1]
        lon, lat = nearest.x / narrow + position.lon, nearest.y + position.lat
        return float(Geod(ellps="WGS84").inv(position.lon, position.lat, lon, lat)[2])


def swapped_axes_suspected(position: Position, expected: Box) -> bool:
    """Whether the place lies outside the expected box but inside if latitude and longitude changed places."""
    swapped = _swapped(position)
    return swapped is not None and not _inside(position, expected) and _inside(swapped, expected)


def _swapped(position: Position) -> Position | None:
    return Position(position.lat, position.lon) if abs(position.lon) <= 90 else None


def _inside(position: Position, box: Box) -> bool:
    west, south, east, north = box
    return west <= position.lon <= east and south <= position.lat <= north


def geometry_from_geojson(geojson: object, field: str = "geometry") -> BaseGeometry:
    """The shape of a GeoJSON geometry: Point, LineString, MultiLineString or Polygon, heights left out.

    InvalidInput on ``field`` for another type, numbers that are not degrees, more than 20,000 points, lines without
    two points, rings that do not close and polygons that cross themselves.
    """
    kind = geojson.get("type") if isinstance(geojson, Mapping) else None
    if not isinstance(geojson, Mapping) or not isinstance(kind, str) or kind not in DEPTH:
        raise _refused(field, f"Draw one of {', '.join(DEPTH)} and send it as a GeoJSON geometry.")
    counted: list[int] = []
    coordinates = _checked(geojson.get("coordinates"), DEPTH[kind], kind, field, counted)
    if len(counted) > MAX_POINTS:
        raise _refused(field, f"The shape has {len(counted)} points; at most {MAX_POINTS} are kept. Simplify it first.")
    geometry: BaseGeometry = shape({"type": kind, "coordinates": coordinates})
    if not geometry.is_valid:
        raise _refused(field, f"The shape is not sound: {explain_validity(geometry)}. Draw it again.")
    return geometry


def _refused(field: str, sentence: str) -> InvalidInput:
    return InvalidInput({field: [sentence]})


def _checked(value: Any, depth: int, kind: str, field: str, counted: list[int]) -> Any:
    """The coordinates without heights; ``counted`` gets an entry for each point."""
    if not isinstance(value, list | tuple) or not value:
        raise _refused(field, f"The coordinates of this {kind} are missing or not in the form GeoJSON asks for.")
    if depth == 0:
        counted.append(1)
        return _degrees(value, field)
    inner = [_checked(part, depth - 1, kind, field, counted) for part in value]
    if depth == 1:
        if len(inner) < FEWEST_POINTS[kind]:
            raise _refused(field, f"A {kind} needs at least {FEWEST_POINTS[kind]} points in each part.")
        if kind == "Polygon" and inner[0] != inner[-1]:
            raise _refused(field, "A ring of a Polygon ends where it begins: repeat its first point at the end.")
    return inner


def _degrees(value: Any, field: str) -> tuple[float, float]:
    numbers = [part for part in value if isinstance(part, int | float) and not isinstance(part, bool)]
    if len(numbers) != len(value) or len(numbers) < 2 or not all(map(math.isfinite, numbers)):
        raise _refused(field, "A point is a longitude and a latitude in degrees, such as [13.89, 45.62].")
    lon, lat = float(numbers[0]), float(numbers[1])
    if abs(lon) > 180 or abs(lat) > 90:
        raise _refused(field, f"[{lon:g}, {lat:g}] lies outside the globe: longitude first, then latitude, in degrees.")
    return lon, lat
