"""How is a record taken back? With a reason, readable as before; it no longer counts and is no longer released."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.commands import WithdrawActivity
from registry.domain.permissions import Permission, Viewer
from registry.domain.workflows import Verb, apply
from registry.models.activities import Activity
from registry.services import access, audit, derive
from registry.services.activity_versions import keep_version


def withdraw(session: Session, command: WithdrawActivity, *, actor: Viewer, clock: Clock) -> Activity:
    """Withdraw a record; its costs stay, for money spent stays spent.

    NotFound, NotAllowed; InvalidTransition when it was withdrawn already.
    """
    now = clock.now()
    activity, _ = access.activity_for(session, actor, command.reference, Permission.ACTIVITY_WITHDRAW, now=now)
    session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update())
    session.refresh(activity)
    status = apply(activity.kind, activity.status, Verb.WITHDRAW)
    with derive.changing(session, [activity.id]):
        keep_version(session, activity, command.reason, actor=actor, clock=clock)
        activity.status = str(status)
        activity.withdrawn_at, activity.withdrawn_reason = now, command.reason
        activity.released_at, activity.tallied = None, False
    audit.record(
        session,
        actor=actor,
        action="activity.withdraw",
        subject=activity.reference,
        project_id=activity.project_id,
        clock=clock,
        reason=command.reason,
    )
    return activity
