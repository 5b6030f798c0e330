"""What way, place or area does a GeoJSON file show? Properties are not read: they are other programs' own."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from shapely import get_coordinates
from shapely.geometry.base import BaseGeometry

from registry.ingest.errors import BadFile, quoted
from registry.ingest.raw import one_of_many
from registry.ingest.ways import SAVE_AS, Point, Track, checked, places, way

DEEPEST_COLLECTION = 4
_CRS_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326")


def read_geojson(content: bytes) -> Track:
    """The shape in a GeoJSON file; BadFile when it is no JSON, no GeoJSON, not in degrees, or has no single meaning."""
    root = _json(content)
    if not isinstance(root, dict):
        raise BadFile("This JSON is not GeoJSON: it has no type.", how=SAVE_AS)
    crs = json.dumps(root.get("crs"))
    if root.get("crs") is not None and not any(name in crs for name in _CRS_NAMES):
        raise BadFile("The coordinates are not longitude and latitude.", how="Save it in WGS 84 (EPSG:4326).")
    shapes: list[dict[str, Any]] = []
    empty = _collect(root, shapes, 0)
    if not shapes:
        raise BadFile("The file has no shapes.", how="Draw a way, a place or an area, then save it as GeoJSON.")
    geometry, notes = _one(shapes)
    if empty:
        notes.append(one_of_many(empty, "1 feature has no geometry.", "{} features have no geometry."))
    return Track(geometry=geometry, points=len(_points(geometry)), notes=notes)


def _json(content: bytes) -> object:
    def refuse(constant: str) -> NoReturn:
        raise BadFile(f"{constant} is not a number.", how="Give each point two numbers, such as [13.89, 45.62].")

    try:
        root: object = json.loads(content.removeprefix(b"\xef\xbb\xbf"), parse_constant=refuse)
    except json.JSONDecodeError as refusal:
        raise BadFile(
            "The JSON is broken here, or the file is cut off.",
            row=refusal.lineno,
            column=f"character {refusal.colno}",
            how=SAVE_AS,
        ) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise BadFile("The JSON is not in UTF-8, or nested too deeply.", how=SAVE_AS) from None
    return root


def _collect(part: object, shapes: list[dict[str, Any]], depth: int) -> int:
    """Put the geometries of any GeoJSON object into ``shapes``; how many features have none."""
    if depth > DEEPEST_COLLECTION or not isinstance(part, dict):
        raise BadFile("A part of the file is not a GeoJSON object.", how=SAVE_AS)
    kind = part.get("type")
    if kind == "Feature":
        return 1 if part.get("geometry") is None else _collect(part["geometry"], shapes, depth + 1)
    if kind in ("FeatureCollection", "GeometryCollection"):
        members = part.get("features" if kind == "FeatureCollection" else "geometries")
        if not isinstance(members, list):
            raise BadFile(f"This {kind} has no list of members.", how=SAVE_AS)
        return sum(_collect(member, shapes, depth + 1) for member in members)
    shapes.append(part)
    return 0


def _one(shapes: list[dict[str, Any]]) -> tuple[BaseGeometry, list[str]]:
    """The one shape they make together: lines a way, points places, an area by itself."""
    lines: list[list[Point]] = []
    points: list[Point] = []
    areas: list[BaseGeometry] = []
    for shape in shapes:
        kind = shape.get("type")
        if not isinstance(kind, str):
            raise BadFile("A part of the file is not a GeoJSON object: it has no type.", how=SAVE_AS)
        geometries = _single(kind, shape.get("coordinates"))
        for geometry in geometries:
            if geometry.geom_type == "Point":
                points += _points(geometry)
            elif geometry.geom_type == "LineString":
                lines.append(_points(geometry))
            else:
                areas.append(geometry)
    if areas and (len(areas) > 1 or lines):
        raise BadFile(f"The file has {len(areas)} areas and {len(lines)} ways.", how="Send one area, or ways alone.")
    said = one_of_many(len(points), "1 point beside it was left out.", "{} points beside it were left out.")
    beside = [said] if points else []
    if areas:
        return areas[0], beside
    if lines:
        return way(lines), beside
    return places(points), [f"{len(points)} separate points, with no way between them."] if len(points) > 1 else []


def _single(kind: str, coordinates: object) -> list[BaseGeometry]:
    if kind in ("Point", "LineString", "Polygon"):
        return [checked(kind, coordinates)]
    if kind in ("MultiPoint", "MultiLineString", "MultiPolygon") and isinstance(coordinates, list) and coordinates:
        return [checked(kind.removeprefix("Multi"), part) for part in coordinates]
    raise BadFile(f"{quoted(kind)} is not a shape that can be read here.", how=SAVE_AS)


def _points(geometry: BaseGeometry) -> list[Point]:
    return [(float(lon), float(lat)) for lon, lat in get_coordinates(geometry)]
