"""With which accounts is the demonstration looked at? Only a database that ``demo`` filled has them (decision 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.accounts import Assignment, User
from registry.models.projects import Project

PASSWORD = "Lantern-Kolpa 2026 bridge"  # noqa: S105  # printed on the sign-in page of every demo
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account: the part before the @, its roles as project, authority and role, and its service number."""

    name: str
    words: str
    roles: tuple[tuple[str, str, Role], ...] = ()
    service_number: str = ""
    language: str = "en"
    zone: str = "Europe/Ljubljana"

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.name}@{DOMAIN}"


def _in(project: str, authority: str, *roles: Role) -> tuple[tuple[str, str, Role], ...]:
    return tuple((project, authority, role) for role in roles)


_A, _B = "ATHENA-2", "CSC-WB"
ACCOUNTS: tuple[Account, ...] = (
    Account(
        name="officer.si",
        words="officer, Slovenia",
        roles=_in(_A, "SI", Role.OFFICER),
        service_number="SI-0417",
    ),
    Account(
        name="verifier.si", words="verifier, Slovenia", roles=_in(_A, "SI", Role.VERIFIER), service_number="SI-0102"
    ),
    Account(
        name="coordinator.si",
        words="coordinator, Slovenia",
        roles=_in(_A, "SI", Role.COORDINATOR),
        service_number="SI-0031",
    ),
    Account(
        name="officer.it",
        words="officer, Italy",
        roles=_in(_A, "IT", Role.OFFICER),
        service_number="IT-1182",
        zone="Europe/Rome",
    ),
    Account(
        name="coordinator.it",
        words="coordinator, Italy",
        roles=(*_in(_A, "IT", Role.COORDINATOR), *_in(_B, "IT-CC", Role.COORDINATOR)),
        service_number="IT-1007",
        zone="Europe/Rome",
    ),
    Account(
        name="coordinator.ro",
        words="coordinator, Romania",
        roles=_in(_A, "RO", Role.COORDINATOR),
        service_number="RO-2205",
        zone="Europe/Bucharest",
    ),
    Account(
        name="officer.bg",
        words="officer, Bulgaria",
        roles=_in(_A, "BG", Role.OFFICER),
        service_number="BG-3310",
        zone="Europe/Sofia",
    ),
    Account(
        name="lead",
        words="lead partner",
        roles=(*_in(_A, "SI", Role.LEAD_PARTNER), *_in(_B, "IT-CC", Role.LEAD_PARTNER)),
    ),
    Account(
        name="finance",
        words="finance officer, Slovenia",
        roles=_in(_A, "SI", Role.FINANCE_OFFICER),
        service_number="SI-0888",
    ),
    Account(name="analyst", words="analyst", roles=_in(_A, "SELEC", Role.ANALYST), zone="Europe/Bucharest"),
    Account(name="auditor", words="auditor", roles=(*_in(_A, "SI", Role.AUDITOR), *_in(_B, "IT-CC", Role.AUDITOR))),
    Account(name="dpo", words="data protection officer", roles=_in(_A, "SI", Role.DATA_PROTECTION_OFFICER)),
    Account(name="admin", words="administrator"),
)


def demo_accounts() -> list[tuple[str, str, str]]:
    """Address, password and role of each account, as the sign-in page of a demo lists them."""
    return [(account.email, PASSWORD, account.words) for account in ACCOUNTS]


def is_demo_database(session: Session) -> bool:
    """Whether ``demo`` filled this database: it marks its projects."""
    return session.scalar(select(Project.id).where(Project.is_demo).limit(1)) is not None


def add_accounts(
    session: Session,
    projects: Mapping[str, int],
    organisations: Mapping[str, int],
    *,
    password_hash: str,
    now: datetime,
    rng: Random,
) -> dict[str, int]:
    """Make the accounts; returns the officer or coordinator who logs, by the authority's short code."""
    loggers: dict[str, int] = {}
    for account in ACCOUNTS:
        user = User(
            email=account.email,
            display_name=account.words,
            service_number=account.service_number,
            language=account.language,
            zone=account.zone,
            password=password_hash,
            active=True,
            fs_uniquifier=f"{rng.getrandbits(128):032x}",
            confirmed_at=now,
            create_datetime=now,
        )
        user.assignments = _assignments(account, projects, organisations, now)
        session.add(user)
        session.flush()  # its number is needed for what it has logged
        for _, authority, role in account.roles:
            if role in (Role.OFFICER, Role.COORDINATOR):
                loggers.setdefault(authority, user.id)
    return loggers


def _assignments(
    account: Account, projects: Mapping[str, int], organisations: Mapping[str, int], now: datetime
) -> list[Assignment]:
    if not account.roles:
        return [Assignment(role=str(Role.ADMINISTRATOR), granted_at=now, granted_by="demo")]
    return [
        Assignment(
            project_id=projects[project],
            organisation_id=organisations[authority],
            role=str(role),
            granted_at=now,
            granted_by="demo",
        )
        for project, authority, role in account.roles
    ]
