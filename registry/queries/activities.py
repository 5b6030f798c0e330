"""Which activities does this viewer list, newest day first, page by page, and how many are there?

Within a day the order is that of recording, for everybody: an order by instants would tell who sees only the day which
of two patrols was earlier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from registry.domain.errors import InvalidInput
from registry.domain.filters import ActivityFilters
from registry.domain.permissions import Viewer
from registry.models.activities import Activity
from registry.queries import counting
from registry.queries.activity_rows import ActivityRow, rows_of
from registry.queries.filtering import Scope, conditions, scope_of

PAGE = 50
EXPORT_CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of records: those shown, how many match, how many there are without filters, and the cursors.

    ``newer`` and ``older`` are references to go on from, empty at either end.
    """

    rows: tuple[ActivityRow, ...]
    matching: int
    total: int
    newer: str
    older: str

    @property
    def shown(self) -> int:
        """How many records are on this page."""
        return len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    """A place in the order: a day (None: unknown, which comes last) and a key."""

    from_on: date | None
    id: int


def listing(
    session: Session,
    viewer: Viewer,
    project_id: int | None,
    filters: ActivityFilters,
    *,
    now: datetime,
    after: str = "",
    before: str = "",
    limit: int = PAGE,
) -> Listing:
    """A page of the records that match, after or before the record of a reference; no offset anywhere.

    ``project_id`` None: all projects the viewer may see. InvalidInput for a cursor the viewer may not list.
    """
    scope = scope_of(session, viewer, project_id, now)
    ids, more = _page(session, scope, filters, after=after, before=before, limit=limit)
    rows = rows_of(session, scope, ids)
    groups = counting.by_kind_and_status(session, scope, filters)
    return Listing(
        rows=rows,
        matching=counting.matching(groups, filters),
        total=_total(session, scope, filters, groups),
        newer=rows[0].reference if rows and (after or (before and more)) else "",
        older=rows[-1].reference if rows and (before or more) else "",
    )


def _total(session: Session, scope: Scope, filters: ActivityFilters, groups: counting.Groups) -> int:
    """Everything the viewer may list here, unfiltered."""
    nothing = ActivityFilters()
    if filters.without("kind", "status"):
        groups = counting.by_kind_and_status(session, scope, nothing)
    return counting.matching(groups, nothing)


def iterate(
    session: Session, viewer: Viewer, project_id: int | None, filters: ActivityFilters, *, now: datetime
) -> Iterator[ActivityRow]:
    """Every matching record in the order of the list, read a thousand at a time: for files, never for pages."""
    scope = scope_of(session, viewer, project_id, now)
    position: _Position | None = None
    while True:
        keys = _keys(session, scope, filters, position, EXPORT_CHUNK)
        yield from rows_of(session, scope, [key.id for key in keys])
        if len(keys) < EXPORT_CHUNK:
            return
        position = keys[-1]


def count(session: Session, viewer: Viewer, project_id: int | None, filters: ActivityFilters, *, now: datetime) -> int:
    """How many records match: the figure of the page, and of the file made from it."""
    scope = scope_of(session, viewer, project_id, now)
    return counting.matching(counting.by_kind_and_status(session, scope, filters), filters)


def _page(
    session: Session, scope: Scope, filters: ActivityFilters, *, after: str, before: str, limit: int
) -> tuple[list[int], bool]:
    """The keys of a page in the order of the list, and whether there are more in the direction it was read."""
    if before:
        keys = _keys(session, scope, filters, _position(session, scope, before, "before"), limit + 1, backwards=True)
        return [key.id for key in keys[:limit][::-1]], len(keys) > limit
    start = _position(session, scope, after, "after") if after else None
    keys = _keys(session, scope, filters, start, limit + 1)
    return [key.id for key in keys[:limit]], len(keys) > limit


def _position(session: Session, scope: Scope, reference: str, field: str) -> _Position:
    query = select(Activity.from_on, Activity.id).where(Activity.reference == reference, scope.listed)
    found = session.execute(query).first()
    if found is None:
        raise InvalidInput({field: ["The list has changed. Begin again with its first page."]})
    return _Position(from_on=found[0], id=found[1])


def _keys(
    session: Session,
    scope: Scope,
    filters: ActivityFilters,
    start: _Position | None,
    limit: int,
    *,
    backwards: bool = False,
) -> list[_Position]:
    """Up to ``limit`` positions beyond ``start``: days first, then records without a day (or the other way round)."""
    query: Select[*tuple[Any, ...]] = select(Activity.from_on, Activity.id).where(*conditions(filters, scope))
    found: list[_Position] = []
    for part in _parts(start, backwards=backwards):
        if len(found) < limit:
            rows = session.execute(_in_order(query.where(part), backwards=backwards).limit(limit - len(found)))
            found += [_Position(from_on=row[0], id=row[1]) for row in rows]
    return found


def _parts(start: _Position | None, *, backwards: bool) -> list[ColumnElement[bool]]:
    """The stretches of the list beyond ``start``, in the order in which they are walked."""
    dated, undated = Activity.from_on.is_not(None), Activity.from_on.is_(None)
    if start is None:
        return [dated, undated]
    beyond = Activity.id > start.id if backwards else Activity.id < start.id
    if start.from_on is None:
        here = and_(undated, beyond)
        return [here, dated] if backwards else [here]
    day = Activity.from_on
    # The first half alone bounds the walk through the index; the second drops the start's own neighbours.
    if backwards:
        return [and_(day >= start.from_on, or_(day > start.from_on, beyond))]
    return [and_(day <= start.from_on, or_(day < start.from_on, beyond)), undated]


def _in_order(query: Select[*tuple[Any, ...]], *, backwards: bool) -> Select[*tuple[Any, ...]]:
    if backwards:
        return query.order_by(Activity.from_on, Activity.id)
    return query.order_by(Activity.from_on.desc(), Activity.id.desc())
