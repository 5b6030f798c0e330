"""Which stored figures follow from a change? The one keeper of derived figures, inside the writing transaction.

Record rows are changed inside ``changing``: what they contributed is taken away before and added again after, set-based
and alike on both databases. ``reconcile`` recomputes everything and names each drift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, select, true, update
from sqlalchemy.orm import Session

from registry.db.search import sync_search
from registry.domain.clock import Clock
from registry.models.activities import Activity
from registry.models.aggregates import TickState
from registry.models.costs import CostLine
from registry.models.projects import Project
from registry.services.tallies import CELLS, COSTS, EVERY_KEEPER, OF_ACTIVITIES, RELEASED, Keeper

TICK_EVERY = timedelta(minutes=1)


@contextmanager
def changing(session: Session, activity_ids: Sequence[int] = ()) -> Iterator[list[int]]:
    """Change activities inside; new ones are added to the list it yields. The stored counts follow at the end."""
    ids = list(activity_ids)
    if ids:
        session.flush()  # what is pending belongs to the state before
        _move(session, ids, -1)
    yield ids
    session.flush()
    if ids:
        _move(session, ids, +1)
        sync_search(session, ids)
        _bump_revision(session, Activity, ids)


def _move(session: Session, ids: Sequence[int], sign: int) -> None:
    for keeper in OF_ACTIVITIES:
        keeper.add(session, Activity.id.in_(ids), sign)


@contextmanager
def changing_costs(session: Session, line_ids: Sequence[int] = ()) -> Iterator[list[int]]:
    """The same for cost lines."""
    ids = list(line_ids)
    if ids:
        session.flush()
        COSTS.add(session, CostLine.id.in_(ids), -1)
    yield ids
    session.flush()
    if ids:
        COSTS.add(session, CostLine.id.in_(ids), +1)
        _bump_revision(session, CostLine, ids)


def _bump_revision(session: Session, model: Any, ids: Sequence[int]) -> None:
    projects = select(model.project_id).where(model.id.in_(list(ids)))
    session.execute(
        update(Project)
        .where(Project.id.in_(projects))
        .values(data_revision=Project.data_revision + 1)
        .execution_options(synchronize_session=False)
    )


def tick(session: Session, clock: Clock) -> int:
    """The one timer: moves records whose release has come due into the stored counts. Returns how many."""
    now = clock.now()
    state = session.scalar(select(TickState).where(TickState.id == 1).with_for_update())
    if state is None:
        state = TickState(id=1, ran_at=now)
        session.add(state)
    state.ran_at = now
    due = _due(now)
    waiting = session.scalar(select(func.count()).select_from(Activity).where(due)) or 0
    if waiting:
        RELEASED.add_ungated(session, due, +1)
        CELLS.add_ungated(session, due, +1)
        session.execute(update(Activity).where(due).values(tallied=True))
    return waiting


def _due(now: datetime) -> Any:
    return and_(Activity.tallied.is_(False), Activity.released_at <= now)


def is_overdue(session: Session, clock: Clock) -> bool:
    """Whether a release has come due that the stored counts do not hold yet: then a read runs the timer first."""
    return session.scalar(select(Activity.id).where(_due(clock.now())).limit(1)) is not None


def rebuild(session: Session) -> None:
    """Empty every stored count and build it from the records (after bulk loading)."""
    for keeper in EVERY_KEEPER:
        session.execute(delete(keeper.model))
        keeper.add(session, true(), +1)


def reconcile(session: Session) -> list[str]:
    """Recompute every stored count from the records; one sentence per drift, none when all agree."""
    return [drift for keeper in EVERY_KEEPER for drift in _drifts(session, keeper)]


def _drifts(session: Session, keeper: Keeper) -> list[str]:
    width = len(keeper.keys)
    stored = {
        tuple(row[:width]): tuple(row[width:])
        for row in session.execute(select(*(getattr(keeper.model, name) for name in (*keeper.keys, *keeper.sums))))
        if any(row[width:])
    }
    computed: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for part in keeper.recomputed():
        for row in session.execute(part):
            computed[tuple(row[:width])] = tuple(int(value) for value in row[width:])
    computed = {key: sums for key, sums in computed.items() if any(sums)}
    name = keeper.model.__tablename__
    return [
        f"{name} {key}: stored {stored.get(key)}, the records give {computed.get(key)}."
        for key in sorted(stored.keys() | computed.keys(), key=str)
        if stored.get(key) != computed.get(key)
    ]
