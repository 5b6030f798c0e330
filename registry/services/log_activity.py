"""How does a joint activity enter the registry? Once, however often it is sent, with a number of its owner's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.domain.activities import Kind, Status
from registry.domain.activity_checks import Faults
from registry.domain.clock import Clock
from registry.domain.command_parts import TeamFacts
from registry.domain.commands import LogActivity, fingerprint
from registry.domain.errors import Conflict, InvalidInput, NotAllowed
from registry.domain.permissions import Permission, Role, Viewer
from registry.domain.workflows import STATES, apply, entry_verb
from registry.models.activities import Activity
from registry.models.projects import Organisation, Project
from registry.services import access, audit, derive, record_costs
from registry.services.activity_content import write_content
from registry.services.activity_texts import write_text
from registry.services.references import next_reference

LOGGING_ROLES = (Role.OFFICER, Role.COORDINATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """The reference of the record; ``created`` is False when it had been sent before. Warnings by field."""

    reference: str
    created: bool
    warnings: Faults = field(default_factory=dict)


def log(session: Session, command: LogActivity, *, actor: Viewer, clock: Clock) -> Logged:
    """Log a joint activity with its costs.

    InvalidInput by field; NotAllowed without the right; Conflict when the key was used for other content or by
    somebody else. The same user and body again gets the first record (decision 20).
    """
    project = access.project_for(session, actor, command.project)
    access.check_project_right(actor, project, Permission.ACTIVITY_LOG)
    known = _already(session, command, actor)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            return _log_new(session, command, project, actor, clock)
    except IntegrityError:
        # Sent twice at the same instant: the other one came first.
        known = _already(session, command, actor)
        if known is None:
            raise
        return known


def _log_new(session: Session, command: LogActivity, project: Project, actor: Viewer, clock: Clock) -> Logged:
    owner = owner_of(session, command.organisation, project, actor)
    if command.parent:
        access.check_parent(session, actor, command.parent, project, now=clock.now())
    with derive.changing(session) as ids:
        activity, warnings = create(session, command, project, owner, actor=actor, clock=clock)
        ids.append(activity.id)
    record_costs.add_to_activity(session, activity, command.costs, project, actor=actor, clock=clock)
    audit.record(
        session,
        actor=actor,
        action="activity.log",
        subject=activity.reference,
        project_id=project.id,
        clock=clock,
        content_hash=activity.body_hash or "",
    )
    return Logged(reference=activity.reference, created=True, warnings=warnings)


def create(
    session: Session,
    command: LogActivity,
    project: Project,
    owner: Organisation,
    *,
    actor: Viewer,
    clock: Clock,
    import_batch_id: int | None = None,
) -> tuple[Activity, Faults]:
    """The new record and what is worth asking back; only inside ``derive.changing``, audit is the caller's."""
    now = clock.now()
    activity = Activity(
        project_id=project.id,
        kind=str(command.kind),
        owner_organisation_id=owner.id,
        client_uuid=command.client_uuid,
        body_hash=fingerprint(command),
        logged_by=actor.user_id,
        import_batch_id=import_batch_id,
        created_at=now,
        updated_at=now,
    )
    with session.no_autoflush:  # half a record is not to be stored
        warnings = write_content(session, activity, command, project)
        activity.status = str(_first_status(command, now))
        year = (activity.from_on or activity.until_on or now.date()).year
        activity.reference = next_reference(session, str(command.kind), owner, year)
    session.add(activity)
    session.flush()  # the search words need the id
    write_text(session, activity)
    return activity, warnings


def _first_status(command: LogActivity, now: datetime) -> Status:
    """Planned when it lies ahead, else held; an import may name another state of the kind's life."""
    if command.status is not None:
        if command.status not in STATES[command.kind]:
            raise InvalidInput({"status": [f"A {command.kind.label} has no state {command.status}."]})
        return command.status
    return apply(command.kind, None, entry_verb(command.kind, ahead=lies_ahead(command, now)))


def lies_ahead(command: LogActivity, now: datetime) -> bool:
    """Whether it has not begun: for a team, whether its agreement is not signed yet."""
    if command.kind is Kind.JOINT_INVESTIGATION_TEAM and isinstance(command.facts_of_kind, TeamFacts):
        signed_on = command.facts_of_kind.signed_on
        return signed_on is None or signed_on > now.date()
    if command.period is not None:
        return command.period.starts_at > now
    return command.starts_on is not None and command.starts_on.from_on > now.date()


def owner_of(session: Session, short: str, project: Project, actor: Viewer) -> Organisation:
    """The organisation whose record it is: the logging user's; who acts for several, or for all, names it."""
    acting = actor.organisations_in(project.id, *LOGGING_ROLES)
    if not short:
        if len(acting) != 1:
            raise InvalidInput({"organisation": ["Say for which organisation you log this."]})
        return session.get_one(Organisation, next(iter(acting)))
    found = session.scalar(select(Organisation).where(Organisation.short == short))
    if found is None:
        raise InvalidInput({"organisation": [f"No authority is called “{short}” here."]})
    if found.id not in acting and not actor.unmasked:
        raise NotAllowed("You log for your own organisation only.")
    return found


def _already(session: Session, command: LogActivity, actor: Viewer) -> Logged | None:
    """The first record of the same key, after a write that the database must confirm; Conflict for another's."""
    found = session.execute(
        select(Activity.id, Activity.reference, Activity.logged_by, Activity.body_hash).where(
            Activity.client_uuid == command.client_uuid
        )
    ).one_or_none()
    if found is None:
        return None
    if found.logged_by != actor.user_id:
        raise Conflict("This key belongs to another record. Load the form again to get a new one.")
    if found.body_hash != fingerprint(command):
        raise Conflict(f"This was saved as {found.reference} with other content. Amend that record instead.")
    # A bare read could acknowledge what a standby has not got: the answer waits for a write of its own.
    session.execute(
        update(Activity)
        .where(Activity.id == found.id)
        .values(body_hash=Activity.body_hash)
        .execution_options(synchronize_session=False)
    )
    return Logged(reference=found.reference, created=False)
