"""Would a confirmed write survive a crash, and is the schema the one the program expects? Asked by the doctor."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_SQLITE = {
    "journal_mode": ("wal", "write-ahead logging, so that a crash leaves the file whole"),
    "synchronous": ("2", "FULL, so that a confirmed write survives a power cut"),
    "foreign_keys": ("1", "on, so that no record points at nothing"),
}
_POSTGRES = {
    "fsync": ("on", "on, so that a crash does not corrupt the database"),
    "full_page_writes": ("on", "on, so that a torn page can be mended"),
    "synchronous_commit": ("on", "on, so that a confirmed write survives a power cut"),
}
_AS_SAFE = {"synchronous_commit": {"on", "remote_apply", "remote_write", "local"}}


def settings_that_lose(connection: Connection) -> list[str]:
    """One sentence per setting of the database with which confirmed records can be lost; none when all is well."""
    postgres = connection.dialect.name == "postgresql"
    faults = []
    for name, (wanted, why) in (_POSTGRES if postgres else _SQLITE).items():
        found = str(connection.scalar(text(f"SHOW {name}" if postgres else f"PRAGMA {name}"))).lower()
        if found not in _AS_SAFE.get(name, {wanted}):
            faults.append(f"{name} is {found}; it must be {why}.")
    return faults


def revisions(connection: Connection, migrations: Path) -> tuple[str, str]:
    """The revision of the database (empty before the first) and the newest of the program."""
    settings = Config()
    settings.set_main_option("script_location", str(migrations))
    newest = ScriptDirectory.from_config(settings).get_current_head() or ""
    return MigrationContext.configure(connection).get_current_revision() or "", newest
