"""Counts: what was not counted is not zero, and the qualifier stays with the number."""

from __future__ import annotations

import pytest

from registry.domain.counts import EMPTY_TOTAL, NOT_COUNTED, Count, Qualifier, Total, total
from registry.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "count", "shown"),
    [
        ("", NOT_COUNTED, "n.c."),
        ("n.c.", NOT_COUNTED, "n.c."),
        ("Not counted", NOT_COUNTED, "n.c."),
        ("0", Count(0), "0"),
        ("1234", Count(1234), "1,234"),
        ("≈ 516000", Count(516000, Qualifier.APPROXIMATE), "≈ 516,000"),
        ("about 300", Count(300, Qualifier.APPROXIMATE), "≈ 300"),
        ("ca. 20", Count(20, Qualifier.APPROXIMATE), "≈ 20"),
        (">4,600", Count(4600, Qualifier.MORE_THAN), "> 4,600"),
        ("More  than 4.600", Count(4600, Qualifier.MORE_THAN), "> 4,600"),
        ("almost 500 000", Count(500000, Qualifier.ALMOST), "almost 500,000"),
    ],
)
def test_a_count_is_read_as_forms_and_files_send_it(text: str, count: Count, shown: str) -> None:
    assert Count.parse(text) == count
    assert count.display() == shown


@pytest.mark.parametrize("text", ["-1", "4.5", ".5", "many", "< 5", "12 34", "1,23,456", "5 patrols", "+", "٣"])
def test_what_is_no_count_is_refused_on_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Count.parse(text, field="persons_checked")
    assert "whole number" in refusal.value.errors["persons_checked"][0]


@pytest.mark.parametrize("text", ["1000000000001", "9" * 5000])
def test_a_number_beyond_reason_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="mend") as refusal:
        Count.parse(text)
    assert "too large" in refusal.value.errors["value"][0]


@pytest.mark.parametrize(
    ("value", "qualifier"),
    [(None, Qualifier.EXACT), (0, Qualifier.NOT_COUNTED), (-1, Qualifier.EXACT), (10**12 + 1, Qualifier.EXACT)],
)
def test_a_count_that_contradicts_itself_cannot_be_built(value: int | None, qualifier: Qualifier) -> None:
    with pytest.raises(InvalidInput):
        Count(value, qualifier)


def test_a_part_not_counted_adds_nothing_and_is_told() -> None:
    result = total([Count(3), NOT_COUNTED, Count(0)])
    assert (result.value, result.parts, result.not_counted) == (3, 3, 1)
    assert not result.complete
    assert not result.approximate
    assert result.display() == "3 (1 n.c.)"


def test_nothing_counted_is_not_zero() -> None:
    assert total([NOT_COUNTED, NOT_COUNTED]).value is None
    assert total([NOT_COUNTED]).display() == "n.c."
    assert total([]) == EMPTY_TOTAL
    assert EMPTY_TOTAL.display() == "–"
    assert not EMPTY_TOTAL.complete
    assert not EMPTY_TOTAL.approximate
    assert total([Count(0)]).display() == "0"
    assert total([Count(0)]).complete


@pytest.mark.parametrize(
    ("qualifiers", "together"),
    [
        ([Qualifier.EXACT, Qualifier.EXACT], Qualifier.EXACT),
        ([Qualifier.EXACT, Qualifier.MORE_THAN], Qualifier.MORE_THAN),
        ([Qualifier.ALMOST, Qualifier.EXACT], Qualifier.ALMOST),
        ([Qualifier.MORE_THAN, Qualifier.ALMOST], Qualifier.APPROXIMATE),
        ([Qualifier.APPROXIMATE, Qualifier.MORE_THAN], Qualifier.APPROXIMATE),
    ],
)
def test_a_sum_is_as_sure_as_its_parts(qualifiers: list[Qualifier], together: Qualifier) -> None:
    result = total([Count(2, qualifier) for qualifier in qualifiers])
    assert result.qualifier is together
    assert result.approximate is (together is not Qualifier.EXACT)


def test_an_approximate_sum_shows_it() -> None:
    result = Total(value=1234, qualifier=Qualifier.APPROXIMATE, parts=1, not_counted=0) + total([NOT_COUNTED] * 2)
    assert result.display() == "≈ 1,234 (2 n.c.)"
