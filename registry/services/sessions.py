"""Which signed-in browsers live, and how does one end? The rows behind the session cookie (decision 41).

Two limits, both settings (ASVS 7.1.1, 7.3): the time without a request, and the whole life since sign-in.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.errors import NotFound
from registry.domain.permissions import Viewer
from registry.models.accounts import UserSession
from registry.services import audit

SEEN_EVERY = timedelta(minutes=1)
"""The last-seen instant is stored at most this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a session lives: without a request (``idle``) and at the latest since sign-in (``life``).

    The defaults let an officer's night in the field be one sign-in; an office sets them shorter.
    """

    idle: timedelta = timedelta(hours=8)
    life: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInBrowser:
    """One live session as its owner or an administrator sees it."""

    id: int
    device: str
    address: str
    created_at: datetime
    seen_at: datetime
    is_this_one: bool


def new_key() -> str:
    """A random session key of 256 bits (ASVS 7.2.3)."""
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    """What is stored of a key: its SHA-256; a key of 256 random bits needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def begin(session: Session, *, user_id: int, key: str, address: str, device: str, clock: Clock) -> UserSession:
    """Store a new session; flushes so that its id is known."""
    now = clock.now()
    row = UserSession(
        key_hash=hash_of(key),
        user_id=user_id,
        created_at=now,
        seen_at=now,
        address=address[:64],
        device=device[:200],
    )
    session.add(row)
    session.flush()
    return row


def live(session: Session, key: str, now: datetime, limits: Limits) -> UserSession | None:
    """The session of a cookie's key, if it has not ended and neither limit has passed."""
    row = session.scalar(select(UserSession).where(UserSession.key_hash == hash_of(key)))
    return row if row is not None and is_live(row, now, limits) else None


def is_live(row: UserSession, now: datetime, limits: Limits) -> bool:
    """Whether a session still lives at an instant."""
    return row.ended_at is None and now - row.seen_at < limits.idle and now - row.created_at < limits.life


def seen(session: Session, session_id: int, now: datetime) -> None:
    """Store that a session was used."""
    session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now))


def sessions_of(
    session: Session, user_id: int, *, now: datetime, limits: Limits, this_key: str = ""
) -> list[SignedInBrowser]:
    """A person's live sessions, last used first; ``this_key`` marks the one asking."""
    rows = session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )
    mine = hash_of(this_key) if this_key else ""
    return [
        SignedInBrowser(
            id=row.id,
            device=row.device,
            address=row.address,
            created_at=row.created_at,
            seen_at=row.seen_at,
            is_this_one=row.key_hash == mine,
        )
        for row in rows
        if is_live(row, now, limits)
    ]


def end_one(session: Session, session_id: int, *, of_user_id: int, actor: Viewer, clock: Clock) -> None:
    """End one session of a person. Raises NotFound when it is not that person's."""
    row = session.scalar(
        select(UserSession).where(
            UserSession.id == session_id, UserSession.user_id == of_user_id, UserSession.ended_at.is_(None)
        )
    )
    if row is None:
        raise NotFound("This session has already ended.")
    row.ended_at, row.ended_why = clock.now(), "ended from the list"
    audit.record(session, actor=actor, action="session.end", subject=f"user:{of_user_id}", clock=clock)


def end_all(
    session: Session, user_id: int, *, why: str, actor: Viewer, clock: Clock, but_key: str = "", audited: bool = True
) -> int:
    """End every session of a person, optionally sparing one; returns how many ended at once."""
    ended = [
        row
        for row in session.scalars(
            select(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        )
        if not but_key or row.key_hash != hash_of(but_key)
    ]
    for row in ended:
        row.ended_at, row.ended_why = clock.now(), why[:64]
    if ended and audited:
        audit.record(
            session,
            actor=actor,
            action="session.end",
            subject=f"user:{user_id}",
            clock=clock,
            reason=why,
            touched=len(ended),
        )
    return len(ended)


def end_by_key(session: Session, key: str, *, why: str, clock: Clock) -> None:
    """End the session of a cookie's key: at sign-out, and when a sign-in replaces it."""
    session.execute(
        update(UserSession)
        .where(UserSession.key_hash == hash_of(key), UserSession.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_why=why[:64])
    )
