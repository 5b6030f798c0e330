"""Who may use this installation, in which role? Invitations, roles and leavers: the administrator's pages."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security.recoverable import generate_reset_password_token
from werkzeug.wrappers import Response as BaseResponse

from registry.domain.errors import InvalidInput, NotFound, ReasonRequired
from registry.domain.permissions import Permission, Role
from registry.edge import clock, commits, requires, viewer
from registry.edge.identity import session_limits
from registry.extensions import LINK_LIVES_FOR, db, send_mail
from registry.models.accounts import User
from registry.queries import people as queries
from registry.services import accounts, sessions
from registry.web.navigation import ROLE_WORDS

bp = Blueprint("people", __name__, url_prefix="/admin/people")


@bp.get("")
@requires(Permission.USERS_MANAGE)
def list_people() -> str:
    """Everybody with an account, their roles, and the form of an invitation."""
    return _list({})


@bp.post("")
@requires(Permission.USERS_MANAGE)
@commits
def invite() -> BaseResponse | tuple[str, int]:
    """Invite a person: an account without a password, and its one-time link by mail."""
    form = request.form
    try:
        command = accounts.InviteUser(
            email=form.get("email", "").strip(),
            display_name=form.get("display_name", ""),
            service_number=form.get("service_number", ""),
        )
    except InvalidInput as error:
        return _list(error.errors), error.status
    user = accounts.invite(db.session(), command, actor=viewer(), clock=clock())
    mail_invitation(user)
    flash(gettext("The invitation is on its way."), "success")
    return redirect(url_for("people.show", user_id=user.id))


@bp.get("/<int:user_id>")
@requires(Permission.USERS_MANAGE)
def show(user_id: int) -> str:
    """One person: roles, sessions, and what an administrator can do."""
    return _page(user_id, {})


@bp.post("/<int:user_id>/invite")
@requires(Permission.USERS_MANAGE)
@commits
def invite_again(user_id: int) -> BaseResponse:
    """Send a fresh link to somebody whose invitation ran out; the old link stops working."""
    user = accounts.user_by_id(db.session(), user_id)
    accounts.invited_again(db.session(), user, actor=viewer(), clock=clock())
    mail_invitation(user)
    return _done(user_id, gettext("A fresh link is on its way."))


@bp.post("/<int:user_id>/roles")
@requires(Permission.USERS_MANAGE)
@commits
def grant_role(user_id: int) -> BaseResponse | tuple[str, int]:
    """Grant a role; nobody grants one to themselves."""
    form = request.form
    try:
        command = accounts.GrantRole(
            user_id=accounts.user_by_id(db.session(), user_id).id,
            role=_role(form.get("role", "")),
            project_id=_chosen(form.get("project", "")),
            organisation_id=_chosen(form.get("organisation", "")),
        )
    except InvalidInput as error:
        return _page(user_id, error.errors), error.status
    accounts.grant(db.session(), command, actor=viewer(), clock=clock())
    return _done(user_id, gettext("The role is granted."))


@bp.post("/<int:user_id>/roles/<int:assignment_id>/revoke")
@requires(Permission.USERS_MANAGE)
@commits
def revoke_role(user_id: int, assignment_id: int) -> BaseResponse:
    """Take a role back."""
    accounts.revoke(db.session(), assignment_id, of_user_id=user_id, actor=viewer(), clock=clock())
    return _done(user_id, gettext("The role is taken back."))


@bp.post("/<int:user_id>/disable")
@requires(Permission.USERS_MANAGE)
@commits
def disable(user_id: int) -> BaseResponse:
    """Close an account; every session of it ends at once."""
    user = accounts.user_by_id(db.session(), user_id)
    accounts.disable(db.session(), user, reason=_reason(), actor=viewer(), clock=clock())
    return _done(user_id, gettext("The account is closed and its sessions have ended."))


@bp.post("/<int:user_id>/enable")
@requires(Permission.USERS_MANAGE)
@commits
def enable(user_id: int) -> BaseResponse:
    """Open a closed account again."""
    accounts.enable(db.session(), accounts.user_by_id(db.session(), user_id), actor=viewer(), clock=clock())
    return _done(user_id, gettext("The account is open again."))


@bp.post("/<int:user_id>/sessions/end")
@requires(Permission.USERS_MANAGE)
@commits
def end_sessions(user_id: int) -> BaseResponse:
    """End every session of a person."""
    sessions.end_all(db.session(), user_id, why="ended by an administrator", actor=viewer(), clock=clock())
    return _done(user_id, gettext("Every session of this person has ended."))


@bp.post("/<int:user_id>/second-factor/reset")
@requires(Permission.USERS_MANAGE)
@commits
def reset_second_factor(user_id: int) -> BaseResponse:
    """After a lost device: the person sets up a new second factor at the next sign-in."""
    user = accounts.user_by_id(db.session(), user_id)
    accounts.forget_second_factor(db.session(), user, reason=_reason(), actor=viewer(), clock=clock())
    return _done(user_id, gettext("The next sign-in of this person sets up a new second factor."))


@bp.post("/<int:user_id>/hand-over")
@requires(Permission.USERS_MANAGE)
@commits
def hand_over(user_id: int) -> BaseResponse | tuple[str, int]:
    """Pass the drafts of somebody who leaves to another (decision 9)."""
    leaving = accounts.user_by_id(db.session(), user_id)
    try:
        to = _person(request.form.get("to", ""))
        number = accounts.hand_over(db.session(), leaving, to, actor=viewer(), clock=clock())
    except InvalidInput as error:
        return _page(user_id, error.errors), error.status
    return _done(user_id, gettext("Drafts handed over: %(number)s.", number=number))


def mail_invitation(user: User) -> None:
    """Send the one-time link with which an invited person chooses a password."""
    link_token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]  # not annotated there
    base = current_app.config.get("BASE_URL") or request.host_url.rstrip("/")
    link = base + url_for("security.reset_password", token=link_token)
    hours = int(LINK_LIVES_FOR.total_seconds() // 3600)
    body = render_template("mail/invitation.txt", link=link, hours=hours, email=user.email)
    send_mail(user.email, gettext("You are invited to the Cross-border operations registry"), body)


def _list(errors: dict[str, list[str]]) -> str:
    return render_template(
        "admin/people.html",
        people=queries.people(db.session()),
        role_words=_role_words(),
        typed=request.form,
        errors=errors,
    )


def _page(user_id: int, errors: dict[str, list[str]]) -> str:
    session = db.session()
    person = queries.person(session, user_id)
    if person is None:
        raise NotFound("There is no such account.")
    others = [(row.id, row.email) for row in queries.people(session) if row.active and row.id != user_id]
    return render_template(
        "admin/people_one.html",
        person=person,
        sessions=sessions.sessions_of(session, user_id, now=clock().now(), limits=session_limits()),
        is_me=viewer().user_id == user_id,
        role_words=_role_words(),
        projects=queries.projects(session),
        organisations=queries.organisations(session),
        others=others,
        typed=request.form,
        errors=errors,
        mail_goes_out=bool(current_app.config.get("SMTP_HOST")),
    )


def _role_words() -> dict[str, str]:
    return {role.value: str(words) for role, words in ROLE_WORDS.items()}


def _done(user_id: int, message: str) -> BaseResponse:
    flash(message, "success")
    return redirect(url_for("people.show", user_id=user_id))


def _reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise ReasonRequired
    return reason[:400]


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise InvalidInput({"role": ["Choose a role."]}) from None


def _chosen(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _person(text: str) -> User:
    number = _chosen(text)
    if number is None:
        raise InvalidInput({"to": ["Choose a person."]})
    return accounts.user_by_id(db.session(), number)
