"""Is a typed place read as the person meant it, and refused when it can be meant in two ways?"""

from __future__ import annotations

import pytest

from registry.domain.errors import InvalidInput
from registry.domain.geo import Position, parse_position

PESEK = Position(13.89, 45.62)


@pytest.mark.parametrize(
    "text",
    [
        "45.62 N 13.89 E",
        "45.62N 13.89E",
        "N45.62 E13.89",
        "n 45.62, e 13.89",
        "13.89E 45.62N",
        "13,89 E; 45,62 N",
        "45,62; 13,89",
        "45,62 13,89",
        "45,62, 13,89",
        "45,62,13,89",
        "45.62, 13.89",
        "45.62,13.89",
        "45.62 13.89",
        "+45.62 / +13.89",
        "45.62° 13.89°",
        "45 37.2 N 13 53.4 E",
        "45 37,2 N 13 53,4 E",
        "45 37.2 13 53.4",
        "45°37.2' 13°53.4'",
        "45°37'12\"N 13°53'24\"E",
        "45°37′12″N 13°53′24″E",
        "45º37’12”N, 13º53’24”E",
        "45˚37'12''N 13.89E",
        "45°37´12´´ N\u00a013°53´24´´ E",
        "45 37 12 13 53 24",
        "45:37:12 N 13:53:24 E",
        " \u200e45.62;13.89\u200f ",
    ],
)
def test_every_usual_way_to_write_a_place_is_read(text: str) -> None:
    place = parse_position(text)
    assert (round(place.lon, 9), round(place.lat, 9)) == (PESEK.lon, PESEK.lat)


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("45, 13", 13, 45),
        ("45,62 13", 13, 45.62),
        ("-0.5; −10.25", -10.25, -0.5),
        ("0.5 S 10.25 W", -10.25, -0.5),
        ("-0 30 0 15", 0.25, -0.5),
        ("-0°30' 0°15'", 0.25, -0.5),
    ],
)
def test_signs_letters_and_whole_degrees_are_read(text: str, lon: float, lat: float) -> None:
    assert parse_position(text) == Position(lon, lat)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "such as 45.62, 13.89"),
        ("Pesek", "such as 45.62, 13.89"),
        ("near Basovizza", "such as 45.62, 13.89"),
        ("Trst", "such as 45.62, 13.89"),
        ("45.62", "such as 45.62, 13.89"),
        ("45,62", "two ways"),
        ("45,13", "two ways"),
        ("45,62,13", "two ways"),
        ("1,2,3,4,5", "two ways"),
        ("45.62 N 13.89 O", "O means east"),
        ("45.62 N 13.89", "both directions"),
        ("45.62 N 13.89 S", "both directions"),
        ("N 45.62 13.89 E", "only the last number"),
        ("45.62 N E 13.89", "such as 45.62, 13.89"),
        ("N 45 13 E", "such as 45.62, 13.89"),
        ("-45.62 S 13.89 E", "not both"),
        ("45 61 N 13 53 E", "less than 60"),
        ("45.5 30 N 13 53 E", "only the last number"),
        ("45 -37 13 53", "such as 45.62, 13.89"),
        ("45 37 12 1 N 13 E", "such as 45.62, 13.89"),
        ("45 13;", "such as 45.62, 13.89"),
        ("45.62.3 13.89", "such as 45.62, 13.89"),
        ("45.62, 13.89, 120", "such as 45.62, 13.89"),
        ("°°", "such as 45.62, 13.89"),
        ("120.5, 45.1", "between 90° south"),
        ("95.5, 45.1", "Latitude comes first"),
        ("45.1, 200", "between 180° west"),
        ("9" * 150 + ", 10", "between 90° south"),
        ("4" * 201, "too long"),
        ("٤٥ ١٣", "such as 45.62, 13.89"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence_that_shows_how(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_position(text)
    [said] = refusal.value.errors["place"]
    assert sentence in said
    assert "13.89" in said or "0.13" in said or "60" in said


@pytest.mark.parametrize("lon", [float("nan"), float("inf")])
def test_a_position_is_made_of_numbers(lon: float) -> None:
    with pytest.raises(InvalidInput):
        Position(lon, 0)


def test_latitude_is_not_blamed_for_the_order_when_the_other_number_is_none_either() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Position(120, 95)
    assert "comes first" not in refusal.value.errors["place"][0]


def test_a_position_is_shown_so_that_it_can_be_typed_again() -> None:
    assert PESEK.display() == "45.62000 N 13.89000 E"
    assert Position(-3.5, -40).display(1) == "40.0 S 3.5 W"
