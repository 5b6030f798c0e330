"""Is a joint patrol kept as it was sent: once, numbered, placed, timed and counted?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.commands import LogActivity
from registry.domain.errors import Conflict, InvalidInput, NotAllowed
from registry.domain.permissions import Viewer
from registry.models.activities import Activity, ActivityText, Leg, OutcomeCount, Participation, Place
from registry.models.audit import AuditEvent
from registry.services import derive
from registry.services.log_activity import log
from tests.factories import Factories
from tests.factories.logging import Field, field_of


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy at an internal border."""
    return field_of(factories)


def logged(session: Session, command: LogActivity, actor: Viewer, clock: FixedClock) -> Activity:
    """The row of a command that was logged."""
    reference = log(session, command, actor=actor, clock=clock).reference
    return session.scalars(select(Activity).where(Activity.reference == reference)).one()


def test_a_patrol_is_kept_with_its_times_place_people_and_counts(
    session: Session, stage: Field, clock: FixedClock
) -> None:
    """Every part is found again, and the stored counts agree with the records."""
    row = logged(session, stage.log_command(), stage.officer, clock)
    assert (row.reference, row.status, row.owner_organisation_id) == ("JP-SI-2026-0001", "REPORTED", stage.slovenia.id)
    assert row.starts_at == datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    assert row.ends_at == datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
    assert (row.from_on, row.until_on, row.counts_on) == (date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 21))
    assert (row.starts_offset_min, row.sort_key) == (60, int(row.starts_at.timestamp()))
    assert (row.section_id, row.border_status, row.host_country) == (stage.section.id, "internal", "SI")
    assert (row.countries, row.officers, row.officers_qualifier) == ("IT|SI", 4, "exact")
    assert (row.lon, row.lat, row.place_precision) == (13.79, 45.66, "exact")
    assert row.cell_e is not None
    assert row.released_at is None
    assert session.scalar(select(Place.form).where(Place.activity_id == row.id)) == "point"
    parts = session.execute(select(Participation.role, Participation.officers).order_by(Participation.id)).all()
    assert [tuple(part) for part in parts] == [("HOST", 2), ("SECONDING", 2)]
    assert session.scalars(select(Leg.host_organisation_id)).all() == [stage.slovenia.id]
    assert derive.reconcile(session) == []
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject, event.content_hash) == ("activity.log", row.reference, row.body_hash)


def test_what_was_not_counted_is_not_zero(session: Session, stage: Field, clock: FixedClock) -> None:
    """Zero, a qualifier and not counted are three different things."""
    outcomes = {"persons_checked": "≈ 500", "hits": "0", "arrests": "n.c.", "vehicles_checked": None, "seizures": 1}
    logged(session, stage.log_command(outcomes=outcomes), stage.officer, clock)
    rows = session.execute(select(OutcomeCount.measure, OutcomeCount.value, OutcomeCount.qualifier)).all()
    assert {measure: (value, qualifier) for measure, value, qualifier in rows} == {
        "persons_checked": (500, "approximate"),
        "hits": (0, "exact"),
        "arrests": (None, "not_counted"),
        "vehicles_checked": (None, "not_counted"),
        "seizures": (1, "exact"),
    }


def test_nothing_found_turns_what_was_asked_into_zero(session: Session, stage: Field, clock: FixedClock) -> None:
    """A null result is said; effort that was not counted stays not counted."""
    outcomes = {"persons_checked": None, "hits": None, "arrests": None}
    logged(session, stage.log_command(outcomes=outcomes, nothing_found=True), stage.officer, clock)
    rows = session.execute(select(OutcomeCount.measure, OutcomeCount.value)).all()
    assert dict(map(tuple, rows)) == {"persons_checked": None, "hits": 0, "arrests": 0}


def test_the_same_body_sent_again_gets_the_first_record(session: Session, stage: Field, clock: FixedClock) -> None:
    """One record, one number, one audit row."""
    command = stage.log_command()
    first = log(session, command, actor=stage.officer, clock=clock)
    again = log(session, command, actor=stage.officer, clock=clock)
    assert (first.created, again.created, again.reference) == (True, False, first.reference)
    assert session.scalar(select(func.count()).select_from(Activity)) == 1
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_the_same_key_with_another_body_is_a_conflict(session: Session, stage: Field, clock: FixedClock) -> None:
    """The sender is told which record it became."""
    command = stage.log_command()
    log(session, command, actor=stage.officer, clock=clock)
    other = stage.log_command(client_uuid=command.client_uuid, title="Another patrol")
    with pytest.raises(Conflict, match="JP-SI-2026-0001"):
        log(session, other, actor=stage.officer, clock=clock)


def test_the_key_of_another_user_tells_nothing(session: Session, stage: Field, clock: FixedClock) -> None:
    """Neither reference nor content leaves."""
    command = stage.log_command()
    log(session, command, actor=stage.officer, clock=clock)
    with pytest.raises(Conflict) as refusal:
        log(session, command, actor=stage.coordinator, clock=clock)
    assert "JP-" not in refusal.value.message


def test_numbers_have_no_gaps_when_a_record_is_refused(session: Session, stage: Field, clock: FixedClock) -> None:
    """A cost that cannot be recorded undoes the number too; others' records do not use ours up."""
    log(session, stage.log_command(), actor=stage.officer, clock=clock)
    wrong = [{"cost_type": "TRAVEL", "amount": "10", "incurred_on": "2026-11-20", "organisation": "IT"}]
    with pytest.raises(InvalidInput) as refusal:
        log(session, stage.log_command(costs=wrong), actor=stage.officer, clock=clock)
    assert list(refusal.value.errors) == ["costs.0.organisation"]
    log(session, stage.log_command(), actor=stage.italian, clock=clock)
    log(session, stage.log_command(), actor=stage.officer, clock=clock)
    references = session.scalars(select(Activity.reference).order_by(Activity.id)).all()
    assert references == ["JP-SI-2026-0001", "JP-IT-2026-0001", "JP-SI-2026-0002"]
    assert derive.reconcile(session) == []


def test_at_an_internal_border_the_ground_of_checks_is_asked(session: Session, stage: Field, clock: FixedClock) -> None:
    """And nobody is refused entry there."""
    outcomes = {"refusals_of_entry": "2"}
    command = stage.log_command(check_basis=None, risk_reference=None, outcomes=outcomes)
    with pytest.raises(InvalidInput) as refusal:
        log(session, command, actor=stage.officer, clock=clock)
    assert set(refusal.value.errors) == {"check_basis", "risk_reference", "outcomes.refusals_of_entry"}


def test_at_an_external_border_no_ground_is_asked(session: Session, factories: Factories, clock: FixedClock) -> None:
    """Border checks are the rule there."""
    stage = field_of(factories, border="external")
    command = stage.log_command(check_basis=None, risk_reference=None, outcomes={"refusals_of_entry": "2"})
    assert logged(session, command, stage.officer, clock).border_status == "external"


def test_a_coming_patrol_is_scheduled(session: Session, stage: Field, clock: FixedClock) -> None:
    """What lies ahead is a plan."""
    row = logged(session, stage.log_command(starts_day="2026-12-01"), stage.officer, clock)
    assert row.status == "SCHEDULED"


def test_who_acts_for_nobody_may_not_log(
    session: Session, stage: Field, factories: Factories, clock: FixedClock
) -> None:
    """A verifier does not log; an officer does not log for another organisation."""
    with pytest.raises(NotAllowed):
        log(session, stage.log_command(), actor=stage.verifier, clock=clock)
    with pytest.raises(NotAllowed):
        log(session, stage.log_command(organisation="IT"), actor=stage.officer, clock=clock)


def test_coarse_words_hold_neither_title_nor_place(session: Session, stage: Field, clock: FixedClock) -> None:
    """Who sees only a cell must not find by a name finer than the cell."""
    command = stage.log_command(title="Night at the quarry", facts="Van stopped at Lipica")
    row = logged(session, command, stage.officer, clock)
    text = session.get_one(ActivityText, row.id)
    assert "quarry" in text.exact_text
    assert "lipica" in text.exact_text
    assert "quarry" not in text.coarse_text
    assert "45.66" not in text.coarse_text
    assert "country it-country si 3" in text.coarse_text
