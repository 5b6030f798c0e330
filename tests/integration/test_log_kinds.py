"""Are observations, teams, meetings and odd places kept as what they are, and doubtful ones asked back?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from shapely.geometry import LineString, MultiLineString, Polygon, mapping
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.errors import InvalidInput
from registry.models.activities import Activity, CrossBorderObservation, JointInvestigationTeam, Place
from registry.schemas.activities import ActivitySchema, LogActivityIn
from registry.schemas.observations import LogObservationIn
from registry.schemas.patrols import LogJointPatrolIn
from registry.schemas.teams import LogTeamIn
from registry.services import derive, log_activity
from registry.services.log_activity import Logged, log
from tests.factories import Factories
from tests.factories.logging import Field, command_of, field_of, patrol_body

PATROL_ONLY = {"check_basis": None, "risk_reference": None}


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy at an internal border."""
    return field_of(factories)


def sent(
    session: Session, stage: Field, clock: FixedClock, schema: type[ActivitySchema] = LogJointPatrolIn, **changes: Any
) -> tuple[Activity, Logged]:
    """The row of a body that was sent, and the answer to it."""
    command = command_of(stage.project, patrol_body(**changes), schema)
    answer = log(session, command, actor=stage.officer, clock=clock)
    return session.scalars(select(Activity).where(Activity.reference == answer.reference)).one(), answer


def test_an_observation_ends_as_a_record_of_its_own_kind(session: Session, stage: Field, clock: FixedClock) -> None:
    """It asks no check basis, and it is never in the store of cells."""
    facts = {"mode": "urgent", "offence": "MURDER", "crossed_day": "2026-11-20", "crossed_time": "21:00"}
    row, _ = sent(session, stage, clock, LogObservationIn, observation=facts, **PATROL_ONLY)
    assert (row.kind, row.status, row.reference) == ("CBO", "ENDED", "CBO-SI-2026-0001")
    assert session.scalars(select(CrossBorderObservation.mode)).one() == "urgent"
    assert derive.reconcile(session) == []


@pytest.mark.parametrize(
    ("signed_on", "expected"),
    [
        ("2026-10-01", ("SIGNED", date(2026, 10, 1))),
        ("2027-01-01", ("PREPARATION", date(2027, 1, 1))),
        (None, ("PREPARATION", None)),
    ],
)
def test_a_team_counts_on_the_day_of_its_signature(
    session: Session, stage: Field, clock: FixedClock, signed_on: str | None, expected: tuple[str, date | None]
) -> None:
    """Not signed yet, it is in preparation and counts on no day."""
    parties = [{"organisation": "SI", "role": "SECONDING"}, {"organisation": "IT", "role": "SECONDING"}]
    times = {"starts_day": None, "starts_time": None, "ends_time": None, "starts_on": "2026-09"}
    body = {"participations": parties, "place": None, "outcomes": None, **PATROL_ONLY, **times}
    team = {"agencies": ["EUROPOL"], **({"signed_on": signed_on} if signed_on else {})}
    row, _ = sent(session, stage, clock, LogTeamIn, team=team, **body)
    assert (row.status, row.counts_on, row.date_precision) == (*expected, "month")
    assert (row.from_on, row.until_on) == (date(2026, 9, 1), date(2026, 10, 1))
    assert (row.title, row.host_country) == ("Joint investigation team, Country IT–Country SI", None)
    assert session.scalars(select(JointInvestigationTeam.agencies)).one() == "EUROPOL"
    assert derive.reconcile(session) == []


def test_a_meeting_of_whole_days_counts_on_its_last_day(session: Session, stage: Field, clock: FixedClock) -> None:
    """Days without hours; a parent and a work package of the same project."""
    operation, _ = sent(session, stage, clock, LogActivityIn, kind="JO", **PATROL_ONLY)
    times = {"starts_day": "2026-11-02", "ends_day": "2026-11-03", "starts_time": None, "ends_time": None}
    row, _ = sent(session, stage, clock, LogActivityIn, kind="MEET", parent=operation.reference, **PATROL_ONLY, **times)
    assert (row.counts_on, row.starts_at, row.date_precision) == (date(2026, 11, 3), None, "day")
    assert row.parent_id == operation.id
    with pytest.raises(InvalidInput) as refusal:
        sent(session, stage, clock, parent="JP-XX-2026-0001")
    assert "parent" in refusal.value.errors


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (LineString([(13.70, 45.71), (13.75, 45.69), (13.80, 45.65)]), ("track", 9_000)),
        (MultiLineString([[(13.70, 45.71), (13.75, 45.69)], [(13.80, 45.65), (13.801, 45.65)]]), ("track", 4_000)),
        (Polygon([(13.70, 45.71), (13.75, 45.69), (13.80, 45.65), (13.70, 45.71)]), ("area", None)),
    ],
)
def test_a_drawn_shape_has_its_length_cell_and_section(
    session: Session, stage: Field, clock: FixedClock, shape: Any, expected: tuple[str, int | None]
) -> None:
    """Only a way has a length."""
    form, longer_than = expected
    row, _ = sent(session, stage, clock, place={"geometry": mapping(shape), "uncertainty_m": 50})
    assert session.scalars(select(Place.form)).one() == form
    assert session.scalars(select(Place.source)).one() == "map"
    assert row.section_id == stage.section.id
    assert (row.length_m is None) if longer_than is None else (row.length_m or 0) > longer_than
    assert shape.covers(session.scalars(select(Place.shape)).one().representative_point()) or form == "track"


def test_what_is_doubtful_is_asked_back_not_refused(session: Session, stage: Field, clock: FixedClock) -> None:
    """More than a day; axes that changed places; the soil of somebody else."""
    _, long = sent(session, stage, clock, ends_day="2026-11-22", ends_time="21:00")
    assert "24 hours" in long.warnings["ends_at"][0]
    _, swapped = sent(session, stage, clock, place={"text": "13.60, 46.00"})
    assert "changed places" in swapped.warnings["place.text"][0]
    _, abroad = sent(session, stage, clock, place={"text": "52.50, 13.40"})
    assert "DE" in abroad.warnings["place.text"][0]


def test_an_authority_that_is_not_known_is_named_by_its_row(session: Session, stage: Field, clock: FixedClock) -> None:
    """And one country is not enough for a patrol."""
    unknown = [{"organisation": "SI", "role": "HOST"}, {"organisation": "XX", "role": "SECONDING"}]
    with pytest.raises(InvalidInput) as refusal:
        sent(session, stage, clock, participations=unknown)
    assert list(refusal.value.errors) == ["participations.1.organisation"]
    with pytest.raises(InvalidInput) as alone:
        sent(session, stage, clock, participations=[{"organisation": "SI", "role": "HOST"}])
    assert "two countries" in alone.value.errors["participations"][0]


def test_two_senders_of_one_key_at_one_instant_make_one_record(
    session: Session, stage: Field, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes second gets the first record, and no number is lost."""
    command = stage.log_command()
    first = log(session, command, actor=stage.officer, clock=clock)
    look, blind = log_activity._already, [True]

    def late(*args: Any) -> Logged | None:
        return None if blind and blind.pop() else look(*args)

    monkeypatch.setattr(log_activity, "_already", late)
    second = log(session, command, actor=stage.officer, clock=clock)
    assert (second.reference, second.created) == (first.reference, False)
    assert log(session, stage.log_command(), actor=stage.officer, clock=clock).reference == "JP-SI-2026-0002"
    assert derive.reconcile(session) == []
