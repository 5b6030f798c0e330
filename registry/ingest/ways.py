"""What is kept of a recorded way? Its shape and the bounds of its time.

Names, devices, authors, heights and links in the file stay in the file: none of them is read into a record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from shapely.geometry import MultiPoint, mapping
from shapely.geometry.base import BaseGeometry

from registry.domain.errors import InvalidInput
from registry.domain.geo import geometry_from_geojson
from registry.ingest.errors import BadFile

SAVE_AS = "Save the way as GPX or GeoJSON and choose that file."
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A way, place or area: its shape (longitude, latitude), its points, first and last time in UTC, what was noticed.

    Ways are LineString or MultiLineString; a single place is a Point, several are a MultiPoint; an area is a Polygon.
    """

    geometry: BaseGeometry
    points: int
    started_at: datetime | None = None
    ended_at: datetime | None = None
    notes: list[str] = field(default_factory=list)


def checked(kind: str, coordinates: object) -> BaseGeometry:
    """The shape, if it is sound; BadFile with the reason otherwise."""
    try:
        return geometry_from_geojson({"type": kind, "coordinates": coordinates})
    except InvalidInput as refusal:
        raise BadFile(refusal.errors["geometry"][0], how="Mend it in the program that wrote it, or draw it.") from None


def way(lines: list[list[Point]]) -> BaseGeometry:
    """One LineString, or a MultiLineString of several."""
    return checked("LineString", lines[0]) if len(lines) == 1 else checked("MultiLineString", lines)


def places(points: list[Point]) -> BaseGeometry:
    """One Point, or a MultiPoint of several: no way is invented between them."""
    if len(points) == 1:
        return checked("Point", points[0])
    # Checked as a line would be, for the number of points and their degrees.
    return MultiPoint(mapping(checked("LineString", points))["coordinates"])
