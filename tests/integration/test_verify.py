"""Who may say for the host that a record is right, and when is it released then?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.commands import VerifyActivity
from registry.domain.errors import Conflict, InvalidInput, InvalidTransition, NotAllowed
from registry.domain.permissions import SYSTEM, Role, Viewer
from registry.models.activities import Activity, Leg
from registry.services import derive
from registry.services.log_activity import log
from registry.services.verify_activity import verify
from tests.factories import Factories, viewer_for
from tests.factories.logging import Field, field_of


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy at an internal border."""
    return field_of(factories)


def logged(session: Session, stage: Field, clock: FixedClock, actor: Viewer | None = None, **body: object) -> Activity:
    """A patrol that was logged, by Slovenia's officer unless said otherwise."""
    reference = log(session, stage.log_command(**body), actor=actor or stage.officer, clock=clock).reference
    return session.scalars(select(Activity).where(Activity.reference == reference)).one()


def test_the_hosts_verifier_verifies_and_the_release_is_set(session: Session, stage: Field, clock: FixedClock) -> None:
    """Released seven days after the end, which comes after the verification here."""
    row = logged(session, stage, clock)
    done = verify(session, VerifyActivity(reference=row.reference), actor=stage.verifier, clock=clock)
    assert (done.legs, done.waiting) == ((1,), 0)
    assert row.verified_at == clock.now()
    assert row.released_at == datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
    leg = session.scalars(select(Leg)).one()
    assert (leg.verified_at, leg.verified_by) == (clock.now(), stage.verifier.email)
    assert derive.reconcile(session) == []
    with pytest.raises(Conflict):
        verify(session, VerifyActivity(reference=row.reference), actor=stage.verifier, clock=clock)


def test_a_late_verification_releases_at_once(session: Session, stage: Field, clock: FixedClock) -> None:
    """The later of the two."""
    row = logged(session, stage, clock, starts_day="2026-10-01")
    verify(session, VerifyActivity(reference=row.reference), actor=stage.verifier, clock=clock)
    assert row.released_at == clock.now()
    assert derive.tick(session, clock) == 1
    assert derive.reconcile(session) == []


def test_who_logged_a_record_does_not_verify_it(
    session: Session, stage: Field, factories: Factories, clock: FixedClock
) -> None:
    """Four eyes, also where one person holds both roles; the installation itself is one person too."""
    both = viewer_for(factories.user(stage.project, stage.slovenia, Role.OFFICER, Role.VERIFIER))
    row = logged(session, stage, clock, actor=both)
    with pytest.raises(NotAllowed, match="somebody else"):
        verify(session, VerifyActivity(reference=row.reference), actor=both, clock=clock)
    by_system = logged(session, stage, clock, actor=SYSTEM, organisation="SI")
    with pytest.raises(NotAllowed, match="somebody else"):
        verify(session, VerifyActivity(reference=by_system.reference), actor=SYSTEM, clock=clock)


def test_the_guest_does_not_verify_for_the_host(session: Session, stage: Field, clock: FixedClock) -> None:
    """Nor does an officer of the host."""
    row = logged(session, stage, clock)
    with pytest.raises(NotAllowed, match="host"):
        verify(session, VerifyActivity(reference=row.reference), actor=stage.italian, clock=clock)
    with pytest.raises(NotAllowed):
        verify(session, VerifyActivity(reference=row.reference), actor=stage.officer, clock=clock)


def test_each_host_verifies_its_own_leg(session: Session, stage: Field, clock: FixedClock) -> None:
    """Only with the last one is the record verified."""
    hosts = [{"organisation": "SI", "role": "HOST", "officers": 2}, {"organisation": "IT", "role": "HOST"}]
    row = logged(session, stage, clock, participations=hosts, legs=["SI", "IT"])
    command = VerifyActivity(reference=row.reference)
    first = verify(session, command, actor=stage.verifier, clock=clock)
    assert (first.legs, first.waiting, row.verified_at, row.released_at) == ((1,), 1, None, None)
    with pytest.raises(NotAllowed):
        verify(session, VerifyActivity(reference=row.reference, leg=2), actor=stage.verifier, clock=clock)
    with pytest.raises(InvalidInput):
        verify(session, VerifyActivity(reference=row.reference, leg=9), actor=stage.verifier, clock=clock)
    last = verify(session, command, actor=stage.italian, clock=clock)
    assert (last.legs, last.waiting) == ((2,), 0)
    assert row.verified_at is not None
    assert (row.officers, row.officers_qualifier) == (2, "more_than")


def test_two_hosts_need_two_legs(session: Session, stage: Field, clock: FixedClock) -> None:
    """And a leg a host that takes part."""
    hosts = [{"organisation": "SI", "role": "HOST"}, {"organisation": "IT", "role": "HOST"}]
    with pytest.raises(InvalidInput, match="mend"):
        log(session, stage.log_command(participations=hosts), actor=stage.officer, clock=clock)
    with pytest.raises(InvalidInput) as refusal:
        log(session, stage.log_command(legs=["SI", "IT"]), actor=stage.officer, clock=clock)
    assert "legs.1" in refusal.value.errors


def test_a_plan_is_not_verified(session: Session, stage: Field, clock: FixedClock) -> None:
    """It has to be held first."""
    row = logged(session, stage, clock, starts_day="2026-12-01")
    with pytest.raises(InvalidTransition):
        verify(session, VerifyActivity(reference=row.reference), actor=stage.verifier, clock=clock)


def test_never_means_never_and_later_means_later(session: Session, stage: Field, clock: FixedClock) -> None:
    """The owner waits longer than the project, never shorter."""
    never = logged(session, stage, clock, release_never=True, release_reason="Investigation runs")
    later = logged(session, stage, clock, release_delay_days=30, release_reason="Same crew in December")
    for row in (never, later):
        verify(session, VerifyActivity(reference=row.reference), actor=stage.verifier, clock=clock)
    assert never.released_at is None
    assert later.released_at == datetime(2026, 12, 21, 1, 30, tzinfo=UTC)
    with pytest.raises(InvalidInput) as refusal:
        logged(session, stage, clock, release_delay_days=2, release_reason="Press")
    assert "release_delay_days" in refusal.value.errors
