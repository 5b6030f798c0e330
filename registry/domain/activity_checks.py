"""What must hold before an activity may be recorded, and what is worth asking back?

Checks return errors or warnings by field; the schema gathers them into one ``InvalidInput``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.domain.activities import BETWEEN_COUNTRIES, CheckBasis, Kind, ParticipationRole
from registry.domain.counts import Count, Qualifier

Faults = dict[str, list[str]]
"""Sentences by field: empty when all is well."""

PARTS_OF_WHOLES: tuple[tuple[str, str], ...] = (
    ("hits", "consultations"),
    ("minors", "persons_apprehended"),
    ("minors", "apprehended"),
)
"""Measures of which the first can never exceed the second."""

REFUSALS = "refusals"
"""Measures of refused entry begin with this; they exist at external borders only."""

INTERNAL = "internal"
LONGEST_UNASKED = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One authority's part; an international organisation may have no country."""

    country: str | None
    role: ParticipationRole


def merged(*faults: Mapping[str, Sequence[str]]) -> Faults:
    """The errors of several checks together, each field with all its sentences."""
    result: Faults = {}
    for fault in faults:
        for field, texts in fault.items():
            result.setdefault(field, []).extend(texts)
    return result


def participation_errors(kind: str, parts: Sequence[Part], legs: int = 1, field: str = "participations") -> Faults:
    """At least two countries, and one host for each leg (decision 17). A team has parties; a host it may lack."""
    sentences = []
    if kind in BETWEEN_COUNTRIES and len({part.country for part in parts if part.country}) < 2:
        sentences.append("At least two countries take part.")
    hosts = sum(part.role is ParticipationRole.HOST for part in parts)
    if hosts == 0 and kind != Kind.JOINT_INVESTIGATION_TEAM:
        sentences.append("Say who is the host.")
    if hosts > legs:
        sentences.append("There is one host for each leg: give the others another role, or add a leg.")
    return {field: sentences} if sentences else {}


def time_errors(starts_at: datetime, ends_at: datetime, field: str = "ends_at") -> Faults:
    """The end comes after the start."""
    return {} if ends_at > starts_at else {field: ["The end must come after the start."]}


def time_warnings(starts_at: datetime, ends_at: datetime, field: str = "ends_at") -> Faults:
    """A span over 24 hours asks to be confirmed; it may be a slip in the day."""
    if ends_at - starts_at <= LONGEST_UNASKED:
        return {}
    return {field: ["This is longer than 24 hours. Confirm it if it is right."]}


def part_errors(counts: Mapping[str, Count], pairs: Iterable[tuple[str, str]] = PARTS_OF_WHOLES) -> Faults:
    """A part never exceeds its whole; said only where their qualifiers leave no way out."""
    result: Faults = {}
    for part, whole in pairs:
        if part in counts and whole in counts and _exceeds(counts[part], counts[whole]):
            sentence = f"{_words(part).capitalize()} cannot be more than {_words(whole)}."
            result.setdefault(part, []).append(sentence)
    return result


def internal_border_errors(
    kind: str, border_status: str, counts: Mapping[str, Count], check_basis: str, risk_reference: str
) -> Faults:
    """At an internal border nobody is refused entry, and a patrol names its check basis and its risk assessment."""
    result: Faults = {}
    if border_status != INTERNAL:
        return result
    for measure, count in counts.items():
        if measure.startswith(REFUSALS) and count.value:
            result[measure] = ["At an internal border there are no refusals of entry."]
    if kind == Kind.JOINT_PATROL:
        if check_basis not in set(CheckBasis):
            result["check_basis"] = ["At an internal border, say on what ground the patrol controlled."]
        if not risk_reference.strip():
            result["risk_reference"] = ["At an internal border, give the risk assessment the patrol is based on."]
    return result


def null_result_errors(findings: Mapping[str, Count], nothing_found: bool) -> Faults:
    """A null result is said, not left over: all findings zero needs *nothing found* ticked; findings exclude it."""
    values = [count.value for count in findings.values()]
    if nothing_found and any(values):
        return {"nothing_found": ["Something was found: untick “nothing found”, or mend the counts."]}
    if not nothing_found and values and all(value == 0 for value in values):
        return {"nothing_found": ["All findings are zero: tick “nothing found” to say that it is meant."]}
    return {}


def with_nothing_found(findings: Mapping[str, Count]) -> dict[str, Count]:
    """The findings of a null result: what was not counted becomes 0; a number already counted is never overwritten."""
    return {measure: Count(0) if count.value is None else count for measure, count in findings.items()}


def _exceeds(part: Count, whole: Count) -> bool:
    if part.value is None or whole.value is None:
        return False
    may_be_less = part.qualifier in {Qualifier.APPROXIMATE, Qualifier.ALMOST}
    may_be_more = whole.qualifier in {Qualifier.APPROXIMATE, Qualifier.MORE_THAN}
    return part.value > whole.value and not (may_be_less or may_be_more)


def _words(measure: str) -> str:
    return measure.replace("_", " ")
