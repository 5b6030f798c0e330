"""What is known about the present request: viewer, project, clock and the nonce of its response."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from flask import current_app, g

from registry.domain.clock import Clock
from registry.domain.permissions import Viewer
from registry.models.projects import Project

ANONYMOUS = Viewer(user_id=None, email="anonymous")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHead:
    """The project a page is inside of, as a value: no row reaches a template."""

    id: int
    reference: str
    acronym: str
    title: str
    from_on: date | None
    until_on: date | None
    read_only: bool
    is_demo: bool
    lead_organisation_id: int | None
    release_delay_days: int
    data_revision: int

    @classmethod
    def of(cls, project: Project) -> ProjectHead:
        """The head of a loaded project."""
        return cls(**{name: getattr(project, name) for name in cls.__dataclass_fields__})


def viewer() -> Viewer:
    """Who is asking; set by ``registry.edge.identity`` before every request, anonymous otherwise."""
    found: Viewer = g.get("viewer", ANONYMOUS)
    return found


def clock() -> Clock:
    """The application's clock."""
    found: Clock = current_app.config["CLOCK"]
    return found


def current_project() -> ProjectHead:
    """The project of this request; only inside routes whose URL names one."""
    found: ProjectHead = g.project
    return found


def nonce() -> str:
    """The nonce of this response's content security policy."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    value: str = g.nonce
    return value
