"""The steps that the tests of accounts, sessions and tokens have in common."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from flask_security import hash_password
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.permissions import Role
from registry.models.accounts import Assignment, User

PASSWORD = "violet kettle seven orchard"


def make_user(app: Any, session: Session, email: str, *roles: Role, password: str = PASSWORD) -> User:
    """A person who can sign in; an installation role each."""
    with app.app_context():
        user = User(email=email, password=hash_password(password), fs_uniquifier=secrets.token_hex(16), active=True)
    session.add(user)
    session.flush()
    for role in roles:
        granted_at = app.config["CLOCK"].now()
        session.add(Assignment(user_id=user.id, role=role.value, granted_at=granted_at))
    session.commit()
    return user


def token_in(page: Any) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)[:500]
    return found.group(1)


def post(client: Any, address: str, *, form: str = "", **fields: Any) -> Any:
    """Send a form as the page that holds it would, with its token."""
    page = client.get(form or address)
    return client.post(address, data={"csrf_token": token_in(page), **fields})


def sign_in(client: Any, email: str, password: str = PASSWORD) -> Any:
    """Send the sign-in form."""
    return post(client, "/login", email=email, password=password)


def as_demo(app: Any) -> None:
    """An installation that asks for no second factor."""
    app.config["IS_DEMO"] = True


def later(app: Any, **span: float) -> None:
    """Let the application's clock stand later."""
    app.config["CLOCK"] = FixedClock(app.config["CLOCK"].now() + timedelta(**span))
