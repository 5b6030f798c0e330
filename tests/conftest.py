"""What does every test get? A database of either kind, a session that forgets, an application, a clock that stands."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection
from sqlalchemy.orm import Session

import config as settings
from registry.db.engine import engine_options
from registry.domain.clock import FixedClock
from tests.databases import BACKENDS, NO_POSTGIS, POSTGIS_URL, RUN, Database, Templates
from tests.factories import Factories
from tests.page_client import PageClient, RegistryClient

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

# A slow machine is no fault of the code: properties are about what is true, not about how fast.
hypothesis_settings.register_profile("registry", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("registry")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--backend`` chooses the databases of the tests that need one."""
    parser.addoption("--backend", choices=[*BACKENDS, "both"], default="both", help="databases to test on")


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a name; its workers inherit it."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = uuid4().hex[:8]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no database of this run behind."""
    if not hasattr(config, "workerinput"):
        Templates(Path(tempfile.gettempdir())).drop_all()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Measurements run only where they are asked for (``make bench``)."""
    return True if collection_path.name == "bench" and "bench" not in (config.option.markexpr or "") else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whoever asks for a database runs once on each backend."""
    if "backend" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--backend")
        metafunc.parametrize("backend", BACKENDS if chosen == "both" else [chosen], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database this run of the test uses."""
    name: str = request.param
    if name == "postgis" and not os.environ.get(POSTGIS_URL):
        pytest.fail(NO_POSTGIS)
    return name


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The migrated templates of this run, shared by its workers."""
    base = tmp_path_factory.getbasetemp()
    return Templates(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="session")
def databases(templates: Templates) -> Iterator[dict[str, Database]]:
    """The databases of this worker by backend, made at the first use."""
    made: dict[str, Database] = {}
    yield made
    for database in made.values():
        templates.drop(database)


@pytest.fixture
def database(backend: str, databases: dict[str, Database], templates: Templates) -> Database:
    """This worker's migrated database; change it only through ``connection`` or ``session``, which forget."""
    if backend not in databases:
        databases[backend] = templates.copy(backend)
    return databases[backend]


@pytest.fixture
def own_database(backend: str, templates: Templates) -> Iterator[Database]:
    """A migrated database of the test's own, where commits are real."""
    made = templates.copy(backend)
    yield made
    templates.drop(made)


@pytest.fixture
def bare_database(backend: str, templates: Templates) -> Iterator[Database]:
    """A database of the test's own with the spatial extension and no table of ours."""
    made = templates.copy(backend, empty=True)
    yield made
    templates.drop(made)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """The one connection of the test, in a transaction that is rolled back whatever the test commits."""
    with database.engine.connect().execution_options(write=True) as opened:
        outer = opened.begin()
        yield opened
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """The test's own session; requests of ``client`` see what it holds, and it sees what they wrote."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday 24 November 2026, nine o'clock UTC."""
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def applications(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The applications of this worker by backend: making one takes longer than most tests."""
    return {"instance": tmp_path_factory.mktemp("instance")}


@pytest.fixture
def app(
    database: Database,
    connection: Connection,
    clock: FixedClock,
    applications: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """The application on the test's connection: what a request commits is gone after the test."""
    # Tests of the lower rooms run without the web's libraries.
    from flask_sqlalchemy.session import Session as RequestSession

    from registry import create_app
    from registry.extensions import db, limiter

    if database.backend not in applications:
        applications[database.backend] = create_app(_settings(database, applications["instance"]))
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    made = applications[database.backend]
    monkeypatch.setattr(RequestSession, "get_bind", lambda *_args, **_kwargs: connection)
    kept = dict(made.config)
    made.config["CLOCK"] = clock
    with made.app_context():
        limiter.reset()
    yield made
    made.config.clear()
    made.config.update(kept)


def _settings(database: Database, instance: Path) -> dict[str, object]:
    quick = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    return {
        **settings.load({"INSTANCE": str(instance)}),
        "TESTING": True,
        "SQLALCHEMY_DATABASE_URI": database.engine.url.render_as_string(hide_password=False),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database.url),
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": quick,
    }


@pytest.fixture
def client(app: Any, session: Session) -> RegistryClient:
    """Sends requests; before each one the test's session is committed into the outer transaction."""
    app.test_client_class = RegistryClient
    made: RegistryClient = app.test_client()
    made.test_session = session
    return made


@pytest.fixture
def page_client(client: RegistryClient, connection: Connection) -> PageClient:
    """Fetches pages and checks each one: see ``tests/page_client.py``."""
    return PageClient(client, connection)


@pytest.fixture
def factories(session: Session) -> Factories:
    """Makes records in the test's session."""
    return Factories(session)
