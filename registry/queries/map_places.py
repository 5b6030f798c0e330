"""Where may an activity stand on this viewer's map: at its point, in its cell, on its section or nowhere?

A box, a mark and a zoom act on that place, never on the stored one: for a bystander an activity lies at the centre of
its cell, or at the middle of its section, whatever box is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, false, literal, or_, true

from registry.domain.errors import InvalidInput
from registry.domain.geo import LEVELS, Box, Cell, CellRange, level_for_zoom, touching_cells
from registry.domain.permissions import Role
from registry.domain.positions import Position
from registry.domain.precision import NO_CONTENT_ROLES, SECTION_AT_MOST
from registry.models.activities import Activity
from registry.queries.filtering import Scope

POINT, CELL, SECTION, NOWHERE = "point", "cell", "section", "nowhere"
MOST_CELLS = 6000
"""A view of more cells than a large screen can hold is answered with larger cells."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the records of one project stand for the viewer of a scope."""

    scope: Scope
    project_id: int

    @property
    def sees_all(self) -> bool:
        """Whether every record is exact: in a published project, or for the installation itself."""
        published = self.project_id in self.scope.read_only_projects and self.scope.viewer.user_id is not None
        return published or self.scope.viewer.unmasked

    @property
    def sees_cells(self) -> bool:
        """Whether released records of others are seen by their cell; an auditor sees sections only."""
        roles = self.scope.viewer.roles_in(self.project_id) - NO_CONTENT_ROLES
        return self.sees_all or bool(roles - {Role.AUDITOR})

    def _released(self) -> Condition:
        if not self.sees_cells:
            return false()
        return and_(Activity.released_at.is_not(None), Activity.released_at <= self.scope.now)

    def place_far(self) -> ColumnElement[str]:
        """``cell``, ``section`` or ``nowhere``: where an activity is counted while cells are drawn.

        Observations and teams are counted on their section for everybody (decision 39), so that the stored counts hold
        for every viewer; in the published record everything has its cell.
        """
        by_cell = or_(self.scope.exact, self._released())
        if not self.sees_all:
            by_cell = and_(by_cell, Activity.kind.not_in(sorted(SECTION_AT_MOST)))
        return _place((by_cell, Activity.cell_e.is_not(None), CELL))

    def place_close(self) -> ColumnElement[str]:
        """``point``, ``cell``, ``section`` or ``nowhere``: where an activity is drawn when each stands for itself."""
        by_cell = and_(self._released(), Activity.kind.not_in(sorted(SECTION_AT_MOST)))
        return _place(
            (self.scope.exact, Activity.lon.is_not(None), POINT),
            (by_cell, Activity.cell_e.is_not(None), CELL),
        )


def _place(*ways: tuple[Condition, Condition, str]) -> ColumnElement[str]:
    """The first way that applies decides; who has no place in it stands nowhere. Everybody else has the section."""
    section = case((Activity.section_id.is_not(None), SECTION), else_=NOWHERE)
    inner = [(applies, case((has_place, place), else_=NOWHERE)) for applies, has_place, place in ways]
    return case(*inner, else_=section)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """A box on the map and the level of the cells in it."""

    box: Box
    level: int
    range: CellRange

    def centres(self) -> Iterator[tuple[tuple[int, int], Position]]:
        """Every cell of the level whose centre lies in the box."""
        for e in range(self.range.e_from, self.range.e_to + 1):
            for n in range(self.range.n_from, self.range.n_to + 1):
                centre = centre_of(self.level, e, n)
                if centre is not None and holds(self.box, centre):
                    yield (e, n), centre

    def cells(self) -> Condition:
        """Activities whose cell has its centre in the box."""
        keys = [e * 100_000 + n for (e, n), _centre in self.centres()]
        e, n = cell_columns(self.level)
        between = and_(*(
            column.between(first * 2**self.level, (last + 1) * 2**self.level - 1)
            for column, first, last in (
                (Activity.cell_e, self.range.e_from, self.range.e_to),
                (Activity.cell_n, self.range.n_from, self.range.n_to),
            )
        ))  # fmt: skip
        return and_(between, (e * literal(100_000, Integer()) + n).in_(keys))

    def near_cells(self) -> Condition:
        """A box of longitudes and latitudes around the cells of the view, so that the index of positions helps.

        It leaves out no activity of these cells: every corner of every one of them lies inside. Of large cells there
        is nothing to gain.
        """
        if self.level > 1:
            return true()
        corners = [
            corner
            for e in (self.range.e_from, self.range.e_to)
            for n in (self.range.n_from, self.range.n_to)
            for corner in Cell(self.level, e, n).polygon()
        ]
        west, east = min(lon for lon, _ in corners), max(lon for lon, _ in corners)
        south, north = min(lat for _, lat in corners), max(lat for _, lat in corners)
        spare = max(east - west, north - south) / 10  # edges of the grid are bent in degrees
        return and_(
            Activity.lon.between(west - spare, east + spare), Activity.lat.between(south - spare, north + spare)
        )

    def points(self) -> Condition:
        """Activities whose own point lies in the box."""
        west, south, east, north = self.box
        return and_(Activity.lon.between(west, east), Activity.lat.between(south, north))


def cell_columns(level: int) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The cell of a level that holds an activity's 10 km cell."""
    if level == 0:
        return Activity.cell_e.expression, Activity.cell_n.expression
    east, north = (cast(column // (2**level), Integer) for column in (Activity.cell_e, Activity.cell_n))
    return east, north


@lru_cache(maxsize=100_000)
def centre_of(level: int, e: int, n: int) -> Position | None:
    """The centre of a cell; nothing for a cell off the globe."""
    try:
        return Cell(level, e, n).centre()
    except InvalidInput:
        return None


def holds(box: Box, place: Position) -> bool:
    """Whether a place lies in a box, edges included."""
    west, south, east, north = box
    return west <= place.lon <= east and south <= place.lat <= north


def view_of_box(box: Box, zoom: float) -> MapView:
    """The view of a box at a zoom: cells of the level for its middle, larger ones when the box holds too many."""
    level = level_for_zoom(zoom, (box[1] + box[3]) / 2) or 0
    while True:
        cells = touching_cells(*box, level)
        number = (cells.e_to - cells.e_from + 1) * (cells.n_to - cells.n_from + 1)
        if number <= MOST_CELLS or level == LEVELS - 1:
            return MapView(box=box, level=level, range=cells)
        level += 1


def view_of_cell(cell: Cell) -> MapView:
    """The view that holds one cell alone."""
    centre = cell.centre()
    box = (centre.lon, centre.lat, centre.lon, centre.lat)
    alone = CellRange(level=cell.level, e_from=cell.e, e_to=cell.e, n_from=cell.n, n_to=cell.n)
    return MapView(box=box, level=cell.level, range=alone)
