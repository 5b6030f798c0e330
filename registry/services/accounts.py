"""Who is invited, which roles are granted, what happens when somebody leaves? The write side of accounts.

Every verb is audited. Nobody grants a role to themselves; the last administrator cannot be removed.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from registry.domain.permissions import Membership, Role, Viewer
from registry.models.accounts import Assignment, User
from registry.models.activities import Draft
from registry.services import audit, sessions

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_FOR_AN_ORGANISATION = frozenset(
    {Role.OFFICER, Role.VERIFIER, Role.COORDINATOR, Role.LEAD_PARTNER, Role.FINANCE_OFFICER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteUser:
    """A person to be invited; raises InvalidInput when the address cannot be one."""

    email: str
    display_name: str = ""
    service_number: str = ""

    def __post_init__(self) -> None:
        faults: dict[str, list[str]] = {}
        if len(self.email) > 255 or not _ADDRESS.fullmatch(self.email):
            faults["email"] = ["Give a mail address such as name@authority.example."]
        faults.update(_too_long(display_name=(self.display_name, 120), service_number=(self.service_number, 32)))
        if faults:
            raise InvalidInput(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole:
    """One role of one person; an administrator's belongs to the installation, all others to a project."""

    user_id: int
    role: Role
    project_id: int | None = None
    organisation_id: int | None = None

    def __post_init__(self) -> None:
        faults: dict[str, list[str]] = {}
        if self.role is Role.ADMINISTRATOR and (self.project_id or self.organisation_id):
            faults["project"] = ["An administrator's role belongs to the installation: leave project and organisation."]
        if self.role is not Role.ADMINISTRATOR and self.project_id is None:
            faults["project"] = ["Choose the project in which the role is held."]
        if self.role in _FOR_AN_ORGANISATION and self.organisation_id is None:
            faults["organisation"] = ["Choose the organisation for which the role is held."]
        if faults:
            raise InvalidInput(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProfile:
    """What a person may change about themselves."""

    display_name: str
    service_number: str
    language: str
    zone: str

    def __post_init__(self) -> None:
        faults = _too_long(display_name=(self.display_name, 120), service_number=(self.service_number, 32))
        if self.zone not in available_timezones():
            faults["zone"] = ["Choose a time zone such as Europe/Ljubljana."]
        if not re.fullmatch(r"[a-z]{2,3}", self.language):
            faults["language"] = ["Choose one of the languages."]
        if faults:
            raise InvalidInput(faults)


def _too_long(**fields: tuple[str, int]) -> dict[str, list[str]]:
    return {name: [f"At most {most} characters."] for name, (text, most) in fields.items() if len(text) > most}


def viewer_of(user: User, token_scopes: frozenset[str] | None = None) -> Viewer:
    """The facts about a person that rights depend on; a token's scopes narrow them."""
    return Viewer(
        user_id=user.id,
        email=user.email,
        memberships=tuple(
            Membership(role=Role(held.role), project_id=held.project_id, organisation_id=held.organisation_id)
            for held in user.assignments
        ),
        service_number=user.service_number,
        token_scopes=token_scopes,
    )


def user_by_email(session: Session, email: str) -> User:
    """The account of a mail address, whatever its capitals. Raises NotFound."""
    user = session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))
    if user is None:
        raise NotFound(f"There is no account with the address {email}.")
    return user


def user_by_id(session: Session, user_id: int) -> User:
    """The account of a number from a page. Raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such account.")
    return user


def invite(session: Session, command: InviteUser, *, actor: Viewer, clock: Clock) -> User:
    """Create an account without a password; the caller mails its one-time link. Raises Conflict if it exists."""
    email = command.email.strip().lower()
    if session.scalar(select(User.id).where(func.lower(User.email) == email)) is not None:
        raise Conflict(f"{email} has an account already.")
    user = User(
        email=email,
        display_name=command.display_name.strip(),
        service_number=command.service_number.strip(),
        fs_uniquifier=secrets.token_hex(32),
        active=True,
        invited_at=clock.now(),
        create_datetime=clock.now(),
    )
    session.add(user)
    session.flush()  # the audit row names the account by its number
    _note(session, "user.invite", user.id, actor=actor, clock=clock, details={"email": email})
    return user


def invited_again(session: Session, user: User, *, actor: Viewer, clock: Clock) -> None:
    """Note that a fresh link goes out to somebody who never signed in or asked for a reset; old links stop working."""
    user.fs_uniquifier = secrets.token_hex(32)
    user.invited_at = clock.now()
    _note(session, "user.invite", user.id, actor=actor, clock=clock, details={"again": True})


def grant(session: Session, command: GrantRole, *, actor: Viewer, clock: Clock) -> Assignment:
    """Grant a role. Raises NotAllowed for oneself (separation of duties), Conflict when it is held already."""
    if command.user_id == actor.user_id:
        raise NotAllowed("An administrator may not grant a role to themselves; ask another administrator.")
    held = session.scalar(
        select(Assignment.id).where(
            Assignment.user_id == command.user_id,
            Assignment.role == command.role.value,
            Assignment.project_id.is_not_distinct_from(command.project_id),
            Assignment.organisation_id.is_not_distinct_from(command.organisation_id),
        )
    )
    if held is not None:
        raise Conflict("This role is held already.")
    row = Assignment(
        user_id=command.user_id,
        project_id=command.project_id,
        organisation_id=command.organisation_id,
        role=command.role.value,
        granted_at=clock.now(),
        granted_by=actor.email,
    )
    session.add(row)
    session.flush()
    _note_role(session, "role.grant", row, actor=actor, clock=clock)
    return row


def revoke(session: Session, assignment_id: int, *, of_user_id: int, actor: Viewer, clock: Clock) -> None:
    """Take a role back, as of the next request. Raises NotFound, or Conflict for the last administrator."""
    row = session.scalar(select(Assignment).where(Assignment.id == assignment_id, Assignment.user_id == of_user_id))
    if row is None:
        raise NotFound("This role is not held any more.")
    if row.role == Role.ADMINISTRATOR.value:
        _keep_an_administrator(session, of_user_id)
    _note_role(session, "role.revoke", row, actor=actor, clock=clock)
    session.delete(row)
    session.flush()


def disable(session: Session, user: User, *, reason: str, actor: Viewer, clock: Clock) -> int:
    """Close an account: sign-in, tokens and every session stop at once. Returns how many sessions ended."""
    if user.id == actor.user_id:
        raise NotAllowed("You cannot disable your own account; ask another administrator.")
    _keep_an_administrator(session, user.id)
    user.active = False
    ended = sessions.end_all(session, user.id, why="account disabled", actor=actor, clock=clock, audited=False)
    _note(session, "user.disable", user.id, actor=actor, clock=clock, reason=reason, touched=1 + ended)
    return ended


def enable(session: Session, user: User, *, actor: Viewer, clock: Clock) -> None:
    """Open a disabled account again; old sessions stay ended."""
    user.active = True
    _note(session, "user.enable", user.id, actor=actor, clock=clock)


def forget_second_factor(session: Session, user: User, *, reason: str, actor: Viewer, clock: Clock) -> None:
    """For a lost device: the next sign-in sets up a new second factor. Never one's own; all sessions end."""
    if user.id == actor.user_id:
        raise NotAllowed("Another administrator resets your second factor.")
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = None
    user.mf_recovery_codes = None
    sessions.end_all(session, user.id, why="second factor reset", actor=actor, clock=clock, audited=False)
    _note(session, "user.second-factor-reset", user.id, actor=actor, clock=clock, reason=reason)


def hand_over(session: Session, leaving: User, to: User, *, actor: Viewer, clock: Clock) -> int:
    """Pass a leaving person's drafts to another of the same projects (decision 9). Returns how many were passed.

    Raises InvalidInput when the other person is the same, disabled, or not in a project of the drafts.
    """
    drafts = list(session.scalars(select(Draft).where(Draft.user_id == leaving.id)))
    members = {held.project_id for held in to.assignments}
    if to.id == leaving.id or not to.active:
        raise InvalidInput({"to": ["Choose another person with an open account."]})
    if any(draft.project_id not in members for draft in drafts):
        raise InvalidInput({"to": ["This person does not belong to every project of the drafts."]})
    session.execute(update(Draft).where(Draft.user_id == leaving.id).values(user_id=to.id))
    _note(
        session,
        "user.hand-over",
        leaving.id,
        actor=actor,
        clock=clock,
        touched=len(drafts),
        details={"to": to.id, "drafts": [draft.client_uuid for draft in drafts]},
    )
    return len(drafts)


def change_profile(session: Session, user: User, command: ChangeProfile, *, actor: Viewer, clock: Clock) -> None:
    """Store what a person changed about themselves."""
    user.display_name = command.display_name.strip()
    user.service_number = command.service_number.strip()
    user.language = command.language
    user.zone = command.zone
    _note(session, "user.profile", user.id, actor=actor, clock=clock)


def _keep_an_administrator(session: Session, leaving_user_id: int) -> None:
    """Refuse what would leave the installation without an active administrator."""
    administrators = set(
        session.scalars(
            select(Assignment.user_id)
            .join(User, User.id == Assignment.user_id)
            .where(Assignment.role == Role.ADMINISTRATOR.value, User.active.is_(True))
        )
    )
    if administrators == {leaving_user_id}:
        raise Conflict("This is the last administrator: grant the role to another person first.")


def _note_role(session: Session, action: str, row: Assignment, *, actor: Viewer, clock: Clock) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"user:{row.user_id}",
        project_id=row.project_id,
        clock=clock,
        details={"role": row.role, "organisation": row.organisation_id},
    )


def _note(
    session: Session,
    action: str,
    user_id: int,
    *,
    actor: Viewer,
    clock: Clock,
    reason: str = "",
    touched: int = 1,
    details: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"user:{user_id}",
        clock=clock,
        reason=reason,
        touched=touched,
        details=details,
    )
