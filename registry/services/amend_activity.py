"""How is a record mended? By a new version with a reason; the old one stays readable, verification is asked anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Kind, Status, is_planned
from registry.domain.activity_checks import Faults
from registry.domain.clock import Clock
from registry.domain.commands import AmendActivity, LogActivity
from registry.domain.errors import InvalidInput, StaleVersion
from registry.domain.permissions import Permission, Viewer
from registry.domain.workflows import Verb, apply
from registry.models.activities import Activity
from registry.models.projects import Project
from registry.services import access, audit, derive, record_costs
from registry.services.activity_content import write_content
from registry.services.activity_texts import write_text
from registry.services.activity_versions import keep_version
from registry.services.log_activity import lies_ahead

REOPENED = "The record had been verified. Its hosts are asked to verify the new version."


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """The new version; ``reopened`` says that a verification was taken back. Warnings by field."""

    reference: str
    version: int
    reopened: bool
    warnings: Faults = field(default_factory=dict)


def amend(session: Session, command: AmendActivity, *, actor: Viewer, clock: Clock) -> Amended:
    """Write a new version of a record; new costs are added, recorded ones have a life of their own.

    NotFound, NotAllowed; StaleVersion when somebody was faster; InvalidInput by field.
    """
    activity, _ = access.activity_for(session, actor, command.reference, Permission.ACTIVITY_AMEND, now=clock.now())
    _lock(session, activity, command.expected_version)
    changes = command.changes
    if changes.kind != activity.kind:
        raise InvalidInput({"kind": ["The kind of a record stays. Withdraw it and log another."]})
    project = session.get_one(Project, activity.project_id)
    _check_parent(session, activity, changes.parent, project, actor=actor, now=clock.now())
    status = _status_after(activity, changes, clock.now())
    with derive.changing(session, [activity.id]):
        keep_version(session, activity, command.reason, actor=actor, clock=clock)
        reopened = activity.verified_at is not None or any(leg.verified_at for leg in activity.legs)
        warnings = _rewrite(session, activity, changes, project)
        activity.status = str(status)
        activity.verified_at = activity.released_at = None
        activity.tallied = False
        session.flush()  # the words are gathered from the new parts
        write_text(session, activity)
    record_costs.add_to_activity(session, activity, changes.costs, project, actor=actor, clock=clock)
    audit.record(
        session,
        actor=actor,
        action="activity.amend",
        subject=activity.reference,
        project_id=project.id,
        clock=clock,
        reason=command.reason,
        details={"version": activity.version, "verification_reopened": reopened},
    )
    told: Faults = {"verification": [REOPENED]} if reopened else {}
    return Amended(
        reference=activity.reference, version=activity.version, reopened=reopened, warnings={**warnings, **told}
    )


def _check_parent(
    session: Session, activity: Activity, parent: str, project: Project, *, actor: Viewer, now: datetime
) -> None:
    """A parent may stay, whoever amends; a new one is one that the actor may list."""
    present = select(Activity.reference).where(Activity.id == activity.parent_id)
    if parent and parent != session.scalar(present):
        access.check_parent(session, actor, parent, project, now=now)


def _lock(session: Session, activity: Activity, expected_version: int) -> None:
    """Nobody else amends meanwhile; StaleVersion when somebody did before."""
    session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update())
    session.refresh(activity)
    if activity.version != expected_version:
        raise StaleVersion(
            f"{activity.reference} is now at version {activity.version}; you changed version {expected_version}. "
            "Open it again and repeat your change."
        )


def _rewrite(session: Session, activity: Activity, changes: LogActivity, project: Project) -> Faults:
    """Old parts go before new ones come: both databases check uniqueness row by row."""
    activity.participations, activity.legs, activity.outcomes = [], [], []
    activity.place = activity.joint_patrol = activity.observation = activity.team = None
    session.flush()
    with session.no_autoflush:  # half a record is not to be stored
        return write_content(session, activity, changes, project)


def _status_after(activity: Activity, changes: LogActivity, now: datetime) -> Status:
    """A plan whose time has passed becomes a report; otherwise the state stays."""
    kind = Kind(activity.kind)
    if is_planned(activity.status) and not lies_ahead(changes, now):
        verb = Verb.SIGN_AGREEMENT if kind is Kind.JOINT_INVESTIGATION_TEAM else Verb.REPORT
        return apply(kind, activity.status, verb)
    return apply(kind, activity.status, Verb.AMEND)
