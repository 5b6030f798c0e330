"""Who is asking? A browser by its session row, a script by its bearer token: both become a ``Viewer``.

Runs before everything else in a request. A session that has ended is forgotten here; a token is looked at under /api/
only and never opens a page. Forged requests (CSRF) are refused here for every route that a browser can reach.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app, g, request, session
from flask_login import AnonymousUserMixin
from flask_security.utils import set_request_attr
from sqlalchemy import select
from sqlalchemy.orm import lazyload, selectinload

from registry.domain.errors import RegistryError
from registry.domain.permissions import Permission, Viewer
from registry.edge.context import ANONYMOUS, clock, viewer
from registry.edge.transactions import write_unit
from registry.extensions import csrf, db
from registry.models.accounts import ApiToken, User, UserSession
from registry.services import accounts, sessions, tokens

SESSION_KEY = "registry_session"
"""Under this name the signed cookie carries the random key of the session row."""


class NotSignedIn(RegistryError):  # the vocabulary of domain/errors.py names what happened
    """Nobody is signed in, the session has ended, or the token does not live: unknown and expired look the same."""

    slug = "not-signed-in"
    title = "Please sign in"
    status = 401


def install(app: Flask) -> None:
    """Put identification before, and the answers about it behind, every request of the application."""
    from registry.edge import sign_in  # the two modules know each other: sign-in ends and begins the rows read here

    hooks = app.before_request_funcs.setdefault(None, [])
    hooks[:0] = [identify, refuse_forgery]
    app.context_processor(lambda: {"insecure_cookies": bool(app.config.get("INSECURE_COOKIES"))})
    sign_in.install(app)


def viewer_from_request() -> Viewer:
    """The person asking, with the roles held at this instant; anonymous when nobody is signed in."""
    return viewer()


def session_limits() -> sessions.Limits:
    """The two limits of a session as this installation sets them."""
    default = sessions.Limits()
    return sessions.Limits(
        idle=current_app.config.get("SESSION_IDLE", default.idle),
        life=current_app.config.get("SESSION_LIFE", default.life),
    )


def is_api() -> bool:
    """Whether the request is one of the JSON API: the only place where a bearer token counts."""
    return request.path.startswith("/api/")


def identify() -> None:
    """Find out who is asking; nobody is an answer too. Raises NotSignedIn for a bearer token that does not live."""
    g.viewer = ANONYMOUS
    if request.endpoint == "static":
        return
    # What Flask-Login would find by itself (a remember cookie, a framework token) never counts: only a live row does.
    g._login_user = AnonymousUserMixin()
    bearer = _bearer() if is_api() else ""
    if bearer:
        _identify_script(bearer)
    elif SESSION_KEY in session:
        _identify_browser(session[SESSION_KEY])
    elif "_user_id" in session:
        session.clear()


def _bearer() -> str:
    scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
    return plain.strip() if scheme.lower() == "bearer" else ""


def _identify_script(plain: str) -> None:
    now = clock().now()
    found = tokens.find(db.session(), plain, now)
    if found is None:
        raise NotSignedIn("This token is unknown, expired or revoked.")
    token, user = found
    g.viewer = accounts.viewer_of(user, frozenset(token.scopes.split()))
    g.registry_token_purpose = token.purpose
    if token.last_used_at is None or now - token.last_used_at >= tokens.USED_EVERY:
        _store_use(token, now)


def _store_use(token: ApiToken, now: datetime) -> None:
    token_id = token.id
    with write_unit():
        tokens.used(db.session(), token_id, now)


def _identify_browser(key: str) -> None:
    now = clock().now()
    row = sessions.live(db.session(), key, now, session_limits())
    if row is None:
        session.clear()
        return
    if now - row.seen_at >= sessions.SEEN_EVERY:
        _store_seen(row, now)
    user = _user_of(row)
    if user is None or user.fs_uniquifier != session.get("_user_id"):
        session.clear()
        return
    g._login_user = user
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    g.viewer = accounts.viewer_of(user)
    g.language, g.zone = user.language, user.zone


def _store_seen(row: UserSession, now: datetime) -> None:
    row_id = row.id
    with write_unit():
        sessions.seen(db.session(), row_id, now)


def _user_of(row: UserSession) -> User | None:
    return db.session.scalar(
        select(User)
        .where(User.id == row.user_id, User.active.is_(True))
        .options(selectinload(User.assignments), lazyload(User.roles))
    )


def refuse_forgery() -> None:
    """Check the form token of every unsafe request a browser could be tricked into sending (ASVS 3.5.1).

    A bearer token is never sent by a browser of its own accord. Somebody unknown is turned away by the route's right.
    """
    if request.method in ("GET", "HEAD", "OPTIONS", "TRACE") or not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    if is_api() and viewer().token_scopes is not None:
        return
    if viewer().user_id is None and not _is_public():
        return
    csrf.protect()


def _is_public() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "permission", Permission.PUBLIC) is Permission.PUBLIC


__all__ = [
    "SESSION_KEY",
    "NotSignedIn",
    "identify",
    "install",
    "session_limits",
    "viewer_from_request",
]
