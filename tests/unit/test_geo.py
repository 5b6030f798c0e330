"""Do cells, lengths, shapes and soil come out as the European grid and WGS 84 say?"""

from __future__ import annotations

import threading

import pytest
from shapely.geometry import LineString, box

from registry.domain.errors import InvalidInput
from registry.domain.geo import (
    CELL_KM,
    FEATURES_FROM_ZOOM,
    LEVELS,
    Cell,
    Position,
    Soil,
    cell_of,
    geometry_from_geojson,
    length_m,
    level_for_zoom,
    rounded_length_km,
    swapped_axes_suspected,
    touching_cells,
)
from registry.domain.precision import Precision

PESEK = Position(13.89, 45.62)
ANTIPODE = Position(-170, -52)


def test_the_grid_has_its_origin_where_the_eea_puts_it() -> None:
    centre_of_projection = Position(10, 52)
    assert cell_of(centre_of_projection).code == "10kmE432N321"


def test_a_place_lies_in_one_cell_of_each_level() -> None:
    codes = [cell_of(PESEK, level).code for level in range(LEVELS)]
    assert codes == ["10kmE462N250", "20kmE231N125", "40kmE115N62", "80kmE57N31", "160kmE28N15", "320kmE14N7"]


def test_a_code_is_read_back() -> None:
    for level in range(LEVELS):
        cell = cell_of(Position(-60, -10), level)
        assert Cell.parse(f" {cell.code} ") == cell
        assert cell.side_km == CELL_KM[level]


@pytest.mark.parametrize("code", ["", "10kmE432", "15kmE1N1", "10kmN321E432", "10kmE99999N1", "10kmE4.5N1"])
def test_a_code_that_is_none_is_refused_with_an_example(code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Cell.parse(code)
    assert "10kmE432N321" in refusal.value.errors["cell"][0]


def test_a_polygon_is_a_closed_ring_around_the_centre() -> None:
    cell = cell_of(PESEK)
    ring = cell.polygon()
    assert ring[0] == ring[-1]
    assert len(ring) == 5
    centre = cell.centre()
    assert min(lon for lon, _ in ring) < centre.lon < max(lon for lon, _ in ring)
    assert min(lat for _, lat in ring) < centre.lat < max(lat for _, lat in ring)
    assert length_m(ring) == pytest.approx(40_000, rel=0.02)


def test_there_is_no_level_beyond_the_last() -> None:
    with pytest.raises(InvalidInput):
        cell_of(PESEK, LEVELS - 1).parent()
    with pytest.raises(InvalidInput):
        Cell(-1, 0, 0)


def test_a_cell_off_the_globe_has_no_centre() -> None:
    with pytest.raises(InvalidInput):
        Cell(5, 900, 900).centre()


def test_the_antipode_of_europe_has_no_cell() -> None:
    with pytest.raises(InvalidInput) as refusal:
        cell_of(ANTIPODE)
    assert "other side of the globe" in refusal.value.errors["place"][0]


def test_cells_come_out_the_same_in_every_thread() -> None:
    found: list[Cell] = []
    threads = [threading.Thread(target=lambda: found.append(cell_of(PESEK))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [cell_of(PESEK)] * 4


@pytest.mark.parametrize(
    ("zoom", "level"), [(0, 5), (3, 5), (5, 4), (7, 2), (8, 1), (9, 0), (11.9, 0), (FEATURES_FROM_ZOOM, None)]
)
def test_cells_are_drawn_as_fine_as_forty_pixels_allow(zoom: float, level: int | None) -> None:
    assert level_for_zoom(zoom, 45) == level


def test_a_range_touches_the_cells_of_its_box() -> None:
    cells = touching_cells(13, 45, 14, 46, 0)
    assert cell_of(PESEK) in cells
    assert cell_of(PESEK, 1) not in cells
    assert cell_of(Position(20, 45)) not in cells
    assert (cells.e_to - cells.e_from, cells.n_to - cells.n_from) == (8, 12)


@pytest.mark.parametrize("edges", [(-180, -90, 180, 90), (-200, 30, 210, 70), (170, 40, -170, 50), (0, -80, 5, -60)])
def test_a_box_around_the_globe_touches_every_cell(edges: tuple[float, float, float, float]) -> None:
    cells = touching_cells(*edges, 3)
    assert all(cell_of(Position(lon, lat), 3) in cells for lon in range(-160, 181, 20) for lat in range(-50, 91, 10))


def test_lengths_are_geodesic() -> None:
    assert length_m([(0, 0), (1, 0)]) == pytest.approx(111_319.49, abs=0.01)
    assert length_m([(0, 0)]) == 0
    assert length_m([]) == 0


@pytest.mark.parametrize(
    ("precision", "km"),
    [(Precision.EXACT, 27.3), (Precision.CELL, 30), (Precision.SECTION, 30), (Precision.HIDDEN, None)],
)
def test_a_length_is_as_exact_as_its_place(precision: Precision, km: float | None) -> None:
    assert rounded_length_km(27_250, precision) == km


SOIL = Soil({"SI": box(13.4, 45.4, 16.6, 46.9), "IT": box(6.6, 36.6, 13.4, 47.1)})


def test_a_place_lies_on_the_soil_of_a_country_or_of_none() -> None:
    assert SOIL.country(PESEK) == "SI"
    assert SOIL.country(Position(12, 45)) == "IT"
    assert SOIL.country(Position(13.4, 46)) == "IT"
    assert SOIL.country(Position(0, 0)) is None


def test_swapped_axes_are_suspected_when_only_the_swapped_place_fits() -> None:
    swapped = Position(45.62, 13.89)
    assert SOIL.swapped_axes_suspected(swapped, {"SI"})
    assert not SOIL.swapped_axes_suspected(PESEK, {"SI"})
    assert not SOIL.swapped_axes_suspected(swapped, {"IT"})
    assert not SOIL.swapped_axes_suspected(Position(120, 10), {"SI"})
    alpine = (13.0, 45.0, 17.0, 47.0)
    assert swapped_axes_suspected(swapped, alpine)
    assert not swapped_axes_suspected(PESEK, alpine)
    assert not swapped_axes_suspected(Position(120, 10), alpine)


def test_the_distance_to_a_border_is_the_geodesic_to_its_nearest_point() -> None:
    border = LineString([(13.4, 45.0), (13.4, 46.5)])
    assert Soil.distance_m(PESEK, border) == pytest.approx(length_m([(13.89, 45.62), (13.4, 45.62)]), rel=1e-3)
    assert Soil.distance_m(PESEK, box(13, 45, 14, 46)) == 0


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Point", [13.89, 45.62]),
        ("Point", [13.89, 45.62, 480.5]),
        ("LineString", [[13, 45], [14, 46, 100]]),
        ("MultiLineString", [[[13, 45], [14, 46]], [[15, 45], [16, 46]]]),
        ("Polygon", [[[13, 45], [14, 45], [14, 46], [13, 45]]]),
    ],
)
def test_sound_shapes_are_kept_without_heights(kind: str, coordinates: object) -> None:
    geometry = geometry_from_geojson({"type": kind, "coordinates": coordinates})
    assert geometry.geom_type == kind
    assert not geometry.has_z


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (None, "Draw one of"),
        ([], "Draw one of"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "Draw one of"),
        ({"type": "MultiPolygon", "coordinates": []}, "Draw one of"),
        ({"type": "Point"}, "missing"),
        ({"type": "Point", "coordinates": []}, "missing"),
        ({"type": "LineString", "coordinates": [1, 2]}, "missing"),
        ({"type": "Point", "coordinates": [1]}, "longitude and a latitude"),
        ({"type": "Point", "coordinates": ["13", 45]}, "longitude and a latitude"),
        ({"type": "Point", "coordinates": [True, 45]}, "longitude and a latitude"),
        ({"type": "Point", "coordinates": [float("nan"), 45]}, "longitude and a latitude"),
        ({"type": "Point", "coordinates": [45, 130]}, "longitude first"),
        ({"type": "Point", "coordinates": [1450000, 5700000]}, "in degrees"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "at least 2 points"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, "ends where it begins"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "not sound"),
        ({"type": "LineString", "coordinates": [[0, 0]] * 20_001}, "20001 points"),
    ],
)
def test_unsound_shapes_are_refused_with_a_sentence(shape: object, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        geometry_from_geojson(shape, "area")
    assert sentence in refusal.value.errors["area"][0]
