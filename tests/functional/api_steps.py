"""What tests of the API share: a world of two partners, what a script sends, and how it sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from registry.domain.permissions import Role
from tests.factories import Factories, bearer


@dataclass
class World:
    """Two partners of a project at one border section, with an officer, a verifier, others and an outsider."""

    project: Any
    slovenia: Any
    italy: Any
    section: Any
    officer: Any
    verifier: Any
    partner: Any
    bystander: Any
    outsider: Any
    auditor: Any
    released: Any = None
    fresh: Any = None
    beneficiary: Any = None
    finance: Any = None


def make_world(factories: Factories) -> World:
    """The world, in the test's session."""
    project = factories.project("ATHENA")
    slovenia, italy = factories.organisation("SIP", country="SI"), factories.organisation("ITP", country="IT")
    third = factories.organisation("HRP", country="HR")
    section = factories.section(factories.border("IT", "SI"))
    return World(
        project=project,
        slovenia=slovenia,
        italy=italy,
        section=section,
        officer=factories.user(project, slovenia, Role.OFFICER),
        verifier=factories.user(project, slovenia, Role.VERIFIER),
        partner=factories.user(project, italy, Role.COORDINATOR),
        bystander=factories.user(project, third, Role.OFFICER),
        outsider=factories.user(factories.project("OTHER"), third, Role.OFFICER),
        auditor=factories.user(project, None, Role.AUDITOR),
    )


class Script:
    """A script with a token of its own."""

    def __init__(self, client: Any, session: Any, user: Any, scopes: str = "read write") -> None:
        self.client = client
        self.headers = bearer(session, user, scopes)

    def get(self, address: str, **more: str) -> Any:
        """Read; ``more`` are headers, ``If_None_Match`` for If-None-Match."""
        return self.client.get(f"/api/v1{address}", headers=self._with(more))

    def post(self, address: str, body: Any, **more: str) -> Any:
        """Send JSON."""
        return self.client.post(f"/api/v1{address}", json=body, headers=self._with(more))

    def _with(self, more: dict[str, str]) -> dict[str, str]:
        return {**self.headers, **{name.replace("_", "-"): value for name, value in more.items()}}


def patrol(**facts: Any) -> dict[str, Any]:
    """The body of a joint patrol as a script sends it."""
    return {
        "project": "ATHENA",
        "client_uuid": str(uuid4()),
        "title": "Patrol on the Karst",
        "starts_at": "2026-11-20T18:00:00+01:00",
        "ends_at": "2026-11-21T00:00:00+01:00",
        "zone": "Europe/Ljubljana",
        "check_basis": "RISK_ASSESSMENT",
        "risk_reference": "RA-7",
        "place": {"text": "45.9, 13.6"},
        "participations": [
            {"organisation": "SIP", "role": "HOST", "officers": 2},
            {"organisation": "ITP", "role": "SECONDING", "officers": 2},
        ],
        "outcomes": {"persons_checked": 40, "arrests": 1, "vehicles_checked": None},
        **facts,
    }
