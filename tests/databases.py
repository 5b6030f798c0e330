"""Which database does a test run on? One migrated template per backend and run, copied for each worker or test."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL, make_url

from registry.db import migrations
from registry.db.engine import open_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
BACKENDS = ("spatialite", "postgis")
POSTGIS_URL = "TEST_POSTGIS_URL"
RUN = "REGISTRY_TEST_RUN"
NO_POSTGIS = (
    f"These tests need PostGIS: run `make test`, which starts a throw-away cluster, or set {POSTGIS_URL} to the "
    "address of a superuser, or give --backend=spatialite."
)


@dataclass(frozen=True, slots=True)
class Database:
    """A database of its own: what happens in it disturbs nobody."""

    backend: str
    url: URL
    engine: Engine


def migrate(engine: Engine) -> None:
    """Bring an empty database to the present schema."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        settings = Config(MIGRATIONS / "alembic.ini")
        settings.set_main_option("script_location", str(MIGRATIONS))
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


class Templates:
    """The templates of this run, in a folder that all its workers share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = f"registry_test_{os.environ[RUN]}"

    def copy(self, backend: str, *, empty: bool = False) -> Database:
        """A new database: migrated, or with nothing but its spatial extension."""
        with self._lock(backend):
            kind = "empty" if empty else "full"
            url = self._copy_file(kind) if backend == "spatialite" else self._copy_postgis(kind)
        return Database(backend, url, open_engine(url))

    def drop(self, database: Database) -> None:
        """Remove a copy and everything in it."""
        database.engine.dispose()
        if database.backend == "spatialite":
            shutil.rmtree(Path(str(database.url.database)).parent)
        else:
            with self._server() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {database.url.database} WITH (FORCE)"))

    def drop_all(self) -> None:
        """Remove every PostGIS database this run has made; files go with the run's folder."""
        if not os.environ.get(POSTGIS_URL):
            return
        with self._server() as connection:
            names = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
            for name in list(connection.scalars(names, {"prefix": self.prefix})):
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    def _copy_file(self, kind: str) -> URL:
        template = self.folder / f"template_{kind}.sqlite"
        if not template.exists():
            draft = self.folder / f"draft_{kind}.sqlite"
            self._fill(make_url(f"sqlite:///{draft}"), kind)
            draft.rename(template)
        own = self.folder / uuid4().hex
        own.mkdir()
        shutil.copyfile(template, own / "registry.sqlite")
        return make_url(f"sqlite:///{own / 'registry.sqlite'}")

    def _copy_postgis(self, kind: str) -> URL:
        template = f"{self.prefix}_{kind}"
        name = f"{self.prefix}_{uuid4().hex[:12]}"
        with self._server() as connection:
            known = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if not connection.scalar(known, {"name": template}):
                connection.execute(text(f"CREATE DATABASE {template}"))
                self._fill(self._address(template), kind)
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self._address(name)

    def _fill(self, url: URL, kind: str) -> None:
        engine = open_engine(url)
        if kind == "full":
            migrate(engine)
        else:
            with engine.begin() as connection:
                migrations.ensure_extensions(connection)
        engine.dispose()

    @staticmethod
    def _address(name: str) -> URL:
        return make_url(os.environ[POSTGIS_URL]).set(database=name)

    @contextmanager
    def _server(self) -> Iterator:
        engine = open_engine(os.environ[POSTGIS_URL], isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    @contextmanager
    def _lock(self, backend: str) -> Iterator[None]:
        with (self.folder / f"{backend}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
