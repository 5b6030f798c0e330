"""Where is that: on whose soil, at which border and section, in which cell, near which crossing point?

The outlines of countries are for orientation only (some hundred metres off): they warn, they never refuse.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

from shapely.geometry import LineString, MultiLineString, Point, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from registry import reference
from registry.db.spatial import bbox_overlaps
from registry.domain.command_parts import PlaceIn
from registry.domain.errors import InvalidInput
from registry.domain.geo import Position, Soil, cell_of, length_m, parse_position
from registry.domain.text import fold
from registry.models.geography import BorderSection, BorderStatus, CrossingPoint

NEAR_BORDER_M = 30_000
NEAR_CROSSING_M = 3_000
_DEGREE_M = 111_195  # of latitude, on a sphere: the search box need not be exact
_FORMS = {
    "Point": "point",
    "LineString": "track",
    "MultiLineString": "track",
    "Polygon": "area",
    "MultiPoint": "points",
}
UNKNOWN_NAME = "“{}” is neither a position nor a crossing point known here. Write it as 45.62, 13.89 or use the map."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodPlace:
    """What a place means: its point, soil, section with the border's status on the day, and what is near."""

    shape: BaseGeometry
    form: str
    position: Position
    cell_e: int
    cell_n: int
    length_m: float | None
    soil: str | None
    border_id: int | None = None
    border_code: str = ""
    section_id: int | None = None
    section_code: str = ""
    section_number: int | None = None
    border_status: str = ""
    distance_to_border_m: float | None = None
    near_crossing: str = ""
    from_crossing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NearSection:
    """The section a place belongs to, what its border was on the day, and how far it is."""

    id: int
    code: str
    number: int
    border_id: int
    border_code: str
    status: str
    distance_m: float


@lru_cache(maxsize=1)
def soil() -> Soil:
    """The countries by their outlines, loaded once."""
    features = reference.geojson("countries")["features"]
    return Soil({feature["properties"]["iso2"]: shape(feature["geometry"]) for feature in features})


def understand(session: Session, place: PlaceIn, on: date | None, countries: Collection[str] = ()) -> UnderstoodPlace:
    """What the place of a record means on a day; borders between the participating countries come first.

    InvalidInput on ``place.text`` when its words are neither a position nor a crossing point.
    """
    outline, crossing = (place.shape, None) if place.shape is not None else _from_words(session, place.typed)
    return _understood(session, outline, on, countries, crossing)


def understand_place(
    session: Session,
    text: str = "",
    geometry: BaseGeometry | None = None,
    *,
    on: date | None = None,
    countries: Collection[str] = (),
) -> UnderstoodPlace:
    """The form's live answer to what is typed or drawn; InvalidInput on ``place.text`` when it is not understood."""
    return understand(session, PlaceIn(typed=text, shape=geometry), on, countries)


def _from_words(session: Session, typed: str) -> tuple[BaseGeometry, CrossingPoint | None]:
    text = typed.strip()
    if any(sign.isdigit() for sign in text):
        try:
            position = parse_position(text)
        except InvalidInput as refusal:
            raise InvalidInput({"place.text": refusal.errors["place"]}) from None
        return Point(position.lon, position.lat), None
    found = crossing_point(session, text)
    if found is None:
        raise InvalidInput({"place.text": [UNKNOWN_NAME.format(text)]})
    return Point(found.lon, found.lat), found


def crossing_point(session: Session, name: str) -> CrossingPoint | None:
    """The crossing point of that name in any alphabet; the beginning of one name is enough when only one fits."""
    wanted = fold(name)
    if not wanted:
        return None
    holding = CrossingPoint.search.contains(wanted, autoescape=True)
    points = session.scalars(select(CrossingPoint).where(holding).order_by(CrossingPoint.name)).all()
    called = [point for point in points if wanted in point.search.split("|")]
    beginning = [point for point in points if any(name.startswith(wanted) for name in point.search.split("|"))]
    if called:
        return called[0]
    return beginning[0] if len(beginning) == 1 else None


def _understood(
    session: Session,
    outline: BaseGeometry,
    on: date | None,
    countries: Collection[str],
    crossing: CrossingPoint | None,
) -> UnderstoodPlace:
    position = point_of(outline)
    cell = cell_of(position)
    near = nearest_section(session, position, on, countries)
    return UnderstoodPlace(
        shape=outline,
        form=_FORMS.get(outline.geom_type, "area"),
        position=position,
        cell_e=cell.e,
        cell_n=cell.n,
        length_m=way_length_m(outline),
        soil=soil().country(position),
        border_id=near.border_id if near else None,
        border_code=near.border_code if near else "",
        section_id=near.id if near else None,
        section_code=near.code if near else "",
        section_number=near.number if near else None,
        border_status=near.status if near else "",
        distance_to_border_m=near.distance_m if near else None,
        near_crossing=crossing.name if crossing else _near_crossing(session, position),
        from_crossing=crossing is not None,
    )


def point_of(outline: BaseGeometry) -> Position:
    """The one point that stands for a shape: the middle of a way, a point inside an area."""
    if isinstance(outline, LineString):
        middle = outline.interpolate(0.5, normalized=True)
    elif isinstance(outline, MultiLineString):
        longest = max(outline.geoms, key=lambda part: part.length)
        middle = longest.interpolate(0.5, normalized=True)
    else:
        middle = outline.representative_point()
    return Position(lon=middle.x, lat=middle.y)


def way_length_m(outline: BaseGeometry) -> float | None:
    """The geodesic length of a way in metres; None for points and areas."""
    if isinstance(outline, LineString):
        return length_m((x, y) for x, y, *_ in outline.coords)
    if isinstance(outline, MultiLineString):
        return sum(length_m((x, y) for x, y, *_ in part.coords) for part in outline.geoms)
    return None


def _box(position: Position, metres: float) -> tuple[float, float, float, float]:
    north = metres / _DEGREE_M
    east = north / max(math.cos(math.radians(position.lat)), 0.01)
    return position.lon - east, position.lat - north, position.lon + east, position.lat + north


def nearest_section(
    session: Session, position: Position, on: date | None, countries: Collection[str]
) -> NearSection | None:
    """The nearest section within 30 km; one between two of the countries wins over a nearer one."""
    found = session.scalars(
        select(BorderSection)
        .where(bbox_overlaps(BorderSection.shape, *_box(position, NEAR_BORDER_M)))
        .options(joinedload(BorderSection.border))
    )
    near = [(Soil.distance_m(position, section.shape), section) for section in found]
    within = sorted(((far, s) for far, s in near if far <= NEAR_BORDER_M), key=lambda pair: (pair[0], pair[1].code))
    theirs = [pair for pair in within if {pair[1].border.a, pair[1].border.b} <= set(countries)]
    first = next(chain(theirs, within), None)
    if first is None:
        return None
    far, section = first
    return NearSection(
        id=section.id,
        code=section.code,
        number=section.number,
        border_id=section.border_id,
        border_code=section.border.code,
        status=status_on(session, section.border_id, on),
        distance_m=far,
    )


def status_on(session: Session, border_id: int, on: date | None) -> str:
    """What the border was on the day: internal, external, eu_unlifted, third; empty when unknown."""
    statuses = session.scalars(select(BorderStatus).where(BorderStatus.border_id == border_id)).all()
    if on is None:
        current = [row.status for row in statuses if row.valid_until is None]
        return current[-1] if current else ""
    for row in statuses:
        if (row.valid_from is None or row.valid_from <= on) and (row.valid_until is None or on < row.valid_until):
            return row.status
    return ""


def _near_crossing(session: Session, position: Position) -> str:
    w, s, e, n = _box(position, NEAR_CROSSING_M)
    inside = (CrossingPoint.lon.between(w, e), CrossingPoint.lat.between(s, n))
    points = session.scalars(select(CrossingPoint).where(*inside)).all()
    near = [(length_m([(position.lon, position.lat), (p.lon, p.lat)]), p.name) for p in points]
    return min(near)[1] if near and min(near)[0] <= NEAR_CROSSING_M else ""
