"""A restored copy equals its original, and a restore never overwrites by accident."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from registry.db.backup import BackupError, backup, counts, restore
from registry.models.aggregates import MapCell

CELL = {"project_id": 1, "level": 0, "e": 432, "n": 321, "kind": "JP", "month": 202611, "activities": 3}


@pytest.fixture
def filled(own_database):
    with own_database.engine.begin() as connection:
        connection.execute(MapCell.__table__.insert(), [{**CELL, "e": number} for number in range(500)])
    return own_database


def everything(database):
    with database.engine.connect() as connection:
        return connection.execute(text("SELECT * FROM map_cell ORDER BY e")).all()


def test_a_restored_copy_is_equal(filled, bare_database, tmp_path):
    saved = backup(filled.engine, tmp_path / "copy")
    assert restore(bare_database.url, tmp_path / "copy") == saved == counts(filled.url)
    assert everything(bare_database) == everything(filled)
    assert saved["map_cell"] == 500


def test_a_backup_is_readable_by_its_owner_only(filled, tmp_path):
    backup(filled.url, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_a_backup_never_replaces_a_file(filled, tmp_path):
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        backup(filled.engine, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"


def test_a_restore_refuses_a_database_in_use_and_changes_nothing(filled, tmp_path):
    backup(filled.engine, tmp_path / "copy")
    with filled.engine.begin() as connection:
        connection.execute(text("DELETE FROM map_cell WHERE e > 9"))
    with pytest.raises(BackupError, match="not empty"):
        restore(filled.url, tmp_path / "copy")
    assert len(everything(filled)) == 10


def test_a_forced_restore_brings_the_saved_state_back(filled, tmp_path):
    before = everything(filled)
    backup(filled.engine, tmp_path / "copy")
    with filled.engine.begin() as connection:
        connection.execute(text("DELETE FROM map_cell"))
    filled.engine.dispose()
    restore(filled.url, tmp_path / "copy", force=True)
    assert everything(filled) == before


def test_a_broken_file_is_refused(bare_database, tmp_path):
    (tmp_path / "copy").write_bytes(b"not a database" * 1000)
    with pytest.raises(BackupError):
        restore(bare_database.url, tmp_path / "copy")
    with pytest.raises(BackupError, match="no backup file"):
        restore(bare_database.url, tmp_path / "absent")
