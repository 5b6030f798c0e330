"""How is everything saved and brought back? SQLite's own online backup, or pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL

from registry.db.engine import DRIVER, normalise_url, open_engine
from registry.db.migrations import ensure_extensions
from registry.domain.errors import RegistryError

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


class BackupError(RegistryError):
    """A backup or a restore was not done; the message says why and what to do instead."""

    slug = "backup-refused"
    title = "The backup was not done"


def backup(source: Engine | str | URL, path: Path) -> dict[str, int]:
    """Save the whole database into the new file ``path``, while it is in use; returns the rows of each table.

    Raises ``BackupError`` when the file exists, or when what was written does not pass the integrity check.
    """
    if path.exists():
        raise BackupError(f"{path.name} exists already: choose another name, a backup never replaces a file.")
    url = source.url if isinstance(source, Engine) else normalise_url(source)
    if url.get_backend_name() == "postgresql":
        arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={path}"]
        _run_postgres("pg_dump", url, arguments)
    else:
        _copy_sqlite(Path(url.database or ""), path)
    path.chmod(0o600)  # it holds exact places and accounts
    return counts(url)


def restore(target: str | URL, path: Path, *, force: bool = False) -> dict[str, int]:
    """Bring the backup ``path`` back into ``target``; returns the rows of each table afterwards.

    Raises ``BackupError`` when the target holds tables (unless ``force``), or the file is not a sound backup.
    """
    if not path.is_file():
        raise BackupError(f"There is no backup file {path.name}.")
    url = normalise_url(target)
    if not force and not _is_empty(url):
        raise BackupError("The target database is not empty; nothing was changed. Say --force to replace it.")
    if url.get_backend_name() == "postgresql":
        _restore_postgres(url, path, force=force)
    else:
        _copy_sqlite(path, Path(url.database or ""))
    return counts(url)


def counts(target: str | URL) -> dict[str, int]:
    """The rows of each table of the registry, to compare a copy with its original."""
    engine = open_engine(target)
    try:
        with engine.connect() as connection:
            return {name: _rows_in(connection, name) for name in _own_tables(connection)}
    finally:
        engine.dispose()


def _rows_in(connection: Connection, name: str) -> int:
    quoted = connection.dialect.identifier_preparer.quote(name)
    return int(connection.scalar(text(f"SELECT count(*) FROM {quoted}")) or 0)  # noqa: S608  # a name from the catalogue


def _own_tables(connection: Connection) -> list[str]:
    # The metadata knows our tables; the catalogue also lists those of SpatiaLite, PostGIS and FTS5.
    from registry.db.base import Base

    known = {*Base.metadata.tables, "alembic_version"}
    return sorted(known.intersection(inspect(connection).get_table_names()))


def _is_empty(url: URL) -> bool:
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return True
    return not counts(url)


def _copy_sqlite(source: Path, target: Path) -> None:
    """Page by page, consistent while others write; the copy is checked before it is trusted."""
    with closing(DRIVER.connect(f"file:{source}?mode=ro", uri=True)) as origin:
        _check_sqlite(origin, source)
        with closing(DRIVER.connect(target)) as copy:
            origin.backup(copy)
            _check_sqlite(copy, target)


def _check_sqlite(connection: Any, path: Path) -> None:
    try:
        (answer,) = connection.execute("PRAGMA quick_check").fetchone()
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except DRIVER.DatabaseError as error:
        raise BackupError(f"{path.name} cannot be read as an SQLite database: {error}.") from error
    if answer != "ok" or broken is not None:
        raise BackupError(f"{path.name} does not pass SQLite's integrity check: {answer}, {broken}.")


def _restore_postgres(url: URL, path: Path, *, force: bool) -> None:
    listing = subprocess.run(  # noqa: S603  # an argument list, no shell
        [_program("pg_restore"), "--list", str(path)], capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        raise BackupError(f"{path.name} is not a backup of PostgreSQL: {listing.stderr.strip()}")
    engine = open_engine(url)
    with engine.begin() as connection:
        ensure_extensions(connection)
    engine.dispose()
    # The extensions exist already and belong to a superuser: leave their entries out.
    contents = path.with_name(path.name + ".list")
    contents.write_text("\n".join(line for line in listing.stdout.splitlines() if " EXTENSION " not in line))
    try:
        clean = ["--clean", "--if-exists"] if force else []
        arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", *clean]
        _run_postgres("pg_restore", url, [*arguments, f"--use-list={contents}", str(path)])
    finally:
        contents.unlink()


def _run_postgres(name: str, url: URL, arguments: list[str]) -> None:
    """Run a PostgreSQL program; the password travels in the environment, where ``ps`` does not show it."""
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(  # noqa: S603  # an argument list, no shell
        [_program(name), f"--dbname={address}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode != 0:
        raise BackupError(f"{name} failed: {done.stderr.strip()}")


def _program(name: str) -> str:
    """Full path of a PostgreSQL client program; Debian keeps some off the PATH."""
    # The newest one: a dump can be taken from an older server, not from a newer one.
    found = sorted(DEBIAN_POSTGRES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3].split(".")[0]))
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise BackupError(f"{name} is not installed; it comes with PostgreSQL's client programs.")
    return program
