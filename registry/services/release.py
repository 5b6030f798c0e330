"""When may others see a record? The later of its verification and its end with the delay (decision 3)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from registry.domain.errors import InvalidInput
from registry.models.activities import Activity
from registry.models.projects import Project


def release_time(activity: Activity, project: Project) -> datetime | None:
    """The instant of release; None while unverified, withdrawn, never to be released, or without any date."""
    end = _end(activity)
    if activity.release_never or activity.verified_at is None or activity.withdrawn_at is not None or end is None:
        return None
    days = activity.release_delay_days
    delay = timedelta(days=project.release_delay_days if days is None else days)
    return max(activity.verified_at, end + delay)


def check_delay(days: int | None, project: Project) -> None:
    """The owner may wait longer than the project does, never shorter; InvalidInput on ``release_delay_days``."""
    if days is not None and days < project.release_delay_days:
        sentence = f"The project releases after {project.release_delay_days} days. You may choose more, not fewer."
        raise InvalidInput({"release_delay_days": [sentence]})


def _end(activity: Activity) -> datetime | None:
    if activity.ends_at is not None:
        return activity.ends_at
    last = activity.until_on or activity.from_on
    return None if last is None else datetime.combine(last, time(), tzinfo=UTC)
