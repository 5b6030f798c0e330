"""Days, times and clocks: what people type, what the clock change does, how it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from registry.domain.errors import InvalidInput
from registry.domain.periods import (
    DatePeriod,
    DatePrecision,
    PartialDate,
    Period,
    format_day,
    format_span,
    local_to_utc,
    offset_label,
    offset_minutes,
    parse_local_day,
    parse_local_time,
    utc_to_local,
    zone_of,
)

LJUBLJANA = "Europe/Ljubljana"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_period_is_half_open_and_lasts() -> None:
    first = Period(starts_at=at(20, 19), ends_at=at(21, 1, 30))
    assert first.span == timedelta(hours=6, minutes=30)
    assert first.hours == pytest.approx(6.5)
    assert not first.overlaps(Period(starts_at=at(21, 1, 30), ends_at=at(21, 2)))
    assert not first.overlaps(Period(starts_at=at(20, 18), ends_at=at(20, 19)))
    assert first.overlaps(Period(starts_at=at(21, 1), ends_at=at(21, 2)))


def test_a_period_keeps_utc() -> None:
    local = utc_to_local(at(20, 19), LJUBLJANA)
    assert local.hour == 20
    assert Period(starts_at=local, ends_at=at(20, 20)).starts_at.tzinfo is UTC


@pytest.mark.parametrize("hours", [0, -1])
def test_a_period_that_does_not_last_is_refused(hours: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Period(starts_at=at(20, 12), ends_at=at(20, 12 + hours))
    assert list(refusal.value.errors) == ["ends_at"]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Period(starts_at=at(20, 12).replace(tzinfo=None), ends_at=at(20, 13))
    assert list(refusal.value.errors) == ["starts_at"]


def test_a_patrol_crosses_midnight_on_its_own_clock() -> None:
    after = Period(starts_at=at(20, 23, 30), ends_at=at(21, 0, 30))
    assert after.across_midnight("UTC")
    assert not after.across_midnight(LJUBLJANA)
    assert Period(starts_at=at(20, 22), ends_at=at(20, 23, 30)).across_midnight(LJUBLJANA)
    assert not Period(starts_at=at(20, 22), ends_at=at(20, 23)).across_midnight(LJUBLJANA)


def test_days_are_half_open() -> None:
    november = DatePeriod(from_on=date(2026, 11, 1), until_on=date(2026, 12, 1))
    assert november.days == 30
    assert november.last_on == date(2026, 11, 30)
    assert date(2026, 11, 30) in november
    assert date(2026, 12, 1) not in november
    with pytest.raises(InvalidInput) as refusal:
        DatePeriod(from_on=date(2026, 11, 1), until_on=date(2026, 11, 1))
    assert list(refusal.value.errors) == ["until_on"]


@pytest.mark.parametrize(
    ("today", "share"),
    [(date(2025, 9, 30), 0), (date(2025, 10, 1), 1 / 730), (date(2026, 11, 24), 420 / 730), (date(2030, 1, 1), 1)],
)
def test_the_elapsed_share_counts_days_begun(today: date, share: float) -> None:
    action = DatePeriod(from_on=date(2025, 10, 1), until_on=date(2027, 10, 1))
    assert action.elapsed_share(today) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "from_on", "until_on", "precision", "shown"),
    [
        ("2025", date(2025, 1, 1), date(2026, 1, 1), DatePrecision.YEAR, "2025"),
        ("2025-06", date(2025, 6, 1), date(2025, 7, 1), DatePrecision.MONTH, "Jun 2025"),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1), DatePrecision.MONTH, "Dec 2025"),
        (" 2024-02-29 ", date(2024, 2, 29), date(2024, 3, 1), DatePrecision.DAY, "29 Feb 2024"),
    ],
)
def test_a_partial_date_is_bounds_and_a_precision(
    text: str, from_on: date, until_on: date, precision: DatePrecision, shown: str
) -> None:
    partial = PartialDate.parse(text)
    assert partial == PartialDate(from_on=from_on, until_on=until_on, precision=precision)
    assert partial.display() == shown


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-02-30", "2025-6", "1850", "June 2025"])
def test_what_is_no_date_is_refused_on_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        PartialDate.parse(text, field="from_on")
    assert list(refusal.value.errors) == ["from_on"]


def test_a_partial_date_lies_in_a_period_only_with_every_day_it_may_be() -> None:
    summer = DatePeriod(from_on=date(2025, 6, 1), until_on=date(2025, 9, 1))
    assert PartialDate.parse("2025-06").lies_in(summer)
    assert not PartialDate.parse("2025").lies_in(summer)
    assert not PartialDate.parse("2025-09").lies_in(summer)


def test_a_local_time_becomes_an_instant() -> None:
    assert local_to_utc(date(2026, 11, 24), time(15, 30), LJUBLJANA) == at(24, 14, 30)
    assert local_to_utc(date(2026, 7, 1), time(15, 30), "Europe/Malta").hour == 13


def test_an_hour_the_clocks_skip_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        local_to_utc(date(2026, 3, 29), time(2, 30), LJUBLJANA, fold=1, field="start_time")
    assert "02:30 on 29 Mar 2026 did not exist" in refusal.value.errors["start_time"][0]


def test_an_hour_that_comes_twice_needs_to_say_which() -> None:
    october, half_past_two = date(2026, 10, 25), time(2, 30)
    with pytest.raises(InvalidInput) as refusal:
        local_to_utc(october, half_past_two, LJUBLJANA, field="end_time")
    assert "came twice" in refusal.value.errors["end_time"][0]
    first = local_to_utc(october, half_past_two, LJUBLJANA, fold=0)
    second = local_to_utc(october, half_past_two, LJUBLJANA, fold=1)
    assert (first.hour, second.hour) == (0, 1)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        zone_of(zone)
    assert list(refusal.value.errors) == ["zone"]


def test_the_offset_is_shown_with_its_sign() -> None:
    assert offset_minutes(at(24, 12), LJUBLJANA) == 60
    assert offset_label(60) == "+01:00"
    assert offset_label(0) == "+00:00"
    assert offset_label(-210) == "-03:30"


@pytest.mark.parametrize(
    "text",
    [
        "24 Nov 2026",
        "24 november 2026",
        "24. Nov 2026",
        "24 Nov. 2026",
        "2026-11-24",
        "24.11.2026",
        "24. 11. 2026",
        "24/11/2026",
    ],
)
def test_a_day_is_read_with_the_day_first(text: str) -> None:
    assert parse_local_day(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    "text", ["", "11/24/2026", "24 Nov", "24 Foo 2026", "24.11/2026", "31.4.2026", "1.1.26", "1 1 1800"]
)
def test_an_impossible_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_local_day(text, field="start_date")
    assert list(refusal.value.errors) == ["start_date"]


@pytest.mark.parametrize("text", ["15:30", "15.30", "1530", " 15h30 ", "15:30:00"])
def test_a_time_is_read_as_people_write_it(text: str) -> None:
    assert parse_local_time(text) == time(15, 30)


def test_three_figures_are_an_hour_and_minutes() -> None:
    assert parse_local_time("930") == time(9, 30)


@pytest.mark.parametrize("text", ["", "15", "24:00", "12:60", "12:30:60", "noon"])
def test_an_impossible_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_local_time(text, field="start_time")
    assert list(refusal.value.errors) == ["start_time"]


def test_a_span_says_no_more_than_needed() -> None:
    assert format_day(date(2026, 11, 4)) == "4 Nov 2026"
    assert format_span(date(2026, 11, 20), date(2026, 11, 20)) == "20 Nov 2026"
    assert format_span(date(2026, 11, 20), date(2026, 11, 21)) == "20–21 Nov 2026"
    assert format_span(date(2026, 11, 30), date(2026, 12, 1)) == "30 Nov – 1 Dec 2026"
    assert format_span(date(2026, 12, 31), date(2027, 1, 1)) == "31 Dec 2026 – 1 Jan 2027"
