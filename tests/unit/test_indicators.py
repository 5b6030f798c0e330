"""The targets board: what counts, and whether it will be enough."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.counts import NOT_COUNTED, Count, Qualifier
from registry.domain.errors import InvalidInput
from registry.domain.indicators import (
    ActivityFact,
    CountingRule,
    Grouped,
    OfficersInvolved,
    Target,
    Verdict,
    forecast,
    grouped,
    held_by_rule,
    officers_involved,
    progress,
    verdict,
)
from registry.domain.periods import DatePeriod

YEAR = DatePeriod(from_on=date(2026, 1, 1), until_on=date(2027, 1, 1))
INSIDE, BEFORE = date(2026, 5, 1), date(2025, 12, 31)
FIRST_ACTION_SHARE = 420 / 730


def fact(number: int, kind: str = "JP", status: str = "DONE", on: date | None = INSIDE, **more: object) -> ActivityFact:
    return ActivityFact(id=number, kind=kind, status=status, counts_on=on, **more)  # type: ignore[arg-type]


def target(value: int, *kinds: str) -> Target:
    return Target(item="JP", label="Joint patrols", target=Count(value), unit="patrol", kinds=frozenset(kinds))


def ids(facts: tuple[ActivityFact, ...]) -> list[int]:
    return [held.id for held in facts]


def test_only_what_was_held_in_the_period_counts() -> None:
    facts = [
        fact(1),
        fact(2, on=BEFORE),
        fact(3, on=None),
        fact(4, status="CANCELLED"),
        fact(5, status="SCHEDULED"),
        fact(6, kind="CBO", status="ENDED"),
    ]
    assert ids(held_by_rule(facts, CountingRule.EVERY_KIND, YEAR)) == [1, 6]


def test_roots_leave_out_what_is_part_of_something_that_counts() -> None:
    facts = [
        fact(1, "JIT", "SIGNED"),
        fact(2, "JO", "CANCELLED", parent_id=1),
        fact(3, "CBO", "ENDED", parent_id=2),
        fact(4, "JO", on=BEFORE),
        fact(5, "JP", parent_id=4),
        fact(6, "JP", parent_id=99),
    ]
    assert ids(held_by_rule(facts, CountingRule.EVERY_KIND, YEAR)) == [1, 3, 5, 6]
    assert ids(held_by_rule(facts, CountingRule.ROOTS, YEAR)) == [1, 5, 6]


def test_a_ring_of_parents_ends() -> None:
    ring = [fact(1, parent_id=2), fact(2, parent_id=1), fact(3, parent_id=3)]
    assert ids(held_by_rule(ring, CountingRule.ROOTS, YEAR)) == [3]
    tail = [fact(4, parent_id=5), fact(5, status="DRAFT", parent_id=6), fact(6, status="DRAFT", parent_id=5)]
    assert ids(held_by_rule(tail, CountingRule.ROOTS, YEAR)) == [4]


def test_facts_group_as_the_database_groups_them() -> None:
    facts = [
        fact(1, evidenced=True),
        fact(2, parent_id=1),
        fact(3, status="SCHEDULED"),
        fact(4, "MEET", "AGREED"),
        fact(5, "MEET", "AGREED", on=None),
        fact(6, "WS", "DRAFT"),
    ]
    assert grouped(facts, CountingRule.EVERY_KIND, YEAR) == {
        "JP": Grouped(held=2, planned=1, evidence=1),
        "MEET": Grouped(planned=1),
    }
    assert grouped(facts, CountingRule.ROOTS, YEAR)["JP"] == Grouped(held=1, planned=1, evidence=1)


def test_a_target_gathers_its_kinds() -> None:
    groups = {"JP": Grouped(held=3, planned=1, evidence=2), "JO": Grouped(held=1), "WS": Grouped(held=9)}
    assert target(24, "JP", "JO", "JAD").gather(groups) == Grouped(held=4, planned=1, evidence=2)


@pytest.mark.parametrize("wrong", [{"held": 1, "evidence": 2}, {"evidence": -1}, {"planned": -1}])
def test_counts_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        Grouped(**wrong)


@pytest.mark.parametrize(
    ("promised", "held", "low", "high", "judged"),
    [
        (24, 11, 15, 23, Verdict.WILL_MISS),
        (24, 15, 22, 30, Verdict.IN_DOUBT),
        (12, 4, 5, 9, Verdict.WILL_MISS),
        (24, 19, 28, 38, Verdict.ON_TARGET),
        (6, 3, 3, 7, Verdict.IN_DOUBT),
        (24, 13, 19, 27, Verdict.IN_DOUBT),
        (12, 12, 17, 25, Verdict.REACHED),
    ],
)
def test_the_band_says_the_verdict(promised: int, held: int, low: int, high: int, judged: Verdict) -> None:
    result = progress(target(promised), held, 5, held - 1, FIRST_ACTION_SHARE)
    assert (result.forecast_low, result.forecast_high, result.verdict) == (low, high, judged)
    assert (result.planned, result.evidence) == (5, held - 1)


def test_the_pace_is_the_even_share_of_the_promise() -> None:
    result = progress(target(24), 11, 6, 11, FIRST_ACTION_SHARE)
    assert result.share == pytest.approx(11 / 24)
    assert result.expected_by_today == pytest.approx(13.8, abs=0.05)
    assert result.pace_difference == pytest.approx(-2.8, abs=0.05)


def test_before_it_began_there_is_no_forecast_and_after_its_end_no_band() -> None:
    assert forecast(0, 0) == (None, None)
    assert forecast(7, 1) == (7, 7)
    assert verdict(24, 0, None, None) is Verdict.IN_DOUBT
    assert progress(target(24), 7, 0, 0, 1).verdict is Verdict.WILL_MISS


def test_a_promise_of_nothing_is_reached() -> None:
    result = progress(target(0), 0, 0, 0, 0.5)
    assert result.share is None
    assert result.verdict is Verdict.REACHED


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_nought_and_one(share: float) -> None:
    with pytest.raises(InvalidInput):
        forecast(1, share)


def test_a_target_needs_a_number_which_may_be_approximate() -> None:
    none = Target(item="X", label="X", target=NOT_COUNTED, unit="", kinds=frozenset())
    with pytest.raises(InvalidInput):
        progress(none, 1, 0, 0, 0.5)
    about = Target(item="P", label="P", target=Count(300, Qualifier.APPROXIMATE), unit="officer", kinds=frozenset())
    assert progress(about, 241, 64, 233, FIRST_ACTION_SHARE).verdict is Verdict.ON_TARGET


def test_officers_are_distinct_where_all_are_numbered_and_attendances_otherwise() -> None:
    twice = [fact(1, officers=frozenset({"a", "b"}), attendances=2), fact(2, officers=frozenset({"a"}), attendances=1)]
    assert officers_involved(twice) == OfficersInvolved(number=2, distinct=True)
    assert officers_involved([*twice, fact(3, attendances=4)]) == OfficersInvolved(number=7, distinct=False)
    assert officers_involved([]) == OfficersInvolved(number=0, distinct=True)


FACTS = st.lists(
    st.tuples(
        st.sampled_from([("JP", "DONE"), ("JP", "SCHEDULED"), ("JO", "CLOSED"), ("JIT", "SIGNED"), ("CBO", "REFUSED")]),
        st.sampled_from([INSIDE, BEFORE, None]),
        st.one_of(st.none(), st.integers(0, 11)),
    ),
    max_size=12,
).map(
    lambda rows: [
        fact(number, kind, status, on, parent_id=parent if parent is not None and parent < number else None)
        for number, ((kind, status), on, parent) in enumerate(rows)
    ]
)


@settings(deadline=None)
@given(FACTS)
def test_roots_are_among_all_and_every_held_activity_lies_under_one(facts: list[ActivityFact]) -> None:
    every = held_by_rule(facts, CountingRule.EVERY_KIND, YEAR)
    roots = held_by_rule(facts, CountingRule.ROOTS, YEAR)
    assert set(ids(roots)) <= set(ids(every))
    assert bool(roots) is bool(every)
    total = sum((group.held for group in grouped(facts, CountingRule.ROOTS, YEAR).values()), 0)
    assert total == len(roots)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.floats(0.001, 1))
def test_a_forecast_is_never_below_what_is_held(held: int, share: float) -> None:
    low, high = forecast(held, share)
    assert low is not None
    assert high is not None
    assert held <= low <= high
