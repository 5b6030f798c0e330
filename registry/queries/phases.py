"""Which activities count as held or planned, and in which month? ``domain/activities.py`` in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, extract, func, or_

from registry.domain.activities import HELD, PLANNED
from registry.models.activities import Activity


def held(kind: Any = Activity.kind, status: Any = Activity.status) -> ColumnElement[bool]:
    """Whether it was held, by the states of its own kind (decision 38)."""
    return or_(*(and_(kind == str(one), status.in_(sorted(states))) for one, states in HELD.items()))


def planned(status: Any = Activity.status) -> ColumnElement[bool]:
    """Whether it is agreed or scheduled, and not yet held."""
    return status.in_(sorted(PLANNED))  # type: ignore[no-any-return]  # of any column


def month_of(day: Any) -> ColumnElement[int]:
    """YYYYMM of a date column, 0 where there is none."""
    return func.coalesce(cast(extract("year", day), Integer) * 100 + cast(extract("month", day), Integer), 0)
