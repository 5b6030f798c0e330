"""Which activities may this viewer list? The one door to many protected objects; ``domain/precision.py`` in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from registry.domain.permissions import Role, Viewer
from registry.domain.precision import NO_CONTENT_ROLES, ActivityFacts
from registry.models.activities import Activity, Participation
from registry.models.projects import Project

S = TypeVar("S", bound="Select[*tuple[Any, ...]]")

_BYSTANDERS = frozenset(Role) - NO_CONTENT_ROLES - {Role.AUDITOR}


def visible_to(statement: S, viewer: Viewer, now: datetime) -> S:
    """Narrow a select over ``Activity`` to what the viewer may list, across all projects that the viewer belongs to."""
    return statement.where(listable(viewer, now))


def listable(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """The condition under which an activity is listed for the viewer, at whatever precision."""
    if viewer.unmasked:
        return true()
    projects = viewer.project_ids()
    rules = [and_(Activity.project_id == project, listable_in(project, viewer, now)) for project in sorted(projects)]
    if viewer.user_id is not None:
        rules.append(Activity.project_id.in_(select(Project.id).where(Project.read_only)))
    return or_(false(), *rules)


def listable_in(project_id: int, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """The same inside one project, where the condition on the project itself stands already."""
    roles = viewer.roles_in(project_id)
    if viewer.unmasked or Role.AUDITOR in roles:
        return true()
    rules: list[ColumnElement[bool]] = []
    if roles & _BYSTANDERS:
        rules.append(Activity.released_at <= now)
    if Role.LEAD_PARTNER in roles:
        rules.append(Activity.sensitive.is_(False))
    organisations = own_organisations(project_id, viewer)
    if organisations:
        rules.append(takes_part(organisations))
    return or_(false(), *rules)


def own_organisations(project_id: int, viewer: Viewer) -> frozenset[int]:
    """The organisations whose records the viewer sees exactly in a project."""
    seeing = _BYSTANDERS - {Role.ANALYST}
    return viewer.organisations_in(project_id, *seeing)


def takes_part(organisations: frozenset[int]) -> ColumnElement[bool]:
    """Whether one of the organisations owns the activity or takes part in it."""
    ids = sorted(organisations)
    parts = select(Participation.activity_id).where(
        Participation.activity_id == Activity.id, Participation.organisation_id.in_(ids)
    )
    # Only the activity comes from outside: the query around may itself be over participations.
    return or_(Activity.owner_organisation_id.in_(ids), parts.correlate(Activity).exists())


def exact_for(viewer: Viewer, project_ids: frozenset[int]) -> ColumnElement[bool]:
    """Whether the viewer sees the activity exactly: what filters on text and fine places act upon."""
    if viewer.unmasked:
        return true()
    rules = [
        and_(Activity.project_id == project, takes_part(own_organisations(project, viewer)))
        for project in sorted(project_ids)
        if own_organisations(project, viewer)
    ]
    if viewer.user_id is not None:
        rules.append(Activity.project_id.in_(select(Project.id).where(Project.read_only)))
    return or_(false(), *rules)


def facts_of(activity: Activity, participants: frozenset[int], *, published: bool) -> ActivityFacts:
    """The facts of a loaded activity that decide its precision."""
    return ActivityFacts(
        project_id=activity.project_id,
        kind=activity.kind,
        owner_organisation_id=activity.owner_organisation_id,
        participating_organisation_ids=participants,
        released_at=activity.released_at,
        sensitive=activity.sensitive,
        published=published,
    )
