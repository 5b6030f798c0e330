"""Days, spans, counts and amounts as the pages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.domain.counts import NOT_COUNTED, Count, Qualifier, Total
from registry.domain.money import Money
from registry.web import formats

LATE = datetime(2026, 11, 24, 22, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("from_on", "until_on", "written"),
    [
        (date(2026, 11, 24), date(2026, 11, 25), "24 Nov 2026"),
        (date(2026, 11, 20), date(2026, 11, 22), "20–21 Nov 2026"),
        (date(2025, 7, 21), date(2025, 8, 18), "21 Jul – 17 Aug 2025"),
        (date(2025, 12, 30), date(2026, 1, 3), "30 Dec 2025 – 2 Jan 2026"),
        (date(2025, 6, 1), date(2025, 7, 1), "Jun 2025"),
        (date(2025, 12, 1), date(2026, 1, 1), "Dec 2025"),
        (date(2025, 1, 1), date(2026, 1, 1), "2025"),
        (date(2025, 1, 1), date(2025, 10, 1), "1 Jan – 30 Sep 2025"),
        (None, date(2024, 12, 10), "to 9 Dec 2024"),
        (date(2025, 2, 3), None, "from 3 Feb 2025"),
        (None, None, "–"),
    ],
)
def test_a_half_open_span_is_written_with_its_last_day_included(
    from_on: date | None, until_on: date | None, written: str
) -> None:
    assert formats.span(from_on, until_on) == written


def test_an_instant_is_local_with_its_offset() -> None:
    written = str(formats.instant(LATE, "Europe/Ljubljana"))
    assert written == '<span class="num">Tue 24 Nov 2026, 23:47 <span class="cur">+01:00</span></span>'


def test_the_day_of_an_instant_is_the_day_in_its_zone() -> None:
    assert formats.day(LATE + timedelta(hours=1), "Europe/Ljubljana") == "25 Nov 2026"
    assert formats.day(LATE + timedelta(hours=1), "UTC") == "24 Nov 2026"
    assert formats.day(date(2026, 2, 1)) == "1 Feb 2026"


def test_a_period_says_its_day_once_when_it_is_one() -> None:
    written = str(formats.period(LATE - timedelta(hours=6), LATE, "Europe/Rome"))
    assert "Tue 24 Nov 2026, 17:47 – 23:47" in written
    over_night = str(formats.period(LATE, LATE + timedelta(hours=4), "Europe/Rome"))
    assert "Tue 24 Nov 2026, 23:47 – Wed 25 Nov 2026, 03:47" in over_night


def test_a_period_over_the_clock_change_names_both_offsets() -> None:
    starts_at = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    written = str(formats.period(starts_at, starts_at + timedelta(hours=6), "Europe/Rome"))
    assert "+02:00 – " in written
    assert "+01:00" in written


def test_a_period_without_its_end_is_its_beginning() -> None:
    assert formats.period(LATE, None, "UTC") == formats.instant(LATE, "UTC")
    assert str(formats.period(None, None)) == "–"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0"),
        (Count(0), '<span class="nowrap">0</span>'),
        (Count(4600, Qualifier.MORE_THAN), '<span class="nowrap">&gt; 4,600</span>'),
        (Count(516000, Qualifier.APPROXIMATE), '<span class="nowrap">≈ 516,000</span>'),
        (NOT_COUNTED, '<span class="nc" title="not counted">n.c.</span>'),
    ],
)
def test_zero_not_counted_and_not_yet_look_different(value: Count | int | None, written: str) -> None:
    assert str(formats.count(value)) == written


def test_a_total_says_how_many_parts_were_not_counted() -> None:
    total = Total(value=12, qualifier=Qualifier.EXACT, parts=5, not_counted=2)
    assert str(formats.count(total)) == '<span class="nowrap" title="2 of 5 not counted">12</span>'


def test_money_has_its_currency_in_front_and_is_never_0_when_unknown() -> None:
    assert str(formats.money(Money(123450, "EUR"))).endswith('<span class="cur">EUR</span> 1,234.50</span>')
    assert "not converted" in formats.money(None)


@pytest.mark.parametrize(
    ("lasting", "written"),
    [
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=6), "6 h"),
        (timedelta(hours=6, minutes=27), "6 h 27 min"),
        (timedelta(days=3), "3 days"),
        (None, "–"),
    ],
)
def test_a_duration_is_written_in_hours_and_from_two_days_on_in_days(lasting: timedelta | None, written: str) -> None:
    assert formats.duration(lasting) == written


def test_numbers_are_grouped_and_none_is_not_yet() -> None:
    assert formats.number(4600) == "4,600"
    assert formats.number(-5) == "−5"
    assert formats.number(None) == "–"
    assert formats.clock_time(None) == "–"
    assert formats.clock_time(LATE, "Europe/Rome") == "23:47"
