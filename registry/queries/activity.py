"""What is this activity? Everything its page shows, at the precision of the one who looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry import mapping
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.counts import Count
from registry.domain.filters import ActivityFilters
from registry.domain.geo import Cell
from registry.domain.permissions import Viewer
from registry.domain.precision import Precision
from registry.models.activities import (
    Activity,
    CrossBorderObservation,
    JointInvestigationTeam,
    JointPatrol,
    OutcomeCount,
    Participation,
    Place,
)
from registry.models.geography import BorderSection
from registry.models.projects import Organisation, WorkPackage
from registry.queries.activity_rows import ActivityRow, rows_of
from registry.queries.filtering import Scope, conditions, scope_of
from registry.queries.presentation import shown_count
from registry.reference import table

MOST_CHILDREN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One authority's part. Who is in charge is named by service number, only to who sees the record exactly."""

    name: str
    short: str
    country: str
    role: str
    officers: int | None
    women: int | None
    men: int | None
    officer_in_charge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measure with its count; ``finding`` when it says what was found."""

    measure: str
    label: str
    unit: str
    finding: bool
    count: Count | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """Words of the record: facts and assessment apart. All empty where the place is not exact."""

    aim: str = ""
    legal_basis: str = ""
    facts: str = ""
    assessment: str = ""
    note: str = ""
    source_url: str = ""
    typed_place: str = ""
    particulars: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """One activity as a page shows it."""

    row: ActivityRow
    version: int
    partners: tuple[Partner, ...]
    results: tuple[Result, ...]
    narrative: Narrative
    crime_areas: tuple[str, ...]
    work_package: str
    parent: ActivityRow | None
    children: tuple[ActivityRow, ...]
    shape: Mapping[str, Any] | None
    release_never: bool


def activity_page(
    session: Session, viewer: Viewer, project_id: int, reference: str, now: datetime
) -> ActivityPage | None:
    """The activity with that reference in the project; None when the viewer may not know of it."""
    scope = scope_of(session, viewer, project_id, now)
    found = session.scalar(select(Activity).where(Activity.reference == reference, scope.listed))
    rows = rows_of(session, scope, [found.id]) if found is not None else ()
    if found is None or not rows:
        return None
    row = rows[0]
    return ActivityPage(
        row=row,
        version=found.version,
        partners=partners(session, found.id, exact=row.view.exact),
        results=results(session, row),
        narrative=_narrative(session, found) if row.view.exact else Narrative(),
        crime_areas=_crime_areas(found.crime_areas),
        work_package=_work_package(session, found.work_package_id),
        parent=_parent(session, scope, found.parent_id),
        children=_children(session, scope, found.id),
        shape=_shape(session, row, found),
        release_never=found.release_never and row.view.exact,
    )


def partners(session: Session, activity_id: int, *, exact: bool) -> tuple[Partner, ...]:
    """The authorities that take part, hosts first; published records name the country alone."""
    query = (
        select(Participation, Organisation.name, Organisation.short, Organisation.country_iso2)
        .outerjoin(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.activity_id == activity_id)
        .order_by(Participation.role != "HOST", Participation.id)
    )
    return tuple(
        Partner(
            name=name or "",
            short=short or "",
            country=part.country_iso2 or country or "",
            role=part.role,
            officers=part.officers,
            women=part.women if exact else None,
            men=part.men if exact else None,
            officer_in_charge=part.officer_in_charge if exact else "",
        )
        for part, name, short, country in session.execute(query)
    )


def results(session: Session, row: ActivityRow) -> tuple[Result, ...]:
    """Every measure the record has a count for, and the listed ones, in the order of the code list."""
    query = select(OutcomeCount.measure, OutcomeCount.value, OutcomeCount.qualifier)
    stored = {
        measure: (value, qualifier)
        for measure, value, qualifier in session.execute(query.where(OutcomeCount.activity_id == row.id))
    }
    return tuple(
        Result(
            measure=known["code"],
            label=known["label"],
            unit=known["unit"],
            finding=known["is_finding"] == "yes",
            count=shown_count(stored[known["code"]], row.kind, row.status)
            if known["code"] in stored
            else row.results[known["code"]],
        )
        for known in table("measures")
        if known["code"] in stored or known["code"] in row.results
    )


def _narrative(session: Session, activity: Activity) -> Narrative:
    typed = session.scalar(select(Place.typed).where(Place.activity_id == activity.id))
    names = ("aim", "legal_basis", "facts", "assessment", "note", "source_url")
    words = {name: getattr(activity, name) for name in names}
    return Narrative(**words, typed_place=typed or "", particulars=_particulars(session, activity))


_OF_KIND = (
    (JointPatrol, ("check_basis", "risk_reference", "km_driven")),
    (CrossBorderObservation, ("mode", "offence", "request_reference", "crossed_at", "authorised_at", "end_reason")),
    (JointInvestigationTeam, ("signed_on", "agreement_until_on", "purpose", "agencies")),
)


def _particulars(session: Session, activity: Activity) -> tuple[tuple[str, str], ...]:
    """What only its kind has, by the name of the fact."""
    found = []
    for model, names in _OF_KIND:
        own = session.get(model, activity.id)
        if own is not None:
            found += [(name, _said(name, getattr(own, name))) for name in names if getattr(own, name) not in (None, "")]
    return tuple(found)


def _said(name: str, value: Any) -> str:
    if name == "check_basis":
        return next((row["label"] for row in table("check_bases") if row["code"] == value), str(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return str(value)


def _crime_areas(codes: str) -> tuple[str, ...]:
    labels = {row["code"]: row["label"] for row in table("crime_areas")}
    return tuple(labels.get(code, code) for code in codes.split("|") if code)


def _work_package(session: Session, key: int | None) -> str:
    package = session.get(WorkPackage, key) if key is not None else None
    return f"{package.code} {package.title}" if package else ""


def _parent(session: Session, scope: Scope, key: int | None) -> ActivityRow | None:
    if key is None or session.scalar(select(Activity.id).where(Activity.id == key, scope.listed)) is None:
        return None
    return next(iter(rows_of(session, scope, [key])), None)


def _children(session: Session, scope: Scope, key: int) -> tuple[ActivityRow, ...]:
    query = select(Activity.id).where(Activity.parent_id == key, *conditions(ActivityFilters(), scope))
    return rows_of(session, scope, list(session.scalars(query.order_by(Activity.id).limit(MOST_CHILDREN))))


def _shape(session: Session, row: ActivityRow, activity: Activity) -> Mapping[str, Any] | None:
    """GeoJSON of what the viewer may see drawn: the place itself, its cell, or the border section."""
    if row.view.exact:
        place = session.scalar(select(Place.shape).where(Place.activity_id == activity.id))
        return None if place is None else mapping(place)
    if row.view.place is Precision.CELL and row.where.cell:
        return {"type": "Polygon", "coordinates": [Cell.parse(row.where.cell).polygon()]}
    if activity.section_id is None:
        return None
    section = session.scalar(select(BorderSection.shape).where(BorderSection.id == activity.section_id))
    return None if section is None else mapping(section)
