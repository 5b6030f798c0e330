"""Which databases are measured? Demo databases of two sizes on both backends, built once and used again.

SpatiaLite files are kept in ``instance/bench`` (BENCH_FOLDER). PostGIS databases stay where TEST_POSTGIS_URL points to,
or go with the throw-away cluster. A build is one transaction: what is interrupted is empty and built anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from registry.db.engine import open_engine
from tests.databases import POSTGIS_URL

ROOT = Path(__file__).resolve().parents[2]
SMALL = int(os.environ.get("BENCH_SMALL", "10000"))
LARGE = int(os.environ.get("BENCH_LARGE", "1000000"))
LINES_PER_ACTIVITY = int(os.environ.get("BENCH_LINES_PER_ACTIVITY", "1"))


@dataclass(frozen=True, slots=True)
class BenchDatabase:
    """A filled database and how many activities it was asked for."""

    backend: str
    activities: int
    url: str


def folder() -> Path:
    """Where files are kept."""
    made = Path(os.environ.get("BENCH_FOLDER", ROOT / "instance" / "bench"))
    made.mkdir(parents=True, exist_ok=True)
    return made


def filled(backend: str, activities: int) -> BenchDatabase:
    """The database of the size, migrated and filled unless it is already."""
    url = _file(activities) if backend == "spatialite" else _postgis(activities)
    lines = min(activities * LINES_PER_ACTIVITY, 5_000_000)
    _flask(url, "db", "upgrade")
    size = ("--activities", str(activities), "--cost-lines", str(lines))
    _flask(url, "registry", "demo", "--if-empty", *size)
    return BenchDatabase(backend, activities, url)


def _file(activities: int) -> str:
    return f"sqlite:///{folder() / f'bench_{activities}.sqlite'}"


def _postgis(activities: int) -> str:
    server = make_url(os.environ[POSTGIS_URL])
    name = f"registry_bench_{activities}"
    engine = open_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if not connection.scalar(known, {"name": name}):
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def _flask(url: str, *words: str) -> None:
    environment = {**os.environ, "REGISTRY_DATABASE_URL": url, "INSTANCE": str(folder())}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
