"""What stands in the log form of a record that is already there? Every part of it as a person would have typed it."""

from __future__ import annotations

from datetime import datetime

from registry.domain.command_parts import ObservationFacts, ParticipationIn, PatrolFacts, PlaceIn, TeamFacts
from registry.domain.commands import LogActivity
from registry.domain.counts import Count, Qualifier
from registry.domain.periods import DatePrecision, PartialDate, format_day, utc_to_local
from registry.reference import table
from registry.web import log_place
from registry.web.log_typed import Fields, Typed

WORDS = ("title", "aim", "legal_basis", "facts", "assessment", "note", "work_package")
"""Fields of plain text, named alike in the form and in the record."""
_LETTERS_OF_A_DAY = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7}


def filled(command: LogActivity, *, made_title: bool = False) -> Typed:
    """The form as the record stands; a title that was made from kind and place is left to be made anew."""
    values = {
        "zone": command.zone,
        **{name: getattr(command, name) for name in WORDS},
        **_times(command),
        **_place(command.place),
        **_people(command),
        **{f"outcomes-{measure}": count_text(count) for measure, count in command.outcomes.items()},
        "nothing_found": "1" if command.nothing_found else "",
        **_facts(command),
    }
    if made_title:
        values["title"] = ""
    many: Fields = {"crime_areas": command.crime_areas, "team-agencies": _agencies(command)}
    return Typed({name: (value,) for name, value in values.items() if value} | {k: v for k, v in many.items() if v})


def count_text(count: Count) -> str:
    """A count as it is typed: empty when it was not counted."""
    if count.value is None:
        return ""
    return str(count.value) if count.qualifier is Qualifier.EXACT else count.display()


def _times(command: LogActivity) -> dict[str, str]:
    if command.period is not None:
        zone = command.zone
        return {**_local("starts", command.period.starts_at, zone), **_local("ends", command.period.ends_at, zone)}
    return {"starts_day": _partial(command.starts_on), "ends_day": _partial(command.ends_on)}


def _local(name: str, instant: datetime, zone: str) -> dict[str, str]:
    """Day and time on the local clock; which of the two, in an hour the clocks repeat."""
    local = utc_to_local(instant, zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return {
        f"{name}_day": format_day(local.date()),
        f"{name}_time": f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}",
        f"{name}_fold": ("first", "second")[local.fold] if twice else "",
    }


def _partial(day: PartialDate | None) -> str:
    if day is None:
        return ""
    letters = _LETTERS_OF_A_DAY.get(day.precision)
    return day.from_on.isoformat()[:letters] if letters else format_day(day.from_on)


def _place(place: PlaceIn | None) -> dict[str, str]:
    """Words and shape; a crossing point is its name."""
    if place is None:
        return {}
    return {
        "place-text": place.typed,
        "place-geometry": "" if place.shape is None else log_place.as_field(place.shape),
        "place-source": place.source,
        "place-uncertainty_m": "" if place.uncertainty_m is None else str(place.uncertainty_m),
        "place-location_kind": place.location_kind,
    }


def _people(command: LogActivity) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, part in enumerate(command.participations):
        values |= _part(part, f"participations-{number}-")
    if len(command.legs) > 1:  # a single leg is its host's
        values |= {f"legs-{number}": host for number, host in enumerate(command.legs)}
    return values


def _part(part: ParticipationIn, base: str) -> dict[str, str]:
    heads = {"officers": part.officers, "women": part.women, "men": part.men}
    values = {f"{base}{name}": str(count) for name, count in heads.items() if count is not None}
    numbers = functions_of(part)
    codes = [row["code"] for row in table("functions")]
    for place, code in enumerate(codes):
        if code in numbers:
            values[f"{base}functions-{place}-function"] = code
            values[f"{base}functions-{place}-number"] = str(numbers[code])
    return values | {
        f"{base}organisation": part.organisation,
        f"{base}role": str(part.role),
        f"{base}officer_in_charge": part.officer_in_charge,
    }


def functions_of(part: ParticipationIn) -> dict[str, int]:
    """How many officers had each function, of whatever gender."""
    numbers: dict[str, int] = {}
    for count in part.functions:
        numbers[count.function] = numbers.get(count.function, 0) + count.number
    return numbers


def _facts(command: LogActivity) -> dict[str, str]:
    facts = command.facts_of_kind
    if isinstance(facts, PatrolFacts):
        return {
            "check_basis": str(facts.check_basis or ""),
            "risk_reference": facts.risk_reference,
            "km_driven": "" if facts.km_driven is None else str(facts.km_driven),
        }
    if isinstance(facts, ObservationFacts):
        names = ("mode", "offence", "request_reference", "end_reason")
        said = {f"observation-{name}": str(getattr(facts, name)) for name in names}
        for name in ("crossed", "authorised"):
            instant: datetime | None = getattr(facts, f"{name}_at")
            hours = _local(name, instant, command.zone) if instant else {}
            said |= {f"observation-{key}": text for key, text in hours.items() if not key.endswith("_fold")}
        return said
    if isinstance(facts, TeamFacts):
        days = {"signed_on": facts.signed_on, "agreement_until_on": facts.agreement_until_on}
        said = {f"team-{name}": format_day(day) for name, day in days.items() if day}
        return {**said, "team-purpose": facts.purpose}
    return {}


def _agencies(command: LogActivity) -> tuple[str, ...]:
    return command.facts_of_kind.agencies if isinstance(command.facts_of_kind, TeamFacts) else ()
