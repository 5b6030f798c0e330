"""What is known about me, which browsers and scripts act in my name? The pages of one's own account."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.domain.errors import InvalidInput, NotFound
from registry.domain.permissions import Permission
from registry.edge import clock, commits, requires, viewer
from registry.edge.identity import SESSION_KEY, session_limits
from registry.extensions import db
from registry.models.accounts import User
from registry.services import accounts, sessions, tokens

bp = Blueprint("account", __name__, url_prefix="/account")

LANGUAGES = (
    ("en", "English"),
    ("it", "Italiano"),
    ("sl", "Slovenščina"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("ro", "Română"),
    ("bg", "Български"),
    ("lv", "Latviešu"),
    ("mt", "Malti"),
)


@bp.get("/")
@requires(Permission.SIGNED_IN)
def overview() -> str:
    """My account: who I am, how I sign in."""
    return _overview({})


@bp.post("/")
@requires(Permission.SIGNED_IN)
@commits
def change_profile() -> BaseResponse | tuple[str, int]:
    """Store what I changed about myself."""
    form = request.form
    try:
        command = accounts.ChangeProfile(
            display_name=form.get("display_name", ""),
            service_number=form.get("service_number", ""),
            language=form.get("language", ""),
            zone=form.get("zone", ""),
        )
    except InvalidInput as error:
        return _overview(error.errors), error.status
    accounts.change_profile(db.session(), _me(), command, actor=viewer(), clock=clock())
    flash(gettext("Saved."), "success")
    return redirect(url_for("account.overview"))


@bp.get("/sessions")
@requires(Permission.SIGNED_IN)
def list_sessions() -> str:
    """Where I am signed in."""
    rows = sessions.sessions_of(
        db.session(),
        _my_id(),
        now=clock().now(),
        limits=session_limits(),
        this_key=session.get(SESSION_KEY, ""),
    )
    return render_template("account/sessions.html", sessions=rows)


@bp.post("/sessions/<int:session_id>/end")
@requires(Permission.SIGNED_IN)
@commits
def end_session(session_id: int) -> BaseResponse:
    """End one of my sessions."""
    sessions.end_one(db.session(), session_id, of_user_id=_my_id(), actor=viewer(), clock=clock())
    flash(gettext("The session has ended."), "success")
    return redirect(url_for("account.list_sessions"))


@bp.post("/sessions/end-others")
@requires(Permission.SIGNED_IN)
@commits
def end_other_sessions() -> BaseResponse:
    """End every session of mine but this one."""
    sessions.end_all(
        db.session(),
        _my_id(),
        why="ended by the user",
        actor=viewer(),
        clock=clock(),
        but_key=session.get(SESSION_KEY, ""),
    )
    flash(gettext("You are signed in here only."), "success")
    return redirect(url_for("account.list_sessions"))


@bp.get("/tokens")
@requires(Permission.SIGNED_IN)
def list_tokens() -> str:
    """The tokens of my scripts."""
    return _token_page({})


@bp.post("/tokens")
@requires(Permission.SIGNED_IN)
@commits
def issue_token() -> Response | tuple[str, int]:
    """Make a token; its text is shown in this answer and never again."""
    form = request.form
    try:
        command = tokens.IssueToken(
            user_id=_my_id(),
            label=form.get("label", ""),
            purpose=form.get("purpose", ""),
            scopes=tuple(form.getlist("scopes")),
            days=_number(form.get("days", "")),
        )
    except InvalidInput as error:
        return _token_page(error.errors), error.status
    plain = tokens.issue(db.session(), command, actor=viewer(), clock=clock())
    return Response(_token_page({}, plain=plain), headers={"Cache-Control": "no-store"})


@bp.post("/tokens/<int:token_id>/revoke")
@requires(Permission.SIGNED_IN)
@commits
def revoke_token(token_id: int) -> BaseResponse:
    """Revoke one of my tokens at once."""
    tokens.revoke(db.session(), token_id, of_user_id=_my_id(), actor=viewer(), clock=clock())
    flash(gettext("The token is revoked."), "success")
    return redirect(url_for("account.list_tokens"))


def _overview(errors: dict[str, list[str]]) -> str:
    me = _me()
    return render_template(
        "account/overview.html",
        email=me.email,
        typed=request.form if errors else None,
        display_name=me.display_name,
        service_number=me.service_number,
        language=me.language,
        zone=me.zone,
        has_second_factor=me.tf_primary_method is not None,
        recovery_codes_left=len(me.mf_recovery_codes or []),
        languages=current_app.config.get("LANGUAGES", LANGUAGES),
        zones=[(zone, zone) for zone in sorted(available_timezones()) if zone.startswith("Europe/")],
        errors=errors,
    )


def _token_page(errors: dict[str, list[str]], plain: str = "") -> str:
    return render_template(
        "account/tokens.html",
        tokens=tokens.tokens_of(db.session(), _my_id(), clock().now()),
        plain=plain,
        scopes=[(scope, scope) for scope in tokens.SCOPES],
        default_scopes=tokens.DEFAULT_SCOPES,
        default_days=tokens.DEFAULT_DAYS,
        maximum_days=tokens.MAXIMUM_DAYS,
        typed=request.form,
        errors=errors,
    )


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _my_id() -> int:
    user_id = viewer().user_id
    if user_id is None:
        raise NotFound("There is no such account.")
    return user_id


def _me() -> User:
    return accounts.user_by_id(db.session(), _my_id())
