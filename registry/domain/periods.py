"""When was it, on whose clock, and how is that read and written? UTC inside, half-open, local words outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from registry.domain.errors import InvalidInput

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_YEAR, LAST_YEAR = 1900, 2199
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH_NUMBERS = {name: number for number, name in enumerate(_LONG_MONTHS, start=1)} | {
    name.lower(): number for number, name in enumerate(MONTHS, start=1)
}
_PARTIAL = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII)
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?P<mark>[./-]) ?(?P<month>\d{1,2})(?P=mark) ?(?P<year>\d{4})\.?", re.ASCII)
_NAMED_DAY = re.compile(r"(?P<day>\d{1,2})\.? (?P<month>[a-z]+)\.?,? (?P<year>\d{4})", re.ASCII)
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h]?)(?P<minute>\d{2})(?::(?P<second>\d{2}))?", re.ASCII)
_NO_SUCH_DAY = (
    "There is no such day in the calendar. Write a day that exists, such as 2026-05-31, or only 2026-05 or 2026."
)
_DAY_HELP = "Write a day such as 24 Nov 2026, 2026-11-24, 24.11.2026 or 24/11/2026 (the day first)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From an instant up to, but without, another; both aware, kept in UTC. InvalidInput when it does not last."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        for field in ("starts_at", "ends_at"):
            instant: datetime = getattr(self, field)
            if instant.utcoffset() is None:
                raise InvalidInput({field: ["A time needs its time zone."]})
            object.__setattr__(self, field, instant.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise InvalidInput({"ends_at": ["The end must come after the start."]})

    @property
    def span(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    @property
    def hours(self) -> float:
        """How long it lasts, in hours that really passed, whatever the clocks did."""
        return self.span / timedelta(hours=1)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share any instant; one that ends as the other starts does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def across_midnight(self, zone: str) -> bool:
        """Whether it goes on past midnight, local time; to end at midnight is not to cross it."""
        last = self.ends_at - timedelta(microseconds=1)
        return utc_to_local(self.starts_at, zone).date() != utc_to_local(last, zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePeriod:
    """Days from ``from_on`` up to, but without, ``until_on``. InvalidInput when it holds no day."""

    from_on: date
    until_on: date

    def __post_init__(self) -> None:
        if self.until_on <= self.from_on:
            raise InvalidInput({"until_on": ["The last day must not come before the first."]})

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.until_on - self.from_on).days

    @property
    def last_on(self) -> date:
        """The last day inside."""
        return self.until_on - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day < self.until_on

    def elapsed_share(self, today: date) -> float:
        """The share of its days that have begun on ``today``: 0 before, 1 from the last day on."""
        begun = (today - self.from_on).days + 1
        return min(max(begun, 0), self.days) / self.days


class DatePrecision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date of which the day or the month may be unknown: bounds (half-open) plus a precision (decision 21)."""

    from_on: date
    until_on: date
    precision: DatePrecision

    @classmethod
    def parse(cls, text: str, field: str = "date") -> PartialDate:
        """Read ``2024``, ``2024-05`` or ``2024-05-17``; InvalidInput on ``field`` otherwise."""
        found = _PARTIAL.fullmatch(text.strip())
        if found is None:
            raise InvalidInput({field: ["Write a year, a month or a day: 2024, 2024-05 or 2024-05-17."]})
        year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
        from_on = _day(year, month, day, field)
        if found["day"]:
            return cls(from_on=from_on, until_on=from_on + timedelta(days=1), precision=DatePrecision.DAY)
        if found["month"]:
            until_on = date(year + month // 12, month % 12 + 1, 1)
            return cls(from_on=from_on, until_on=until_on, precision=DatePrecision.MONTH)
        return cls(from_on=from_on, until_on=date(year + 1, 1, 1), precision=DatePrecision.YEAR)

    def display(self) -> str:
        """``17 Jun 2025``, ``Jun 2025`` or ``2025``, as far as it is known."""
        if self.precision is DatePrecision.YEAR:
            return str(self.from_on.year)
        month = f"{MONTHS[self.from_on.month - 1]} {self.from_on.year}"
        return month if self.precision is DatePrecision.MONTH else f"{self.from_on.day} {month}"

    def lies_in(self, period: DatePeriod) -> bool:
        """Whether every day it may be lies in the period."""
        return period.from_on <= self.from_on and self.until_on <= period.until_on


def zone_of(zone: str) -> ZoneInfo:
    """The time zone by its IANA name; InvalidInput on ``zone`` when there is none such."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise InvalidInput({"zone": [f"“{zone}” is not a time zone, such as Europe/Ljubljana."]}) from None


def local_to_utc(on: date, at: time, zone: str, fold: int | None = None, *, field: str = "time") -> datetime:
    """The instant of a local day and time.

    InvalidInput on ``field`` for an hour the clocks skip, and for one they repeat unless ``fold`` says the first (0)
    or the second (1).
    """
    local = datetime.combine(on, at.replace(tzinfo=None, fold=0), tzinfo=zone_of(zone))
    later = local.replace(fold=1)
    if local.utcoffset() == later.utcoffset():
        return local.astimezone(UTC)
    clock = f"{at:%H:%M} on {format_day(on)}"
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidInput({field: [f"{clock} did not exist: the clocks went forward. Give a time before or after."]})
    if fold is None:
        raise InvalidInput(
            {field: [f"{clock} came twice: the clocks went back. Say whether it was the first or second."]}
        )
    return (later if fold else local).astimezone(UTC)


def utc_to_local(instant: datetime, zone: str) -> datetime:
    """The instant on the local clock."""
    return instant.astimezone(zone_of(zone))


def offset_minutes(instant: datetime, zone: str) -> int:
    """How many minutes the local clock is ahead of UTC at that instant."""
    return round((utc_to_local(instant, zone).utcoffset() or timedelta()) / timedelta(minutes=1))


def offset_label(minutes: int) -> str:
    """``+01:00``."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def parse_local_day(text: str, field: str = "date") -> date:
    """Read ``24 Nov 2026``, ``2026-11-24``, ``24.11.2026`` or ``24/11/2026``: the day comes before the month."""
    tidy = " ".join(text.split()).lower()
    found = _ISO_DAY.fullmatch(tidy) or _DAY_FIRST.fullmatch(tidy)
    if found is not None:
        return _day(int(found["year"]), int(found["month"]), int(found["day"]), field)
    named = _NAMED_DAY.fullmatch(tidy)
    if named is None or named["month"] not in _MONTH_NUMBERS:
        raise InvalidInput({field: [_DAY_HELP]})
    return _day(int(named["year"]), _MONTH_NUMBERS[named["month"]], int(named["day"]), field)


def parse_local_time(text: str, field: str = "time") -> time:
    """Read ``15:30``, ``15.30`` or ``1530``; InvalidInput on ``field`` otherwise."""
    found = _TIME.fullmatch(text.strip().lower())
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (24, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise InvalidInput({field: ["Write a time from 00:00 to 23:59, such as 15:30."]})
    return time(hour, minute, second)


def format_day(day: date) -> str:
    """``24 Nov 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_span(first: date, last: date) -> str:
    """First and last day, no more said than needed: ``20–21 Nov 2026``, ``30 Nov – 1 Dec 2026``."""
    if first == last:
        return format_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {format_day(last)}"
    return f"{format_day(first)} – {format_day(last)}"


def _day(year: int, month: int, day: int, field: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput({field: [f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}."]})
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInput({field: [_NO_SUCH_DAY]}) from None
