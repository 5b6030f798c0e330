"""Does the host confirm what was logged? Each host its own legs, never by who logged it (four eyes)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.commands import VerifyActivity
from registry.domain.errors import Conflict, InvalidInput, NotAllowed
from registry.domain.permissions import Permission, Role, Viewer
from registry.domain.workflows import Verb, apply
from registry.models.activities import Activity, ActivityVersion, Leg
from registry.models.projects import Project
from registry.services import access, audit, derive
from registry.services.release import release_time

FOUR_EYES = "You logged or amended this record: somebody else of the host verifies it."
NOT_HOST = "A verifier or coordinator of the host verifies a record, each host its own legs."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Which legs were verified now, how many still wait, and when the record will be released (None: not yet set)."""

    reference: str
    legs: tuple[int, ...]
    waiting: int
    released_at: datetime | None


def verify(session: Session, command: VerifyActivity, *, actor: Viewer, clock: Clock) -> Verified:
    """Verify the legs that the actor's organisations host; with all of them the record is verified (decision 17).

    NotFound; NotAllowed for who logged it or amended it last and for others than the host; InvalidTransition before it
    was held.
    """
    now = clock.now()
    activity, _ = access.activity_for(session, actor, command.reference, Permission.ACTIVITY_VERIFY, now=now)
    session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update())
    session.refresh(activity)
    apply(activity.kind, activity.status, Verb.VERIFY)
    if wrote(session, activity, actor):
        raise NotAllowed(FOUR_EYES)
    legs = session.scalars(select(Leg).where(Leg.activity_id == activity.id).order_by(Leg.number)).all()
    chosen = _own_legs(legs, command.leg, activity, actor)
    with derive.changing(session, [activity.id]):
        for leg in chosen:
            leg.verified_at, leg.verified_by = now, actor.email
        waiting = sum(leg.verified_at is None for leg in legs)
        if waiting == 0:
            activity.verified_at = now
            activity.released_at = release_time(activity, session.get_one(Project, activity.project_id))
    numbers = tuple(leg.number for leg in chosen)
    audit.record(
        session,
        actor=actor,
        action="activity.verify",
        subject=activity.reference,
        project_id=activity.project_id,
        clock=clock,
        details={"legs": list(numbers), "version": activity.version},
    )
    return Verified(reference=activity.reference, legs=numbers, waiting=waiting, released_at=activity.released_at)


def wrote(session: Session, activity: Activity, person: Viewer) -> bool:
    """Whether what the record says now is the person's own: who logged it, or amended it last, does not verify it."""
    if activity.logged_by == person.user_id:
        return True
    amended_by = select(ActivityVersion.amended_by).where(ActivityVersion.activity_id == activity.id)
    return session.scalar(amended_by.order_by(ActivityVersion.version.desc()).limit(1)) == person.email


def _own_legs(legs: Sequence[Leg], number: int | None, activity: Activity, actor: Viewer) -> list[Leg]:
    """The unverified legs that the actor may verify."""
    if number is not None and number not in [leg.number for leg in legs]:
        raise InvalidInput({"leg": ["This record has no such leg."]})
    hosting = actor.organisations_in(activity.project_id, Role.VERIFIER, Role.COORDINATOR)
    asked = [leg for leg in legs if number is None or leg.number == number]
    own = [leg for leg in asked if actor.unmasked or leg.host_organisation_id in hosting]
    if not own:
        raise NotAllowed(NOT_HOST)
    open_legs = [leg for leg in own if leg.verified_at is None]
    if not open_legs:
        raise Conflict("This was verified already.")
    return open_legs
