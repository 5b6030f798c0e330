"""How is a connection opened, on SpatiaLite and on PostGIS alike? Drivers, pragmas, transactions, capabilities."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import plugins as engine_plugins
from sqlalchemy.engine import URL, CreateEnginePlugin, make_url
from sqlalchemy.orm import Session, scoped_session

try:
    import pysqlite3.dbapi2 as sqlite_driver  # brings its own recent SQLite, with extensions allowed
except ImportError:
    import sqlite3 as sqlite_driver

# GeoAlchemy2 reads the name of the extension from the environment and from nowhere else.
os.environ.setdefault("SPATIALITE_LIBRARY_PATH", "mod_spatialite")

DRIVER: Any = sqlite_driver
BUSY_TIMEOUT_MS = 10_000
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}")
# Measured: the default page cost ignores covering indexes, and workers cost more than small boxes take.
POSTGRES_SETTINGS = {
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "UTC",
}
SPATIALITE_QUERY = {
    "geoalchemy2_connect_sqlite_init_mode": "WGS84",  # 0.3 s instead of 11 s for a new file
    "geoalchemy2_connect_sqlite_transaction": "true",
}
MISSING_SPATIALITE = (
    "SpatiaLite cannot be loaded. Install it (Debian, Ubuntu: apt-get install libsqlite3-mod-spatialite; "
    "Fedora: dnf install libspatialite; macOS: brew install libspatialite) and use a Python whose sqlite3 may load "
    "extensions, or the pysqlite3 package; or set REGISTRY_DATABASE_URL to a PostGIS database."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the connected database is and can: shown by the doctor and on the administration page."""

    database: str
    server_version: str
    spatial_version: str
    driver: str
    concurrent_writers: bool
    safe: bool
    warning: str


def normalise_url(url: str | URL) -> URL:
    """The URL with the driver we use: ``postgresql://`` gets psycopg, SQLite its SpatiaLite settings."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise ValueError(f"The registry runs on SpatiaLite or PostGIS, not on {backend!r}.")
    return parsed.set(drivername="sqlite").update_query_dict(SPATIALITE_QUERY)


def engine_options(url: str | URL) -> dict[str, Any]:
    """Keyword arguments of ``create_engine`` for this URL; they attach our events too (see ``RegistryPlugin``)."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "module": sqlite_driver,
            "plugins": ["geoalchemy2", "registry"],
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000},
        }
    settings = " ".join(f"-c {name}={value}" for name, value in POSTGRES_SETTINGS.items())
    return {"plugins": ["geoalchemy2", "registry"], "connect_args": {"options": settings}, "pool_pre_ping": True}


def open_engine(url: str | URL, **options: Any) -> Engine:
    """An engine wired exactly as the application's own; ``options`` are those of ``create_engine``."""
    address = normalise_url(url)
    return create_engine(address, **{**engine_options(address), **options})


def attach_events(engine: Engine) -> None:
    """Pragmas on connect and an explicit BEGIN, so that savepoints and DDL roll back on SQLite as on PostgreSQL."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "begin", _begin):
        return
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)


class RegistryPlugin(CreateEnginePlugin):
    """Attaches our events to every engine made with ``engine_options``, after GeoAlchemy2 has attached its own."""

    def update_url(self, url: URL) -> URL:
        """Ours takes nothing from the URL."""
        return url

    def engine_created(self, engine: Engine) -> None:
        """Called by SQLAlchemy once the engine exists."""
        attach_events(engine)


engine_plugins.register("registry", "registry.db.engine", "RegistryPlugin")


def _connect(dbapi: Any, _record: object) -> None:
    dbapi.isolation_level = None  # we emit BEGIN ourselves; the driver's own guess breaks savepoints
    for pragma in PRAGMAS:
        dbapi.execute("PRAGMA " + pragma).close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    connection.info["changes_at_begin"] = _changes(connection)


def _changes(connection: Connection) -> int:
    return int(getattr(connection.connection.dbapi_connection, "total_changes", 0))


def begin_write(session: Session | scoped_session[Session]) -> Connection:
    """Start a unit of work that writes: takes SQLite's write lock now, because a reading snapshot cannot get it later.

    A transaction that has only read is ended and begun again: what was loaded is read anew, under the lock.
    Where the transaction already writes, or on PostgreSQL, nothing changes.
    """
    current = session() if isinstance(session, scoped_session) else session
    if current.in_transaction():
        connection = current.connection()
        if connection.dialect.name != "sqlite" or connection.get_execution_options().get("write"):
            return connection
        if current.new or current.dirty or current.deleted or _has_written(connection):
            return connection
        current.rollback()
    return current.connection(execution_options={"write": True})


def _has_written(connection: Connection) -> bool:
    return _changes(connection) != connection.info.get("changes_at_begin")


def analyse(session: Session | scoped_session[Session]) -> None:
    """Refresh the planner's statistics after many rows came or went."""
    session.execute(text("ANALYZE"))


def sqlite_is_safe(version: str) -> bool:
    """Whether this SQLite is free of the WAL-reset corruption race (3.7.0 to 3.51.2, fixed in 3.44.6 and 3.50.7)."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return numbers >= (3, 51, 3) or (3, 44, 6) <= numbers < (3, 45) or (3, 50, 7) <= numbers < (3, 51)


def sqlite_version() -> str:
    """Version of the SQLite that this process would use."""
    return str(sqlite_driver.sqlite_version)


def capabilities(engine: Engine) -> Capabilities:
    """What the database behind ``engine`` is and can. Raises the driver's error when it cannot be reached."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            return Capabilities(
                database="PostGIS",
                server_version=str(connection.scalar(text("SHOW server_version"))),
                spatial_version=str(connection.scalar(text("SELECT postgis_lib_version()"))),
                driver=engine.driver,
                concurrent_writers=True,
                safe=True,
                warning="",
            )
        version = sqlite_version()
        safe = sqlite_is_safe(version)
        return Capabilities(
            database="SpatiaLite",
            server_version=version,
            spatial_version=str(connection.scalar(text("SELECT spatialite_version()"))),
            driver=sqlite_driver.__name__.partition(".")[0],
            concurrent_writers=False,
            safe=safe,
            warning="" if safe else unsafe_sqlite(version),
        )


def unsafe_sqlite(version: str) -> str:
    """The sentence that says why this SQLite must not hold records in production."""
    return (
        f"SQLite {version} can corrupt a file that two connections write at once; "
        "use 3.51.3 or later (the pysqlite3 package brings it), or PostGIS."
    )
