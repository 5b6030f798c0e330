"""Does a record that is mended keep its old version, its number and its counts, and ask for verification anew?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.commands import AmendActivity, VerifyActivity
from registry.domain.errors import InvalidInput, NotAllowed, NotFound, ReasonRequired, StaleVersion
from registry.domain.permissions import Role
from registry.models.activities import Activity, ActivityText, ActivityVersion, OutcomeCount
from registry.models.audit import AuditEvent
from registry.services import derive
from registry.services.amend_activity import amend
from registry.services.log_activity import log
from registry.services.verify_activity import verify
from tests.factories import Factories, viewer_for
from tests.factories.logging import Field, field_of


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy at an internal border."""
    return field_of(factories)


@pytest.fixture
def row(session: Session, stage: Field, clock: FixedClock) -> Activity:
    """A patrol that was logged."""
    log(session, stage.log_command(title="First title"), actor=stage.officer, clock=clock)
    return session.scalars(select(Activity)).one()


def change(
    stage: Field, row: Activity, *, version: int = 1, reason: str = "Counted again", **body: object
) -> AmendActivity:
    """The patrol with changes."""
    return AmendActivity(
        reference=row.reference, expected_version=version, reason=reason, changes=stage.log_command(**body)
    )


def test_a_new_version_replaces_the_parts_and_keeps_the_old(
    session: Session, stage: Field, row: Activity, clock: FixedClock
) -> None:
    """Number and owner stay; the old version is readable as it was."""
    body = {"title": "Second title", "outcomes": {"persons_checked": "40"}, "place": {"text": "45.70, 13.72"}}
    done = amend(session, change(stage, row, **body), actor=stage.officer, clock=clock)
    assert (done.version, done.reopened) == (2, False)
    assert (row.title, row.reference, row.lon) == ("Second title", "JP-SI-2026-0001", 13.72)
    counts = session.execute(select(OutcomeCount.measure, OutcomeCount.value)).all()
    assert [tuple(count) for count in counts] == [("persons_checked", 40)]
    kept = session.scalars(select(ActivityVersion)).one()
    assert (kept.version, kept.reason, kept.amended_by) == (1, "Counted again", stage.officer.email)
    assert kept.content["title"] == "First title"
    assert {count["measure"] for count in kept.content["outcomes"]} >= {"persons_checked", "hits"}
    assert kept.content["place"]["shape"].startswith("POINT")
    assert len(kept.content["participations"]) == 2
    assert "second title" in session.get_one(ActivityText, row.id).exact_text
    assert derive.reconcile(session) == []
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.action, event.reason) == ("activity.amend", "Counted again")


def test_who_read_an_older_version_is_told(session: Session, stage: Field, row: Activity, clock: FixedClock) -> None:
    """Nothing of the other's change is lost."""
    amend(session, change(stage, row), actor=stage.officer, clock=clock)
    with pytest.raises(StaleVersion, match="version 2"):
        amend(session, change(stage, row), actor=stage.officer, clock=clock)


def test_an_amendment_takes_a_verification_back_and_says_so(
    session: Session, stage: Field, row: Activity, clock: FixedClock
) -> None:
    """Also from the counts of what is released."""
    verify(session, VerifyActivity(reference=row.reference), actor=stage.verifier, clock=clock)
    later = FixedClock(clock.now() + timedelta(days=30))
    assert derive.tick(session, later) == 1
    session.refresh(row)
    assert row.tallied
    done = amend(session, change(stage, row), actor=stage.officer, clock=later)
    assert done.reopened
    assert "verify" in done.warnings["verification"][0]
    assert (row.verified_at, row.released_at, row.tallied) == (None, None, False)
    assert derive.reconcile(session) == []


def test_an_amendment_needs_a_reason_and_keeps_the_kind(
    session: Session, stage: Field, row: Activity, clock: FixedClock
) -> None:
    """A blank is no reason."""
    with pytest.raises(ReasonRequired):
        change(stage, row, reason="  ")
    row.kind = "JO"
    session.flush()
    with pytest.raises(InvalidInput) as refusal:
        amend(session, change(stage, row), actor=stage.officer, clock=clock)
    assert "kind" in refusal.value.errors


def test_officers_amend_their_own_records_coordinators_those_of_their_organisation(
    session: Session, stage: Field, row: Activity, factories: Factories, clock: FixedClock
) -> None:
    """A partner sees the record and may not change it; another project's people do not know of it."""
    colleague = viewer_for(factories.user(stage.project, stage.slovenia, Role.OFFICER))
    stranger = viewer_for(factories.user(factories.project(), stage.slovenia, Role.OFFICER))
    for actor, refusal in ((colleague, NotAllowed), (stage.italian, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            amend(session, change(stage, row), actor=actor, clock=clock)
    assert amend(session, change(stage, row), actor=stage.coordinator, clock=clock).version == 2


def test_a_plan_whose_time_has_passed_becomes_a_report(session: Session, stage: Field, clock: FixedClock) -> None:
    """Held is what was held."""
    log(session, stage.log_command(starts_day="2026-12-01"), actor=stage.officer, clock=clock)
    row = session.scalars(select(Activity)).one()
    assert row.status == "SCHEDULED"
    after = FixedClock(clock.now() + timedelta(days=10))
    amend(session, change(stage, row, starts_day="2026-12-01"), actor=stage.officer, clock=after)
    assert row.status == "REPORTED"
    assert derive.reconcile(session) == []
