"""How long does the server take for a page? The median of several requests of one signed-in coordinator."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

from sqlalchemy import select

import config
from registry import create_app
from registry.db.engine import engine_options
from registry.edge.identity import SESSION_KEY
from registry.extensions import db
from registry.models.accounts import User, UserSession
from registry.models.activities import Activity
from registry.models.projects import Project
from registry.services.sessions import hash_of
from tests.bench.databases import BenchDatabase, folder

PROJECT = "ATHENA-2"
COORDINATOR = "coordinator.si@demo.example"
REQUESTS = 15
WARM_UP = 3
MOST_SECONDS = 30.0
BASE = "https://localhost"
VIEW = "bbox=12.5,44.8,17.5,47.2"
PAGES = {
    "list page": "/p/ATHENA-2/activities",
    "list page, filtered": "/p/ATHENA-2/activities?kind=JP&country=SI",
    "activity page": "/p/ATHENA-2/activities/{reference}",
    "map data, zoom 6": f"/api/v1/map/cells?project={PROJECT}&zoom=6&bbox=5,35,32,60",
    "map data, zoom 9": f"/api/v1/map/cells?project={PROJECT}&zoom=9&{VIEW}",
    "targets page": "/p/ATHENA-2/targets",
    "money page": "/p/ATHENA-2/money",
    "today page": "/p/ATHENA-2/today",
    "expenditure report": "/p/ATHENA-2/reports/expenditure",
}


def medians(databases: Sequence[BenchDatabase]) -> list[dict[str, float]]:
    """Milliseconds per page, for each database; a page that does not answer with 200 raises.

    The requests take turns between the databases, so that what else the machine does strikes all of them alike.
    """
    visitors = [Visitor(database) for database in databases]
    found: list[dict[str, float]] = [{} for _ in visitors]
    for name, page in PAGES.items():
        taken: list[list[float]] = [[] for _ in visitors]
        started = time.perf_counter()
        while len(taken[0]) < REQUESTS and (not taken[0] or time.perf_counter() - started < MOST_SECONDS):
            for visitor, times in zip(visitors, taken, strict=True):
                times.append(visitor.ask(page))
        for times, medians_of in zip(taken, found, strict=True):
            medians_of[name] = median(times[WARM_UP:] or times)
    for visitor in visitors:
        visitor.leave()
    return found


class Visitor:
    """A signed-in coordinator of one database."""

    def __init__(self, database: BenchDatabase) -> None:
        self._app = create_app(
            {
                **config.load({"INSTANCE": str(folder())}),
                "SQLALCHEMY_DATABASE_URI": database.url,
                "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database.url),
            }
        )
        with self._app.app_context():
            self._reference = _reference(db.session())
            cookie = _signed_in(db.session())
            db.session.commit()
        self._client = self._app.test_client()
        with self._client.session_transaction(base_url=BASE) as kept:
            kept.update(cookie)

    def ask(self, page: str) -> float:
        """Milliseconds of one request."""
        before = time.perf_counter()
        answer = self._client.get(page.format(reference=self._reference), base_url=BASE)
        spent = (time.perf_counter() - before) * 1000
        assert answer.status_code == 200, f"{page}: {answer.status} {answer.text[:400]}"
        return spent

    def leave(self) -> None:
        """Close the connections."""
        with self._app.app_context():
            db.engine.dispose()


def _reference(session) -> str:
    """A held patrol of Slovenia in the middle of the year."""
    statement = (
        select(Activity.reference)
        .join(Project, Project.id == Activity.project_id)
        .where(Project.reference == PROJECT, Activity.reference.like("JP-SI-2026-%"), Activity.status == "REPORTED")
    )
    return session.scalars(statement.order_by(Activity.id).limit(1)).one()


def _signed_in(session) -> dict[str, str]:
    user = session.scalars(select(User).where(User.email == COORDINATOR)).one()
    key, now = uuid4().hex, datetime.now(tz=UTC)
    session.add(UserSession(key_hash=hash_of(key), user_id=user.id, created_at=now, seen_at=now))
    return {SESSION_KEY: key, "_user_id": user.fs_uniquifier}
