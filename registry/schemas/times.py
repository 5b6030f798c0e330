"""When was it, as it comes over the wire? Local days and times with their zone, moments, or days as far as known."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from registry.domain.activity_checks import Faults
from registry.domain.errors import InvalidInput
from registry.domain.periods import PartialDate, Period, local_to_utc

TIME_FIELDS = (
    *("starts_day", "starts_time", "starts_fold", "ends_day", "ends_time", "ends_fold"),
    *("starts_at", "ends_at", "starts_on", "ends_on"),
)
FOLDS = {"first": 0, "second": 1}


def when(values: dict[str, Any], zone: str) -> dict[str, Any]:
    """The period or the partial days of a record: ``period``, ``starts_on`` and ``ends_on`` of the command.

    Times win over days; a day without any time is a whole day. InvalidInput names the field to be mended.
    """
    given = {name: values.pop(name, None) for name in TIME_FIELDS}
    if given["starts_at"] or given["ends_at"]:
        return {"period": _moments(given)}
    if given["starts_time"] or given["ends_time"]:
        return {"period": _local(given, zone)}
    starts_on = given["starts_on"] or _whole(given["starts_day"])
    ends_on = given["ends_on"] or _whole(given["ends_day"])
    if starts_on is None and ends_on is None:
        raise InvalidInput({"starts_day": ["Say when: the day and the time of the start."]})
    return {"starts_on": starts_on, "ends_on": ends_on}


def _whole(day: date | None) -> PartialDate | None:
    return None if day is None else PartialDate.parse(day.isoformat())


def _moments(given: dict[str, Any]) -> Period:
    missing: Faults = {name: ["Give the start and the end."] for name in ("starts_at", "ends_at") if not given[name]}
    if missing:
        raise InvalidInput(missing)
    return Period(starts_at=given["starts_at"], ends_at=given["ends_at"])


def _local(given: dict[str, Any], zone: str) -> Period:
    asked = {
        "starts_day": "Write the day of the start.",
        "starts_time": "Write the time of the start.",
        "ends_time": "Write the time of the end.",
    }
    missing: Faults = {name: [sentence] for name, sentence in asked.items() if given[name] is None}
    if missing:
        raise InvalidInput(missing)
    starts_day: date = given["starts_day"]
    ends_day: date = given["ends_day"] or _end_day(starts_day, given["starts_time"], given["ends_time"])
    starts_at = _instant(starts_day, given["starts_time"], zone, given["starts_fold"], "starts_time")
    ends_at = _instant(ends_day, given["ends_time"], zone, given["ends_fold"], "ends_time")
    if ends_at <= starts_at:
        raise InvalidInput({"ends_time": ["The end must come after the start. Mend the day or the time of the end."]})
    return Period(starts_at=starts_at, ends_at=ends_at)


def _end_day(starts_day: date, starts_time: time, ends_time: time) -> date:
    """With times alone, an end at or before the start lies on the next day."""
    return starts_day + timedelta(days=1) if ends_time <= starts_time else starts_day


def _instant(day: date, clock: time, zone: str, fold: str | None, field: str) -> datetime:
    return local_to_utc(day, clock, zone, None if fold is None else FOLDS[fold], field=field)
