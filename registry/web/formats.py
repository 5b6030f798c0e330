"""How are days, instants, spans, numbers, counts and amounts written on a page? The template filters.

A filter that takes a zone uses the signed-in person's where none is given.
The figures themselves are written by ``registry/reports/figures.py``; this module adds the marks a page gives them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask, g, has_app_context
from flask_babel import gettext, ngettext
from markupsafe import Markup

from registry.domain.counts import Count, Total
from registry.domain.money import Money, format_amount
from registry.reports.figures import NOT_YET, display_date, signed

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(value: date | datetime | None, zone: str = "") -> str:
    """A day as ``24 Nov 2026``; of an instant, the day in the zone; – for none."""
    if value is None:
        return NOT_YET
    if isinstance(value, datetime):
        value = value.astimezone(_zone(zone)).date()
    return display_date(value)


def clock_time(value: datetime | None, zone: str = "") -> str:
    """The time of day in the zone, ``23:47``; – for none."""
    return NOT_YET if value is None else f"{value.astimezone(_zone(zone)):%H:%M}"


def instant(value: datetime | None, zone: str = "") -> Markup:
    """An instant as ``Tue 24 Nov 2026, 23:47 +01:00``: local, with its offset small behind it."""
    if value is None:
        return Markup(NOT_YET)  # noqa: S704 (a constant)
    local = value.astimezone(_zone(zone))
    return Markup('<span class="num">{} {}, {:%H:%M} <span class="cur">{}</span></span>').format(
        _DAYS[local.weekday()], display_date(local.date()), local, _offset(local)
    )


def period(starts_at: datetime | None, ends_at: datetime | None, zone: str = "") -> Markup:
    """From when to when, ``Fri 20 Nov 2026, 20:04 – Sat 21 Nov 2026, 02:31 +01:00``; the day once when it is one."""
    if starts_at is None or ends_at is None:
        return instant(starts_at or ends_at, zone)
    start, end = (value.astimezone(_zone(zone)) for value in (starts_at, ends_at))
    first = f"{_DAYS[start.weekday()]} {display_date(start.date())}, {start:%H:%M}"
    if start.utcoffset() != end.utcoffset():
        first += f" {_offset(start)}"
    same_day = start.date() == end.date()
    last = f"{end:%H:%M}" if same_day else f"{_DAYS[end.weekday()]} {display_date(end.date())}, {end:%H:%M}"
    return Markup('<span class="num">{} – {} <span class="cur">{}</span></span>').format(first, last, _offset(end))


def span(from_on: date | None, until_on: date | None) -> str:
    """A half-open period of days with its last day included: ``20–21 Nov 2026``, ``Jun 2025``, ``2025``.

    Without a beginning ``to 9 Dec 2024``, without an end ``from 3 Feb 2025``, without both –.
    """
    if from_on is None and until_on is None:
        return NOT_YET
    if from_on is None or until_on is None:
        return _open_span(from_on, until_on)
    return _whole_span(from_on, until_on) or _days(from_on, until_on - timedelta(days=1))


def number(value: int | Decimal | None) -> str:
    """A number with thousands separated, ``4,600``; – for none."""
    return NOT_YET if value is None else signed(f"{value:,}")


def money(value: Money | None) -> Markup:
    """An amount with its currency in front, small and grey: ``EUR 1,234.50``; *not converted* for none, never 0."""
    if value is None:
        return Markup('<span class="nc">{}</span>').format(gettext("not converted"))
    return Markup('<span class="num nowrap"><span class="cur">{}</span> {}</span>').format(
        value.currency, signed(format_amount(value))
    )


def count(value: Count | Total | int | None) -> Markup:
    """A count in its look: 0 a result, n.c. not counted, – not yet; ``> 4,600`` keeps its qualifier.

    A total says in its title how many of its parts were not counted.
    """
    if value is None or isinstance(value, int):
        return Markup("{}").format(number(value))
    if value.value is None:
        return Markup('<span class="nc" title="{}">{}</span>').format(gettext("not counted"), gettext("n.c."))
    text = Count(value.value, value.qualifier).display()
    if isinstance(value, Total) and value.not_counted:
        left_out = gettext("%(missing)s of %(parts)s not counted", missing=value.not_counted, parts=value.parts)
        return Markup('<span class="nowrap" title="{}">{}</span>').format(left_out, text)
    return Markup('<span class="nowrap">{}</span>').format(text)


def duration(seconds: float | timedelta | None) -> str:
    """How long, ``6 h 27 min``; from two days on in days; – for none."""
    if seconds is None:
        return NOT_YET
    minutes = int((seconds.total_seconds() if isinstance(seconds, timedelta) else seconds) // 60)
    if minutes >= 2 * 24 * 60:
        return str(ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60)))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _whole_span(from_on: date, until_on: date) -> str:
    """The name of a whole year or month, or nothing."""
    if from_on.day != 1 or until_on.day != 1:
        return ""
    months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month
    if months == 12 and from_on.month == 1:
        return str(from_on.year)
    return display_date(from_on).split(" ", 1)[1] if months == 1 else ""


def _days(first_on: date, last_on: date) -> str:
    """Two days and what is between them, without saying month or year twice."""
    if first_on == last_on:
        return display_date(first_on)
    if (first_on.year, first_on.month) == (last_on.year, last_on.month):
        return f"{first_on.day}–{display_date(last_on)}"
    if first_on.year == last_on.year:
        return f"{display_date(first_on).rsplit(' ', 1)[0]} – {display_date(last_on)}"
    return f"{display_date(first_on)} – {display_date(last_on)}"


def _zone(name: str) -> ZoneInfo:
    """The zone asked for, else the signed-in person's, else UTC."""
    return ZoneInfo(name or (has_app_context() and g.get("zone")) or "UTC")


def _open_span(from_on: date | None, until_on: date | None) -> str:
    if until_on is not None:
        return str(gettext("to %(day)s", day=display_date(until_on - timedelta(days=1))))
    return str(gettext("from %(day)s", day=day(from_on)))


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:5]}"


def install(app: Flask) -> None:
    """Register the filters: day, clock_time, instant, period, span, number, money, count, duration."""
    app.jinja_env.filters.update(
        day=day,
        clock_time=clock_time,
        instant=instant,
        period=period,
        span=span,
        number=number,
        money=money,
        count=count,
        duration=duration,
    )
