"""Who can see this record, and why? Every role and organisation of the project with the view it gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.domain.permissions import Membership, Role, Viewer
from registry.domain.precision import View, view_of
from registry.models.accounts import Assignment, User
from registry.models.activities import Activity
from registry.models.projects import Organisation, Project
from registry.queries.activity_rows import participants_of
from registry.queries.visibility import facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A role held for an organisation, by how many persons, and what it gets of the record."""

    role: Role
    organisation: str
    people: int
    view: View


def readers(session: Session, activity_id: int, now: datetime) -> tuple[Reader, ...]:
    """What each role of the project gets; roles that nobody holds are named without an organisation."""
    activity = session.get_one(Activity, activity_id)
    published = session.get_one(Project, activity.project_id).read_only
    participants = participants_of(session, [activity_id]).get(activity_id, frozenset())
    facts = facts_of(activity, participants, published=published)
    held = _held(session, activity.project_id)
    nobody: list[tuple[Role, int | None, str, int]] = [
        (role, None, "", 0) for role in Role if role not in {role for role, *_ in held}
    ]
    return tuple(
        Reader(
            role=role,
            organisation=name,
            people=people,
            view=view_of(facts, _somebody(role, activity.project_id, organisation_id), now),
        )
        for role, organisation_id, name, people in sorted(
            [*held, *nobody], key=lambda found: list(Role).index(found[0])
        )
    )


def _rank(found: tuple[Role, int | None, str, int]) -> int:
    """Roles in the order in which they are named everywhere."""
    return list(Role).index(found[0])


def _somebody(role: Role, project_id: int, organisation_id: int | None) -> Viewer:
    """A person who holds this role alone."""
    membership = Membership(role=role, project_id=project_id, organisation_id=organisation_id)
    return Viewer(user_id=0, email="", memberships=(membership,))


def _held(session: Session, project_id: int) -> list[tuple[Role, int | None, str, int]]:
    query = (
        select(Assignment.role, Assignment.organisation_id, Organisation.name, func.count())
        .join(User, User.id == Assignment.user_id)
        .outerjoin(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Assignment.project_id == project_id, User.active.is_(True))
        .group_by(Assignment.role, Assignment.organisation_id, Organisation.name)
        .order_by(Organisation.name)
    )
    return [(Role(role), key, name or "", number) for role, key, name, number in session.execute(query)]
