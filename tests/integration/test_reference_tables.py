"""Do the shipped tables arrive as they are, once, with borders whose status changes on the right day?"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.domain.errors import InvalidInput
from registry.models.geography import (
    Border,
    BorderSection,
    BorderStatus,
    ControlEpisode,
    Country,
    CrossingPoint,
)
from registry.services import reference_tables
from registry.services.places import status_on, understand_place

TABLES = (Country, Border, BorderStatus, BorderSection, CrossingPoint, ControlEpisode)


def counts(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in TABLES}


def test_loading_twice_changes_nothing(session: Session) -> None:
    """The second run finds every row by its key."""
    reference_tables.load(session)
    first = counts(session)
    assert first["country"] == 43
    assert first["border_status"] == 135
    assert first["border_section"] > 300
    assert first["crossing_point"] == 90
    assert first["control_episode"] == 8
    reference_tables.load(session)
    assert not session.dirty
    assert counts(session) == first


def test_a_border_is_internal_from_the_published_day_on(session: Session) -> None:
    """Bulgaria and Romania by land: internal from 1 January 2025, the day before not yet."""
    reference_tables.load(session)
    border = session.scalars(select(Border.id).where(Border.code == "BG-RO")).one()
    assert status_on(session, border, date(2024, 12, 31)) == "eu_unlifted"
    assert status_on(session, border, date(2025, 1, 1)) == "internal"
    sea = session.scalars(select(Border.id).where(Border.code == "BG-RO-SEA")).one()
    assert status_on(session, sea, date(2024, 3, 31)) == "internal"


def test_the_middle_of_a_section_lies_on_its_line(session: Session) -> None:
    """Labels and generalised points stand on the border itself."""
    from shapely.geometry import Point

    reference_tables.load(session)
    for section in session.scalars(select(BorderSection).limit(40)):
        assert section.shape.distance(Point(section.mid_lon, section.mid_lat)) < 1e-6


@pytest.mark.parametrize("typed", ["Pesek", "  pesek ", "Kozina", "Krvavi Potok", "krvavi"])
def test_a_crossing_point_is_found_by_any_of_its_names(session: Session, typed: str) -> None:
    """In any alphabet and case; the beginning of a name is enough when only one fits."""
    reference_tables.load(session)
    found = understand_place(session, typed, on=date(2026, 11, 20), countries=("IT", "SI"))
    assert (found.near_crossing, found.border_code, found.border_status) == ("Pesek", "IT-SI", "internal")
    assert found.section_code.startswith("IT-SI-")
    assert found.from_crossing


def test_an_unknown_name_says_how_to_write_a_place(session: Session) -> None:
    """The sentence repeats what was typed."""
    with pytest.raises(InvalidInput) as refusal:
        understand_place(session, "Nowhere")
    assert "“Nowhere”" in refusal.value.errors["place.text"][0]


def test_a_typed_position_tells_soil_section_and_distance(session: Session) -> None:
    """The live answer of the form."""
    reference_tables.load(session)
    found = understand_place(session, "45.66, 13.85", on=date(2026, 11, 20), countries=("IT", "SI"))
    assert found.soil in {"IT", "SI"}
    assert found.distance_to_border_m is not None
    assert found.distance_to_border_m < 5_000
    assert found.border_code == "IT-SI"


def test_a_place_far_from_any_border_has_no_section(session: Session) -> None:
    """Section then means the country (decision 7)."""
    reference_tables.load(session)
    found = understand_place(session, "41.90, 12.50")
    assert (found.soil, found.section_id, found.border_status) == ("IT", None, "")
