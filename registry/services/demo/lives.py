"""When did a demonstration activity take place, in which state is it now, and is it verified and released?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from registry.domain.activities import Phase, counts_on

_HOURS = tuple(range(24))
_NIGHT = (9, 9, 8, 8, 7, 5, 3, 2, 2, 3, 3, 2, 2, 3, 4, 4, 4, 5, 6, 8, 9, 10, 10, 9)
_OFFICE = (0, 0, 0, 0, 0, 0, 0, 0, 4, 9, 9, 4, 1, 4, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0)
INDOORS = frozenset({"MEET", "WS", "TR", "EX"})
_LASTS_HOURS: dict[str, tuple[float, float]] = {
    "JP": (3.5, 8),
    "CBO": (2, 30),
    "JIT": (24 * 180, 24 * 540),
    "JO": (24, 24 * 9),
    "JAD": (24, 24 * 4),
    "MEET": (2, 6),
    "WS": (8, 48),
    "TR": (16, 72),
    "EX": (24 * 3, 24 * 12),
}
_HELD: dict[str, tuple[tuple[str, int], ...]] = {
    "CBO": (("ENDED", 5), ("REPORT_SENT", 3), ("CLOSED", 2)),
    "JIT": (("SIGNED", 3), ("OPERATIONAL", 5), ("EXTENDED", 1)),
    "TR": (("DELIVERED", 5), ("EVALUATED_L1", 3), ("CLOSED", 1)),
    "EX": (("DELIVERED", 6), ("EVALUATED_L1", 1)),
}
_FIELD_HELD = (("REPORTED", 60), ("SIGNED_BY_ALL", 25), ("EVALUATED", 8), ("CLOSED", 7))
_PLANNED: dict[str, tuple[tuple[str, int], ...]] = {
    "CBO": (("AUTHORISED", 1),),
    "JIT": (("PREPARATION", 2), ("DRAFT_AGREEMENT", 1)),
    "TR": (("PLANNED", 2), ("OPEN", 1)),
    "EX": (("PLANNED", 2), ("OPEN", 1)),
}
_FIELD_PLANNED = (("SCHEDULED", 3), ("AGREED", 1))
_LOST: dict[str, tuple[tuple[str, int], ...]] = {
    "CBO": (("REFUSED", 1), ("WITHDRAWN", 1)),
    "JIT": (("ABANDONED", 1),),
    "TR": (("CANCELLED", 1),),
    "EX": (("CANCELLED", 1),),
}
_FIELD_LOST = (("CANCELLED", 5), ("INTERRUPTED", 2), ("WITHDRAWN", 1), ("POSTPONED", 1))
PLANNED_DAYS = 42
RECENT_SHARE = 0.12
FORGOTTEN_SHARE = 0.04
"""Never verified; of many activities, hardly any: what is still open does not grow with what is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Start and end of an activity: instants, the local days they fall on, and the offsets from UTC there."""

    starts_at: datetime
    ends_at: datetime
    from_on: date
    last_on: date
    starts_offset_min: int
    ends_offset_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The state an activity is in, when it was verified and from when on others may see it."""

    status: str
    entered_at: datetime
    verified_at: datetime | None
    released_at: datetime | None
    counts_on: date | None


def state(kind: str, phase: Phase, rng: Random) -> str:
    """A state of the phase, as kinds live."""
    table, field = {
        Phase.HELD: (_HELD, _FIELD_HELD),
        Phase.PLANNED: (_PLANNED, _FIELD_PLANNED),
        Phase.OTHER: (_LOST, _FIELD_LOST),
    }[phase]
    choices = table.get(kind, field)
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def span(kind: str, phase: Phase, zone: ZoneInfo, *, first_on: date, now: datetime, lean: bool, rng: Random) -> Span:
    """A period of the kind: before now when it was held, in the weeks ahead when it is planned."""
    shortest, longest = _LASTS_HOURS[kind]
    lasts = timedelta(minutes=15 * round(rng.uniform(shortest, longest) * 4))
    today = now.date()
    if phase is Phase.PLANNED:
        day = today + timedelta(days=1 + int(PLANNED_DAYS * rng.random() ** 1.5))
    else:
        past = (today - first_on).days - 1
        recent = not lean and rng.random() < RECENT_SHARE
        day = (
            today - timedelta(days=rng.randint(1, 8)) if recent else first_on + timedelta(days=int(past * rng.random()))
        )
    if kind in INDOORS and day.weekday() >= 5:
        day += timedelta(days=2 if phase is Phase.PLANNED else -2)
    hour = rng.choices(_HOURS, _OFFICE if kind in INDOORS else _NIGHT)[0]
    starts = datetime.combine(day, time(hour, rng.choice((0, 0, 15, 30))), zone)
    if phase is not Phase.PLANNED and kind != "JIT" and starts + lasts > now:
        starts = (now - lasts - timedelta(hours=6)).astimezone(zone).replace(minute=0, second=0, microsecond=0)
    return spanning(starts, lasts)


def spanning(starts: datetime, lasts: timedelta) -> Span:
    """The span from a local start on."""
    zone = starts.tzinfo
    starts_at = starts.astimezone(UTC)
    ends_at = starts_at + lasts
    ends = ends_at.astimezone(zone)
    return Span(
        starts_at=starts_at,
        ends_at=ends_at,
        from_on=starts.date(),
        last_on=ends.date(),
        starts_offset_min=_offset(starts),
        ends_offset_min=_offset(ends),
    )


def _offset(local: datetime) -> int:
    offset = local.utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)


def life(kind: str, phase: Phase, when: Span, *, now: datetime, delay_days: int, lean: bool, rng: Random) -> Life:
    """Entered soon after the end (plans: weeks before the start), verified days later, released after the delay."""
    status = state(kind, phase, rng)
    over_at = when.starts_at if kind == "JIT" else when.ends_at
    entered_at = over_at + timedelta(minutes=30 + int(rng.expovariate(1 / 600)))
    if phase is Phase.PLANNED:
        entered_at = min(now, when.starts_at) - timedelta(hours=rng.randint(4, 400))
    entered_at = min(entered_at, now - timedelta(minutes=rng.randint(5, 90)))
    verified_at = released_at = None
    if phase is Phase.HELD:
        wanted = entered_at + timedelta(hours=rng.randint(5, 110))
        verified_at = (
            wanted if wanted < now and rng.random() >= (FORGOTTEN_SHARE / 20 if lean else FORGOTTEN_SHARE) else None
        )
        if verified_at is not None:
            released_at = max(verified_at, when.ends_at + timedelta(days=delay_days))
    return Life(
        status=status,
        entered_at=entered_at,
        verified_at=verified_at,
        released_at=released_at,
        counts_on=counts_on(kind, when.from_on, when.last_on, when.from_on if status in _AGREED else None),
    )


_AGREED = frozenset({"SIGNED", "OPERATIONAL", "EXTENDED"})
