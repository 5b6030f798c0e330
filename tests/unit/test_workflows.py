"""Lives of records: nothing unreachable, no unmarked dead end, and every record can be withdrawn."""

from __future__ import annotations

import pytest

from registry.domain.activities import HELD, Kind, Status, is_held, is_planned
from registry.domain.errors import InvalidInput, InvalidTransition
from registry.domain.permissions import Permission
from registry.domain.workflows import (
    LIVES,
    OFFERED,
    STATES,
    TERMINAL,
    Verb,
    apply,
    entry_verb,
    next_verbs,
    permission_for,
    status_of,
)

KINDS = list(Kind)


def reachable(kind: Kind, start: Status | None) -> set[Status]:
    seen: set[Status] = set()
    ahead: list[Status | None] = [start]
    while ahead:
        here = ahead.pop()
        for step in LIVES[kind]:
            if step.from_status == here and step.to_status not in seen:
                seen.add(step.to_status)
                ahead.append(step.to_status)
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_is_reachable_from_a_new_record(kind: Kind) -> None:
    assert reachable(kind, None) == set(STATES[kind])
    assert HELD[kind] <= set(STATES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_no_dead_end_is_unmarked(kind: Kind) -> None:
    on = {
        step.from_status
        for step in LIVES[kind]
        if step.verb is not Verb.WITHDRAW and step.to_status != step.from_status
    }
    assert {status for status in STATES[kind] if status not in on} == TERMINAL & set(STATES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_verb_leads_to_one_state_only(kind: Kind) -> None:
    keys = [(step.from_status, step.verb) for step in LIVES[kind]]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_can_be_withdrawn_and_nothing_leaves_withdrawn(kind: Kind) -> None:
    for status in STATES[kind]:
        if status is not Status.WITHDRAWN:
            assert apply(kind, status, Verb.WITHDRAW) is Status.WITHDRAWN
    assert next_verbs(kind, Status.WITHDRAWN) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_amending_and_verifying_never_change_the_state(kind: Kind) -> None:
    for step in LIVES[kind]:
        if step.verb in {Verb.AMEND, Verb.VERIFY}:
            assert step.from_status == step.to_status
    assert {step.from_status for step in LIVES[kind] if step.verb is Verb.VERIFY} == HELD[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_held_cannot_end_as_held(kind: Kind) -> None:
    for status in TERMINAL - {Status.CLOSED}:
        assert not is_held(kind, status)
        assert not reachable(kind, status) & HELD[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_is_planned_or_held_and_a_plan_can_become_held(kind: Kind) -> None:
    planned = apply(kind, None, entry_verb(kind, ahead=True))
    assert is_planned(planned)
    assert is_held(kind, apply(kind, None, entry_verb(kind, ahead=False)))
    offered = next_verbs(kind, planned)
    assert any(is_held(kind, apply(kind, planned, verb)) for verb in offered)
    assert set(offered) <= OFFERED


def test_field_activities_are_logged_as_reported_and_others_recorded() -> None:
    assert apply("JP", None, entry_verb("JP", ahead=False)) is Status.REPORTED
    assert apply("MEET", None, Verb.PLAN) is Status.SCHEDULED
    assert entry_verb("CBO", ahead=False) is Verb.RECORD
    assert next_verbs("JP", None) == (Verb.LOG, Verb.PLAN)
    assert next_verbs("JP", "REPORTED") == (Verb.AMEND, Verb.VERIFY, Verb.WITHDRAW)


def test_an_urgent_observation_can_always_end() -> None:
    running = reachable(Kind.CROSS_BORDER_OBSERVATION, Status.CROSSED) - TERMINAL
    over = {Status.ENDED, Status.REPORT_SENT}
    for status in (running | {Status.CROSSED}) - over:
        assert apply("CBO", status, Verb.END) is Status.ENDED
    for status in ("CROSSED", "NOTIFIED", "REQUESTED"):
        assert apply("CBO", status, Verb.CEASE_TIME_LIMIT) is Status.CEASED_TIME_LIMIT
    for status in ("CROSSED", "NOTIFIED", "REQUESTED", "AUTHORISED", "RUNNING"):
        assert apply("CBO", status, Verb.HAND_OVER) is Status.HANDED_OVER


def test_a_team_is_evaluated_before_it_is_closed() -> None:
    assert [step.from_status for step in LIVES[Kind.JOINT_INVESTIGATION_TEAM] if step.verb is Verb.CLOSE] == [
        Status.EVALUATED
    ]


def test_a_step_that_is_not_legal_says_what_is() -> None:
    with pytest.raises(InvalidTransition) as refusal:
        apply("JP", "REPORTED", "hand_over")
    assert refusal.value.message == (
        "A joint patrol that is reported does not allow “hand over”. Possible now: amend, verify, withdraw."
    )
    with pytest.raises(InvalidTransition, match="A new training does not allow “withdraw”"):
        apply("TR", None, Verb.WITHDRAW)
    with pytest.raises(InvalidTransition, match="Possible now: nothing"):
        apply("JP", "WITHDRAWN", Verb.AMEND)


def test_each_verb_asks_for_its_permission() -> None:
    assert permission_for(Verb.LOG) is Permission.ACTIVITY_LOG
    assert permission_for(Verb.VERIFY) is Permission.ACTIVITY_VERIFY
    assert permission_for(Verb.SIGN) is Permission.ACTIVITY_VERIFY
    assert permission_for(Verb.WITHDRAW) is Permission.ACTIVITY_WITHDRAW
    assert permission_for(Verb.SIGN_AGREEMENT) is Permission.ACTIVITY_AMEND
    assert all(step.permission is permission_for(step.verb) for life in LIVES.values() for step in life)


def test_a_state_is_read_as_a_file_names_it() -> None:
    assert status_of("JP", " signed by all ") is Status.SIGNED_BY_ALL
    assert status_of("JIT", "Draft-Agreement") is Status.DRAFT_AGREEMENT
    with pytest.raises(InvalidInput) as refusal:
        status_of("JP", "ENDED", field="state")
    assert refusal.value.errors == {"state": ["A joint patrol has no state “ENDED”."]}
