"""Do form and JSON make the same command, and does every refusal name its field and say how to mend it?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from registry.domain.activities import Kind
from registry.domain.commands import LogActivity, ObservationFacts, PatrolFacts, TeamFacts, fingerprint
from registry.domain.counts import Count, Qualifier
from registry.domain.errors import InvalidInput
from registry.domain.money import Money
from registry.schemas.activities import LogActivityIn
from registry.schemas.costs import RecordCostIn
from registry.schemas.fields import from_form
from registry.schemas.observations import LogObservationIn
from registry.schemas.patrols import LogJointPatrolIn
from registry.schemas.teams import LogTeamIn

ZONE = "Europe/Ljubljana"
KEY = str(uuid4())


def body(**changes: Any) -> dict[str, Any]:
    """A complete patrol; a change to None leaves the field out."""
    whole = {
        "client_uuid": KEY,
        "starts_day": "20.11.2026",
        "starts_time": "20:00",
        "ends_time": "02.30",
        "participations": [
            {"organisation": "SI", "role": "HOST", "officers": 2},
            {"organisation": "IT", "role": "SECONDING"},
        ],
        "place": {"text": "45.66, 13.79"},
        "outcomes": {"persons_checked": "≈ 500", "hits": "n.c."},
        "costs": [{"cost_type": "TRAVEL", "amount": "1 234,50", "currency": "huf", "incurred_on": "2026-11-20"}],
    }
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


def patrol(**changes: Any) -> LogActivity:
    """The command of a body."""
    command: LogActivity = LogJointPatrolIn(project="P1", zone=ZONE).load_json(body(**changes))
    return command


def errors(schema: Any, sent: Any) -> dict[str, list[str]]:
    """What is refused, by field."""
    with pytest.raises(InvalidInput) as refusal:
        schema.load_json(sent)
    return refusal.value.errors


def refused(**changes: Any) -> dict[str, list[str]]:
    """What is refused of a changed patrol."""
    return errors(LogJointPatrolIn(project="P1", zone=ZONE), body(**changes))


def test_a_form_and_a_json_body_make_the_same_command() -> None:
    """One schema, two spellings."""
    form = MultiDict(
        [
            ("csrf_token", "x"),
            ("client_uuid", KEY),
            ("starts_day", "20 Nov 2026"),
            ("starts_time", "2000"),
            ("ends_day", ""),
            ("ends_time", "2:30"),
            ("participations-0-organisation", "SI"),
            ("participations-0-role", "HOST"),
            ("participations-0-officers", "2"),
            ("participations.1.organisation", "IT"),
            ("participations.1.role", "SECONDING"),
            ("participations.1.officers", ""),
            ("place-text", "45.66, 13.79"),
            ("place-geometry", ""),
            ("outcomes-persons_checked", "about 500"),
            ("outcomes-hits", "n.c."),
            ("costs-7-cost_type", "TRAVEL"),
            ("costs-7-amount", "1234.5"),
            ("costs-7-currency", "HUF"),
            ("costs-7-incurred_on", "20/11/2026"),
        ]
    )
    sent = LogJointPatrolIn(project="P1", zone=ZONE).load_form(form)
    assert sent == patrol()
    assert fingerprint(sent) == fingerprint(patrol())


def test_local_times_become_utc_across_midnight() -> None:
    """An end before the start, without a day of its own, lies on the next day."""
    period = patrol().period
    assert period is not None
    assert period.starts_at == datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    assert period.ends_at == datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours"),
    [("2026-03-28", "22:00", "06:00", 7.0), ("2026-10-24", "22:00", "06:00", 9.0), ("2026-07-01", "22:00", "06:00", 8)],
)
def test_a_night_of_the_clock_change_is_as_long_as_it_was(day: str, starts: str, ends: str, hours: float) -> None:
    """An hour is missing in spring and comes twice in autumn."""
    period = patrol(starts_day=day, starts_time=starts, ends_time=ends).period
    assert period is not None
    assert period.hours == hours


def test_an_hour_that_did_not_exist_is_refused() -> None:
    """On the night of spring."""
    found = refused(starts_day="2026-03-29", starts_time="02:30", ends_time="06:00")
    assert "did not exist" in found["starts_time"][0]


def test_an_hour_that_came_twice_asks_which_one() -> None:
    """And takes the answer."""
    sent = {"starts_day": "2026-10-24", "starts_time": "22:00", "ends_day": "2026-10-25", "ends_time": "02:30"}
    assert "came twice" in refused(**sent)["ends_time"][0]
    first, second = (patrol(**sent, ends_fold=fold).period for fold in ("first", "second"))
    assert first is not None
    assert second is not None
    assert (second.ends_at - first.ends_at).total_seconds() == 3600


def test_an_end_on_a_named_day_before_the_start_is_refused() -> None:
    """Only an end without a day moves to the next."""
    assert "after the start" in refused(ends_day="2026-11-20")["ends_time"][0]


def test_moments_with_their_offset_are_read() -> None:
    """As programs send them."""
    command = patrol(
        starts_day=None,
        starts_time=None,
        ends_time=None,
        starts_at="2026-11-20T20:00:00+01:00",
        ends_at="2026-11-21T01:30:00Z",
    )
    assert command.period == patrol().period
    assert "offset" in refused(starts_at="2026-11-20T20:00:00")["starts_at"][0]


def test_a_day_as_far_as_it_is_known_is_kept_so() -> None:
    """A meeting of a month."""
    sent = {
        "kind": "MEET",
        "client_uuid": KEY,
        "starts_on": "2026-05",
        "participations": body()["participations"],
    }
    command = LogActivityIn(project="P1").load_json(sent)
    assert (command.kind, command.period) == (Kind.MEETING, None)
    assert (command.starts_on.from_on, command.starts_on.until_on) == (date(2026, 5, 1), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"costs": [{"cost_type": "TRAVEL", "amount": "x", "incurred_on": "2026-11-20"}]}, "costs.0.amount", "1234.50"),
        ({"costs": [{"cost_type": "TRAVEL", "amount": 1.5, "incurred_on": "2026-11-20"}]}, "costs.0.amount", "text"),
        ({"costs": [{"cost_type": "X", "amount": "1", "incurred_on": "2026-11-20"}]}, "costs.0.cost_type", "TRAVEL"),
        ({"costs": [{"cost_type": "FUEL_VEHICLE", "amount": "1"}]}, "costs.0.incurred_on", "day"),
        ({"participations": [{"organisation": "SI", "role": "BOSS"}]}, "participations.0.role", "HOST"),
        ({"participations": [{"role": "HOST"}]}, "participations.0.organisation", "authority"),
        ({"participations": []}, "participations", "authorities"),
        ({"outcomes": {"persons_checked": "many"}}, "outcomes.persons_checked", "whole number"),
        ({"outcomes": {"smiles": 3}}, "outcomes.smiles", "not known"),
        ({"outcomes": {"hits": "5", "consultations": "2"}}, "outcomes.hits", "more than"),
        ({"outcomes": {"hits": "0"}}, "nothing_found", "nothing found"),
        ({"place": None}, "place.text", "Say where"),
        ({"place": {"text": "  "}}, "place.text", "Say where"),
        ({"place": {"geometry": {"type": "Circle"}}}, "place.geometry", "GeoJSON"),
        ({"place": {"text": "x", "source": "rumour"}}, "place.source", "map"),
        ({"starts_day": "2026-13-01"}, "starts_day", "calendar"),
        ({"starts_time": None}, "starts_time", "time of the start"),
        ({"ends_time": "25:00"}, "ends_time", "23:59"),
        ({"zone": "Mars/Olympus"}, "zone", "time zone"),
        ({"crime_areas": ["JAYWALKING"]}, "crime_areas", "list"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "https://"),
        ({"release_never": True}, "release_reason", "why"),
        ({"colour": "red"}, "colour", "not known"),
        ({"check_basis": "HUNCH"}, "check_basis", "EXPERIENCE"),
        ({"title": "a\x00b"}, "title", "control characters"),
        ({"title": "a" * 241}, "title", "240"),
        ({"client_uuid": "42"}, "client_uuid", "UUID"),
    ],
)
def test_a_refusal_names_its_field_and_says_how_to_mend_it(changes: dict[str, Any], field: str, says: str) -> None:
    """Whatever is wrong, nothing is guessed."""
    found = refused(**changes)
    assert field in found
    assert says in found[field][0]


def test_several_errors_are_said_at_once() -> None:
    """Nobody mends a form one field at a time."""
    assert {"starts_day", "place.geometry", "costs.0.amount"} <= set(
        refused(starts_day="soon", place={"geometry": 7}, costs=[{"cost_type": "TRAVEL", "incurred_on": "2026-11-20"}])
    )


def test_a_body_that_is_no_object_is_refused() -> None:
    """A list is no patrol."""
    assert "form" in errors(LogJointPatrolIn(project="P1"), [])


def test_counts_come_as_numbers_texts_and_objects() -> None:
    """Null is not counted, zero is zero."""
    sent = {"hits": None, "arrests": 0, "persons_checked": {"value": 4600, "qualifier": "more_than"}, "fines": "> 3"}
    assert patrol(outcomes=sent).outcomes == {
        "hits": Count(None, Qualifier.NOT_COUNTED),
        "arrests": Count(0),
        "persons_checked": Count(4600, Qualifier.MORE_THAN),
        "fines": Count(3, Qualifier.MORE_THAN),
    }


def test_money_is_read_in_its_currency() -> None:
    """Minor units, no fractions of binary."""
    assert patrol().costs[0].amount == Money(123450, "HUF")


def test_a_name_sent_twice_is_an_error_unless_it_is_a_list() -> None:
    """Crime areas may repeat (decision 47)."""
    twice = MultiDict([("title", "a"), ("title", "b")])
    with pytest.raises(InvalidInput) as refusal:
        from_form(twice)
    assert list(refusal.value.errors) == ["title"]
    assert from_form(MultiDict([("a", "1"), ("a", "2")]), lists=("a",)) == {"a": ["1", "2"]}


@pytest.mark.parametrize(
    "pairs",
    [[("a-b", "1"), ("a", "2")], [("a", "2"), ("a-b", "1")], [("a-b-c-d-e-f-g-h", "1")], [("a-b", "1"), ("a.b", "2")]],
)
def test_names_that_contradict_each_other_are_refused(pairs: list[tuple[str, str]]) -> None:
    """No value hides behind another."""
    with pytest.raises(InvalidInput):
        from_form(MultiDict(pairs))


def test_a_list_of_a_form_has_an_end() -> None:
    """Ten thousand rows are no patrol."""
    with pytest.raises(InvalidInput):
        from_form(MultiDict([(f"legs-{number}", "SI") for number in range(201)]))


def test_an_observation_brings_its_own_facts() -> None:
    """Moments on the local clock become UTC."""
    sent = body(
        place=None,
        outcomes=None,
        costs=None,
        observation={
            "mode": "urgent",
            "offence": "MURDER",
            "crossed_day": "2026-11-20",
            "crossed_time": "21:15",
            "end_reason": "TIME_LIMIT",
        },
    )
    command = LogObservationIn(project="P1", zone=ZONE).load_json(sent)
    assert command.facts_of_kind == ObservationFacts(
        mode="urgent",
        offence="MURDER",
        crossed_at=datetime(2026, 11, 20, 20, 15, tzinfo=UTC),
        end_reason="TIME_LIMIT",
    )


def test_an_urgent_observation_without_an_offence_is_refused() -> None:
    """And a moment needs day and time."""
    schema = LogObservationIn(project="P1", zone=ZONE)
    assert "observation.offence" in errors(schema, body(observation={"mode": "urgent"}))
    assert "observation.crossed_time" in errors(schema, body(observation={"crossed_time": "21:00"}))


def test_a_team_begins_with_its_agreement() -> None:
    """Days are not asked twice."""
    sent = {
        "client_uuid": KEY,
        "participations": body()["participations"],
        "team": {"signed_on": "2026-10-01", "agreement_until_on": "2027-10-01", "agencies": ["EUROJUST"]},
    }
    command = LogTeamIn(project="P1", zone=ZONE).load_json(sent)
    assert isinstance(command.facts_of_kind, TeamFacts)
    assert command.facts_of_kind.agencies == ("EUROJUST",)
    assert command.starts_on is not None
    assert command.starts_on.from_on == date(2026, 10, 1)
    early = {**sent, "team": {"signed_on": "2026-10-01", "agreement_until_on": "2026-09-01"}}
    assert "team.agreement_until_on" in errors(LogTeamIn(project="P1"), early)


def test_the_common_form_does_not_log_a_patrol() -> None:
    """A patrol has a form of its own."""
    assert "form of its own" in errors(LogActivityIn(project="P1"), body(kind="JP"))["kind"][0]


def test_a_cost_belongs_to_one_thing() -> None:
    """To an activity, or to management or dissemination."""
    cost = body()["costs"][0]
    schema = RecordCostIn(project="P1")
    assert schema.load_json({"activity_kind": "MGT", "cost": cost}).item.amount == Money(123450, "HUF")
    assert "activity" in errors(schema, {"cost": cost})
    assert "activity_kind" in errors(schema, {"activity_kind": "FUN", "cost": cost})


def test_a_patrol_says_on_what_ground_it_controlled() -> None:
    """As the code of the list."""
    facts = patrol(check_basis="EXPERIENCE", risk_reference="RA-1", km_driven=14).facts_of_kind
    assert facts == PatrolFacts(check_basis="EXPERIENCE", risk_reference="RA-1", km_driven=14)  # type: ignore[arg-type]
