"""Who may call the API from a script, with which scopes, until when? Bearer tokens: issue, find, revoke.

A token has its user's rights or fewer. Only its hash is stored; it is shown once. It never opens a page.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from registry.domain.clock import Clock
from registry.domain.errors import InvalidInput, NotFound
from registry.domain.permissions import Viewer
from registry.models.accounts import ApiToken, User
from registry.services import audit

PREFIX = "cbr_"
SCOPES = ("read", "write", "features")
DEFAULT_SCOPES = ("read", "write")
DEFAULT_DAYS = 90
MAXIMUM_DAYS = 365
USED_EVERY = timedelta(minutes=1)
"""The last use is stored at most this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueToken:
    """What a new token shall be; raises InvalidInput for an unknown scope or a life outside 1 to 365 days."""

    user_id: int
    label: str = ""
    purpose: str = ""
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    days: int = DEFAULT_DAYS

    def __post_init__(self) -> None:
        faults: dict[str, list[str]] = {}
        if not self.scopes or set(self.scopes) - set(SCOPES):
            faults["scopes"] = [f"Choose from {', '.join(SCOPES)}."]
        if not 1 <= self.days <= MAXIMUM_DAYS:
            faults["days"] = [f"A token lives 1 to {MAXIMUM_DAYS} days."]
        if len(self.label) > 120:
            faults["label"] = ["At most 120 characters."]
        if len(self.purpose) > 240:
            faults["purpose"] = ["At most 240 characters."]
        if faults:
            raise InvalidInput(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """One token as its owner sees it: never the token itself."""

    id: int
    label: str
    purpose: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


def hash_of(plain: str) -> str:
    """What is stored of a token: the SHA-256 of its 256 random bits."""
    return hashlib.sha256(plain.encode()).hexdigest()


def issue(session: Session, command: IssueToken, *, actor: Viewer, clock: Clock) -> str:
    """Store a new token and return it in plain, the only time it can be read."""
    plain = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    row = ApiToken(
        user_id=command.user_id,
        token_hash=hash_of(plain),
        label=command.label.strip(),
        purpose=command.purpose.strip(),
        scopes=" ".join(scope for scope in SCOPES if scope in command.scopes),
        created_at=now,
        expires_at=now + timedelta(days=command.days),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="token.issue",
        subject=f"user:{command.user_id}",
        clock=clock,
        reason=row.purpose,
        details={"token": row.id, "scopes": row.scopes, "days": command.days},
    )
    return plain


def revoke(session: Session, token_id: int, *, of_user_id: int, actor: Viewer, clock: Clock) -> None:
    """Revoke one token of a person at once. Raises NotFound when it is not that person's or already revoked."""
    row = session.scalar(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == of_user_id, ApiToken.revoked_at.is_(None))
    )
    if row is None:
        raise NotFound("There is no such token, or it is already revoked.")
    row.revoked_at = clock.now()
    audit.record(
        session,
        actor=actor,
        action="token.revoke",
        subject=f"user:{of_user_id}",
        clock=clock,
        details={"token": row.id},
    )


def find(session: Session, plain: str, now: datetime) -> tuple[ApiToken, User] | None:
    """The live token of an active user that was presented, or None: expired, revoked and unknown look the same."""
    if not plain.startswith(PREFIX):
        return None
    row = (
        session.execute(
            select(ApiToken, User)
            .join(User, User.id == ApiToken.user_id)
            .where(
                ApiToken.token_hash == hash_of(plain),
                ApiToken.revoked_at.is_(None),
                ApiToken.expires_at > now,
                User.active.is_(True),
            )
            .options(selectinload(User.assignments), joinedload(User.roles))
        )
        .unique()
        .one_or_none()
    )
    return (row[0], row[1]) if row else None


def used(session: Session, token_id: int, now: datetime) -> None:
    """Store that a token was used."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def tokens_of(session: Session, user_id: int, now: datetime) -> list[TokenRow]:
    """A person's tokens, newest first, with those that ended."""
    rows = session.scalars(
        select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    )
    return [
        TokenRow(
            id=row.id,
            label=row.label,
            purpose=row.purpose,
            scopes=tuple(row.scopes.split()),
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            state="revoked" if row.revoked_at else "expired" if row.expires_at <= now else "live",
        )
        for row in rows
    ]
