"""What would one have to say to log this record as it stands? The command behind a record, to be amended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from registry.domain.activities import CheckBasis, Kind, ParticipationRole
from registry.domain.activity_checks import null_result_errors
from registry.domain.command_parts import (
    FunctionCount,
    KindFacts,
    ObservationFacts,
    ParticipationIn,
    PatrolFacts,
    PlaceIn,
    ReleaseOverride,
    TeamFacts,
)
from registry.domain.commands import LogActivity
from registry.domain.counts import Count, Qualifier
from registry.domain.errors import NotFound
from registry.domain.periods import PartialDate, Period
from registry.models.activities import Activity, Participation
from registry.models.projects import Organisation, Project, WorkPackage
from registry.queries.filtering import FINDINGS

_LETTERS_OF_A_DAY = {"year": 4, "month": 7}
_PLAIN = (
    "title",
    "zone",
    "aim",
    "legal_basis",
    "facts",
    "assessment",
    "note",
    "source_url",
    "nothing_found",
    "sensitive",
)


def recorded(session: Session, activity_id: int) -> LogActivity:
    """The command; costs are left out, they have a life of their own. For who sees the record exactly, nobody else.

    NotFound for a published record, which nobody logged.
    """
    row = session.scalar(
        select(Activity)
        .where(Activity.id == activity_id)
        .options(
            selectinload(Activity.participations).selectinload(Participation.functions),
            *(selectinload(part) for part in (Activity.legs, Activity.outcomes)),
            *(joinedload(one) for one in (Activity.place, Activity.joint_patrol)),
            *(joinedload(one) for one in (Activity.observation, Activity.team)),
        )
    )
    if row is None or row.client_uuid is None:
        raise NotFound("This record was not logged here.")
    shorts = {found[0]: found[1] for found in session.execute(select(Organisation.id, Organisation.short))}
    counts = {o.measure: Count(o.value, Qualifier(o.qualifier)) for o in row.outcomes}
    return LogActivity(
        kind=Kind(row.kind),
        project=session.scalar(select(Project.reference).where(Project.id == row.project_id)) or "",
        client_uuid=row.client_uuid,
        organisation=shorts.get(row.owner_organisation_id or 0, ""),
        participations=tuple(_part(part, shorts) for part in row.participations),
        legs=_legs(row, shorts),
        place=_place(row),
        crime_areas=tuple(code for code in row.crime_areas.split("|") if code),
        facts_of_kind=_facts_of_kind(row),
        outcomes=counts,
        findings=_findings(counts, nothing_found=row.nothing_found),
        work_package=session.scalar(select(WorkPackage.code).where(WorkPackage.id == row.work_package_id)) or "",
        parent=session.scalar(select(Activity.reference).where(Activity.id == row.parent_id)) or "",
        external_reference=row.external_reference or "",
        release=_release(row),
        **_times(row),
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _findings(counts: Mapping[str, Count], *, nothing_found: bool) -> frozenset[str]:
    """What a null result speaks of; none where zeros stand without its word, for they were never asked about it."""
    found = {measure: counts[measure] for measure in FINDINGS if measure in counts}
    return frozenset() if null_result_errors(found, nothing_found) else frozenset(found)


def _part(part: Participation, shorts: dict[int, str]) -> ParticipationIn:
    return ParticipationIn(
        organisation=shorts.get(part.organisation_id or 0, ""),
        role=ParticipationRole(part.role),
        officers=part.officers,
        women=part.women,
        men=part.men,
        officer_in_charge=part.officer_in_charge,
        functions=tuple(
            FunctionCount(function=count.function, number=count.number, gender=count.gender)
            for count in sorted(part.functions, key=lambda count: (count.function, count.gender))
        ),
    )


def _legs(row: Activity, shorts: dict[int, str]) -> tuple[str, ...]:
    hosts = [part for part in row.participations if part.role == ParticipationRole.HOST]
    if not hosts:
        return ()  # a team without a host is verified by its owner, and names no leg
    return tuple(shorts.get(leg.host_organisation_id or 0, "") for leg in row.legs)


def _place(row: Activity) -> PlaceIn | None:
    facts: dict[str, Any] = {"uncertainty_m": row.uncertainty_m, "location_kind": row.location_kind}
    if row.place is not None:
        # A crossing point is found again by its name; anything else is where it was drawn.
        outline = None if row.place.source == "crossing" and row.place.typed else row.place.shape
        return PlaceIn(typed=row.place.typed, shape=outline, source=row.place.source, **facts)
    if row.lon is None or row.lat is None:
        return None
    return PlaceIn(typed=row.place_text, shape=Point(row.lon, row.lat), **facts)


def _times(row: Activity) -> dict[str, Any]:
    if row.starts_at is not None and row.ends_at is not None:
        return {"period": Period(starts_at=row.starts_at, ends_at=row.ends_at)}
    starts = _partial(row.from_on, row.date_precision)
    last = row.until_on - timedelta(days=1) if row.until_on else None
    ends = _partial(last, row.date_precision) if last and (starts is None or last >= starts.until_on) else None
    return {"starts_on": starts, "ends_on": ends}


def _partial(day: date | None, precision: str) -> PartialDate | None:
    if day is None:
        return None
    return PartialDate.parse(day.isoformat()[: _LETTERS_OF_A_DAY.get(precision, 10)])


def _facts_of_kind(row: Activity) -> KindFacts | None:
    if row.joint_patrol is not None:
        basis = row.joint_patrol.check_basis
        return PatrolFacts(
            check_basis=CheckBasis(basis) if basis else None,
            risk_reference=row.joint_patrol.risk_reference,
            km_driven=row.joint_patrol.km_driven,
        )
    if row.observation is not None:
        names = ("mode", "offence", "request_reference", "crossed_at", "authorised_at", "end_reason")
        return ObservationFacts(**{name: getattr(row.observation, name) for name in names})
    if row.team is not None:
        return TeamFacts(
            signed_on=row.team.signed_on,
            agreement_until_on=row.team.agreement_until_on,
            purpose=row.team.purpose,
            agencies=tuple(code for code in row.team.agencies.split("|") if code),
        )
    return None


def _release(row: Activity) -> ReleaseOverride | None:
    if not row.release_never and row.release_delay_days is None:
        return None
    days = None if row.release_never else row.release_delay_days
    return ReleaseOverride(reason=row.release_reason or "as recorded", never=row.release_never, delay_days=days)
