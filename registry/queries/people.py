"""Who has an account, and which roles does each hold? For the administrator's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload, selectinload

from registry.models.accounts import Assignment, User
from registry.models.activities import Draft
from registry.models.projects import Organisation, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """One role of a person, with the words of its project and organisation."""

    id: int
    role: str
    project: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One account as the administrator sees it."""

    id: int
    email: str
    display_name: str
    service_number: str
    active: bool
    has_password: bool
    has_second_factor: bool
    invited_at: datetime | None
    drafts: int
    roles: tuple[HeldRole, ...]

    @property
    def state(self) -> str:
        """``disabled``, ``invited`` or ``open``."""
        if not self.active:
            return "disabled"
        return "open" if self.has_password else "invited"


def people(session: Session) -> list[PersonRow]:
    """Every account, by address."""
    return _rows(session, None)


def person(session: Session, user_id: int) -> PersonRow | None:
    """One account, or None."""
    return next(iter(_rows(session, user_id)), None)


def _rows(session: Session, user_id: int | None) -> list[PersonRow]:
    drafts = select(Draft.user_id, func.count().label("number")).group_by(Draft.user_id).subquery()
    query = (
        select(User, func.coalesce(drafts.c.number, 0))
        .outerjoin(drafts, drafts.c.user_id == User.id)
        .options(selectinload(User.assignments), lazyload(User.roles))
        .order_by(User.email)
    )
    if user_id is not None:
        query = query.where(User.id == user_id)
    names = _names(session)
    return [_row(user, number, names) for user, number in session.execute(query)]


def _names(session: Session) -> tuple[dict[int, str], dict[int, str]]:
    return dict(projects(session)), dict(organisations(session))


def projects(session: Session) -> list[tuple[int, str]]:
    """Number and acronym of each project in which roles are held."""
    rows = session.execute(select(Project.id, Project.acronym).order_by(Project.acronym))
    return [(row[0], row[1]) for row in rows]


def organisations(session: Session) -> list[tuple[int, str]]:
    """Number and name of each organisation."""
    rows = session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.name))
    return [(row[0], row[1]) for row in rows]


def _row(user: User, drafts: int, names: tuple[dict[int, str], dict[int, str]]) -> PersonRow:
    return PersonRow(
        id=user.id,
        email=user.email,
        display_name=user.display_name,
        service_number=user.service_number,
        active=user.active,
        has_password=user.password is not None,
        has_second_factor=user.tf_primary_method is not None,
        invited_at=user.invited_at,
        drafts=drafts,
        roles=tuple(_held(assignment, names) for assignment in sorted(user.assignments, key=lambda a: a.id)),
    )


def _held(assignment: Assignment, names: tuple[dict[int, str], dict[int, str]]) -> HeldRole:
    project_names, organisation_names = names
    return HeldRole(
        id=assignment.id,
        role=assignment.role,
        project=project_names.get(assignment.project_id or 0, ""),
        organisation=organisation_names.get(assignment.organisation_id or 0, ""),
    )
