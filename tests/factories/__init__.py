"""How does a test get its records? Rows are written straight to the tables, never with the code under test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from registry.domain.geo import Position, cell_of
from registry.domain.permissions import Membership, Role, Viewer
from registry.domain.text import fold
from registry.edge.identity import SESSION_KEY
from registry.models.accounts import ApiToken, Assignment, User, UserSession
from registry.models.activities import Activity, ActivityText, Leg, OutcomeCount, Participation, Place
from registry.models.costs import CostLine, ExchangeRate
from registry.models.geography import Border, BorderSection, BorderStatus, Country
from registry.models.projects import Beneficiary, BudgetLine, Organisation, Project, Target, WorkPackage
from registry.services.sessions import hash_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass
class Factories:
    """Makes rows with sensible facts; every fact can be given. ``flush`` after each, so that ids are there."""

    session: Session
    countries: dict[str, Country] = field(default_factory=dict)

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def country(self, iso2: str = "SI") -> Country:
        """A country, made once."""
        if iso2 not in self.countries:
            found = self.session.get(Country, iso2)
            self.countries[iso2] = found or self._add(Country(iso2=iso2, iso3=iso2 + "X", name=f"Country {iso2}"))
        return self.countries[iso2]

    def organisation(
        self, short: str = "", *, country: str = "SI", name: str = "", kind: str = "police"
    ) -> Organisation:
        """An authority of a country."""
        self.country(country)
        number = next(_numbers)
        short = short or f"{country}{number}"
        return self._add(Organisation(short=short, name=name or f"Police {short}", kind=kind, country_iso2=country))

    def project(self, reference: str = "", **facts: Any) -> Project:
        """A two-year project running at ``NOW``."""
        reference = reference or f"P{next(_numbers)}"
        values: dict[str, Any] = {
            "acronym": reference,
            "title": f"Project {reference}",
            "from_on": date(2025, 10, 1),
            "until_on": date(2027, 10, 1),
        }
        return self._add(Project(reference=reference, **{**values, **facts}))

    def work_package(self, project: Project, code: str = "WP2", title: str = "Joint activities") -> WorkPackage:
        """A work package of the project."""
        return self._add(WorkPackage(project_id=project.id, code=code, title=title))

    def target(self, project: Project, indicator: str, kind: str | None, value: int, **facts: Any) -> Target:
        """A promise of the project."""
        values = {"label": indicator.replace("_", " "), "unit": "activities", **facts}
        return self._add(Target(project_id=project.id, indicator=indicator, kind=kind, value=value, **values))

    def beneficiary(self, project: Project, organisation: Organisation, currency: str = "EUR") -> Beneficiary:
        """The organisation as beneficiary of the project."""
        row = Beneficiary(project_id=project.id, organisation_id=organisation.id, number=f"P{next(_numbers)}")
        row.accounting_currency = currency
        return self._add(row)

    def budget_line(self, beneficiary: Beneficiary, package: WorkPackage, category: str, minor: int) -> BudgetLine:
        """Planned money in EUR cents."""
        return self._add(
            BudgetLine(
                beneficiary_id=beneficiary.id, work_package_id=package.id, category=category, amount_eur_minor=minor
            )
        )

    def user(
        self, project: Project | None, organisation: Organisation | None, *roles: Role, email: str = "", **facts: Any
    ) -> User:
        """A person with roles; sign in with ``tests.factories.sign_in``."""
        email = email or f"person{next(_numbers)}@example.org"
        values: dict[str, Any] = {"display_name": email.split("@")[0], "service_number": f"X-{next(_numbers):04d}"}
        person = User(email=email, active=True, fs_uniquifier=uuid4().hex, **{**values, **facts})
        for role in roles:
            person.assignments.append(
                Assignment(
                    project_id=project.id if project else None,
                    organisation_id=organisation.id if organisation else None,
                    role=str(role),
                    granted_at=NOW,
                )
            )
        return self._add(person)

    def border(self, a: str = "IT", b: str = "SI", status: str = "internal") -> Border:
        """A land border of two countries with one status since ever."""
        for iso2 in (a, b):
            self.country(iso2)
        border = self._add(Border(code=f"{a}-{b}", a=a, b=b, kind="land"))
        self._add(BorderStatus(border_id=border.id, status=status))
        return border

    def section(self, border: Border, number: int = 1, shape: BaseGeometry | None = None) -> BorderSection:
        """A section of a border."""
        line = shape or LineString([(13.55, 45.85), (13.6, 45.9), (13.65, 45.95)])
        mid = line.centroid
        row = BorderSection(
            code=f"{border.code}-{number:02d}", border_id=border.id, number=number, length_km=50.0, shape=line
        )
        row.mid_lon, row.mid_lat = mid.x, mid.y
        return self._add(row)

    def activity(
        self,
        project: Project,
        owner: Organisation | None,
        *partners: Organisation,
        kind: str = "JP",
        status: str = "REPORTED",
        starts_at: datetime | None = None,
        hours: float = 6,
        at: tuple[float, float] | None = (13.6, 45.9),
        section: BorderSection | None = None,
        outcomes: dict[str, int | None] | None = None,
        verified: bool = False,
        released: bool = False,
        **facts: Any,
    ) -> Activity:
        """One activity of its owner with partners. Stored counts are not moved: use ``services.derive.rebuild``."""
        start = starts_at or NOW - timedelta(days=next(_numbers) % 200 + 10)
        end = start + timedelta(hours=hours)
        number = next(_numbers)
        cell = cell_of(Position(lon=at[0], lat=at[1])) if at else None
        row = Activity(
            project_id=project.id,
            kind=kind,
            status=status,
            reference=facts.pop("reference", f"{kind}-{owner.short if owner else 'PUB'}-2026-{number:04d}"),
            owner_organisation_id=owner.id if owner else None,
            client_uuid=str(uuid4()),
            title=facts.pop("title", f"Activity {number}"),
            starts_at=start,
            ends_at=end,
            zone="Europe/Ljubljana",
            starts_offset_min=60,
            ends_offset_min=60,
            from_on=start.date(),
            until_on=end.date() + timedelta(days=1),
            sort_key=int(start.timestamp()),
            counts_on=end.date(),
            host_country=owner.country_iso2 if owner else None,
            lon=at[0] if at else None,
            lat=at[1] if at else None,
            cell_e=cell.e if cell else None,
            cell_n=cell.n if cell else None,
            section_id=section.id if section else None,
            border_id=section.border_id if section else None,
            officers=2 * (1 + len(partners)),
            officers_qualifier="exact",
            verified_at=end if verified or released else None,
            released_at=end + timedelta(days=7) if released else None,
            tallied=released,
            created_at=end,
            updated_at=end,
        )
        organisations = [o for o in (owner, *partners) if o is not None]
        row.countries = "|".join(sorted({o.country_iso2 for o in organisations if o.country_iso2}))
        for name, value in facts.items():
            setattr(row, name, value)
        row.participations = [
            Participation(
                organisation_id=o.id,
                country_iso2=o.country_iso2,
                role="HOST" if position == 0 else "SECONDING",
                officers=2,
            )
            for position, o in enumerate(organisations)
        ]
        host = owner.id if owner else None
        row.legs = [Leg(number=1, host_organisation_id=host, verified_at=end if verified or released else None)]
        row.outcomes = [
            OutcomeCount(measure=m, value=v, qualifier="exact" if v is not None else "not_counted")
            for m, v in (outcomes or {}).items()
        ]
        row.place = Place(form="point", typed="", source="map", shape=Point(*at)) if at else None
        self._add(row)
        words = fold(f"{row.reference} {row.title}")
        self._add(ActivityText(activity_id=row.id, exact_text=words, coarse_text=fold(row.reference)))
        return row

    def cost_line(
        self, beneficiary: Beneficiary, minor: int, *, currency: str = "EUR", eur_minor: int | None = None, **facts: Any
    ) -> CostLine:
        """A cost in EUR, or in another currency with its EUR cents when given."""
        number = next(_numbers)
        eur = minor if currency == "EUR" else eur_minor
        values: dict[str, Any] = {
            "reference": f"C-{number:06d}",
            "activity_kind": "JP",
            "cost_type": "TRAVEL",
            "category": "TRAV",
            "incurred_on": date(2026, 10, 5),
            "rate": "1" if eur is not None else None,
            "rate_source": "EUR" if currency == "EUR" else "test",
            "recorded_at": NOW,
            "provisional": False,
        }
        return self._add(
            CostLine(
                project_id=beneficiary.project_id,
                beneficiary_id=beneficiary.id,
                amount_minor=minor,
                currency=currency,
                eur_minor=eur,
                **{**values, **facts},
            )
        )

    def rate(self, currency: str, on: date, units_per_eur: str, source: str = "ECB") -> ExchangeRate:
        """A published quote."""
        return self._add(ExchangeRate(currency=currency, rate_on=on, units_per_eur=units_per_eur, source=source))


def viewer_for(user: User, **facts: Any) -> Viewer:
    """The viewer that a person is, for tests below the edge."""
    return Viewer(
        user_id=user.id,
        email=user.email,
        service_number=user.service_number,
        memberships=tuple(
            Membership(role=Role(a.role), project_id=a.project_id, organisation_id=a.organisation_id)
            for a in user.assignments
        ),
        **facts,
    )


def sign_in(client: FlaskClient, session: Session, user: User) -> User:
    """Make the client's browser this person's, without walking the sign-in pages."""
    key = uuid4().hex
    session.add(UserSession(key_hash=hash_of(key), user_id=user.id, created_at=NOW, seen_at=NOW))
    session.flush()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update({SESSION_KEY: key, "_user_id": user.fs_uniquifier})
    return user


def bearer(session: Session, user: User, scopes: str = "read write") -> dict[str, str]:
    """Headers of a script that acts for the person."""
    token = f"cbr_{uuid4().hex}"
    row = ApiToken(user_id=user.id, token_hash=hash_of(token), scopes=scopes, created_at=NOW)
    row.expires_at = NOW + timedelta(days=90)
    session.add(row)
    session.flush()
    return {"Authorization": f"Bearer {token}"}
