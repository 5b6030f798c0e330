"""Has a release come due that the stored counts do not hold yet? Then a read runs the timer first (decision 3)."""

from __future__ import annotations

from registry.edge.context import clock
from registry.edge.transactions import write_unit
from registry.extensions import db
from registry.services import derive


def tick_if_overdue() -> int:
    """Move what has come due into the stored counts; how many records that were. To be called before reading."""
    now = clock()
    if not derive.is_overdue(db.session(), now):
        return 0
    with write_unit():
        return derive.tick(db.session(), now)
