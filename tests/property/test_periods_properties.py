"""Time for any instant: local and back is the same instant; partial dates hold what they say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.periods import (
    PartialDate,
    Period,
    format_day,
    local_to_utc,
    parse_local_day,
    parse_local_time,
    utc_to_local,
)

ZONES = st.sampled_from(
    ["Europe/Ljubljana", "Europe/Sofia", "Europe/Malta", "Europe/Riga", "Atlantic/Azores", "Asia/Kolkata", "UTC"]
)
INSTANTS = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
DAYS = st.dates(date(1901, 1, 1), date(2198, 12, 31))


@settings(deadline=None)
@given(INSTANTS, ZONES)
def test_local_and_back_is_the_same_instant(instant: datetime, zone: str) -> None:
    local = utc_to_local(instant, zone)
    assert local_to_utc(local.date(), local.time(), zone, fold=local.fold) == instant


@settings(deadline=None)
@given(DAYS)
def test_a_day_shown_can_be_read_again(day: date) -> None:
    assert parse_local_day(format_day(day)) == parse_local_day(day.isoformat()) == day
    assert parse_local_day(f"{day:%d.%m.%Y}") == parse_local_day(f"{day:%d/%m/%Y}") == day


@settings(deadline=None)
@given(st.times())
def test_a_time_reads_the_same_in_every_spelling(clock: object) -> None:
    spellings = {parse_local_time(f"{clock:{spelling}}") for spelling in ("%H:%M", "%H.%M", "%H%M")}
    assert len(spellings) == 1


@settings(deadline=None)
@given(DAYS, st.sampled_from([4, 7, 10]))
def test_a_partial_date_holds_its_own_days(day: date, length: int) -> None:
    partial = PartialDate.parse(day.isoformat()[:length])
    assert partial.from_on <= day < partial.until_on


@settings(deadline=None)
@given(INSTANTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=400)))
def test_a_period_overlaps_itself_and_never_what_follows_it(start: datetime, span: timedelta) -> None:
    period = Period(starts_at=start, ends_at=start + span)
    assert period.overlaps(period)
    assert not period.overlaps(Period(starts_at=period.ends_at, ends_at=period.ends_at + span))
