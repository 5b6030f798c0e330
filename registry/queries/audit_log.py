"""Who did or read what? The audit log as the people see it who may: newest first, their projects and the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.domain.permissions import GRANTS, Permission, Viewer
from registry.models.audit import AuditEvent
from registry.models.projects import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One event, without what was written or read."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    project: str
    reason: str
    touched: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A page of the log and where it goes on."""

    rows: tuple[AuditRow, ...]
    older: int | None


def audited_projects(viewer: Viewer) -> frozenset[int]:
    """The projects whose log the viewer may read."""
    return frozenset(
        m.project_id for m in viewer.memberships if m.project_id is not None and Permission.AUDIT_VIEW in GRANTS[m.role]
    )


def events(
    session: Session, viewer: Viewer, *, before: int | None = None, words: str = "", limit: int = 100
) -> AuditPage:
    """Events of the viewer's projects and of the accounts; ``words`` are part of an actor, an action or a subject."""
    mine = or_(AuditEvent.project_id.is_(None), AuditEvent.project_id.in_(sorted(audited_projects(viewer))))
    statement = select(AuditEvent, Project.acronym).outerjoin(Project, Project.id == AuditEvent.project_id).where(mine)
    if before is not None:
        statement = statement.where(AuditEvent.id < before)
    for word in words.split():
        columns = (AuditEvent.actor, AuditEvent.action, AuditEvent.subject)
        statement = statement.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    found = session.execute(statement.order_by(AuditEvent.id.desc()).limit(limit + 1)).all()
    rows = tuple(_row(event, acronym or "") for event, acronym in found[:limit])
    return AuditPage(rows=rows, older=rows[-1].number if len(found) > limit else None)


def _row(event: AuditEvent, acronym: str) -> AuditRow:
    return AuditRow(
        number=event.id,
        at=event.at,
        actor=event.actor,
        action=event.action,
        subject=event.subject,
        project=acronym,
        reason=event.reason,
        touched=event.touched,
        hash=event.hash,
    )
