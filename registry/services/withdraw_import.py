"""How is an import undone? Withdrawn whole, with a reason; nothing is deleted, and its file may be imported again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from registry.domain.activities import Status
from registry.domain.clock import Clock
from registry.domain.commands import LONGEST_REASON
from registry.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, ReasonRequired
from registry.domain.permissions import Viewer
from registry.models.activities import Activity, ImportBatch, Leg, Participation
from registry.models.projects import Organisation, Project
from registry.services import access, audit, derive
from registry.services.activity_texts import write_texts
from registry.services.activity_versions import FACTS, keep_version
from registry.services.import_activities import CHUNK, owner_for

WHOLE = (
    selectinload(Activity.participations).selectinload(Participation.functions),
    *(selectinload(getattr(Activity, name)) for name in ("legs", "outcomes", *FACTS)),
)


def withdraw(session: Session, number: int, reason: str, *, actor: Viewer, clock: Clock) -> int:
    """Withdraw the activities of a batch that are not withdrawn yet; returns how many.

    Conflict when it was withdrawn before, or when a host has verified one of them (decision 22).
    """
    reason = reason.strip()
    if not reason:
        raise ReasonRequired
    if len(reason) > LONGEST_REASON:
        raise InvalidInput({"reason": [f"Keep the reason below {LONGEST_REASON} characters."]})
    batch, project = _batch(session, number, actor)
    living = Activity.import_batch_id == number, Activity.withdrawn_at.is_(None)
    _refuse_when_verified(session, number)
    ids = session.scalars(select(Activity.id).where(*living)).all()
    for start in range(0, len(ids), CHUNK):
        _withdraw(session, ids[start : start + CHUNK], number, reason, actor=actor, clock=clock)
    batch.withdrawn_at, batch.withdrawn_reason = clock.now(), reason
    audit.record(
        session,
        actor=actor,
        action="activity.import_withdrawn",
        subject=f"batch {number}",
        project_id=project.id,
        clock=clock,
        reason=reason,
        touched=len(ids),
        content_hash=batch.sha256,
    )
    return len(ids)


def _withdraw(session: Session, ids: Sequence[int], number: int, reason: str, *, actor: Viewer, clock: Clock) -> None:
    with derive.changing(session, ids):
        activities = session.scalars(
            select(Activity).where(Activity.id.in_(ids)).options(*WHOLE).execution_options(populate_existing=True)
        ).all()
        for activity in activities:
            keep_version(session, activity, reason, actor=actor, clock=clock, loaded=True)
            activity.status = str(Status.WITHDRAWN)
            activity.withdrawn_at, activity.withdrawn_reason = clock.now(), reason
            activity.released_at, activity.tallied = None, False
            # Out of the way of the same row in another import, and still to be read.
            activity.external_reference = f"withdrawn {number}: {activity.external_reference or ''}"[:80]
        session.flush()  # all at once, before the words are gathered
        write_texts(session, activities)


def _batch(session: Session, number: int, actor: Viewer) -> tuple[ImportBatch, Project]:
    """The batch for who may withdraw it: its organisation's coordinator. NotFound looks alike for all others."""
    unknown = NotFound(f"There is no import {number} of activities, or it is not yours.")
    batch = session.scalar(select(ImportBatch).where(ImportBatch.id == number).with_for_update())
    if batch is None or batch.project_id is None or batch.what != "activities":
        raise unknown
    found = session.get_one(Project, batch.project_id)
    owner = session.get_one(Organisation, batch.organisation_id)
    try:
        project = access.project_for(session, actor, found.reference)
        owner_for(session, actor, project, owner.short)
    except (NotFound, NotAllowed):
        raise unknown from None  # its own words would name the project or the organisation
    if batch.withdrawn_at is not None:
        raise Conflict("This import was withdrawn already.")
    return batch, project


def _refuse_when_verified(session: Session, number: int) -> None:
    signed = select(Leg.activity_id).where(Leg.activity_id == Activity.id, Leg.verified_at.is_not(None)).exists()
    mine = Activity.import_batch_id == number, Activity.withdrawn_at.is_(None)
    verified = session.scalars(
        select(Activity.reference).where(*mine, or_(Activity.verified_at.is_not(None), signed)).order_by(Activity.id)
    ).all()
    if verified:
        raise Conflict(
            f"{len(verified)} records of this import are verified, such as {verified[0]}. "
            "It can no longer be withdrawn whole: withdraw the others one by one."
        )
