"""What stands around every page: the viewer's projects, their organisation, and how many records they may list?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry.domain.permissions import Viewer
from registry.models.activities import Activity
from registry.models.projects import Organisation, Project
from registry.queries.visibility import visible_to

COUNTED_UP_TO = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """A project as the switcher and the chooser name it; ``own`` when the viewer belongs to it."""

    id: int
    reference: str
    acronym: str
    title: str
    read_only: bool
    is_demo: bool
    own: bool


def projects_of(session: Session, viewer: Viewer) -> tuple[ProjectLine, ...]:
    """The projects the viewer belongs to, by acronym, then the published ones that everybody may read."""
    own = viewer.project_ids()
    chosen = or_(Project.id.in_(own), Project.read_only)
    rows = session.execute(
        select(Project.id, Project.reference, Project.acronym, Project.title, Project.read_only, Project.is_demo)
        .where(chosen)
        .order_by(Project.read_only, Project.acronym, Project.id)
    ).mappings()
    return tuple(ProjectLine(**row, own=row["id"] in own) for row in rows)


def organisation_name(session: Session, organisation_id: int | None) -> str:
    """The name of an organisation; empty for none."""
    if organisation_id is None:
        return ""
    return session.scalar(select(Organisation.name).where(Organisation.id == organisation_id)) or ""


def listed(session: Session, viewer: Viewer, project_id: int, now: datetime) -> int:
    """How many records of the project the viewer may list, counted no further than one past 10,000."""
    statement = select(Activity.id).where(Activity.project_id == project_id, Activity.withdrawn_at.is_(None))
    some = visible_to(statement, viewer, now).limit(COUNTED_UP_TO + 1).subquery()
    return int(session.scalar(select(func.count()).select_from(some)) or 0)
