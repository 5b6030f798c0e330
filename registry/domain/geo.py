"""Which cell of the European grid holds a place, and how long is a way? The grid is the EEA's, EPSG:3035 (decision 39).

Level 0 has the 10 km cells that analysts already use; each further level doubles the side, up to 320 km. All levels
start at the grid's origin, so that four cells make exactly one of the next level. Lengths are geodesic, WGS 84.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyproj import Geod, Transformer

from registry.domain.errors import InvalidInput
from registry.domain.positions import Position, parse_position
from registry.domain.precision import Precision
from registry.domain.shapes import Box, Soil, geometry_from_geojson, swapped_axes_suspected

__all__ = [
    "CELL_KM",
    "FEATURES_FROM_ZOOM",
    "LEVELS",
    "Box",
    "Cell",
    "CellRange",
    "Position",
    "Soil",
    "cell_of",
    "geometry_from_geojson",
    "length_m",
    "level_for_zoom",
    "parse_position",
    "rounded_length_km",
    "swapped_axes_suspected",
    "touching_cells",
]

CELL_KM = (10, 20, 40, 80, 160, 320)
LEVELS = len(CELL_KM)
FEATURES_FROM_ZOOM = 12
SMALLEST_CELL_PX = 40
_METRES_PER_PIXEL_AT_ZOOM_0 = 156_543.033_928  # Web Mercator at the equator, tiles of 256 pixels
_CODE = re.compile(r"(10|20|40|80|160|320)kmE(-?[0-9]{1,4})N(-?[0-9]{1,4})")
_WHOLE_PLANE_KM = (4321 - 12800, 4321 + 12800, 3210 - 12800, 3210 + 12800)  # the disc that holds the whole globe
_EDGE_POINTS = 41


class _Projections(threading.local):
    """The transformers of one thread: PROJ's objects must not be shared between threads."""

    @cached_property
    def to_grid(self) -> Transformer:
        return Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True)

    @cached_property
    def from_grid(self) -> Transformer:
        return Transformer.from_crs("EPSG:3035", "EPSG:4326", always_xy=True)

    @cached_property
    def earth(self) -> Geod:
        return Geod(ellps="WGS84")


_projections = _Projections()


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A square of the grid: ``level`` 0 to 5, and how many cells of that size it lies east and north of the origin."""

    level: int
    e: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.level < LEVELS:
            raise InvalidInput({"cell": [f"A level of cells lies between 0 and {LEVELS - 1}."]})

    @classmethod
    def parse(cls, code: str) -> Cell:
        """The cell of a code such as ``10kmE432N321``; InvalidInput on ``cell`` otherwise."""
        found = _CODE.fullmatch(code.strip())
        if found is None:
            raise InvalidInput({"cell": ["Write the code of a grid cell, such as 10kmE432N321."]})
        return cls(CELL_KM.index(int(found[1])), int(found[2]), int(found[3]))

    @property
    def side_km(self) -> int:
        """The length of a side in kilometres."""
        return CELL_KM[self.level]

    @property
    def code(self) -> str:
        """``10kmE432N321``: size, then the south-western corner in units of the size."""
        return f"{self.side_km}kmE{self.e}N{self.n}"

    def parent(self) -> Cell:
        """The cell of the next level that holds this one; InvalidInput on ``cell`` at the last level."""
        return Cell(self.level + 1, self.e // 2, self.n // 2)

    def centre(self) -> Position:
        """The point shown for everything in the cell: its centre, never a mean of what is in it."""
        return self._corner(0.5, 0.5)

    def polygon(self) -> list[tuple[float, float]]:
        """The closed ring of the corners as longitude and latitude, anticlockwise from the south-west."""
        corners = [self._corner(*step) for step in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
        return [(corner.lon, corner.lat) for corner in corners]

    def _corner(self, east: float, north: float) -> Position:
        side_m = self.side_km * 1000
        lon, lat = _projections.from_grid.transform((self.e + east) * side_m, (self.n + north) * side_m)
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise InvalidInput({"cell": ["This cell lies off the globe. Europe's cells look like 10kmE432N321."]})
        return Position(lon, lat)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRange:
    """Cells of one level from a first to a last, both included, east and north."""

    level: int
    e_from: int
    e_to: int
    n_from: int
    n_to: int

    def __contains__(self, cell: Cell) -> bool:
        inside = self.e_from <= cell.e <= self.e_to and self.n_from <= cell.n <= self.n_to
        return inside and cell.level == self.level


def cell_of(position: Position, level: int = 0) -> Cell:
    """The cell that holds the place; InvalidInput on ``place`` at Europe's antipode, where the grid has no cells."""
    east_m, north_m = _projections.to_grid.transform(position.lon, position.lat)
    if not (math.isfinite(east_m) and math.isfinite(north_m)):
        raise InvalidInput({"place": ["This place lies on the other side of the globe. Check latitude and longitude."]})
    # Levels are reached by halving whole cells, so that rounding can never put a place outside its own parent.
    return Cell(level, math.floor(east_m / 10_000) >> level, math.floor(north_m / 10_000) >> level)


def level_for_zoom(zoom: float, latitude: float) -> int | None:
    """The finest level whose cells are at least 40 pixels wide on a Web Mercator map, the coarsest if none is.

    None from ``FEATURES_FROM_ZOOM`` on: so close, a map shows activities one by one to whom may see them.
    """
    if zoom >= FEATURES_FROM_ZOOM:
        return None
    metres_per_pixel = _METRES_PER_PIXEL_AT_ZOOM_0 * math.cos(math.radians(min(abs(latitude), 85))) / 2**zoom
    wide = [level for level in range(LEVELS) if CELL_KM[level] * 1000 / metres_per_pixel >= SMALLEST_CELL_PX]
    return wide[0] if wide else LEVELS - 1


def touching_cells(west: float, south: float, east: float, north: float, level: int) -> CellRange:
    """The cells that may touch a box of longitudes and latitudes: never too few, a few more along bent edges.

    A box wider than half the globe, across the date line or around the antipode touches every cell.
    """
    side_m = CELL_KM[level] * 1000
    west, east = max(west, -180.0), min(east, 180.0)
    south, north = max(south, -90.0), min(north, 90.0)
    if not (west <= east <= west + 180 and -45 <= south <= north):
        e_from, e_to, n_from, n_to = (edge * 1000.0 for edge in _WHOLE_PLANE_KM)
    else:
        box = _projections.to_grid.transform_bounds(west, south, east, north, densify_pts=_EDGE_POINTS)
        # Between two of the points an edge bends outwards by less than a thousandth of the box.
        spare = max(box[2] - box[0], box[3] - box[1]) / 100
        e_from, e_to, n_from, n_to = box[0] - spare, box[2] + spare, box[1] - spare, box[3] + spare
    first_e, last_e, first_n, last_n = (math.floor(edge / side_m) for edge in (e_from, e_to, n_from, n_to))
    return CellRange(level=level, e_from=first_e, e_to=last_e, n_from=first_n, n_to=last_n)


def length_m(coordinates: Iterable[tuple[float, float]]) -> float:
    """The geodesic length of a way through longitudes and latitudes, in metres; 0 for fewer than two points."""
    points = list(coordinates)
    if len(points) < 2:
        return 0.0
    return float(_projections.earth.line_length([point[0] for point in points], [point[1] for point in points]))


def rounded_length_km(metres: float, precision: Precision) -> float | None:
    """The length as a viewer may know it: to 100 m with the exact place, to 10 km without, None when hidden."""
    if precision is Precision.HIDDEN:
        return None
    if precision is Precision.EXACT:
        return math.floor(metres / 100 + 0.5) / 10
    return math.floor(metres / 10_000 + 0.5) * 10.0
