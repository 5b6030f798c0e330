"""What do the reference layers of the map hold: crossing points, control episodes, activities by month?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from registry.domain.activities import Status
from registry.domain.filters import ActivityFilters
from registry.models.activities import Activity
from registry.models.aggregates import ReleasedTally
from registry.models.geography import ControlEpisode, CrossingPoint
from registry.queries.filtering import Scope, conditions

_NOTHING = ActivityFilters()


def crossing_points(session: Session) -> list[CrossingPoint]:
    """Every known crossing point, by name."""
    return list(session.scalars(select(CrossingPoint).order_by(CrossingPoint.name)))


def control_episodes(session: Session) -> list[ControlEpisode]:
    """The register of temporary controls, the newest first; episodes without a published beginning last."""
    return list(session.scalars(select(ControlEpisode).order_by(ControlEpisode.starts_on.desc(), ControlEpisode.state)))


def months(session: Session, scope: Scope) -> dict[int, int]:
    """Activities that the viewer may list per month in which they begin (YYYYMM), unknown beginnings left out."""
    found: Counter[int] = Counter()
    published = scope.project_id in scope.read_only_projects
    live: Any = select(_month(), func.count()).where(*conditions(_NOTHING, scope), Activity.from_on.is_not(None))
    if not published:
        stored = select(ReleasedTally.month, func.sum(ReleasedTally.activities)).where(
            ReleasedTally.project_id == scope.project_id,
            ReleasedTally.dimension == "all",
            ReleasedTally.status != Status.WITHDRAWN,
            ReleasedTally.month > 0,
        )
        for month, number in session.execute(stored.group_by(ReleasedTally.month)):
            found[month] += int(number)
        live = live.where(Activity.tallied.is_(False))
    for month, number in session.execute(live.group_by("month")):
        found[int(month)] += int(number)
    return {month: number for month, number in sorted(found.items()) if number > 0}


def _month() -> Any:
    year, month = (cast(extract(part, Activity.from_on), Integer) for part in ("year", "month"))
    return (year * 100 + month).label("month")
