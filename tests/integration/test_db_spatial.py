"""Geometries in and out, and the box filter on both databases."""

from __future__ import annotations

import pytest
import shapely
from shapely import LineString, Point
from sqlalchemy import Column, Integer, MetaData, Table, select, text

from registry.db.bulk import copy_rows
from registry.db.columns import geometry
from registry.db.spatial import bbox_overlaps


def place_table() -> Table:
    """A table anew for each database: creating one on SpatiaLite takes the index out of its description."""
    return Table(
        "try_place",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("shape", geometry("GEOMETRY")),
    )


PLACE = place_table()


@pytest.fixture
def places(bare_database):
    with bare_database.engine.begin() as connection:
        place_table().create(connection)
        rows = ({"id": 100 * x + y, "shape": Point(13 + x / 100, 45 + y / 100)} for x in range(100) for y in range(100))
        assert copy_rows(connection, PLACE, rows) == 10_000
    with bare_database.engine.connect() as connection:
        yield connection


def test_a_shape_comes_back_with_every_digit(places):
    track = LineString([(13.612345678901234, 45.9), (13.7, 45.95000000000001)])
    places.execute(PLACE.insert().values(id=20_000, shape=track))
    found = places.scalar(select(PLACE.c.shape).where(PLACE.c.id == 20_000))
    assert shapely.equals_identical(found, track)


def test_text_is_accepted_as_well_and_nothing_stays_nothing(places):
    places.execute(PLACE.insert(), [{"id": 20_001, "shape": "POINT(1 2)"}, {"id": 20_002, "shape": None}])
    found = places.scalars(select(PLACE.c.shape).where(PLACE.c.id > 20_000).order_by(PLACE.c.id)).all()
    assert found == [Point(1, 2), None]


def test_another_reference_system_is_refused(places):
    with pytest.raises(Exception, match="not in SRID=3035"):
        places.execute(PLACE.insert().values(id=20_003, shape="SRID=3035;POINT(1 2)"))


def test_a_box_finds_what_lies_in_it_and_on_its_edge(places):
    box = bbox_overlaps(PLACE.c.shape, 13.095, 45.095, 13.125, 45.105)
    assert sorted(places.scalars(select(PLACE.c.id).where(box))) == [1010, 1110, 1210]


def test_a_box_filter_follows_an_alias_and_can_be_negated(places):
    other = PLACE.alias("other")
    outside = select(other.c.id).where(~bbox_overlaps(other.c.shape, 12, 44, 13.985, 47))
    assert len(places.scalars(outside).all()) == 100


def test_the_box_filter_asks_the_spatial_index(places, bare_database):
    places.execute(text("ANALYZE"))
    query = select(PLACE.c.id).where(bbox_overlaps(PLACE.c.shape, 13.095, 45.095, 13.125, 45.105))
    compiled = query.compile(places, compile_kwargs={"literal_binds": True})
    explain = {"spatialite": "EXPLAIN QUERY PLAN", "postgis": "EXPLAIN"}[bare_database.backend]
    plan = " ".join(str(row) for row in places.exec_driver_sql(f"{explain} {compiled}"))
    assert "VIRTUAL TABLE INDEX" in plan or "idx_try_place_shape" in plan


def test_new_rows_get_numbers_after_the_copied_ones(places):
    copied = places.scalar(text("SELECT max(id) FROM try_place"))
    (made,) = places.execute(PLACE.insert().values(shape=Point(0, 0))).inserted_primary_key
    assert made == copied + 1
