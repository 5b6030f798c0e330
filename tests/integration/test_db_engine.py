"""Transactions, isolation and the wiring of both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.db.columns import Json, UtcDateTime
from registry.db.engine import analyse, begin_write, capabilities, normalise_url, sqlite_is_safe

LOG = Table(
    "try_log",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20), unique=True),
    Column("at", UtcDateTime),
    Column("details", Json),
)


@pytest.fixture
def log(bare_database):
    with bare_database.engine.begin() as connection:
        LOG.create(connection)
    return bare_database.engine


@pytest.mark.parametrize("run", ["first", "second"])
def test_what_a_test_commits_no_other_test_finds(session, database, run):
    assert session.scalar(text("SELECT count(*) FROM tick_state")) == 0
    session.execute(text("INSERT INTO tick_state (id, ran_at) VALUES (1, '2026-11-24 09:00:00')"))
    session.commit()
    with database.engine.connect() as outside:
        assert outside.scalar(text("SELECT count(*) FROM tick_state")) == 0


def test_the_session_of_a_test_really_commits_only_into_its_savepoint(session, connection):
    session.execute(text("CREATE TABLE left_behind (id integer)"))
    session.commit()
    session.execute(text("INSERT INTO left_behind VALUES (1)"))
    session.rollback()
    assert session.scalar(text("SELECT count(*) FROM left_behind")) == 0
    assert connection.in_transaction()


def test_a_savepoint_rolls_back_alone(log):
    with log.begin() as connection:
        connection.execute(LOG.insert().values(name="kept"))
        savepoint = connection.begin_nested()
        connection.execute(LOG.insert().values(name="lost"))
        with pytest.raises(IntegrityError):
            connection.execute(LOG.insert().values(name="kept"))
        savepoint.rollback()
    with log.connect() as connection:
        assert list(connection.scalars(select(LOG.c.name))) == ["kept"]


def test_a_table_made_in_a_rolled_back_transaction_is_gone(bare_database):
    with bare_database.engine.connect() as connection:
        LOG.create(connection)
        connection.rollback()
    assert "try_log" not in inspect(bare_database.engine).get_table_names()


def test_two_writers_that_read_first_both_succeed(log):
    with log.begin() as connection:
        connection.execute(LOG.insert().values(id=1, name="0"))
    barrier = threading.Barrier(4, timeout=20)

    def add_one_ten_times():
        barrier.wait()
        for _ in range(10):
            with Session(log) as session:
                begin_write(session)
                counter = select(LOG.c.name).where(LOG.c.id == 1).with_for_update()
                present = int(session.scalar(counter))
                session.execute(LOG.update().values(name=str(present + 1)))
                session.commit()

    threads = [threading.Thread(target=add_one_ten_times) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with log.connect() as connection:
        assert connection.scalar(select(LOG.c.name)) == "40"


def test_a_transaction_that_only_read_takes_the_write_lock_anew(log):
    with Session(log) as session:
        session.execute(select(LOG)).all()
        with log.begin() as other:
            other.execute(LOG.insert().values(name="meanwhile"))
        begin_write(session)
        session.execute(LOG.insert().values(name="mine"))
        session.commit()
        assert len(session.execute(select(LOG)).all()) == 2


def test_begin_write_keeps_what_was_already_written(log):
    with Session(log) as session:
        session.execute(LOG.insert().values(name="first"))
        begin_write(session)
        session.commit()
        assert session.scalar(select(LOG.c.name)) == "first"


def test_an_instant_comes_back_aware_in_utc_whatever_zone_it_came_in(log):
    summer = timezone(timedelta(hours=2))
    with log.begin() as connection:
        connection.execute(LOG.insert().values(at=datetime(2026, 7, 1, 1, 30, 0, 7, tzinfo=summer)))
        found = connection.scalar(select(LOG.c.at))
        before = select(LOG.c.id).where(LOG.c.at < datetime(2026, 6, 30, 23, 30, 0, 8, tzinfo=UTC))
        assert connection.scalar(before) is not None
    assert found == datetime(2026, 6, 30, 23, 30, 0, 7, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(log):
    with log.begin() as connection, pytest.raises(Exception, match="without a time zone"):
        connection.execute(LOG.insert().values(at=datetime(2026, 7, 1)))  # noqa: DTZ001  # the fault under test


def test_a_document_comes_back_equal(log):
    document = {"ž": [1, None, {"x": 1.5}], "a": True}
    with log.begin() as connection:
        connection.execute(LOG.insert().values(details=document))
        assert connection.scalar(select(LOG.c.details)) == document


def test_foreign_keys_are_enforced(session):
    lost = text("INSERT INTO activity_text (activity_id, exact_text, coarse_text) VALUES (-1, '', '')")
    with pytest.raises(IntegrityError):
        session.execute(lost)


def test_the_doctor_learns_what_the_database_is(bare_database):
    found = capabilities(bare_database.engine)
    assert found.database == {"spatialite": "SpatiaLite", "postgis": "PostGIS"}[bare_database.backend]
    assert found.server_version
    assert found.spatial_version
    assert found.safe is not bool(found.warning)


def test_every_commit_of_the_embedded_database_reaches_the_disk(bare_database):
    with bare_database.engine.connect() as connection:
        if bare_database.backend == "spatialite":
            asked = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "foreign_keys")}
            assert asked == {"synchronous": 2, "foreign_keys": 1}
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        else:
            assert connection.scalar(text("SHOW random_page_cost")) == "1.1"
            assert connection.scalar(text("SHOW timezone")) == "UTC"


def test_statistics_can_be_refreshed_inside_the_transaction(session):
    analyse(session)
    assert session.in_transaction()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.40.1", False), ("3.44.5", False), ("3.44.6", True), ("3.45.0", False), ("3.50.6", False),
        ("3.50.7", True), ("3.51.2", False), ("3.51.3", True), ("3.53.4", True), ("4.0", True),
    ],
)  # fmt: skip
def test_sqlite_versions_with_the_corruption_race_are_known(version, safe):
    assert sqlite_is_safe(version) is safe


def test_another_database_is_refused_by_name():
    with pytest.raises(ValueError, match="mysql"):
        normalise_url("mysql://host/db")
