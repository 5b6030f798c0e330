"""flask --app wsgi registry token | invite: accounts without a browser."""

from __future__ import annotations

import os

import click
from flask import current_app, url_for
from flask.cli import with_appcontext

from registry.domain.permissions import SYSTEM, Role
from registry.edge import clock, write_unit
from registry.extensions import db
from registry.services import accounts, tokens


@click.command("token")
@click.argument("email")
@click.option("--days", default=tokens.DEFAULT_DAYS, show_default=True, help="How long it lives, 365 at most.")
@click.option("--scopes", default=",".join(tokens.DEFAULT_SCOPES), show_default=True, help="read, write, features.")
@click.option("--purpose", default="", help="What it is for; exports made with it carry this as their reason.")
@click.option("--label", default="command line", show_default=True, help="How it is called in the owner's list.")
@with_appcontext
def token(email: str, days: int, scopes: str, purpose: str, label: str) -> None:
    """Make an API token for EMAIL and print it, alone, on standard output. It cannot be read again."""
    with write_unit():
        user = accounts.user_by_email(db.session(), email)
        command = tokens.IssueToken(
            user_id=user.id,
            label=label,
            purpose=purpose,
            scopes=tuple(scope for scope in scopes.replace(",", " ").split()),
            days=days,
        )
        plain = tokens.issue(db.session(), command, actor=SYSTEM, clock=clock())
    click.echo(plain)


@click.command("invite")
@click.argument("email")
@click.option("--name", default="", help="The person's name, shown to themselves and to administrators.")
@click.option("--administrator", is_flag=True, help="Grant the installation's administrator role: the first account.")
@with_appcontext
def invite(email: str, name: str, administrator: bool) -> None:
    """Invite EMAIL and print the one-time link with which the person chooses a password."""
    from flask_security.recoverable import generate_reset_password_token  # needs the bound application

    with write_unit():
        command = accounts.InviteUser(email=email, display_name=name)
        user = accounts.invite(db.session(), command, actor=SYSTEM, clock=clock())
        if administrator:
            role = accounts.GrantRole(user_id=user.id, role=Role.ADMINISTRATOR)
            accounts.grant(db.session(), role, actor=SYSTEM, clock=clock())
        link_token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]  # not annotated there
    click.echo(_address(link_token))


def _address(link_token: str) -> str:
    """The link under the installation's public address; under the address it listens on where none is set."""

    with current_app.test_request_context():
        path = url_for("security.reset_password", token=link_token)
    listens = f"http://{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
    return f"{(current_app.config.get('BASE_URL') or listens).rstrip('/')}{path}"
