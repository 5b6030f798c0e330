"""How many records match, by kind, state, country, organisation, border and section?

Released records are counted from the stored tallies where the filters are kinds, states, whole months and at most one
place; what is not released yet and the viewer may list is counted live and added (decision 3). Everything else is live.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from registry.domain.activities import Status
from registry.domain.filters import ActivityFilters
from registry.models.activities import Activity, Participation
from registry.models.aggregates import ReleasedTally
from registry.models.geography import Border, BorderSection
from registry.models.projects import Organisation
from registry.queries.filtering import Scope, besides_states, conditions

PLACES = ("country", "organisation", "border", "section")
"""The facets that the stored counts know besides kind and state."""

_MANY_PER_RECORD = frozenset({"country", "organisation"})
Groups = Counter[tuple[str, str]]


def by_kind_and_status(session: Session, scope: Scope, filters: ActivityFilters) -> Groups:
    """Matching records per (kind, state), whatever kinds and states the filters name."""
    base = filters.without("kind", "status")
    stored = _stored(session, scope, base)
    live = besides_states(base, scope)
    found: Groups = Counter()
    if stored is not None:
        live.append(_not_stored(scope))
        query = select(ReleasedTally.kind, ReleasedTally.status, func.sum(ReleasedTally.activities)).where(*stored)
        _add(found, session.execute(query.group_by(ReleasedTally.kind, ReleasedTally.status)))
    # Not the bare columns: their index would be walked whole for the sake of the grouping.
    kind, status = func.coalesce(Activity.kind, ""), func.coalesce(Activity.status, "")
    query = select(kind.label("k"), status.label("s"), func.count()).where(*live).group_by("k", "s")
    _add(found, session.execute(query))
    return found


def _add(found: Counter[Any], rows: Iterable[Any]) -> None:
    for *key, number in rows:
        found[tuple(key) if len(key) > 1 else key[0]] += int(number)


def _not_stored(scope: Scope) -> ColumnElement[bool]:
    """What the stored counts do not hold, by its keys: a planner left alone walks the whole project to group it."""
    waiting = aliased(Activity)
    keys = select(waiting.id).where(waiting.tallied.is_(False))
    if scope.project_id is not None:
        keys = keys.where(waiting.project_id == scope.project_id)
    elif scope.released_projects is not None:
        keys = keys.where(waiting.project_id.in_(sorted(scope.released_projects)))
    return Activity.id.in_(keys)


def matching(groups: Groups, filters: ActivityFilters) -> int:
    """How many of the groups' records the filters' kinds and states leave."""
    return sum(number for (kind, status), number in groups.items() if _fits(kind, status, filters))


def _fits(kind: str, status: str, filters: ActivityFilters) -> bool:
    if filters.kind and kind not in filters.kind:
        return False
    return status in filters.status if filters.status else status != Status.WITHDRAWN


def per_kind(groups: Groups, filters: ActivityFilters) -> Counter[str]:
    """Records per kind under all filters but that on the kind."""
    others = filters.without("kind")
    found: Counter[str] = Counter()
    for (kind, status), number in groups.items():
        if _fits(kind, status, others):
            found[kind] += number
    return found


def per_status(groups: Groups, filters: ActivityFilters) -> Counter[str]:
    """Records per state under all filters but that on the state; withdrawn ones are a state like any other."""
    found: Counter[str] = Counter()
    for (kind, status), number in groups.items():
        if not filters.kind or kind in filters.kind:
            found[status] += number
    return found


def by_place(session: Session, scope: Scope, filters: ActivityFilters) -> dict[str, Counter[str]]:
    """Records per country, organisation (short code), border and section, each ignoring its own filter."""
    found: dict[str, Counter[str]] = {name: Counter() for name in PLACES}
    bases = {name: filters.without(name) for name in PLACES}
    stored = [name for name in PLACES if not any(getattr(bases[name], other) for other in PLACES)]
    stored = [name for name in stored if _months_only(bases[name])]
    if stored:
        _add_stored(session, scope, filters.without(*PLACES), stored, found)
    for name in PLACES:
        query = _per_value(name).where(*conditions(bases[name], scope))
        if name in stored:
            query = query.where(_not_stored(scope))
        _add(found[name], session.execute(query))
    return found


def _add_stored(
    session: Session, scope: Scope, base: ActivityFilters, names: list[str], found: dict[str, Counter[str]]
) -> None:
    query = (
        select(ReleasedTally.dimension, ReleasedTally.value, func.sum(ReleasedTally.activities))
        .where(*_of_projects(scope), *_months(base), *_chosen_states(base), ReleasedTally.dimension.in_(names))
        .group_by(ReleasedTally.dimension, ReleasedTally.value)
    )
    rows = [(row[0], row[1], int(row[2])) for row in session.execute(query)]
    shorts = _shorts(session, [value for name, value, _ in rows if name == "organisation"])
    for name, value, number in rows:
        found[name][shorts.get(value, value) if name == "organisation" else value] += number


def _shorts(session: Session, ids: list[str]) -> dict[str, str]:
    if not ids:
        return {}
    query = select(Organisation.id, Organisation.short).where(Organisation.id.in_([int(value) for value in ids]))
    return {str(row[0]): row[1] for row in session.execute(query)}


def _per_value(name: str) -> Select[*tuple[Any, ...]]:
    if name in _MANY_PER_RECORD:
        # An alias: conditions ask for participations of their own.
        part = aliased(Participation)
        number = func.count(Activity.id.distinct())
        if name == "country":
            of_country = select(part.country_iso2, number).select_from(Activity)
            joined = of_country.join(part, part.activity_id == Activity.id).where(part.country_iso2.is_not(None))
            return joined.group_by(part.country_iso2)
        of_short = select(Organisation.short, number).select_from(Activity)
        takers = of_short.join(part, part.activity_id == Activity.id)
        return takers.join(Organisation, Organisation.id == part.organisation_id).group_by(Organisation.short)
    model: Any = Border if name == "border" else BorderSection
    key = Activity.border_id if name == "border" else Activity.section_id
    places = select(model.code, func.count()).select_from(Activity)
    return places.join(model, model.id == key).group_by(model.code)


def _stored(session: Session, scope: Scope, base: ActivityFilters) -> list[ColumnElement[bool]] | None:
    """The rows of the stored counts that answer for the filters, or None where they cannot."""
    used = [name for name in PLACES if getattr(base, name)]
    if not _months_only(base) or len(used) > 1:
        return None
    name = used[0] if used else "all"
    values: tuple[str, ...] = getattr(base, name) if used else ("",)
    if name in _MANY_PER_RECORD and len(values) > 1:
        return None  # a record of both would be counted twice
    if name == "organisation":
        ids = session.scalars(select(Organisation.id).where(Organisation.short.in_(values)))
        values = tuple(str(found) for found in ids)
    return [
        *_of_projects(scope),
        *_months(base),
        and_(ReleasedTally.dimension == name, ReleasedTally.value.in_(values)),
    ]


def _months_only(base: ActivityFilters) -> bool:
    """Whether days, if any, are whole months and nothing is asked that the stored counts do not know."""
    unknown = base.q or base.result or base.verified or base.parent or base.crime_area or base.work_package
    return base.whole_months and not unknown


def _of_projects(scope: Scope) -> list[ColumnElement[bool]]:
    projects = scope.released_projects
    return [] if projects is None else [ReleasedTally.project_id.in_(sorted(projects))]


def _months(base: ActivityFilters) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if base.from_on or base.until_on:
        chosen.append(ReleasedTally.month > 0)
    if base.from_on is not None:
        chosen.append(ReleasedTally.month >= base.from_on.year * 100 + base.from_on.month)
    if base.until_on is not None:
        chosen.append(ReleasedTally.month < base.until_on.year * 100 + base.until_on.month)
    return chosen


def _chosen_states(base: ActivityFilters) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [ReleasedTally.kind.in_(base.kind)] if base.kind else []
    if base.status:
        return [*chosen, ReleasedTally.status.in_(base.status)]
    return [*chosen, ReleasedTally.status != Status.WITHDRAWN]
