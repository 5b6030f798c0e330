"""May this list leave as a file, and what is written down when it does? Reason, recipient, filter, rows and hash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.errors import InvalidInput, ReasonRequired
from registry.domain.filters import ActivityFilters
from registry.domain.permissions import Permission, Role, Viewer
from registry.models.activities import Activity
from registry.models.projects import Project
from registry.queries.activities import iterate
from registry.queries.activity_rows import ActivityRow
from registry.queries.filtering import conditions, scope_of
from registry.services import access, audit

FORMS = ("csv", "xlsx")
LONGEST_REASON = 400
LONGEST_RECIPIENT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportActivities:
    """Everything that matches, as a file. ``recipient`` names who gets it when it leaves the project (decision 40)."""

    project: str
    filters: ActivityFilters
    form: str = "csv"
    reason: str = ""
    recipient: str = ""
    leaves_project: bool = False

    def __post_init__(self) -> None:
        errors: dict[str, list[str]] = {}
        if self.form not in FORMS:
            errors["form"] = ["Choose csv or xlsx."]
        if self.leaves_project and not self.recipient.strip():
            errors["recipient"] = ["Say who gets the file."]
        if len(self.recipient) > LONGEST_RECIPIENT:
            errors["recipient"] = [f"Use at most {LONGEST_RECIPIENT} characters."]
        if len(self.reason) > LONGEST_REASON:
            errors["reason"] = [f"Use at most {LONGEST_REASON} characters."]
        if errors:
            raise InvalidInput(errors)


def is_protected(session: Session, viewer: Viewer, project: Project, filters: ActivityFilters, clock: Clock) -> bool:
    """Whether an export shows an exact place that is not published, or an auditor makes it (decision 40)."""
    if project.read_only:
        return False
    if Role.AUDITOR in viewer.roles_in(project.id):
        return True
    scope = scope_of(session, viewer, project.id, clock.now())
    exact = select(Activity.id).where(*conditions(filters, scope), scope.exact).limit(1)
    return session.scalar(exact) is not None


def allowed_rows(session: Session, command: ExportActivities, *, actor: Viewer, clock: Clock) -> Iterator[ActivityRow]:
    """The rows of the file in the order of the list, at the actor's precision.

    NotFound, NotAllowed without the right, ReasonRequired where protected records are among them.
    """
    project = _project(session, command, actor)
    why_needed = command.leaves_project or is_protected(session, actor, project, command.filters, clock)
    if why_needed and not command.reason.strip():
        raise ReasonRequired("Say in a few words what the file is for.")
    return iterate(session, actor, project.id, command.filters, now=clock.now())


def record_export(
    session: Session, command: ExportActivities, *, rows: int, content_hash: str, actor: Viewer, clock: Clock
) -> None:
    """Write down that the file was made: its filter, how many rows, the hash of its bytes, why and for whom."""
    project = _project(session, command, actor)
    audit.record(
        session,
        actor=actor,
        action="activity.export",
        subject=project.reference,
        project_id=project.id,
        clock=clock,
        reason=command.reason.strip(),
        touched=rows,
        content_hash=content_hash,
        details={
            "filter": command.filters.query_string(),
            "form": command.form,
            "recipient": command.recipient.strip(),
            "leaves_project": command.leaves_project,
        },
    )


def _project(session: Session, command: ExportActivities, actor: Viewer) -> Project:
    project = access.project_for(session, actor, command.project)
    access.check_project_right(actor, project, Permission.ACTIVITY_EXPORT)
    return project
