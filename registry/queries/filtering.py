"""Which records may this viewer list here, and which of them do the filters leave? As conditions over ``Activity``.

Every condition acts on what the viewer may know: text on the exact words only where the place is exact, places on
sections and borders, times on whole days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, not_, or_, select, true
from sqlalchemy.orm import Session

from registry.db.search import matches
from registry.domain.activities import Status
from registry.domain.filters import WITH, YES, ActivityFilters
from registry.domain.permissions import Viewer
from registry.domain.precision import NO_CONTENT_ROLES
from registry.domain.text import fold
from registry.models.activities import Activity, OutcomeCount, Participation
from registry.models.geography import Border, BorderSection
from registry.models.projects import Organisation, Project, WorkPackage
from registry.queries.visibility import exact_for, listable, listable_in
from registry.reference import table

FINDINGS = tuple(row["code"] for row in table("measures") if row["is_finding"] == "yes")
"""Measures that say what was found; controls and consultations are effort."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Who looks, into which project (None: all the viewer may see), at which instant."""

    viewer: Viewer
    project_id: int | None
    now: datetime
    read_only_projects: frozenset[int]

    @property
    def listed(self) -> Condition:
        """What the viewer may list here, at whatever precision; withdrawn records too."""
        if self.project_id is None:
            return listable(self.viewer, self.now)
        inside = Activity.project_id == self.project_id
        if self.project_id in self.read_only_projects and self.viewer.user_id is not None:
            return inside
        return and_(inside, listable_in(self.project_id, self.viewer, self.now))

    @property
    def exact(self) -> Condition:
        """What the viewer sees exactly."""
        if self.project_id in self.read_only_projects and self.viewer.user_id is not None:
            return true()
        projects = self.viewer.project_ids() if self.project_id is None else frozenset({self.project_id})
        return exact_for(self.viewer, projects)

    @property
    def released_projects(self) -> frozenset[int] | None:
        """The projects all of whose released records the viewer may list (None: of every project)."""
        if self.viewer.unmasked and self.project_id is None:
            return None
        if self.project_id is not None and self.viewer.unmasked:
            return frozenset({self.project_id})
        reading = {m.project_id for m in self.viewer.memberships if m.role not in NO_CONTENT_ROLES and m.project_id}
        if self.viewer.user_id is not None:
            reading |= self.read_only_projects
        return frozenset(reading if self.project_id is None else reading & {self.project_id})


def scope_of(session: Session, viewer: Viewer, project_id: int | None, now: datetime) -> Scope:
    """The scope of a viewer in a project, or in all of theirs."""
    published = select(Project.id).where(Project.read_only)
    if project_id is not None:
        published = published.where(Project.id == project_id)
    return Scope(
        viewer=viewer, project_id=project_id, now=now, read_only_projects=frozenset(session.scalars(published))
    )


def conditions(filters: ActivityFilters, scope: Scope) -> list[Condition]:
    """What the filters leave of what is listed; withdrawn records are left out unless their state is asked for."""
    return [*besides_states(filters, scope), *_states(filters)]


def besides_states(filters: ActivityFilters, scope: Scope) -> list[Condition]:
    """The same without what the filters say of kinds and states, and with withdrawn records."""
    return [scope.listed, *_days(filters), *_places(filters), *_others(filters, scope)]


def _states(filters: ActivityFilters) -> Iterator[Condition]:
    if filters.kind:
        yield Activity.kind.in_(filters.kind)
    if filters.status:
        yield Activity.status.in_(filters.status)
    else:
        yield Activity.status != Status.WITHDRAWN


def _days(filters: ActivityFilters) -> Iterator[Condition]:
    if filters.from_on is not None:
        yield Activity.from_on >= filters.from_on
    if filters.until_on is not None:
        yield Activity.from_on < filters.until_on


def _places(filters: ActivityFilters) -> Iterator[Condition]:
    parts = select(Participation.activity_id).where(Participation.activity_id == Activity.id)
    if filters.country:
        yield parts.where(Participation.country_iso2.in_(filters.country)).exists()
    if filters.organisation:
        ids = select(Organisation.id).where(Organisation.short.in_(filters.organisation))
        yield parts.where(Participation.organisation_id.in_(ids)).exists()
    if filters.border:
        yield Activity.border_id.in_(select(Border.id).where(Border.code.in_(filters.border)))
    if filters.section:
        yield Activity.section_id.in_(select(BorderSection.id).where(BorderSection.code.in_(filters.section)))


def _others(filters: ActivityFilters, scope: Scope) -> Iterator[Condition]:
    if filters.crime_area:
        areas: Any = literal("|") + Activity.crime_areas + literal("|")
        yield or_(false(), *(areas.contains(f"|{code}|", autoescape=True) for code in filters.crime_area))
    if filters.work_package:
        yield Activity.work_package_id.in_(select(WorkPackage.id).where(WorkPackage.code.in_(filters.work_package)))
    if filters.result:
        yield with_findings() if filters.result == WITH else without_findings()
    if filters.verified:
        known = Activity.verified_at.is_not(None)
        yield known if filters.verified == YES else not_(known)
    if filters.parent:
        # A parent that the viewer may not list has no children either: nothing is told by asking.
        parents = select(Activity.id).where(Activity.reference == filters.parent, scope.listed).correlate(None)
        yield Activity.parent_id.in_(parents)
    if filters.q:
        yield text_condition(filters.q, scope)


def text_condition(words: str, scope: Scope) -> Condition:
    """Every word occurs: in all texts of what the viewer sees exactly, in the coarse ones of the rest."""
    folded = fold(words)
    everything, coarse = matches(Activity.id, "exact", folded), matches(Activity.id, "coarse", folded)
    return or_(and_(scope.exact, everything), and_(not_(scope.exact), coarse))


def with_findings() -> Condition:
    """Something was found: any finding above zero."""
    found = select(OutcomeCount.id).where(
        OutcomeCount.activity_id == Activity.id, OutcomeCount.measure.in_(FINDINGS), OutcomeCount.value > 0
    )
    return found.exists()


def without_findings() -> Condition:
    """It was looked for and nothing was found: said so, or counted as zero; what was not counted is neither."""
    zero = select(OutcomeCount.id).where(
        OutcomeCount.activity_id == Activity.id, OutcomeCount.measure.in_(FINDINGS), OutcomeCount.value == 0
    )
    return and_(or_(Activity.nothing_found, zero.exists()), not_(with_findings()))
