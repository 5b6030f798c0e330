"""May this viewer reach this one thing? The one door to single protected objects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.errors import InvalidInput, NotAllowed, NotFound, ReadOnly
from registry.domain.permissions import Permission, Role, Viewer
from registry.domain.precision import View, view_of
from registry.models.activities import Activity, Participation
from registry.models.projects import Project
from registry.queries.visibility import facts_of, visible_to

NO_PARENT = "This project has no such activity."

_WRITES = frozenset(
    {
        Permission.ACTIVITY_LOG,
        Permission.ACTIVITY_AMEND,
        Permission.ACTIVITY_VERIFY,
        Permission.ACTIVITY_WITHDRAW,
        Permission.ACTIVITY_IMPORT,
        Permission.COST_RECORD,
    }
)


def project_for(session: Session, viewer: Viewer, reference: str) -> Project:
    """The project, if the viewer belongs to it or it is a published one; NotFound otherwise."""
    project = session.scalar(select(Project).where(Project.reference == reference))
    if project is None:
        raise NotFound(f"There is no project {reference}, or you do not belong to it.")
    if viewer.unmasked or project.id in viewer.project_ids() or (project.read_only and viewer.user_id is not None):
        return project
    raise NotFound(f"There is no project {reference}, or you do not belong to it.")


def check_project_right(viewer: Viewer, project: Project, permission: Permission) -> None:
    """Raise NotAllowed without the right in the project, ReadOnly for a write into a published record."""
    if project.read_only and not viewer.unmasked:
        if permission in _WRITES:
            raise ReadOnly("The published record is for reading only.")
        if permission in (Permission.ACTIVITY_VIEW, Permission.ACTIVITY_EXPORT):
            return
    if not viewer.may(permission, project.id):
        raise NotAllowed(f"Your role in {project.acronym} does not include this.")


def participants_of(session: Session, activity_id: int) -> frozenset[int]:
    """The organisations that take part in an activity."""
    rows = session.scalars(select(Participation.organisation_id).where(Participation.activity_id == activity_id))
    return frozenset(organisation for organisation in rows if organisation is not None)


def view_for(session: Session, viewer: Viewer, activity: Activity, now: datetime) -> View:
    """The precision at which the viewer sees a loaded activity."""
    published = bool(session.scalar(select(Project.read_only).where(Project.id == activity.project_id)))
    return view_of(facts_of(activity, participants_of(session, activity.id), published=published), viewer, now)


def activity_for(
    session: Session, viewer: Viewer, reference: str, permission: Permission, *, now: datetime
) -> tuple[Activity, View]:
    """One activity with the viewer's precision.

    Raises NotFound when the viewer may not know of it, NotAllowed when it is visible but the right is missing or, for
    writes, the viewer's organisation has no part in it.
    """
    activity = session.scalar(select(Activity).where(Activity.reference == reference))
    if activity is None:
        raise NotFound(f"There is no activity {reference}, or you may not see it.")
    view = view_for(session, viewer, activity, now)
    if not view.listed:
        raise NotFound(f"There is no activity {reference}, or you may not see it.")
    project = session.get_one(Project, activity.project_id)
    check_project_right(viewer, project, permission)
    if permission in _WRITES:
        _check_part(viewer, activity, view, permission)
    return activity, view


def check_parent(session: Session, viewer: Viewer, reference: str, project: Project, *, now: datetime) -> None:
    """InvalidInput on ``parent`` unless the viewer may list that activity of the project: nothing is probed by it."""
    same = (Activity.reference == reference, Activity.project_id == project.id)
    if session.scalar(visible_to(select(Activity.id), viewer, now).where(*same)) is None:
        raise InvalidInput({"parent": [NO_PARENT]})


def _check_part(viewer: Viewer, activity: Activity, view: View, permission: Permission) -> None:
    if viewer.unmasked:
        return
    if not view.exact:
        raise NotAllowed("Only an organisation that owns the record or takes part in it may change it.")
    if permission in (Permission.ACTIVITY_AMEND, Permission.ACTIVITY_WITHDRAW):
        owner, project_id = activity.owner_organisation_id, activity.project_id
        coordinates = owner in viewer.organisations_in(project_id, Role.COORDINATOR)
        logged = owner in viewer.organisations_in(project_id, Role.OFFICER) and activity.logged_by == viewer.user_id
        if not coordinates and not logged:
            raise NotAllowed("Officers amend the records they logged; coordinators those of their organisation.")
