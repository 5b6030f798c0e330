"""What needs this viewer now, what waits for others, what is coming, and what changed since the last visit?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from registry.domain.money import Money
from registry.domain.permissions import Viewer
from registry.models.accounts import UserSession
from registry.queries import pending

ROWS_PER_GROUP = 12
LONGEST_ABSENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do: since (or for) when, which kind, what. ``waits_for`` names the other authority, if not you.

    ``title`` is empty where the viewer does not see the record exactly; then ``at`` is noon of its day.
    """

    at: datetime | None
    kind: str
    reference: str
    title: str
    waits_for: str = ""
    missing: tuple[str, ...] = ()
    amount: Money | None = None
    key: str = ""
    by_day: bool = False

    def days(self, now: datetime) -> int:
        """Whole days between then and now, in either direction."""
        if self.by_day and self.at is not None:
            return abs(now.date() - self.at.date()).days
        return 0 if self.at is None else abs(now - self.at).days

    def hours(self, now: datetime) -> int:
        """Whole hours between then and now, for what is younger than a day."""
        return 0 if self.at is None else abs(now - self.at) // timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tasks of one sort, oldest first, with how many there are beyond those shown."""

    code: str
    tasks: tuple[Task, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that changed on a record the viewer may list: logged, amended, verified or withdrawn."""

    at: datetime
    kind: str
    reference: str
    title: str
    what: str
    version: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The whole page: groups of tasks, counts of who is waited for, and the changes since the last visit."""

    groups: tuple[Group, ...]
    needs_you: int
    waits_for_others: int
    since: datetime
    changes: tuple[Change, ...]
    changes_total: int


def today(session: Session, viewer: Viewer, project_id: int, now: datetime) -> Today:
    """Everything the Today page says, for one viewer in one project."""
    mine = {code: build(viewer, project_id, now) for code, build in _MINE.items()}
    groups = [_group(session, code, statement) for code, statement in mine.items()]
    needs_you = sum(group.total for group in groups)
    others = _group(session, "others", pending.waiting_for_others(viewer, project_id, now))
    coming = _group(session, "coming", pending.coming_up(viewer, project_id, now))
    since = last_visit(session, viewer, now)
    changed, changes_total = _shown(session, pending.changes_since(viewer, project_id, since, now))
    return Today(
        groups=tuple(group for group in (*groups, others, coming) if group.total),
        needs_you=needs_you,
        waits_for_others=others.total,
        since=since,
        changes=tuple(_change(row, since) for row in changed),
        changes_total=changes_total,
    )


def needs(session: Session, viewer: Viewer, project_id: int, now: datetime) -> int:
    """How many things need this viewer: the figure beside *Today* on every page, in one statement."""
    counts = [_counted(build(viewer, project_id, now)).scalar_subquery() for build in _MINE.values()]
    return int(session.scalar(select(sum(counts[1:], start=counts[0] + 0))) or 0)


def last_visit(session: Session, viewer: Viewer, now: datetime) -> datetime:
    """When the viewer was last seen before the present sign-in; at most seven days ago."""
    seen = session.scalars(
        select(UserSession.seen_at)
        .where(UserSession.user_id == viewer.user_id)
        .order_by(UserSession.created_at.desc())
        .offset(1)
        .limit(1)
    ).first()
    earliest = now - LONGEST_ABSENCE
    return earliest if seen is None else max(seen, earliest)


_MINE = {
    "verify": pending.to_verify,
    "results": pending.without_results,
    "drafts": pending.unfinished_drafts,
    "costs": pending.incomplete_costs,
}


def _counted(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return select(func.count()).select_from(statement.order_by(None).subquery())


def _shown(session: Session, statement: Select[*tuple[Any, ...]]) -> tuple[Sequence[Any], int]:
    """The first rows and how many there are; counted only when there may be more than those shown."""
    rows = session.execute(statement.limit(ROWS_PER_GROUP)).mappings().all()
    if len(rows) < ROWS_PER_GROUP:
        return rows, len(rows)
    return rows, int(session.scalar(_counted(statement)) or 0)


def _group(session: Session, code: str, statement: Select[*tuple[Any, ...]]) -> Group:
    rows, total = _shown(session, statement)
    return Group(code=code, tasks=tuple(_task(row) for row in rows), total=total)


def _task(row: Any) -> Task:
    missing = tuple(word for word, column in (("receipt", "no_receipt"), ("rate", "no_rate")) if row.get(column))
    minor = row.get("amount_minor")
    by_day = not row.get("exact", True)
    return Task(
        at=_noon(row["from_on"]) if by_day else row["at"] or _known_start(row.get("sort_key")),
        by_day=by_day,
        kind=row["kind"],
        reference=row["reference"],
        title="" if by_day else row["title"] or "",
        waits_for=row.get("waits_for", ""),
        missing=missing,
        amount=None if minor is None else Money(minor, row["currency"]),
        key=row.get("key", ""),
    )


def _noon(day: date | None) -> datetime | None:
    """The same day in every zone of Europe."""
    return None if day is None else datetime.combine(day, time(12), UTC)


def _known_start(sort_key: int | None) -> datetime | None:
    return None if sort_key is None or sort_key < 0 else datetime.fromtimestamp(sort_key, UTC)


def _change(row: Any, since: datetime) -> Change:
    if row["withdrawn_at"] is not None:
        what = "withdrawn"
    elif row["created_at"] > since:
        what = "logged"
    elif row["verified_at"] is not None and row["verified_at"] > since:
        what = "verified"
    else:
        what = "amended"
    return Change(
        at=row["at"],
        kind=row["kind"],
        reference=row["reference"],
        title=row["title"] if row["exact"] else "",
        what=what,
        version=row["version"],
        exact=bool(row["exact"]),
    )
