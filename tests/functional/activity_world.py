"""Rows behind the tests of the list and of one activity: a project, three authorities, people with every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from registry.db.search import sync_search
from registry.domain.permissions import Role
from registry.models.accounts import User
from registry.models.activities import Activity
from registry.services import derive
from tests.factories import Factories, sign_in
from tests.page_client import RegistryClient

READERS = {
    "owner": ("SI-POL", Role.COORDINATOR),
    "officer": ("SI-POL", Role.OFFICER),
    "verifier": ("SI-POL", Role.VERIFIER),
    "partner": ("IT-POL", Role.OFFICER),
    "bystander": ("HU-POL", Role.COORDINATOR),
    "lead": ("HU-POL", Role.LEAD_PARTNER),
    "finance": ("HU-POL", Role.FINANCE_OFFICER),
    "analyst": (None, Role.ANALYST),
    "auditor": (None, Role.AUDITOR),
    "privacy": (None, Role.DATA_PROTECTION_OFFICER),
}


@dataclass
class ActivityWorld:
    """Slovenia owns, Italy takes part, Hungary stands by; ``as_`` signs one of ``READERS`` in."""

    factories: Factories
    session: Session
    client: RegistryClient
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        made = self.factories
        self.project = made.project("ATHENA-2", acronym="ATHENA 2")
        self.organisations = {
            short: made.organisation(short, country=short[:2], name=name)
            for short, name in (
                ("SI-POL", "Police, Slovenia"),
                ("IT-POL", "Border police, Italy"),
                ("HU-POL", "Hungary"),
            )
        }
        self.section = made.section(made.border("IT", "SI"), 3)
        for iso2, name in (("IT", "Italy"), ("SI", "Slovenia"), ("HU", "Hungary")):
            made.countries[iso2].name = name

    def person(self, name: str) -> User:
        """One of ``READERS``, made once."""
        if name not in self.people:
            short, role = READERS[name]
            self.people[name] = self.factories.user(self.project, self.organisations.get(short or ""), role)
        return self.people[name]

    def as_(self, name: str) -> User:
        """Sign one of ``READERS`` in."""
        return sign_in(self.client, self.session, self.person(name))

    def activity(self, **facts: Any) -> Activity:
        """A joint patrol of Slovenia with Italy on the section, counted nowhere until ``ready``."""
        owner, partner = self.organisations["SI-POL"], self.organisations["IT-POL"]
        return self.factories.activity(self.project, owner, partner, **{"section": self.section, **facts})

    def ready(self) -> None:
        """Bring stored counts and the search index in step with the rows."""
        self.session.flush()
        derive.rebuild(self.session)
        sync_search(self.session)
