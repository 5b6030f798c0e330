"""Which single activities stand in a view, and where exactly may this viewer see each of them?

Exact ones as their point or way, generalised ones at the centre of their cell, the rest at the middle of their section.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry import mapping
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from registry.domain.activities import Status
from registry.domain.filters import ActivityFilters
from registry.domain.geo import Cell
from registry.domain.precision import Precision
from registry.models.activities import Activity, Place
from registry.models.geography import Border, BorderSection
from registry.models.projects import Project
from registry.queries.filtering import conditions
from registry.queries.map_cells import sections_in_box
from registry.queries.map_places import CELL, POINT, SECTION, MapView, Places, centre_of

CLOSE_FROM_ZOOM = 10
"""From here on activities are shown one by one where a view holds no more than ``CEILING``."""
CEILING = 500
LIST_CEILING = 200

_PRECISION = {POINT: Precision.EXACT, CELL: Precision.CELL, SECTION: Precision.SECTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An activity as the list beside the map names it: nothing that is finer than a day and a border."""

    reference: str
    kind: str
    status: str
    from_on: date | None
    until_on: date | None
    border: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFeature:
    """One activity on the map: the geometry as GeoJSON, and the cell or section that stands for its place."""

    record: Record
    precision: Precision
    geometry: dict[str, Any]
    code: str = ""


def features_in_view(
    session: Session, places: Places, filters: ActivityFilters, view: MapView
) -> tuple[MapFeature, ...] | None:
    """The activities of a view one by one; None when there are more than ``CEILING``, or the view is a large one.

    A large view has cells of more than 10 km: no place to look at single activities.
    """
    if view.level > 0:
        return None
    found: list[MapFeature] = []
    place = places.place_close()
    base = _records().where(*conditions(filters, places.scope))
    for part in (_points(base, place, view), _cells(base, place, view), _sections(session, base, place, view)):
        rows = session.execute(part.limit(CEILING + 1 - len(found))).all()
        found += [feature for row in rows for feature in _feature(row)]
        if len(found) > CEILING:
            return None
    # As they were found they stand in the order of the index of positions: that order tells where.
    return _with_ways(session, sorted(found, key=lambda feature: feature.record.reference))


def _records() -> Any:
    return select(
        Activity.id, Activity.reference, Activity.kind, Activity.status, Activity.from_on, Activity.until_on,
        Border.code.label("border"),
    ).join(Border, Border.id == Activity.border_id, isouter=True)  # fmt: skip


def _points(base: Select[Any], place: Any, view: MapView) -> Select[Any]:
    return base.add_columns(Activity.lon, Activity.lat).where(view.points(), place == POINT)


def _cells(base: Select[Any], place: Any, view: MapView) -> Select[Any]:
    return base.add_columns(Activity.cell_e, Activity.cell_n).where(view.near_cells(), view.cells(), place == CELL)


def _sections(session: Session, base: Select[Any], place: Any, view: MapView) -> Select[Any]:
    inside = [row.id for row in session.execute(sections_in_box(view))]
    joined = base.join(BorderSection, BorderSection.id == Activity.section_id)
    columns = (BorderSection.mid_lon, BorderSection.mid_lat, BorderSection.code.label("section"))
    return joined.add_columns(*columns).where(Activity.section_id.in_(inside), place == SECTION)


def _feature(row: Any) -> Iterator[MapFeature]:
    record = record_of(row)
    shown = row._mapping
    if "section" in shown:
        yield MapFeature(
            record=record, precision=Precision.SECTION, geometry=_point(row.mid_lon, row.mid_lat), code=row.section
        )
    elif "cell_e" in shown:
        centre = centre_of(0, row.cell_e, row.cell_n)
        if centre is not None:
            code = Cell(0, row.cell_e, row.cell_n).code
            yield MapFeature(
                record=record, precision=Precision.CELL, geometry=_point(centre.lon, centre.lat), code=code
            )
    else:
        yield MapFeature(record=record, precision=Precision.EXACT, geometry=_point(row.lon, row.lat))


def record_of(row: Any) -> Record:
    """The record in a row that has its columns."""
    return Record(
        reference=row.reference,
        kind=row.kind,
        status=row.status,
        from_on=row.from_on,
        until_on=row.until_on,
        border=row.border or "",
    )


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}


def _with_ways(session: Session, found: list[MapFeature]) -> tuple[MapFeature, ...]:
    """Exact activities with a way or an area have it as their geometry; the others keep their point."""
    exact = [feature.record.reference for feature in found if feature.precision is Precision.EXACT]
    ways = select(Activity.reference, Place.shape).join(Place, Place.activity_id == Activity.id)
    shapes = {
        row.reference: mapping(row.shape)
        for row in session.execute(ways.where(Activity.reference.in_(exact), Place.form != "point"))
        if row.shape is not None
    }
    return tuple(
        MapFeature(record=f.record, precision=f.precision, geometry=shapes.get(f.record.reference, f.geometry))
        if f.precision is Precision.EXACT
        else f
        for f in found
    )


def records_in_view(
    session: Session, places: Places, filters: ActivityFilters, view: MapView, *, close: bool
) -> list[Record]:
    """The newest records that stand in a view, one more than ``LIST_CEILING`` when there are more.

    Newest by day: the order within a day tells nothing.
    """
    place = places.place_close() if close else places.place_far()
    inside = [row.id for row in session.execute(sections_in_box(view))]
    in_view: ColumnElement[bool] = or_(
        and_(place == POINT, view.points()),
        and_(place == CELL, view.cells()),
        and_(place == SECTION, Activity.section_id.in_(inside)),
    )
    return _newest(session, places, filters, in_view)


def records_on_sections(
    session: Session, places: Places, filters: ActivityFilters, codes: Sequence[str]
) -> list[Record]:
    """The same for what stands on some sections while cells are drawn."""
    sections = select(BorderSection.id).where(BorderSection.code.in_(codes))
    return _newest(session, places, filters, and_(places.place_far() == SECTION, Activity.section_id.in_(sections)))


def _newest(session: Session, places: Places, filters: ActivityFilters, where: ColumnElement[bool]) -> list[Record]:
    query = _records().where(*conditions(filters, places.scope), where)
    query = query.order_by(Activity.from_on.desc(), Activity.id.desc()).limit(LIST_CEILING + 1)
    rows = [record_of(row) for row in session.execute(query)]
    return sorted(rows, key=lambda record: (record.from_on or date.min, record.reference), reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published activity with its point, its title and where it was published."""

    record: Record
    project: str
    title: str
    source_url: str
    lon: float
    lat: float


def published_record(session: Session, *, but_project: int) -> list[Published]:
    """Every published activity that has a point, of all read-only projects but one: a layer, never in counts."""
    query = _records().add_columns(
        Activity.lon, Activity.lat, Activity.title, Activity.source_url, Project.reference.label("project")
    )
    query = query.join(Project, Project.id == Activity.project_id).where(
        Project.read_only, Project.id != but_project, Activity.lon.is_not(None), Activity.status != Status.WITHDRAWN
    )
    rows = session.execute(query.order_by(Activity.from_on.desc(), Activity.id))
    return [
        Published(
            record=record_of(row),
            project=row.project,
            title=row.title,
            source_url=row.source_url,
            lon=row.lon,
            lat=row.lat,
        )
        for row in rows
    ]
