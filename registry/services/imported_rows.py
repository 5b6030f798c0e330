"""Which records follow from one row of an activities table? As precise as stated: nothing is completed or guessed."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Kind, ParticipationRole
from registry.domain.clock import Clock
from registry.domain.imported import ActivityRow
from registry.domain.workflows import apply, entry_verb
from registry.models.activities import (
    Activity,
    CrossBorderObservation,
    ImportBatch,
    JointInvestigationTeam,
    JointPatrol,
    Leg,
    OutcomeCount,
    Participation,
    Place,
)
from registry.models.projects import Beneficiary, Organisation, Project
from registry.services import places
from registry.services.activity_content import write_days
from registry.services.activity_texts import write_texts
from registry.services.references import next_reference

RADIUS_M = {"exact": 0.0, "town": 3_000.0, "section": 25_000.0, "region": 50_000.0}
"""How far from the true place a position of each claimed precision may lie; our own figures."""


class RowBuilder:
    """Makes activities of the rows of one batch, some hundred at a time; without an owner, published records.

    Only inside ``derive.changing``: ``activity`` for each row, then ``stored``.
    """

    def __init__(
        self,
        session: Session,
        *,
        project: Project,
        owner: Organisation | None,
        clock: Clock,
        batch: ImportBatch | None = None,
        logged_by: int | None = None,
    ) -> None:
        self._session, self._project, self._owner = session, project, owner
        self._batch, self._now, self._logged_by = batch, clock.now(), logged_by
        self._authorities = self._only_authority_of_each_country()
        self._made: list[Activity] = []

    def activity(self, row: ActivityRow) -> Activity:
        """The record of one row, added to the session."""
        ahead = row.starts_on is not None and row.starts_on.from_on > self._now.date()
        activity = Activity(
            project_id=self._project.id,
            kind=row.kind,
            reference=self._reference(row),
            owner_organisation_id=self._owner.id if self._owner else None,
            logged_by=self._logged_by,
            import_batch_id=self._batch.id if self._batch else None,
            status=str(apply(row.kind, None, entry_verb(row.kind, ahead=ahead))),
            title=row.title,
            note=_note(row),
            source_url=row.source_url,
            flags="|".join(row.flags),
            host_country=row.host_country,
            countries="|".join((*row.countries, *row.other_countries)),
            place_text=row.place_name,
            place_precision=row.position_precision,
            officers=row.officers.value,
            officers_qualifier=str(row.officers.qualifier),
            created_at=self._now,
            updated_at=self._now,
        )
        # A team counts on the day its agreement is signed, which a table does not say: then on the day it starts.
        signed_on = row.starts_on.from_on if row.starts_on else None
        write_days(activity, Kind(row.kind), row.starts_on, row.ends_on, signed_on)
        self._set_place(activity, row)
        _set_facts_of_kind(activity)
        activity.participations = self._participations(row)
        activity.legs = [Leg(number=1, host_organisation_id=self._host(row))]
        activity.outcomes = [
            OutcomeCount(measure=measure, value=count.value, qualifier=str(count.qualifier))
            for measure, count in row.counts.items()
        ]
        self._made.append(activity)
        return activity

    def stored(self) -> Sequence[int]:
        """Store what was made since the last call, with its search words; returns the ids."""
        made, self._made = self._made, []
        self._session.add_all(made)
        self._session.flush()  # the search words need the ids
        write_texts(self._session, made)
        return [activity.id for activity in made]

    def _only_authority_of_each_country(self) -> dict[str, int]:
        """The project's authority by country, where there is just one: only then is the host known."""
        taking_part = select(Organisation.country_iso2, Organisation.id).join(
            Beneficiary, Beneficiary.organisation_id == Organisation.id
        )
        found: dict[str, list[int]] = {}
        for country, organisation in self._session.execute(
            taking_part.where(Beneficiary.project_id == self._project.id)
        ):
            found.setdefault(str(country), []).append(organisation)
        return {country: ids[0] for country, ids in found.items() if len(ids) == 1}

    def _reference(self, row: ActivityRow) -> str:
        if self._owner is None:
            return row.reference
        known = row.starts_on or row.ends_on
        return next_reference(self._session, row.kind, self._owner, known.from_on.year if known else self._now.year)

    def _set_place(self, activity: Activity, row: ActivityRow) -> None:
        if row.position is None:
            return
        point = Point(row.position.lon, row.position.lat)
        found = places.understand_place(
            self._session, geometry=point, on=row.starts_on.from_on if row.starts_on else None, countries=row.countries
        )
        activity.lon, activity.lat = row.position.lon, row.position.lat
        activity.cell_e, activity.cell_n = found.cell_e, found.cell_n
        activity.border_id, activity.section_id = found.border_id, found.section_id
        activity.border_status = found.border_status
        activity.uncertainty_m = RADIUS_M.get(row.position_precision)
        source = "file" if self._owner else "published"
        activity.place = Place(form=found.form, typed=row.place_name, source=source, shape=point)

    def _participations(self, row: ActivityRow) -> list[Participation]:
        """The owner, then the other countries named: which of their authorities took part, a table does not say."""
        own = self._owner
        parts = [] if own is None else [_part(own.country_iso2, row, own.id)]
        named = (country for country in row.countries if own is None or country != own.country_iso2)
        return parts + [_part(country, row) for country in named]

    def _host(self, row: ActivityRow) -> int | None:
        if self._owner is not None and row.host_country == self._owner.country_iso2:
            return self._owner.id
        return self._authorities.get(row.host_country or "")


def _part(country: str | None, row: ActivityRow, organisation_id: int | None = None) -> Participation:
    host = country is not None and country == row.host_country
    role = ParticipationRole.HOST if host else ParticipationRole.SECONDING
    return Participation(organisation_id=organisation_id, country_iso2=country, role=str(role))


def _note(row: ActivityRow) -> str:
    seized = [f"seized: {row.seized}"] if row.seized else []
    planned = [f"planned {measure}: {number}" for measure, number in row.planned.items()]
    return "; ".join(part for part in (row.note, *seized, *planned) if part)


def _set_facts_of_kind(activity: Activity) -> None:
    if activity.kind == Kind.JOINT_PATROL:
        activity.joint_patrol = JointPatrol()
    elif activity.kind == Kind.CROSS_BORDER_OBSERVATION:
        activity.observation = CrossBorderObservation(mode="ordinary")
    elif activity.kind == Kind.JOINT_INVESTIGATION_TEAM:
        activity.team = JointInvestigationTeam()
