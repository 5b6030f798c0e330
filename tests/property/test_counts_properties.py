"""Counts for any numbers: totals do not depend on order or grouping, and not counted is never zero."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.counts import NOT_COUNTED, Count, Qualifier, total

COUNTS = st.one_of(
    st.just(NOT_COUNTED),
    st.builds(Count, st.integers(0, 10**9), st.sampled_from([q for q in Qualifier if q is not Qualifier.NOT_COUNTED])),
)


@settings(deadline=None)
@given(COUNTS)
def test_what_is_shown_can_be_read_again(count: Count) -> None:
    assert Count.parse(count.display()) == count


@settings(deadline=None)
@given(st.lists(COUNTS, max_size=15), st.integers(0, 15))
def test_a_total_does_not_depend_on_order_or_grouping(counts: list[Count], cut: int) -> None:
    assert total(counts[:cut]) + total(counts[cut:]) == total(counts) == total(counts[::-1])


@settings(deadline=None)
@given(st.lists(COUNTS, max_size=15))
def test_a_total_is_empty_exactly_when_nothing_was_counted(counts: list[Count]) -> None:
    counted = [count.value for count in counts if count.value is not None]
    result = total(counts)
    assert (result.value is None) is (not counted)
    assert (result.value or 0) == sum(counted)
    assert result.parts - result.not_counted == len(counted)
