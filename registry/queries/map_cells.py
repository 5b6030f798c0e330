"""How many activities stand in each cell and on each section of a view? From the stored counts where they can answer.

The stored counts hold what is released; what is not released yet and the viewer may list is counted live and added
(decision 3). Filters that the stored counts do not know are answered live, the same for every role. Nothing is capped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from registry.domain.activities import Status
from registry.domain.filters import ActivityFilters
from registry.domain.geo import Cell
from registry.domain.precision import SECTION_AT_MOST
from registry.models.activities import Activity
from registry.models.aggregates import MapCell, ReleasedTally
from registry.models.geography import BorderSection
from registry.queries.counting import by_kind_and_status, matching
from registry.queries.filtering import conditions
from registry.queries.map_places import CELL, SECTION, MapView, Places, cell_columns, centre_of, holds

Condition = ColumnElement[bool]
_SECTION_KINDS = sorted(SECTION_AT_MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One cell or section with its place on the map and its activities per kind."""

    code: str
    lon: float
    lat: float
    kinds: dict[str, int]

    @property
    def n(self) -> int:
        """All its activities."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class CellsInView:
    """What a view holds. ``matching`` is what the list counts under the same filters, ``total`` without any;
    ``unplaced`` of the matching ones stand nowhere on this viewer's map."""

    level: int
    cells: tuple[Mark, ...]
    sections: tuple[Mark, ...]
    matching: int
    total: int
    unplaced: int

    @property
    def shown(self) -> int:
        """Activities in view."""
        return sum(mark.n for mark in (*self.cells, *self.sections))


@dataclass(slots=True)
class _Counts:
    """Counts while they are gathered: per cell and kind, per section's key and kind, without a place, all."""

    cells: defaultdict[tuple[int, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sections: defaultdict[Any, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unplaced: int = 0
    matching: int = 0


def cells_in_view(session: Session, places: Places, filters: ActivityFilters, view: MapView) -> CellsInView:
    """The cells and sections of one project in a view, with their activities per kind."""
    counts = _Counts()
    stored = _stored_answers(filters, places)
    if stored:
        _add_stored(session, places, filters, view, counts)
    _add_live(session, places, filters, view, counts, only_untallied=stored)
    total = counts.matching
    if filters:
        nothing = ActivityFilters()
        total = matching(by_kind_and_status(session, places.scope, nothing), nothing)
    return CellsInView(
        level=view.level,
        cells=tuple(_cell_marks(counts, view)),
        sections=tuple(_section_marks(session, counts, view)),
        matching=counts.matching,
        total=total,
        unplaced=counts.unplaced,
    )


def _stored_answers(filters: ActivityFilters, places: Places) -> bool:
    """Whether nothing but kinds and whole months is asked for. A published project is small: it is counted live."""
    return not places.sees_all and not filters.without("kind", "from", "to") and filters.whole_months


def _add_stored(session: Session, places: Places, filters: ActivityFilters, view: MapView, counts: _Counts) -> None:
    if places.sees_cells:
        for e, n, kind, number in session.execute(_stored_cells(places, filters, view)):
            counts.cells[e, n][kind] += int(number)
    all_in, placed_in, sections_in = 0, 0, 0
    for dimension, value, kind, number in session.execute(_stored_tallies(places, filters)):
        by_section = not places.sees_cells or kind in SECTION_AT_MOST
        if dimension == "all":
            all_in += int(number)
        elif dimension == "section" and by_section:
            counts.sections[value][kind] += int(number)
            sections_in += int(number)
        elif dimension == "placed" and value == "placed" and not by_section:
            placed_in += int(number)
    counts.matching += all_in
    counts.unplaced += all_in - placed_in - sections_in


def _stored_cells(places: Places, filters: ActivityFilters, view: MapView) -> Any:
    inside = (
        MapCell.project_id == places.project_id,
        MapCell.level == view.level,
        MapCell.e.between(view.range.e_from, view.range.e_to),
        MapCell.n.between(view.range.n_from, view.range.n_to),
    )
    query = select(MapCell.e, MapCell.n, MapCell.kind, func.sum(MapCell.activities))
    return query.where(*inside, *_kinds_and_months(MapCell, filters)).group_by(MapCell.e, MapCell.n, MapCell.kind)


def _stored_tallies(places: Places, filters: ActivityFilters) -> Any:
    in_section = ReleasedTally.dimension == "section"
    if places.sees_cells:
        in_section = and_(in_section, ReleasedTally.kind.in_(_SECTION_KINDS))
    query = select(
        ReleasedTally.dimension, ReleasedTally.value, ReleasedTally.kind, func.sum(ReleasedTally.activities)
    ).where(
        ReleasedTally.project_id == places.project_id,
        or_(ReleasedTally.dimension.in_(("all", "placed")), in_section),
        ReleasedTally.status != Status.WITHDRAWN,
        *_kinds_and_months(ReleasedTally, filters),
    )
    return query.group_by(ReleasedTally.dimension, ReleasedTally.value, ReleasedTally.kind)


def _kinds_and_months(model: Any, filters: ActivityFilters) -> Iterator[Condition]:
    if filters.kind:
        yield model.kind.in_(filters.kind)
    if filters.from_on is not None:
        yield model.month >= filters.from_on.year * 100 + filters.from_on.month
    if filters.until_on is not None:
        yield model.month < filters.until_on.year * 100 + filters.until_on.month
        yield model.month > 0  # an unknown day lies in no period


def _add_live(
    session: Session, places: Places, filters: ActivityFilters, view: MapView, counts: _Counts, *, only_untallied: bool
) -> None:
    e, n = cell_columns(view.level)
    place = places.place_far().label("place")
    rows = select(
        place, e.label("e"), n.label("n"), Activity.section_id.label("section_id"), Activity.kind.label("kind")
    ).where(*conditions(filters, places.scope))
    if only_untallied:
        rows = rows.where(Activity.tallied.is_(False))
    found = rows.subquery()
    for position, east, north, section, kind, number in session.execute(_grouped(found)):
        counts.matching += int(number)
        if position == CELL:
            counts.cells[int(east), int(north)][kind] += int(number)
        elif position == SECTION:
            counts.sections[int(section)][kind] += int(number)
        else:
            counts.unplaced += int(number)


def _grouped(found: Any) -> Any:
    keys = (found.c.place, found.c.e, found.c.n, found.c.section_id, found.c.kind)
    return select(*keys, func.count()).group_by(*keys)


def _cell_marks(counts: _Counts, view: MapView) -> Iterator[Mark]:
    for (e, n), kinds in sorted(counts.cells.items()):
        centre = centre_of(view.level, e, n)
        if sum(kinds.values()) and centre is not None and holds(view.box, centre):
            code = Cell(view.level, e, n).code
            yield Mark(code=code, lon=round(centre.lon, 5), lat=round(centre.lat, 5), kinds=_positive(kinds))


def _section_marks(session: Session, counts: _Counts, view: MapView) -> Iterable[Mark]:
    if not counts.sections:
        return []
    marks = []
    for section in session.execute(sections_in_box(view)):
        kinds = counts.sections.get(section.code, Counter()) + counts.sections.get(section.id, Counter())
        if kinds:
            lon, lat = round(section.mid_lon, 5), round(section.mid_lat, 5)
            marks.append(Mark(code=section.code, lon=lon, lat=lat, kinds=_positive(kinds)))
    return marks


def sections_in_box(view: MapView) -> Any:
    """The sections whose middle lies in the view's box."""
    west, south, east, north = view.box
    query = select(BorderSection.id, BorderSection.code, BorderSection.mid_lon, BorderSection.mid_lat)
    inside = (BorderSection.mid_lon.between(west, east), BorderSection.mid_lat.between(south, north))
    return query.where(*inside).order_by(BorderSection.code)


def _positive(kinds: Counter[str]) -> dict[str, int]:
    return {kind: kinds[kind] for kind in sorted(kinds) if kinds[kind] > 0}
