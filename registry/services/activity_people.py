"""Who took part, and who hosts which leg? Short codes become organisations; head-counts keep what is not known."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import ParticipationRole
from registry.domain.activity_checks import Faults, Part, merged, participation_errors
from registry.domain.commands import LogActivity, ParticipationIn
from registry.domain.counts import NOT_COUNTED, Count, Qualifier
from registry.domain.errors import InvalidInput
from registry.models.activities import Activity, HeadCount, Leg, Participation
from registry.models.projects import Organisation

Organisations = Mapping[str, Organisation]


def organisations_of(session: Session, command: LogActivity) -> Organisations:
    """The participating organisations by short code, checked together with their roles; InvalidInput by path."""
    shorts = [part.organisation for part in command.participations]
    found = {row.short: row for row in session.scalars(select(Organisation).where(Organisation.short.in_(shorts)))}
    faults: Faults = {
        f"participations.{index}.organisation": [f"No authority is called “{short}” here."]
        for index, short in enumerate(shorts)
        if short not in found
    }
    if not faults:
        parts = [Part(country=found[part.organisation].country_iso2, role=part.role) for part in command.participations]
        legs = max(len(command.legs), 1)
        faults = merged(participation_errors(command.kind, parts, legs), _leg_faults(command))
    if faults:
        raise InvalidInput(faults)
    return found


def _leg_faults(command: LogActivity) -> Faults:
    hosts = {part.organisation for part in command.participations if part.role is ParticipationRole.HOST}
    return {
        f"legs.{index}": ["A leg is hosted by an authority that takes part as host."]
        for index, host in enumerate(command.legs)
        if host not in hosts
    }


def hosts_of(command: LogActivity) -> list[str]:
    """The host of each leg in order; a team without a host has none."""
    if command.legs:
        return list(command.legs)
    return [part.organisation for part in command.participations if part.role is ParticipationRole.HOST]


def countries_of(command: LogActivity, organisations: Organisations) -> list[str]:
    """The countries that take part, in alphabetical order."""
    found = {organisations[part.organisation].country_iso2 for part in command.participations}
    return sorted(country for country in found if country)


def write_people(activity: Activity, command: LogActivity, organisations: Organisations, owner_id: int) -> None:
    """Participations, legs and the number of officers; a team without a host is verified by its owner."""
    activity.participations = [_participation(part, organisations) for part in command.participations]
    hosts = [organisations[host].id for host in hosts_of(command)] or [owner_id]
    activity.legs = [Leg(number=number, host_organisation_id=host) for number, host in enumerate(hosts, start=1)]
    first = organisations[hosts_of(command)[0]].country_iso2 if hosts_of(command) else None
    activity.host_country = first
    activity.countries = "|".join(countries_of(command, organisations))
    officers = officers_of(command)
    activity.officers, activity.officers_qualifier = officers.value, str(officers.qualifier)


def officers_of(command: LogActivity) -> Count:
    """All officers: *more than* the known ones when an authority's were not counted, since it did take part."""
    known = [part.officers for part in command.participations if part.officers is not None]
    if not known:
        return NOT_COUNTED
    complete = len(known) == len(command.participations)
    return Count(sum(known), Qualifier.EXACT if complete else Qualifier.MORE_THAN)


def _participation(part: ParticipationIn, organisations: Organisations) -> Participation:
    organisation = organisations[part.organisation]
    return Participation(
        organisation_id=organisation.id,
        country_iso2=organisation.country_iso2,
        role=str(part.role),
        officers=part.officers,
        women=part.women,
        men=part.men,
        officer_in_charge=part.officer_in_charge,
        functions=[HeadCount(function=f.function, number=f.number, gender=f.gender) for f in part.functions],
    )
