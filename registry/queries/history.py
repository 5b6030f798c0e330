"""What happened to this record, when, by whom and why? Its life in steps, and every version as it stood.

Who does not see the record exactly gets days, not instants, and no words: when something was written tells when it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Status, is_held, is_planned
from registry.domain.precision import TimePrecision
from registry.models.accounts import User
from registry.models.activities import Activity, ActivityVersion, Leg
from registry.models.projects import Organisation
from registry.queries.activity_rows import ActivityRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a life: done (``on`` a day, ``at`` an instant where it may be known), present, or still to come."""

    name: str
    on: date | None = None
    at: datetime | None = None
    done: bool = False
    now: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegState:
    """One leg: who hosts it, whether it is verified, since when."""

    number: int
    host: str
    host_id: int | None
    on: date | None
    at: datetime | None
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A change: the version that went, when, by whom (service number) and why. Words only to who sees it exactly."""

    number: int
    on: date
    at: datetime | None
    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Steps in the order of the life, legs by number, changes newest first."""

    steps: tuple[Step, ...]
    legs: tuple[LegState, ...]
    versions: tuple[VersionLine, ...]
    logged_by: str


def history(session: Session, row: ActivityRow, now: datetime) -> History:
    """The history of a record that the viewer lists."""
    activity = session.get_one(Activity, row.id)
    finely = row.view.time is TimePrecision.EXACT
    zone = ZoneInfo(activity.zone or "UTC")
    legs = tuple(_legs(session, activity, zone, finely=finely))
    logger = session.get(User, activity.logged_by) if activity.logged_by and row.view.exact else None
    return History(
        steps=tuple(_steps(activity, row, legs, now, zone)),
        legs=legs,
        versions=tuple(_versions(session, row, zone, finely=finely)),
        logged_by=logger.service_number if logger else "",
    )


def _legs(session: Session, activity: Activity, zone: ZoneInfo, *, finely: bool) -> Iterator[LegState]:
    query = (
        select(Leg, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Leg.host_organisation_id)
        .where(Leg.activity_id == activity.id)
        .order_by(Leg.number)
    )
    for leg, name in session.execute(query):
        yield LegState(
            number=leg.number,
            host=name or "",
            host_id=leg.host_organisation_id,
            verified=leg.verified_at is not None,
            **_moment(leg.verified_at, zone, finely=finely),
        )


def _moment(at: datetime | None, zone: ZoneInfo, *, finely: bool) -> dict[str, Any]:
    """Day and, where it may be known, instant."""
    if at is None:
        return {"on": None, "at": None}
    return {"on": at.astimezone(zone).date(), "at": at if finely else None}


def _steps(
    activity: Activity, row: ActivityRow, legs: tuple[LegState, ...], now: datetime, zone: ZoneInfo
) -> Iterator[Step]:
    finely = row.view.time is TimePrecision.EXACT
    held = is_held(activity.kind, activity.status)
    entered = _moment(activity.created_at, zone, finely=finely)
    if activity.status == Status.WITHDRAWN:
        yield Step(name="entered", done=True, **entered)
        yield Step(name="withdrawn", now=True, **_moment(activity.withdrawn_at, zone, finely=finely))
        return
    if is_planned(activity.status):
        yield Step(name="planned", done=True, **entered)
        yield Step(name="held", on=row.when.from_on, now=True)
        yield from (Step(name=name) for name in ("entered", "verified", "released"))
        return
    if not held:
        yield Step(name="entered", done=True, **entered)
        yield Step(name=activity.status, now=True)
        return
    yield Step(name="held", on=row.when.from_on, done=True)
    yield Step(name="entered", done=True, **entered)
    yield _verified(activity, legs, zone, finely=finely)
    yield _released(activity, now, zone, finely=finely)
    if activity.status in (Status.EVALUATED, Status.CLOSED):
        yield Step(name=activity.status, done=True)


def _verified(activity: Activity, legs: tuple[LegState, ...], zone: ZoneInfo, *, finely: bool) -> Step:
    if activity.verified_at is not None:
        return Step(name="verified", done=True, **_moment(activity.verified_at, zone, finely=finely))
    return Step(name="verified", now=True, who=", ".join(leg.host for leg in legs if not leg.verified and leg.host))


def _released(activity: Activity, now: datetime, zone: ZoneInfo, *, finely: bool) -> Step:
    at = activity.released_at
    if activity.release_never and finely:
        return Step(name="release_never")
    done = at is not None and at <= now
    return Step(name="released", done=done, now=at is not None and not done, **_moment(at, zone, finely=finely))


def _versions(session: Session, row: ActivityRow, zone: ZoneInfo, *, finely: bool) -> Iterator[VersionLine]:
    query = (
        select(ActivityVersion, User.service_number)
        .outerjoin(User, User.email == ActivityVersion.amended_by)
        .where(ActivityVersion.activity_id == row.id)
        .order_by(ActivityVersion.version.desc())
    )
    for kept, number in session.execute(query):
        yield VersionLine(
            number=kept.version,
            on=kept.amended_at.astimezone(zone).date(),
            at=kept.amended_at if finely else None,
            who=(number or "") if row.view.exact else "",
            reason=kept.reason if row.view.exact else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OldVersion:
    """A version as it stood, fact by fact, and why it went."""

    line: VersionLine
    facts: tuple[tuple[str, str], ...]


_INSIDE_ONLY = frozenset(
    {"id", "activity_id", "project_id", "owner_organisation_id", "logged_by", "import_batch_id", "parent_id"}
    | {"work_package_id", "border_id", "section_id", "organisation_id", "host_organisation_id", "participation_id"}
    | {"body_hash", "client_uuid", "sort_key", "tallied", "cell_e", "cell_n", "verified_by"}
)
"""Keys of tables: they say nothing to a reader, and no page shows numbers of records."""


def old_version(session: Session, row: ActivityRow, number: int) -> OldVersion | None:
    """A version for who sees the record exactly; None when there is none, or it is not for this viewer."""
    if not row.view.exact:
        return None
    zone = ZoneInfo(row.when.zone)
    line = next((line for line in _versions(session, row, zone, finely=True) if line.number == number), None)
    kept = session.scalar(
        select(ActivityVersion.content).where(ActivityVersion.activity_id == row.id, ActivityVersion.version == number)
    )
    if line is None or kept is None:
        return None
    return OldVersion(line=line, facts=tuple(_facts(kept, "")))


def _facts(content: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    """Every fact that says something, by its path: ``participations 1, officers``."""
    for name, value in sorted(content.items()):
        words = f"{before}{name.replace('_', ' ')}"
        if name in _INSIDE_ONLY or value in (None, "", []):
            continue
        if isinstance(value, Mapping):
            yield from _facts(value, f"{words}, ")
        elif isinstance(value, list):
            for position, part in enumerate(value, start=1):
                if isinstance(part, Mapping):
                    yield from _facts(part, f"{words} {position}, ")
                else:
                    yield f"{words} {position}", str(part)
        else:
            yield words, {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
