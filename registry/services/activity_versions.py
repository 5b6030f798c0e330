"""How did a record stand before it was changed? The whole of it as JSON, kept with the reason of the change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.permissions import Viewer
from registry.models.activities import Activity, ActivityVersion

PARTS = ("participations", "legs", "outcomes")
FACTS = ("place", "joint_patrol", "observation", "team")


def keep_version(
    session: Session, activity: Activity, reason: str, *, actor: Viewer, clock: Clock, loaded: bool = False
) -> ActivityVersion:
    """Keep the present version with the reason why it goes, and number the next one.

    ``loaded`` says that all parts of the record have just been read, so that none is read again.
    """
    kept = ActivityVersion(
        activity_id=activity.id,
        version=activity.version,
        content=loaded_snapshot(activity) if loaded else snapshot(session, activity),
        reason=reason,
        amended_at=clock.now(),
        amended_by=actor.email,
    )
    session.add(kept)
    activity.version += 1
    activity.updated_at = clock.now()
    return kept


def snapshot(session: Session, activity: Activity) -> dict[str, Any]:
    """Everything a record says, its parts included; shapes as WKT, instants as ISO text in UTC."""
    session.refresh(activity, [*PARTS, *FACTS])
    for part in activity.participations:
        session.refresh(part, ["functions"])
    return loaded_snapshot(activity)


def loaded_snapshot(activity: Activity) -> dict[str, Any]:
    """The same of a record whose parts have all been read."""
    content = _columns(activity)
    content |= {name: [_columns(row) for row in getattr(activity, name)] for name in PARTS}
    for part, row in zip(content["participations"], activity.participations, strict=True):
        part["functions"] = [_columns(function) for function in row.functions]
    return content | {name: _columns(getattr(activity, name)) for name in FACTS if getattr(activity, name) is not None}


def _columns(row: Any) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.wkt
