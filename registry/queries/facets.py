"""Which values can the list be narrowed by, and how many records has each? Only what the viewer may list is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Kind, Status
from registry.domain.filters import ActivityFilters
from registry.domain.permissions import Viewer
from registry.models.geography import BorderSection
from registry.models.projects import Organisation
from registry.queries import counting
from registry.queries.activity_rows import labels_of
from registry.queries.filtering import scope_of
from registry.queries.presentation import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value: its code in the URL, its name (empty where the page has a word for it), its count, whether chosen."""

    code: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The values of each facet, each counted under all filters but its own; chosen ones are there even at zero."""

    kind: tuple[FacetValue, ...]
    status: tuple[FacetValue, ...]
    country: tuple[FacetValue, ...]
    organisation: tuple[FacetValue, ...]
    border: tuple[FacetValue, ...]
    section: tuple[FacetValue, ...]


def facets(
    session: Session, viewer: Viewer, project_id: int | None, filters: ActivityFilters, *, now: datetime
) -> Facets:
    """Every facet of the list; kinds and states in their own order, places by count."""
    scope = scope_of(session, viewer, project_id, now)
    groups = counting.by_kind_and_status(session, scope, filters)
    places = counting.by_place(session, scope, filters)
    labels = labels_of(session)
    organisations = _organisation_names(session, {*places["organisation"], *filters.organisation})
    sections = _section_names(session, {*places["section"], *filters.section}, labels)
    return Facets(
        kind=_in_order(counting.per_kind(groups, filters), filters.kind, [str(kind) for kind in Kind]),
        status=_in_order(counting.per_status(groups, filters), filters.status, [str(status) for status in Status]),
        country=_by_count(places["country"], filters.country, labels.country),
        organisation=_by_count(
            places["organisation"], filters.organisation, lambda code: organisations.get(code, code)
        ),
        border=_by_count(places["border"], filters.border, labels.border),
        section=_by_count(places["section"], filters.section, lambda code: sections.get(code, code)),
    )


def own_shorts(session: Session, viewer: Viewer, project_id: int) -> tuple[str, ...]:
    """The short codes of the organisations the viewer acts for in the project."""
    ids = sorted(viewer.organisations_in(project_id))
    if not ids:
        return ()
    query = select(Organisation.short).where(Organisation.id.in_(ids)).order_by(Organisation.short)
    return tuple(session.scalars(query))


def _in_order(counts: Counter[str], chosen: tuple[str, ...], order: list[str]) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(code=code, label="", count=counts[code], chosen=code in chosen)
        for code in order
        if counts[code] > 0 or code in chosen
    )


def _by_count(counts: Counter[str], chosen: tuple[str, ...], name: Callable[[str], str]) -> tuple[FacetValue, ...]:
    codes = {code for code, number in counts.items() if number > 0} | set(chosen)
    values = [FacetValue(code=code, label=name(code), count=counts[code], chosen=code in chosen) for code in codes]
    return tuple(sorted(values, key=lambda value: (-value.count, value.label, value.code)))


def _organisation_names(session: Session, shorts: set[str]) -> Mapping[str, str]:
    if not shorts:
        return {}
    query = select(Organisation.short, Organisation.name).where(Organisation.short.in_(sorted(shorts)))
    return {row[0]: row[1] for row in session.execute(query)}


def _section_names(session: Session, codes: set[str], labels: Labels) -> Mapping[str, str]:
    if not codes:
        return {}
    query = select(BorderSection.code, BorderSection.number).where(BorderSection.code.in_(sorted(codes)))
    return {row[0]: f"{labels.border(row[0])} {row[1]}" for row in session.execute(query)}
