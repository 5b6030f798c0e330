"""What happens around a sign-in? Session rows begin and end, attempts are counted, and every step is audited.

Flask-Security's own views are wrapped here: each declares its permission, commits once, and counts failed attempts per
account and per network. Attempts from another network do not lock the owner of an account out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import structlog
from flask import Flask, Response, after_this_request, current_app, g, request, session
from flask_login import user_logged_out
from flask_security import (
    password_changed,
    password_reset,
    reset_password_instructions_sent,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    user_failed_authn,
)
from flask_security.utils import send_mail
from limits import RateLimitItem, parse_many

from registry.domain.errors import RegistryError
from registry.domain.permissions import Permission
from registry.edge.context import ANONYMOUS, clock, viewer
from registry.edge.identity import SESSION_KEY
from registry.edge.transactions import commits
from registry.extensions import db, is_demo, limiter
from registry.models.accounts import User
from registry.services import accounts, audit, sessions

log = structlog.get_logger(__name__)
View = Callable[..., Any]

PER_ACCOUNT_AND_NETWORK = parse_many("5/minute;30/hour")
PER_ACCOUNT = parse_many("100/hour")
PER_NETWORK = parse_many("200/hour")
LINKS_PER_ACCOUNT = parse_many("5/hour")

_DEVICES = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))


class TooManyAttempts(RegistryError):  # as in domain/errors.py
    """The account was tried too often from here; other accounts, and this one from elsewhere, are not affected."""

    slug = "too-many-attempts"
    title = "Too many attempts"
    status = 429


def install(app: Flask) -> None:
    """Wrap the sign-in views of the application and listen to what happens in them."""
    for name, view in list(app.view_functions.items()):
        if name.startswith("security."):
            app.view_functions[name] = _wrapped(name.removeprefix("security."), view)
    for signal, reaction in _REACTIONS:
        signal.connect(reaction, app)
    app.context_processor(_demo_accounts)


def _wrapped(name: str, view: View) -> View:
    counted = _COUNTED.get(name)
    inner = _committing_posts(view)
    outer = counted_attempts(inner, counted) if counted else inner
    outer.permission = (  # type: ignore[attr-defined]  # routes declare their permission on the function
        Permission.SIGNED_IN if name in _FOR_SIGNED_IN else Permission.PUBLIC
    )
    return outer


def _committing_posts(view: View) -> View:
    """The framework's views read on GET and write on POST, under one name."""
    committing = commits(view)

    @wraps(committing)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return (committing if request.method == "POST" else view)(*args, **kwargs)

    return answer


def counted_attempts(view: View, how: Attempt) -> View:
    """Wrap a POST view: refuse when too many attempts failed, count this one if it fails. Raises TooManyAttempts."""

    @wraps(view)
    def attempt(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or not limiter.enabled:
            return view(*args, **kwargs)
        keys = _keys(how, request.endpoint or "")
        full = next((limit for limit, key in keys if not limiter.limiter.test(limit, key)), None)
        if full is not None:
            _refuse(full)
        response = current_app.make_response(view(*args, **kwargs))
        if how.failed(response):
            for limit, key in keys:
                limiter.limiter.hit(limit, key)
        return response

    return attempt


def _keys(how: Attempt, endpoint: str) -> list[tuple[RateLimitItem, str]]:
    """Which counters an attempt touches: the account from this network, the account, the network."""
    account, network = how.account(), request.remote_addr or "unknown"
    keys = [(limit, f"network:{network}:{endpoint}") for limit in PER_NETWORK]
    if account:
        keys += [(limit, f"account:{account}:{endpoint}") for limit in how.limits]
        keys += [(limit, f"both:{account}:{network}:{endpoint}") for limit in PER_ACCOUNT_AND_NETWORK]
    return keys


def _refuse(limit: RateLimitItem) -> None:
    seconds = limit.get_expiry()

    @after_this_request
    def say_when(response: Response) -> Response:
        response.headers["Retry-After"] = str(seconds)
        return response

    log.warning("too many attempts", path=request.path, address=request.remote_addr)
    wait = "a minute" if seconds <= 60 else "an hour"
    raise TooManyAttempts(f"There were too many failed attempts. Wait {wait} and try again; other accounts still work.")


def _typed_account() -> str:
    sent: Any = request.get_json(silent=True) if request.is_json else request.form
    typed = sent.get("email", "") if hasattr(sent, "get") else ""
    return str(typed).strip().casefold()[:255]


def _account_half_signed_in() -> str:
    return str(session.get("tf_user_id", ""))


def _account_signed_in() -> str:
    return viewer().email


def _not_accepted(response: Response) -> bool:
    """After a sign-in step: neither signed in nor one step further."""
    return "_user_id" not in session and "tf_user_id" not in session


def _code_refused(response: Response) -> bool:
    return "_user_id" not in session


def _form_shown_again(response: Response) -> bool:
    return not (response.status_code == 302 or (response.is_json and response.status_code == 200))


def _always(response: Response) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one view's attempts are counted: for whom, which answer is a failure, by which limits of the account."""

    account: Callable[[], str]
    failed: Callable[[Response], bool]
    limits: list[RateLimitItem]


_COUNTED = {
    "login": Attempt(account=_typed_account, failed=_not_accepted, limits=PER_ACCOUNT),
    "two_factor_token_validation": Attempt(account=_account_half_signed_in, failed=_code_refused, limits=PER_ACCOUNT),
    "two_factor_rescue": Attempt(account=_account_half_signed_in, failed=_always, limits=LINKS_PER_ACCOUNT),
    "mf_recovery": Attempt(account=_account_half_signed_in, failed=_code_refused, limits=PER_ACCOUNT),
    "forgot_password": Attempt(account=_typed_account, failed=_always, limits=LINKS_PER_ACCOUNT),
    "reset_password": Attempt(account=str, failed=_form_shown_again, limits=PER_ACCOUNT),
    "verify": Attempt(account=_account_signed_in, failed=_form_shown_again, limits=PER_ACCOUNT),
    "change_password": Attempt(account=_account_signed_in, failed=_form_shown_again, limits=PER_ACCOUNT),
}
_FOR_SIGNED_IN = frozenset({"change_password", "verify", "mf_recovery_codes", "two_factor_setup_validate"})


def device_of(user_agent: str) -> str:
    """A browser and its system in two words, from what the browser says of itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for name in _DEVICES if name in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or user_agent[:60] or "unknown"


def _begin_session(_app: Flask, *, user: User, authn_via: list[str] | None = None, **_more: Any) -> None:
    """A new key at every sign-in (ASVS 7.2.4); the session it replaces ends."""
    key = sessions.new_key()
    if SESSION_KEY in session:
        sessions.end_by_key(db.session(), session[SESSION_KEY], why="replaced by a new sign-in", clock=clock())
    session[SESSION_KEY] = key
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    agent = request.user_agent.string
    sessions.begin(
        db.session(),
        user_id=user.id,
        key=key,
        address=request.remote_addr or "",
        device=device_of(agent),
        clock=clock(),
    )
    g.viewer = accounts.viewer_of(user)
    _audited("sign-in", user, details={"by": authn_via or []})


def _end_session(_app: Flask, *, user: User | None = None, **_more: Any) -> None:
    key = session.pop(SESSION_KEY, None)
    if key:
        sessions.end_by_key(db.session(), key, why="signed out", clock=clock())
    if isinstance(user, User):
        _audited("sign-out", user)
    g.viewer = ANONYMOUS

    @after_this_request
    def nothing_stays(response: Response) -> Response:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _password_was_set(_app: Flask, *, user: User, **_more: Any) -> None:
    """After a change or a reset every other session of the person is over (ASVS 7.4.3)."""
    sessions.end_all(
        db.session(),
        user.id,
        why="password changed",
        actor=accounts.viewer_of(user),
        clock=clock(),
        but_key=session.get(SESSION_KEY, ""),
        audited=False,
    )
    if user.confirmed_at is None:
        user.confirmed_at = clock().now()
    _audited("password.set", user)


def _link_was_asked(_app: Flask, *, user: User, **_more: Any) -> None:
    _audited("password.reset-asked", user)


def _factor_changed(_app: Flask, *, user: User, **_more: Any) -> None:
    """The person is told by mail (ASVS 6.3.7): a second factor somebody else changed must not go unnoticed."""
    send_mail("Your second factor for the registry was changed", user.email, "mail/second_factor_changed", user=user)
    _audited("second-factor.set", user)


def _was_refused(_app: Flask, *, user: User | None = None, **_more: Any) -> None:
    log.warning("sign-in refused", account=user.id if user else None, address=request.remote_addr)


def _audited(action: str, user: User, details: dict[str, Any] | None = None) -> None:
    audit.record(
        db.session(),
        actor=accounts.viewer_of(user),
        action=action,
        subject=f"user:{user.id}",
        clock=clock(),
        details=details,
    )


_REACTIONS = (
    (user_authenticated, _begin_session),
    (user_logged_out, _end_session),
    (password_changed, _password_was_set),
    (password_reset, _password_was_set),
    (reset_password_instructions_sent, _link_was_asked),
    (tf_profile_changed, _factor_changed),
    (tf_disabled, _factor_changed),
    (user_failed_authn, _was_refused),
)


def _demo_accounts() -> dict[str, Any]:
    """The accounts offered on the sign-in page of a demo; nothing anywhere else."""
    if request and request.endpoint == "security.login" and is_demo(current_app):
        return {"demo_accounts": list(current_app.config["DEMO_ACCOUNTS"]())}
    return {"demo_accounts": []}
