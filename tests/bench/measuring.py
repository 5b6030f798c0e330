"""How long does the server take for a page? The median of several requests of one signed-in coordinator."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

from sqlalchemy import select

import config
from registry import create_app
from registry.db.engine import engine_options
from registry.edge.identity import SESSION_KEY
from registry.models.accounts import User, UserSession
from registry.models.activities import Activity
from registry.models.projects import Project
from registry.services.sessions import hash_of
from tests.bench.databases import BenchDatabase, folder

PROJECT = "ATHENA-2"
COORDINATOR = "coordinator.si@demo.example"
REQUESTS = 15
WARM_UP = 3
MOST_SECONDS = 20.0
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


def medians(database: BenchDatabase) -> dict[str, float]:
    """Milliseconds per page; a page that does not answer with 200 raises."""
    app = create_app(
        {
            **config.load({"INSTANCE": str(folder())}),
            "SQLALCHEMY_DATABASE_URI": database.url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database.url),
        }
    )
    from registry.extensions import db

    with app.app_context():
        reference = _reference(db.session())
        cookie = _signed_in(db.session())
        db.session.commit()
        db.session.remove()
    client = app.test_client()
    with client.session_transaction(base_url="https://localhost") as kept:
        kept.update(cookie)
    found = {name: _median_ms(client, page.format(reference=reference)) for name, page in PAGES.items()}
    with app.app_context():
        db.engine.dispose()
    return found


def _median_ms(client, page: str) -> float:
    taken = []
    started = time.perf_counter()
    for number in range(WARM_UP + REQUESTS):
        before = time.perf_counter()
        answer = client.get(page, base_url="https://localhost")
        spent = time.perf_counter() - before
        assert answer.status_code == 200, f"{page}: {answer.status} {answer.text[:400]}"
        if number >= WARM_UP or spent > MOST_SECONDS / 4:
            taken.append(spent * 1000)
        if time.perf_counter() - started > MOST_SECONDS:
            break
    return median(taken)


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
