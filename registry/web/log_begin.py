"""With what does a log form begin? With the person's own authority and the present, or with a copy of the last one."""

from __future__ import annotations

from datetime import datetime, timedelta

from registry.domain.periods import format_day, utc_to_local
from registry.queries.log_form import Choices, PastActivity
from registry.reference import table
from registry.web.log_typed import Typed

KEPT_IN_A_COPY = ("outcomes-", "costs-", "facts", "assessment", "note", "nothing_found", "client_uuid")
"""What was typed before *Copy last patrol* is tapped stays: a copy never brings results."""


def empty(choices: Choices, now: datetime, zone: str, *, at_once: bool) -> Typed:
    """A new form: the own authority as host, a place for a partner; with ``at_once`` the start is the present."""
    start = _floor(now)
    values = {
        "zone": zone,
        "participations-0-organisation": choices.own,
        "participations-0-role": "HOST",
        "participations-1-role": "SECONDING",
    }
    if at_once:
        values |= _local("starts", start, zone)
    return Typed({name: (value,) for name, value in values.items()})


def copied(past: PastActivity, typed: Typed, now: datetime, zone: str) -> Typed:
    """The last activity at its next possible hours, with what was already typed about results, notes and costs."""
    zone = past.zone or zone
    values = {
        "title": past.title if past.kind != "JP" else "",
        "zone": zone,
        "aim": past.aim,
        "check_basis": past.check_basis,
        "risk_reference": past.risk_reference,
        "work_package": past.work_package,
        "place-text": past.place,
        "place-location_kind": past.location_kind,
        **_hours(past, now, zone),
        **_parts(past),
    }
    said = Typed({name: (value,) for name, value in values.items() if value})
    areas = tuple(area for area in past.crime_areas.replace(",", "|").split("|") if area)
    if areas:
        said = said.joined(Typed({"crime_areas": areas}))
    return said.joined(typed.only(lambda name: name.startswith(KEPT_IN_A_COPY)))


def with_end_now(typed: Typed, now: datetime, zone: str) -> Typed:
    """*End and save*: an end left empty is the moment of saving."""
    if typed.get("ends_time").strip() or typed.get("ends_day").strip() or not typed.get("starts_time").strip():
        return typed
    return typed.with_values(_local("ends", now, zone))


def with_nothing_found(typed: Typed, findings: tuple[str, ...]) -> Typed:
    """Every finding not yet counted becomes 0, and again to undo; a finding that was counted is left alone."""
    if typed.get("nothing_found"):
        undone = {name: "" for name in findings if typed.get(name) == "0"}
        return typed.with_values({**undone, "nothing_found": ""})
    if any(typed.get(name).strip() not in ("", "0") for name in findings):
        return typed
    return typed.with_values({**dict.fromkeys(findings, "0"), "nothing_found": "1"})


def _hours(past: PastActivity, now: datetime, zone: str) -> dict[str, str]:
    """The same hours of the day, the last time they were over; after the copied one, or up to now."""
    if past.starts_at is None or past.ends_at is None:
        return _local("starts", _floor(now), zone)
    days = (now - past.ends_at) // timedelta(days=1)
    # Whole days on the local clock: hours stay the same across a change of the clocks.
    start = utc_to_local(past.starts_at, zone) + timedelta(days=days)
    end = utc_to_local(past.ends_at, zone) + timedelta(days=days)
    if days < 1 or end > now:
        end = _floor(now)
        start = max(past.ends_at, end - (past.ends_at - past.starts_at))
    return {**_local("starts", start, zone), **_local("ends", end, zone)}


def _parts(past: PastActivity) -> dict[str, str]:
    values: dict[str, str] = {}
    codes = [row["code"] for row in table("functions")]
    for number, part in enumerate(past.parts):
        base = f"participations-{number}-"
        counts = {"officers": part.officers, "women": part.women, "men": part.men}
        values |= {f"{base}{name}": str(count) for name, count in counts.items() if count is not None}
        values |= {
            f"{base}organisation": part.organisation,
            f"{base}role": part.role,
            f"{base}officer_in_charge": part.officer_in_charge,
        }
        for place, code in enumerate(codes):
            if code in part.functions:
                values[f"{base}functions-{place}-function"] = code
                values[f"{base}functions-{place}-number"] = str(part.functions[code])
    return values


def _local(name: str, instant: datetime, zone: str) -> dict[str, str]:
    local = utc_to_local(instant, zone)
    return {f"{name}_day": format_day(local.date()), f"{name}_time": f"{local:%H:%M}"}


def _floor(instant: datetime) -> datetime:
    return instant - timedelta(minutes=instant.minute % 5, seconds=instant.second, microseconds=instant.microsecond)
