"""What does a patrol look like as a form and as JSON? Bodies for the tests of logging, and the people who log them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from shapely.geometry import LineString

from registry.domain.commands import LogActivity
from registry.domain.permissions import Role, Viewer
from registry.models.geography import BorderSection
from registry.models.projects import Beneficiary, Organisation, Project
from registry.schemas.activities import ActivitySchema
from registry.schemas.patrols import LogJointPatrolIn
from tests.factories import Factories, viewer_for

KARST = LineString([(13.60, 45.80), (13.72, 45.70), (13.80, 45.65), (13.89, 45.62)])
ZONE = "Europe/Ljubljana"


def patrol_body(**changes: Any) -> dict[str, Any]:
    """A joint patrol of Slovenia (host) and Italy on the evening of 20 November 2026 near the border."""
    body: dict[str, Any] = {
        "client_uuid": str(uuid4()),
        "starts_day": "2026-11-20",
        "starts_time": "20:00",
        "ends_time": "02:30",
        "participations": [
            {"organisation": "SI", "role": "HOST", "officers": 2},
            {"organisation": "IT", "role": "SECONDING", "officers": 2},
        ],
        "place": {"text": "45.66, 13.79"},
        "check_basis": "RISK_ASSESSMENT",
        "risk_reference": "RA-2026-07",
        "outcomes": {"persons_checked": "38", "vehicles_checked": "17", "hits": "1", "consultations": "55"},
    }
    return {key: value for key, value in {**body, **changes}.items() if value is not None}


def command_of(project: Project, body: dict[str, Any], schema: type[ActivitySchema] = LogJointPatrolIn) -> LogActivity:
    """The command that the body makes."""
    command: LogActivity = schema(project=project.reference, zone=ZONE).load_json(body)
    return command


@dataclass
class Field:
    """A project of Slovenia and Italy with a border section and one person of each sort."""

    project: Project
    slovenia: Organisation
    italy: Organisation
    section: BorderSection
    books: Beneficiary
    officer: Viewer
    verifier: Viewer
    italian: Viewer
    coordinator: Viewer

    def log_command(self, **changes: Any) -> LogActivity:
        """The usual patrol with changes."""
        return command_of(self.project, patrol_body(**changes))


def field_of(factories: Factories, *, border: str = "internal") -> Field:
    """The stage of most tests of logging."""
    slovenia = factories.organisation("SI", country="SI")
    italy = factories.organisation("IT", country="IT")
    project = factories.project("FIELD")
    section = factories.section(factories.border("IT", "SI", border), 3, KARST)
    return Field(
        project=project,
        slovenia=slovenia,
        italy=italy,
        section=section,
        books=factories.beneficiary(project, slovenia),
        officer=viewer_for(factories.user(project, slovenia, Role.OFFICER)),
        verifier=viewer_for(factories.user(project, slovenia, Role.VERIFIER)),
        italian=viewer_for(factories.user(project, italy, Role.OFFICER, Role.VERIFIER)),
        coordinator=viewer_for(factories.user(project, slovenia, Role.COORDINATOR)),
    )
