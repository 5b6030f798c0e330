"""Do the cells nest and hold their places wherever one looks, and is a printed place read back?"""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from registry.domain.errors import InvalidInput
from registry.domain.geo import LEVELS, Cell, Position, cell_of, length_m, parse_position, touching_cells

ANYWHERE = st.builds(Position, st.floats(-180, 180), st.floats(-90, 90))
EUROPE = st.builds(Position, st.floats(-25, 45), st.floats(28, 71))
LEVEL = st.integers(0, LEVELS - 1)


@given(ANYWHERE, st.integers(0, LEVELS - 2))
def test_cells_nest(place: Position, level: int) -> None:
    assume(abs(place.lat + 52) > 1 or abs(place.lon + 170) > 1)
    assert cell_of(place, level).parent() == cell_of(place, level + 1)


@given(EUROPE, LEVEL)
def test_the_centre_lies_in_its_cell_and_tells_no_more_than_the_cell(place: Position, level: int) -> None:
    cell = cell_of(place, level)
    assert cell_of(cell.centre(), level) == cell
    assert Cell.parse(cell.code) == cell


@given(ANYWHERE, st.integers(4, 9))
def test_a_printed_place_is_read_back(place: Position, digits: int) -> None:
    again = parse_position(place.display(digits))
    assert abs(again.lon - place.lon) <= 10**-digits
    assert abs(again.lat - place.lat) <= 10**-digits


@given(st.text(max_size=250))
def test_no_text_breaks_the_reader(text: str) -> None:
    said: list[str] = []
    try:
        parse_position(text)
    except InvalidInput as refusal:
        said = refusal.errors["place"]
    assert all(sentence.endswith(".") for sentence in said)


@given(st.lists(st.tuples(st.floats(-25, 45), st.floats(28, 71)), min_size=2, max_size=8))
def test_a_way_does_not_get_shorter_by_going_on(way: list[tuple[float, float]]) -> None:
    lengths = [length_m(way[:count]) for count in range(len(way) + 1)]
    assert lengths == sorted(lengths)


@given(EUROPE, EUROPE, st.floats(0, 1), st.floats(0, 1), LEVEL)
def test_a_place_in_a_box_lies_in_a_cell_that_touches_the_box(
    one: Position, other: Position, east: float, north: float, level: int
) -> None:
    west_lon, east_lon = sorted((one.lon, other.lon))
    south_lat, north_lat = sorted((one.lat, other.lat))
    inside = Position(west_lon + (east_lon - west_lon) * east, south_lat + (north_lat - south_lat) * north)
    assert cell_of(inside, level) in touching_cells(west_lon, south_lat, east_lon, north_lat, level)
