"""Kinds, states that count, references, and the checks before an activity is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.domain import activities
from registry.domain.activities import HELD, Kind, ParticipationRole, Phase, Reference, Status, is_held, phase
from registry.domain.activity_checks import (
    Part,
    internal_border_errors,
    merged,
    null_result_errors,
    part_errors,
    participation_errors,
    time_errors,
    time_warnings,
    with_nothing_found,
)
from registry.domain.counts import NOT_COUNTED, Count, Qualifier
from registry.domain.errors import InvalidInput

START = datetime(2026, 11, 20, 20, tzinfo=UTC)
HOST, SECONDING = ParticipationRole.HOST, ParticipationRole.SECONDING


def test_every_kind_has_its_words_and_its_held_states() -> None:
    assert {kind.label for kind in Kind} >= {"joint patrol", "staff exchange"}
    assert set(HELD) == set(Kind)
    assert not any(activities.is_planned(status) for states in HELD.values() for status in states)


@pytest.mark.parametrize(
    ("kind", "status", "held"),
    [
        ("JP", "DONE", True),
        ("JP", "SCHEDULED", False),
        ("JP", "INTERRUPTED", False),
        ("JP", "WITHDRAWN", False),
        ("CBO", "ENDED", True),
        ("CBO", "CEASED_BY_HOST", False),
        ("TR", "DELIVERED", True),
        ("TR", "RUNNING", False),
        ("JIT", "SIGNED", True),
        ("JIT", "DRAFT_AGREEMENT", False),
        ("JIT", "CLOSED", True),
    ],
)
def test_held_is_said_per_kind(kind: str, status: str, held: bool) -> None:
    assert is_held(kind, status) is held


def test_the_phase_is_held_planned_or_neither() -> None:
    assert phase("JP", "CLOSED") is Phase.HELD
    assert phase("JP", "AGREED") is Phase.PLANNED
    assert phase("JIT", Status.PREPARATION) is Phase.PLANNED
    assert phase("JP", "CANCELLED") is Phase.OTHER


def test_a_team_counts_on_its_signature_and_everything_else_on_its_end() -> None:
    first, last, signed = date(2026, 11, 20), date(2026, 11, 21), date(2025, 5, 1)
    assert activities.counts_on("JIT", first, last, signed) == signed
    assert activities.counts_on("JIT", first, last) is None
    assert activities.counts_on("JP", first, last, signed) == last
    assert activities.counts_on("JP", first, None) == first
    assert activities.counts_on("JP", None, None) is None


@pytest.mark.parametrize("text", ["JP-SI-2026-0042", " jp-si-2026-0042 ", "CBO-SI-POL-2026-12345"])
def test_a_reference_is_read_and_written(text: str) -> None:
    assert str(Reference.parse(text)) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "JP-2026-0042", "XX-SI-2026-0042", "JP-SI-2026-42", "JP-SI-26-0042"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Reference.parse(text, field="parent")
    assert list(refusal.value.errors) == ["parent"]


def test_a_patrol_has_two_countries_and_one_host() -> None:
    italy, slovenia = Part(country="IT", role=SECONDING), Part(country="SI", role=HOST)
    assert participation_errors("JP", [italy, slovenia]) == {}
    assert participation_errors("JP", [slovenia]) == {"participations": ["At least two countries take part."]}
    assert participation_errors("JP", [italy, Part(country="SI", role=SECONDING)], field="who") == {
        "who": ["Say who is the host."]
    }
    two_hosts = [slovenia, Part(country="IT", role=HOST)]
    assert "one host for each leg" in participation_errors("JP", two_hosts)["participations"][0]
    assert participation_errors("JP", two_hosts, legs=2) == {}


def test_a_workshop_may_be_of_one_country_and_a_team_needs_no_host() -> None:
    agency = Part(country=None, role=SECONDING)
    assert participation_errors("WS", [Part(country="SI", role=HOST), agency]) == {}
    parties = [Part(country="IT", role=SECONDING), Part(country="SI", role=SECONDING), agency]
    assert participation_errors("JIT", parties) == {}


def test_the_end_comes_after_the_start_and_a_long_span_is_asked_back() -> None:
    assert time_errors(START, START + timedelta(minutes=1)) == {}
    assert list(time_errors(START, START)) == ["ends_at"]
    assert time_warnings(START, START + timedelta(hours=24)) == {}
    assert list(time_warnings(START, START + timedelta(hours=24, seconds=1), field="end_time")) == ["end_time"]


@pytest.mark.parametrize(
    ("hits", "consultations", "wrong"),
    [
        (Count(4), Count(3), True),
        (Count(3), Count(3), False),
        (NOT_COUNTED, Count(3), False),
        (Count(4), NOT_COUNTED, False),
        (Count(4, Qualifier.ALMOST), Count(3), False),
        (Count(4, Qualifier.APPROXIMATE), Count(3), False),
        (Count(4), Count(3, Qualifier.MORE_THAN), False),
        (Count(4), Count(3, Qualifier.APPROXIMATE), False),
        (Count(4, Qualifier.MORE_THAN), Count(3, Qualifier.ALMOST), True),
    ],
)
def test_hits_never_exceed_consultations(hits: Count, consultations: Count, wrong: bool) -> None:
    errors = part_errors({"hits": hits, "consultations": consultations})
    assert errors == ({"hits": ["Hits cannot be more than consultations."]} if wrong else {})


def test_a_part_without_its_whole_is_not_judged() -> None:
    assert part_errors({"hits": Count(4)}) == {}
    assert part_errors({"consultations": Count(4)}) == {}
    assert list(part_errors({"minors": Count(2), "apprehended": Count(1)})) == ["minors"]


def test_an_internal_border_asks_for_its_grounds_and_knows_no_refusals() -> None:
    counts = {"refusals_of_entry": Count(2), "refusals_other": NOT_COUNTED, "persons_checked": Count(9)}
    errors = internal_border_errors("JP", "internal", counts, "", " ")
    assert set(errors) == {"refusals_of_entry", "check_basis", "risk_reference"}
    assert internal_border_errors("JP", "internal", {}, "POLICE_INFORMATION", "RA-2026-3") == {}
    assert internal_border_errors("MEET", "internal", {}, "", "") == {}
    assert internal_border_errors("JP", "external", counts, "", "") == {}


def test_a_null_result_is_said_and_not_left_over() -> None:
    nothing, something = {"arrests": Count(0), "hits": Count(0)}, {"arrests": Count(1), "hits": NOT_COUNTED}
    assert list(null_result_errors(nothing, nothing_found=False)) == ["nothing_found"]
    assert null_result_errors(nothing, nothing_found=True) == {}
    assert list(null_result_errors(something, nothing_found=True)) == ["nothing_found"]
    assert null_result_errors(something, nothing_found=False) == {}
    assert null_result_errors({"arrests": NOT_COUNTED}, nothing_found=False) == {}
    assert null_result_errors({}, nothing_found=False) == {}


def test_nothing_found_never_overwrites_what_was_counted() -> None:
    assert with_nothing_found({"arrests": Count(1), "hits": NOT_COUNTED}) == {"arrests": Count(1), "hits": Count(0)}


def test_errors_of_several_checks_come_together() -> None:
    assert merged({"a": ["one"]}, {}, {"a": ["two"], "b": ["three"]}) == {"a": ["one", "two"], "b": ["three"]}
