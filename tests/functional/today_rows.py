"""Rows behind the tests of the shell and of Today: two authorities, projects, people with roles, patrols, costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.edge.identity import SESSION_KEY
from registry.models.accounts import Assignment, User, UserSession
from registry.models.activities import Activity, Draft, Leg, OutcomeCount, Participation
from registry.models.costs import CostLine
from registry.models.projects import Beneficiary, Organisation, Project
from registry.services.sessions import hash_of
from tests.conftest import NOW


class Rows:
    """Adds rows to the test's session; every row has what its table asks for."""

    def __init__(self, session: Session, client: FlaskClient) -> None:
        self.session = session
        self.client = client
        self.number = 0
        self.police = self.add(Organisation(short="SI", name="Police, Slovenia"))
        self.border_police = self.add(Organisation(short="IT", name="Border police, Italy"))
        self.athena = self.project("ATHENA-2", "ATHENA 2")

    def add(self, row: Any) -> Any:
        """Store one row and give it its id."""
        self.session.add(row)
        self.session.flush()
        return row

    def project(self, reference: str, acronym: str, **facts: Any) -> Project:
        """A project of 2026."""
        return self.add(Project(reference=reference, acronym=acronym, title=f"Project {acronym}", **facts))

    def person(self, role: Role, *, project: Project | None = None, organisation: Organisation | None = None) -> User:
        """A person with one role, in ATHENA 2 for the Slovenian police unless said otherwise."""
        self.number += 1
        user = self.add(
            User(email=f"p{self.number}@registry.example", fs_uniquifier=uuid4().hex, zone="Europe/Ljubljana")
        )
        self.role(user, role, project=project or self.athena, organisation=organisation or self.police)
        return user

    def role(self, user: User, role: Role, *, project: Project | None, organisation: Organisation | None) -> None:
        """One more role."""
        self.add(
            Assignment(
                user_id=user.id,
                project_id=project.id if project else None,
                organisation_id=organisation.id if organisation else None,
                role=role.value,
                granted_at=NOW,
            )
        )

    def sign_in(self, user: User) -> User:
        """Make the client's browser this person's."""
        key = uuid4().hex
        self.add(UserSession(key_hash=hash_of(key), user_id=user.id, created_at=NOW, seen_at=NOW))
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie.update({SESSION_KEY: key, "_user_id": user.fs_uniquifier})
        return user

    def patrol(
        self,
        *,
        ago: timedelta = timedelta(days=3),
        owner: Organisation | None = None,
        host: Organisation | None = None,
        partner: Organisation | None = None,
        counted: int | None = None,
        **facts: Any,
    ) -> Activity:
        """A joint patrol of four hours that ended ``ago``; negative, it is still to come."""
        self.number += 1
        owner = owner or self.police
        ends_at = NOW - ago
        starts_at = ends_at - timedelta(hours=4)
        activity = self.add(
            Activity(
                **{
                    "project_id": self.athena.id,
                    "kind": "JP",
                    "reference": f"JP-{owner.short}-2026-{self.number:04d}",
                    "owner_organisation_id": owner.id,
                    "status": "REPORTED",
                    "title": f"Patrol number {self.number}",
                    "starts_at": starts_at,
                    "ends_at": ends_at,
                    "sort_key": int(starts_at.timestamp()),
                    "created_at": NOW - timedelta(hours=1),
                    "updated_at": NOW - timedelta(hours=1),
                    **facts,
                }
            )
        )
        self.add(Leg(activity_id=activity.id, number=1, host_organisation_id=(host or owner).id))
        for organisation in {owner.id: owner, **({partner.id: partner} if partner else {})}.values():
            role = "HOST" if organisation is (host or owner) else "SECONDING"
            self.add(Participation(activity_id=activity.id, organisation_id=organisation.id, role=role))
        if counted is not None:
            self.add(OutcomeCount(activity_id=activity.id, measure="persons_controlled", value=counted))
        return activity

    def draft(self, user: User, title: str = "Half a patrol") -> Draft:
        """Something begun two hours ago and not sent."""
        return self.add(
            Draft(
                user_id=user.id,
                project_id=self.athena.id,
                kind="JP",
                client_uuid=str(uuid4()),
                content={"title": title},
                saved_at=NOW - timedelta(hours=2),
            )
        )

    def cost(self, activity: Activity | None, recorded_by: User | None = None, **facts: Any) -> CostLine:
        """Fuel for 1,234.50 lei of the Slovenian police, without receipt and rate unless given."""
        self.number += 1
        beneficiary = self.session.query(Beneficiary).filter_by(organisation_id=self.police.id).one_or_none()
        if beneficiary is None:
            beneficiary = self.add(Beneficiary(project_id=self.athena.id, organisation_id=self.police.id, number="1"))
        return self.add(
            CostLine(
                **{
                    "project_id": self.athena.id,
                    "reference": f"C-SI-2026-{self.number:04d}",
                    "activity_id": activity.id if activity else None,
                    "activity_kind": "JP",
                    "beneficiary_id": beneficiary.id,
                    "cost_type": "fuel",
                    "category": "OTHR",
                    "description": "Fuel",
                    "amount_minor": 123450,
                    "currency": "RON",
                    "incurred_on": date(2026, 11, 20),
                    "recorded_by": recorded_by.id if recorded_by else None,
                    "recorded_at": NOW - timedelta(days=4),
                    **facts,
                }
            )
        )

    def seen_before(self, user: User, at: datetime) -> None:
        """An earlier visit of the person."""
        self.add(UserSession(key_hash=uuid4().hex * 2, user_id=user.id, created_at=at, seen_at=at, ended_at=at))
