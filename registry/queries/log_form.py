"""What does a log form offer, and what does it begin with? Choices, the last activity to copy, unfinished drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, selectinload

from registry.domain.permissions import Viewer
from registry.models.activities import Activity, Draft, Participation
from registry.models.costs import Document
from registry.models.geography import Country, CrossingPoint
from registry.models.projects import Organisation, WorkPackage
from registry.queries.visibility import own_organisations, takes_part, visible_to

LAST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChoice:
    """An authority that can take part, by its short code."""

    short: str
    name: str
    country: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the lists of a log form offer; the viewer's own authorities come first."""

    organisations: tuple[OrganisationChoice, ...]
    work_packages: tuple[tuple[str, str], ...]
    crossing_points: tuple[str, ...]
    own_currency: str

    @property
    def own(self) -> str:
        """The short code of the viewer's authority; empty for who acts for none."""
        return next((choice.short for choice in self.organisations if choice.own), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPart:
    """One authority's part in an activity that is copied."""

    organisation: str
    role: str
    officers: int | None
    women: int | None
    men: int | None
    officer_in_charge: str
    functions: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastActivity:
    """An activity of the viewer's own to copy: what tends to be the same the next time, never its results."""

    reference: str
    kind: str
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    title: str
    aim: str
    crime_areas: str
    location_kind: str
    place: str
    border_status: str
    section_id: int | None
    work_package: str
    check_basis: str
    risk_reference: str
    parts: tuple[PastPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastLine:
    """One line of *last patrols*: when, and the three counts one compares with."""

    reference: str
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    counts: dict[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """Typed work that was kept: its key, kind, moment and the fields as they were typed."""

    key: str
    kind: str
    saved_at: datetime
    content: dict[str, Any]


def choices(session: Session, viewer: Viewer, project_id: int) -> Choices:
    """The authorities, work packages, crossing points and the currency of the viewer's own country."""
    own_ids = viewer.organisations_in(project_id)
    rows = session.execute(
        select(Organisation.id, Organisation.short, Organisation.name, Country.name, Country.currency)
        .outerjoin(Country, Country.iso2 == Organisation.country_iso2)
        .order_by(Country.name, Organisation.name)
    ).all()
    offered = [
        OrganisationChoice(short=short, name=name, country=country or "", own=key in own_ids)
        for key, short, name, country, _ in rows
    ]
    packages = select(WorkPackage.code, WorkPackage.title).where(WorkPackage.project_id == project_id)
    return Choices(
        organisations=tuple(sorted(offered, key=lambda choice: not choice.own)),
        work_packages=tuple((code, f"{code} {title}") for code, title in session.execute(packages.order_by("code"))),
        crossing_points=tuple(session.scalars(select(CrossingPoint.name).order_by(CrossingPoint.name))),
        own_currency=next((currency for key, _, _, _, currency in rows if key in own_ids and currency), ""),
    )


def last_activity(
    session: Session, viewer: Viewer, project_id: int, now: datetime, *, kind: str = "JP", reference: str = ""
) -> PastActivity | None:
    """The activity to copy: the one named, else the viewer's own last of the kind, else the organisation's last.

    Only what the viewer sees exactly can be copied: a copy must not tell more than the record does.
    """
    own = own_organisations(project_id, viewer)
    if not own:
        return None
    mine = _own(viewer, project_id, now, kind).options(
        selectinload(Activity.participations).selectinload(Participation.functions),
        selectinload(Activity.place),
        selectinload(Activity.joint_patrol),
    )
    if reference:
        found = session.scalar(mine.where(Activity.reference == reference))
    else:
        logged = mine.where(Activity.logged_by == viewer.user_id).limit(1)
        found = session.scalar(logged) or session.scalar(
            mine.where(Activity.owner_organisation_id.in_(sorted(own))).limit(1)
        )
    return None if found is None else _past(session, found)


def last_lines(
    session: Session, viewer: Viewer, project_id: int, now: datetime, section_id: int | None
) -> tuple[LastLine, ...]:
    """The last patrols of the viewer's authorities, on one section when it is known, with the counts to compare."""
    statement = _own(viewer, project_id, now, "JP").options(selectinload(Activity.outcomes)).limit(LAST_SHOWN)
    if section_id is not None:
        statement = statement.where(Activity.section_id == section_id)
    if not own_organisations(project_id, viewer):
        return ()
    return tuple(
        LastLine(
            reference=row.reference,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            zone=row.zone,
            counts={outcome.measure: outcome.value for outcome in row.outcomes},
        )
        for row in session.scalars(statement)
    )


def draft(session: Session, viewer: Viewer, project_id: int, key: str) -> DraftRow | None:
    """One draft of the viewer's own by its key."""
    return _draft(session.scalar(_drafts(viewer, project_id).where(Draft.client_uuid == key)))


def drafts(session: Session, viewer: Viewer, project_id: int) -> tuple[DraftRow, ...]:
    """Everything the viewer began in the project and has not sent, newest first."""
    newest = _drafts(viewer, project_id).order_by(Draft.saved_at.desc(), Draft.id.desc())
    return tuple(row for row in map(_draft, session.scalars(newest)) if row is not None)


def latest_draft(session: Session, viewer: Viewer, project_id: int, kind: str) -> DraftRow | None:
    """What the viewer typed last of a kind and has not sent."""
    newest = _drafts(viewer, project_id).where(Draft.kind == kind).order_by(Draft.saved_at.desc(), Draft.id.desc())
    return _draft(session.scalar(newest.limit(1)))


def own_document(session: Session, viewer: Viewer, project_id: int, original_sha256: str) -> str:
    """The reference of a receipt the viewer has stored in the project before; empty when it is new."""
    return (
        session.scalar(
            select(Document.reference)
            .where(
                Document.project_id == project_id,
                Document.added_by == viewer.user_id,
                Document.original_sha256 == original_sha256,
            )
            .order_by(Document.id)
            .limit(1)
        )
        or ""
    )


def _own(viewer: Viewer, project_id: int, now: datetime, kind: str) -> Select[Activity]:
    statement = select(Activity).where(
        Activity.project_id == project_id,
        Activity.kind == kind,
        Activity.withdrawn_at.is_(None),
        Activity.sort_key <= int(now.timestamp()),  # what is planned has not happened
        takes_part(own_organisations(project_id, viewer)),
    )
    return visible_to(statement, viewer, now).order_by(Activity.sort_key.desc(), Activity.id.desc())


def _past(session: Session, row: Activity) -> PastActivity:
    ids = [part.organisation_id for part in row.participations if part.organisation_id is not None]
    named = select(Organisation.id, Organisation.short).where(Organisation.id.in_(ids))
    shorts = {key: short for key, short in session.execute(named)}  # noqa: C416 (a result is no mapping)
    package = session.scalar(select(WorkPackage.code).where(WorkPackage.id == row.work_package_id))
    patrol = row.joint_patrol
    return PastActivity(
        reference=row.reference,
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        title=row.title,
        aim=row.aim,
        crime_areas=row.crime_areas,
        location_kind=row.location_kind,
        place=_place_text(row),
        border_status=row.border_status,
        section_id=row.section_id,
        work_package=package or "",
        check_basis=patrol.check_basis if patrol else "",
        risk_reference=patrol.risk_reference if patrol else "",
        parts=tuple(_part(part, shorts) for part in row.participations if part.organisation_id in shorts),
    )


def _place_text(row: Activity) -> str:
    """The words that were typed; the position where it was drawn, recorded or imported."""
    if row.place is not None and row.place.typed and row.place.source in ("typed", "crossing"):
        return row.place.typed
    return f"{row.lat:.5f}, {row.lon:.5f}" if row.lat is not None and row.lon is not None else row.place_text


def _part(part: Participation, shorts: dict[int, str]) -> PastPart:
    functions: dict[str, int] = {}
    for head_count in part.functions:
        functions[head_count.function] = functions.get(head_count.function, 0) + head_count.number
    return PastPart(
        organisation=shorts[part.organisation_id or 0],
        role=part.role,
        officers=part.officers,
        women=part.women,
        men=part.men,
        officer_in_charge=part.officer_in_charge,
        functions=functions,
    )


def _drafts(viewer: Viewer, project_id: int) -> Select[Draft]:
    return select(Draft).where(and_(Draft.user_id == viewer.user_id, Draft.project_id == project_id))


def _draft(row: Draft | None) -> DraftRow | None:
    if row is None:
        return None
    return DraftRow(key=row.client_uuid, kind=row.kind, saved_at=row.saved_at, content=dict(row.content))
