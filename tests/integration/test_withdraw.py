"""Is a record that was taken back still readable, but no longer counted, placed or released?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.commands import VerifyActivity, WithdrawActivity
from registry.domain.errors import InvalidTransition, NotAllowed, ReasonRequired
from registry.models.activities import Activity, ActivityVersion
from registry.models.aggregates import MapCell, ReleasedTally
from registry.services import derive
from registry.services.log_activity import log
from registry.services.verify_activity import verify
from registry.services.withdraw_activity import withdraw
from tests.factories import Factories
from tests.factories.logging import Field, field_of


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy at an internal border."""
    return field_of(factories)


def test_a_released_record_that_is_withdrawn_leaves_every_count(
    session: Session, stage: Field, clock: FixedClock
) -> None:
    """Nothing is deleted; the reason and the version before stay."""
    log(session, stage.log_command(), actor=stage.officer, clock=clock)
    row = session.scalars(select(Activity)).one()
    verify(session, VerifyActivity(reference=row.reference), actor=stage.verifier, clock=clock)
    later = FixedClock(clock.now() + timedelta(days=30))
    derive.tick(session, later)
    session.refresh(row)
    assert session.scalar(select(func.sum(MapCell.activities))) == 6
    command = WithdrawActivity(reference=row.reference, reason="Logged twice")
    withdraw(session, command, actor=stage.officer, clock=later)
    assert (row.status, row.withdrawn_reason, row.released_at) == ("WITHDRAWN", "Logged twice", None)
    assert session.scalar(select(func.sum(MapCell.activities))) == 0
    assert session.scalar(select(func.sum(ReleasedTally.activities))) == 0
    assert session.scalars(select(ActivityVersion.version)).all() == [1]
    assert derive.reconcile(session) == []
    assert derive.tick(session, later) == 0
    with pytest.raises(InvalidTransition):
        withdraw(session, command, actor=stage.officer, clock=later)


def test_a_withdrawal_needs_a_reason_and_the_right(session: Session, stage: Field, clock: FixedClock) -> None:
    """The partner asks the owner to do it."""
    reference = log(session, stage.log_command(), actor=stage.officer, clock=clock).reference
    with pytest.raises(ReasonRequired):
        WithdrawActivity(reference=reference, reason="")
    with pytest.raises(NotAllowed):
        withdraw(session, WithdrawActivity(reference=reference, reason="x"), actor=stage.italian, clock=clock)
