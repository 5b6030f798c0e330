"""What does a record hold after it was logged or amended? One command written onto one row and its parts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Kind, counts_on
from registry.domain.activity_checks import Faults, internal_border_errors, merged, time_warnings, with_nothing_found
from registry.domain.command_parts import ObservationFacts, PatrolFacts, TeamFacts
from registry.domain.commands import LogActivity
from registry.domain.errors import InvalidInput
from registry.domain.periods import DatePrecision, PartialDate, offset_minutes, utc_to_local
from registry.domain.precision import Precision
from registry.models.activities import (
    UNKNOWN_SORT_KEY,
    Activity,
    CrossBorderObservation,
    JointInvestigationTeam,
    JointPatrol,
    OutcomeCount,
    Place,
)
from registry.models.projects import Project, WorkPackage
from registry.services import access, places
from registry.services.activity_people import countries_of, organisations_of, write_people
from registry.services.activity_texts import generic_title
from registry.services.release import check_delay

_COARSEST_FIRST = (DatePrecision.YEAR, DatePrecision.MONTH, DatePrecision.DAY)
_PLAIN = ("aim", "legal_basis", "facts", "assessment", "note", "source_url", "nothing_found", "sensitive", "zone")
CROSSING_PRECISION = "town"


def write_content(session: Session, activity: Activity, command: LogActivity, project: Project) -> Faults:
    """Write everything the command says onto the row; returns what is worth asking back. InvalidInput by field.

    The row's owner, kind, status and reference are the caller's; its search words follow once it has an id.
    """
    organisations = organisations_of(session, command)
    owner_id = activity.owner_organisation_id
    if owner_id is None:
        raise InvalidInput({"organisation": ["A record has an owner."]})
    write_times(activity, command)
    write_people(activity, command, organisations, owner_id)
    for name in _PLAIN:
        setattr(activity, name, getattr(command, name))
    activity.external_reference = command.external_reference or None
    activity.crime_areas = "|".join(command.crime_areas)
    _write_release(activity, command, project)
    _write_links(session, activity, command, project)
    warnings = _write_place(session, activity, command, countries_of(command, organisations))
    _check_border(activity, command)
    _write_facts(activity, command)
    counts = dict(command.outcomes)
    findings = {measure: counts[measure] for measure in command.findings & set(counts)}
    counts |= with_nothing_found(findings) if command.nothing_found else {}
    activity.outcomes = [
        OutcomeCount(measure=measure, value=count.value, qualifier=str(count.qualifier))
        for measure, count in sorted(counts.items())
    ]
    activity.title = command.title or generic_title(session, activity)
    spans = time_warnings(command.period.starts_at, command.period.ends_at) if command.period else {}
    return merged(spans, warnings)


def write_times(activity: Activity, command: LogActivity) -> None:
    """Start, end, their local days, the day on which it counts and its place in the order of time."""
    facts = command.facts_of_kind
    signed_on = facts.signed_on if isinstance(facts, TeamFacts) else None
    period = command.period
    activity.starts_at = period.starts_at if period else None
    activity.ends_at = period.ends_at if period else None
    activity.starts_offset_min = offset_minutes(period.starts_at, command.zone) if period else None
    activity.ends_offset_min = offset_minutes(period.ends_at, command.zone) if period else None
    if period:
        last = utc_to_local(period.ends_at - timedelta(microseconds=1), command.zone).date()
        first: date | None = utc_to_local(period.starts_at, command.zone).date()
        activity.from_on, activity.until_on = first, last + timedelta(days=1)
        activity.date_precision = "instant"
        activity.counts_on = counts_on(command.kind, first, last, signed_on)
    else:
        write_days(activity, command.kind, command.starts_on, command.ends_on, signed_on)
    activity.sort_key = _sort_key(activity)


def write_days(
    activity: Activity, kind: Kind, starts: PartialDate | None, ends: PartialDate | None, signed_on: date | None
) -> None:
    """First and last day as precise as they are known, the day on which it counts, and its place in time."""
    activity.from_on = starts.from_on if starts else None
    known = [day for day in (starts, ends) if day is not None]
    activity.until_on = max((day.until_on for day in known), default=None)
    activity.date_precision = min((day.precision for day in known), key=_COARSEST_FIRST.index, default="unknown")
    # Within bounds the first possible day counts, but never one before the start.
    ends_on = max(filter(None, (ends.from_on, activity.from_on))) if ends else None
    activity.counts_on = counts_on(kind, activity.from_on, ends_on, signed_on)
    activity.sort_key = _sort_key(activity)


def _sort_key(activity: Activity) -> int:
    if activity.starts_at is not None:
        return int(activity.starts_at.timestamp())
    if activity.from_on is not None:
        return int(datetime.combine(activity.from_on, time(), tzinfo=UTC).timestamp())
    return UNKNOWN_SORT_KEY


def _write_release(activity: Activity, command: LogActivity, project: Project) -> None:
    override = command.release
    check_delay(override.delay_days if override else None, project)
    activity.release_never = override.never if override else False
    activity.release_delay_days = override.delay_days if override else None
    activity.release_reason = override.reason if override else ""


def _write_links(session: Session, activity: Activity, command: LogActivity, project: Project) -> None:
    activity.work_package_id = work_package_id(session, project, command.work_package)
    activity.parent_id = None
    if command.parent:
        same = (Activity.reference == command.parent, Activity.project_id == project.id)
        parent = session.scalar(select(Activity.id).where(*same))
        # The same words whether it is unknown or another organisation's: a reference must not be probed.
        if parent is None or parent == activity.id:
            raise InvalidInput({"parent": [access.NO_PARENT]})
        activity.parent_id = parent


def work_package_id(session: Session, project: Project, code: str) -> int | None:
    """The work package by its code; InvalidInput on ``work_package`` when the project has none such."""
    if not code:
        return None
    own = (WorkPackage.project_id == project.id, WorkPackage.code == code)
    found = session.scalar(select(WorkPackage.id).where(*own))
    if found is None:
        raise InvalidInput({"work_package": [f"This project has no work package {code}."]})
    return found


def _write_place(session: Session, activity: Activity, command: LogActivity, countries: list[str]) -> Faults:
    given = command.place
    place = places.understand(session, given, activity.from_on, countries) if given else None
    activity.border_id = place.border_id if place else None
    activity.section_id = place.section_id if place else None
    activity.border_status = place.border_status if place else ""
    activity.lon, activity.lat = (place.position.lon, place.position.lat) if place else (None, None)
    activity.cell_e, activity.cell_n = (place.cell_e, place.cell_n) if place else (None, None)
    activity.length_m = place.length_m if place else None
    activity.place_text = (given.typed or place.near_crossing) if given and place else ""
    activity.location_kind = given.location_kind if given else ""
    activity.uncertainty_m = given.uncertainty_m if given else None
    crossing = place is not None and place.from_crossing
    activity.place_precision = "" if place is None else CROSSING_PRECISION if crossing else str(Precision.EXACT)
    if given is None or place is None:
        activity.place = None
        return {}
    source = "crossing" if crossing else given.source
    activity.place = Place(form=place.form, typed=given.typed, source=source, shape=place.shape)
    return _place_warnings(place, countries)


def _place_warnings(place: places.UnderstoodPlace, countries: list[str]) -> Faults:
    if not countries or place.soil in countries:
        return {}
    if places.soil().swapped_axes_suspected(place.position, countries):
        return {"place.text": ["Latitude and longitude may have changed places: exchanged, it lies in a participant."]}
    if place.soil is None:  # at sea, or beyond the outlines that are shipped
        return {}
    return {"place.text": [f"This place seems to lie in {place.soil}, which does not take part."]}


def _check_border(activity: Activity, command: LogActivity) -> None:
    facts = command.facts_of_kind
    basis, risk = "", ""
    if isinstance(facts, PatrolFacts):
        basis, risk = str(facts.check_basis or ""), facts.risk_reference
    faults = internal_border_errors(command.kind, activity.border_status, command.outcomes, basis, risk)
    if faults:
        raise InvalidInput({f"outcomes.{n}" if n in command.outcomes else n: texts for n, texts in faults.items()})


def _write_facts(activity: Activity, command: LogActivity) -> None:
    facts: Any = command.facts_of_kind
    activity.joint_patrol = activity.observation = activity.team = None
    if command.kind is Kind.JOINT_PATROL and isinstance(facts, PatrolFacts):
        basis = str(facts.check_basis or "")
        row = JointPatrol(check_basis=basis, risk_reference=facts.risk_reference, km_driven=facts.km_driven)
        activity.joint_patrol = row
    elif isinstance(facts, ObservationFacts):
        names = ("mode", "offence", "request_reference", "crossed_at", "authorised_at", "end_reason")
        activity.observation = CrossBorderObservation(**{name: getattr(facts, name) for name in names})
    elif isinstance(facts, TeamFacts):
        activity.team = JointInvestigationTeam(
            signed_on=facts.signed_on,
            agreement_until_on=facts.agreement_until_on,
            purpose=facts.purpose,
            agencies="|".join(facts.agencies),
        )
