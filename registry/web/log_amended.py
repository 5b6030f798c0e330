"""What does a record say once its form was corrected? What was changed is read anew; all else stays as it is, exactly.

A form shows less than a record keeps: minutes, six decimals, functions without gender. Where a person changed
nothing, the recorded value is taken and not what can be read back from the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from registry.domain.command_parts import FunctionCount, KindFacts, ParticipationIn, PlaceIn, TeamFacts
from registry.domain.commands import LogActivity
from registry.domain.counts import NOT_COUNTED
from registry.domain.errors import InvalidInput
from registry.domain.geo import parse_position
from registry.domain.periods import Period
from registry.queries.filtering import FINDINGS
from registry.web.log_kinds import LogForm
from registry.web.log_options import measures
from registry.web.log_recorded import WORDS, functions_of
from registry.web.log_typed import Typed

NOT_CONTENT = ("version", "reason", "client_uuid", "organisation")
MAY_BE_ABSENT = ("crime_areas", "team-agencies", "nothing_found", "participations-", "legs-")
"""What a browser leaves out when nothing is ticked or no row is left."""
WHERE = ("place-text", "place-geometry", "place-source", "place-uncertainty_m")
STARTS, ENDS = ("starts_day", "starts_time", "starts_fold"), ("ends_day", "ends_time", "ends_fold")
PLAIN = (
    *("project", "client_uuid", "organisation", "parent", "external_reference"),
    *("source_url", "sensitive", "release"),
)
"""What the form does not ask."""
_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
Understood = Callable[[str], bool]


def completed(typed: Typed, stands: Typed) -> Typed:
    """What was sent, and for fields that were not sent at all what stands there."""
    whole = "starts_day" in typed.fields
    return stands.only(lambda name: not (whole and name.startswith(MAY_BE_ABSENT))).joined(typed)


def with_place_meant(typed: Typed, stands: Typed, recorded: LogActivity, understood: Understood) -> Typed:
    """New words are a new place, and a new shape outlives the old words that were the place.

    Words that are no place name a recorded way; beside a point they are taken for the place, and refused.
    """
    text, drawn = typed.get("place-text").strip(), typed.get("place-geometry").strip()
    new_words = text != stands.get("place-text").strip()
    new_shape = drawn != stands.get("place-geometry").strip()
    point = recorded.place is None or recorded.place.shape is None or recorded.place.shape.geom_type == "Point"
    if new_words and not new_shape and (point or understood(text)):
        return typed.with_values({"place-geometry": "", "place-source": "", "place-uncertainty_m": ""})
    if new_shape and drawn and not new_words and text and (_is_position(text) or not stands.get("place-geometry")):
        return typed.with_values({"place-text": ""})
    return typed


def changes_of(form: LogForm, typed: Typed, stands: Typed, recorded: LogActivity) -> LogActivity:
    """The new content of the record; InvalidInput by field."""
    same = _Same(typed, stands)
    schema = form.schema(project=recorded.project, zone=recorded.zone)
    command: LogActivity = schema.load_form(_readable(form, typed, same, recorded))
    return replace(
        command,
        costs=(),
        place=_place(command, recorded, same),
        participations=_parts(command, recorded),
        crime_areas=_in_order(command.crime_areas, recorded.crime_areas),
        facts_of_kind=_facts(command, recorded),
        **_counts(command, recorded, same, left_alone=_counts_left_alone(typed, same)),
        **_times(command, recorded, same),
        **{name: getattr(recorded, name) for name in PLAIN},
        **{name: getattr(recorded, name) for name in WORDS if name != "title" and same(name)},
    )


class _Same:
    """Whether fields say what they said when the form was opened."""

    def __init__(self, typed: Typed, stands: Typed) -> None:
        self._typed, self._stands = typed, stands

    def __call__(self, *names: str) -> bool:
        return all(_tidy(self._typed.get(name)) == _tidy(self._stands.get(name)) for name in names)


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _is_position(text: str) -> bool:
    try:
        parse_position(text)
    except InvalidInput:
        return False
    return True


def _counts_left_alone(typed: Typed, same: _Same) -> bool:
    """Whether nothing that was counted was touched, or the form did not ask for counts."""
    asked = any(name.startswith("outcomes-") for name in typed.fields)
    return not asked or same("nothing_found", *(measure.name for measure in measures()))


def _readable(form: LogForm, typed: Typed, same: _Same, recorded: LogActivity) -> Typed:
    """The form as its schema reads it; a place or a time left alone is not read, something stands in for it."""
    ready = typed.without_empty_functions().only(lambda name: name not in NOT_CONTENT and not name.startswith("costs-"))
    values: dict[str, str] = {}
    if _counts_left_alone(typed, same):
        ready = ready.only(lambda name: name != "nothing_found" and not name.startswith("outcomes-"))
    if form.path.startswith("activity/"):
        values["kind"] = str(form.kind)
    if recorded.place is not None and same(*WHERE):
        values |= {**dict.fromkeys(WHERE, ""), "place-text": "0, 0"}
    if same(*STARTS, *ENDS, "zone"):
        values |= {**dict.fromkeys((*STARTS, *ENDS), ""), "starts_on": "2000"}
    elif not typed.get("starts_time") and not typed.get("ends_time"):
        values |= _days(typed)
    if recorded.nothing_found and same("nothing_found") and _something_counted(typed):
        values["nothing_found"] = ""
    for name in ("crossed", "authorised"):
        moment = getattr(recorded.facts_of_kind, f"{name}_at", None)
        if moment is not None and same(f"observation-{name}_day", f"observation-{name}_time", "zone"):
            values |= {f"observation-{name}_day": "", f"observation-{name}_time": ""}
            values[f"observation-{name}_at"] = moment.isoformat()
    return ready.with_values(values)


def _days(typed: Typed) -> dict[str, str]:
    """A year or a month in the place of a day is a day as far as it is known."""
    values: dict[str, str] = {}
    for name in ("starts", "ends"):
        day = typed.get(f"{name}_day").strip()
        if _YEAR_OR_MONTH.fullmatch(day):
            values |= {f"{name}_day": "", f"{name}_on": day}
    return values


def _something_counted(typed: Typed) -> bool:
    return any(typed.get(measure.name).strip() not in ("", "0") for measure in measures() if measure.finding)


def _counts(command: LogActivity, recorded: LogActivity, same: _Same, *, left_alone: bool) -> dict[str, Any]:
    """A measure that was never asked and stays empty is not put on the record, unless *nothing found* speaks of it."""
    if left_alone:
        return {name: getattr(recorded, name) for name in ("outcomes", "findings", "nothing_found")}
    outcomes, nothing_found = dict(recorded.outcomes), command.nothing_found
    for measure in measures():
        if not same(measure.name):
            outcomes[measure.code] = command.outcomes.get(measure.code, NOT_COUNTED)
        elif nothing_found and not recorded.nothing_found and measure.finding and not measure.more:
            outcomes.setdefault(measure.code, NOT_COUNTED)
    findings = frozenset(outcomes) & frozenset(FINDINGS)
    return {"outcomes": outcomes, "findings": findings, "nothing_found": nothing_found}


def _place(command: LogActivity, recorded: LogActivity, same: _Same) -> PlaceIn | None:
    """A place left alone is the recorded one; a way that was only called otherwise keeps every decimal."""
    place, before = command.place, recorded.place
    if place is None or before is None:
        return place
    if same(*WHERE):
        return replace(before, location_kind=place.location_kind)
    if place.shape is not None and before.shape is not None and same("place-geometry"):
        return replace(place, shape=before.shape)
    return place


def _times(command: LogActivity, recorded: LogActivity, same: _Same) -> dict[str, Any]:
    """An end of the period that was left alone keeps its seconds."""
    if same(*STARTS, *ENDS, "zone"):
        return {name: getattr(recorded, name) for name in ("period", "starts_on", "ends_on")}
    if command.period is None or recorded.period is None:
        return {}
    starts_at = recorded.period.starts_at if same(*STARTS, "zone") else command.period.starts_at
    ends_at = recorded.period.ends_at if same(*ENDS, "zone") else command.period.ends_at
    return {"period": Period(starts_at=starts_at, ends_at=ends_at)}


def _parts(command: LogActivity, recorded: LogActivity) -> tuple[ParticipationIn, ...]:
    """The genders of functions stay where their numbers did."""
    before = {part.organisation: part for part in recorded.participations}
    return tuple(
        replace(part, functions=_functions(part, before[part.organisation])) if part.organisation in before else part
        for part in command.participations
    )


def _functions(part: ParticipationIn, before: ParticipationIn) -> tuple[FunctionCount, ...]:
    new, old = functions_of(part), functions_of(before)
    if new == old:
        return before.functions
    kept = tuple(count for count in before.functions if new.get(count.function) == old[count.function])
    return kept + tuple(count for count in part.functions if old.get(count.function) != count.number)


def _facts(command: LogActivity, recorded: LogActivity) -> KindFacts | None:
    facts, before = command.facts_of_kind, recorded.facts_of_kind
    if isinstance(facts, TeamFacts) and isinstance(before, TeamFacts):
        return replace(facts, agencies=_in_order(facts.agencies, before.agencies))
    return facts


def _in_order(codes: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """The same codes stay in their order."""
    return before if set(codes) == set(before) else codes
