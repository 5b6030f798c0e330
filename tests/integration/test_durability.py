"""What was acknowledged is there: after a killed process, and in a restored copy down to the last row."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import MetaData, Table, func, select, text
from sqlalchemy.orm import Session

from registry.db.backup import backup, counts, restore
from registry.db.base import Base
from registry.domain.clock import FixedClock
from registry.models.activities import Activity, ReferenceCounter
from registry.services import audit, derive
from registry.services.demo import FillDemo, fill
from tests.factories import NOW, Factories

ROOT = Path(__file__).resolve().parents[2]
PATROLS = 200
KILLED_AFTER = 60


@pytest.fixture
def durable(own_database):
    """A project of two authorities, in a database where commits are real."""
    with own_database.engine.connect().execution_options(write=True) as connection, Session(connection) as session:
        made = Factories(session)
        made.project("DURABLE")
        made.organisation("AA", country="SI")
        made.organisation("BB", country="IT")
        session.commit()
    own_database.engine.dispose()
    return own_database


def acknowledged_before_the_kill(database):
    """Start the loop, kill it with no chance to tidy up while it writes, and give what it had printed."""
    address = database.engine.url.render_as_string(hide_password=False)
    loop = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.durability_loop", address, str(PATROLS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert loop.stdout is not None
    said = [loop.stdout.readline().strip() for _ in range(KILLED_AFTER)]
    loop.send_signal(signal.SIGKILL)
    rest = loop.stdout.read().splitlines()  # what it had acknowledged before it died counts too
    loop.stdout.close()
    assert loop.wait() == -signal.SIGKILL
    return [*said, *rest]


def test_a_killed_process_loses_no_acknowledged_patrol(durable):
    said = acknowledged_before_the_kill(durable)
    assert len(said) >= KILLED_AFTER
    assert all(said)
    with Session(durable.engine) as session:
        there = set(session.scalars(select(Activity.reference)))
        assert set(said) <= there
        assert len(there) <= len(said) + 1  # at most the one that was committed and not yet said
        assert session.scalar(select(ReferenceCounter.last)) == len(there)
        assert derive.reconcile(session) == []
        assert audit.verify(session) == (len(there), [])


def content(database):
    """A hash over every row of every table, in the order of their keys, whatever the database."""
    digest = hashlib.sha256()
    with database.engine.connect() as connection:
        for name in sorted(Base.metadata.tables):
            table = Base.metadata.tables[name]
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                digest.update(repr((name, [_plain(value) for value in row])).encode())
        version = Table("alembic_version", MetaData(), autoload_with=connection)
        digest.update(repr(connection.scalars(select(version.c.version_num)).all()).encode())
    return digest.hexdigest()


def _plain(value):
    if hasattr(value, "wkb_hex"):
        return value.wkb_hex
    return sorted(value.items()) if isinstance(value, dict) else value


def test_a_restored_backup_equals_the_original_row_by_row(own_database, bare_database, tmp_path):
    with own_database.engine.connect().execution_options(write=True) as connection, Session(connection) as session:
        command = FillDemo(seed=7, activities=60, cost_lines=80, password_hash="x")
        fill(session, command, (), instance=tmp_path, clock=FixedClock(NOW))
        session.commit()
    saved = backup(own_database.engine, tmp_path / "copy")
    assert restore(bare_database.url, tmp_path / "copy") == saved == counts(own_database.url)
    assert saved["activity"] == 60
    assert content(bare_database) == content(own_database)
    with Session(bare_database.engine) as session:
        assert derive.reconcile(session) == []
        assert session.scalar(select(func.count()).select_from(text("activity_text"))) == 60
