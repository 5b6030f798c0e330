"""A token has its user's rights or fewer, for a while, and opens no page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.domain.errors import InvalidInput
from registry.domain.permissions import SYSTEM
from registry.edge.identity import identify, viewer_from_request
from registry.models.accounts import ApiToken
from registry.services import tokens
from tests.functional.sign_in_steps import as_demo, make_user, post, sign_in


def issue(session, user, clock, **wanted):
    plain = tokens.issue(session, tokens.IssueToken(user_id=user.id, **wanted), actor=SYSTEM, clock=clock)
    session.commit()
    return plain


def asked_with(app, plain, path="/api/v1/"):
    with app.test_request_context(path, headers={"Authorization": f"Bearer {plain}"}):
        identify()
        return viewer_from_request()


def test_a_token_is_stored_as_its_hash_only(app, session, clock):
    user = make_user(app, session, "script@police.example")
    plain = issue(session, user, clock)
    row = session.scalars(select(ApiToken)).one()
    assert plain.startswith("cbr_")
    assert row.token_hash == tokens.hash_of(plain)
    assert row.expires_at == clock.now() + timedelta(days=90)


def test_a_token_names_its_user_and_its_scopes(app, session, clock):
    user = make_user(app, session, "script@police.example")
    asking = asked_with(app, issue(session, user, clock, scopes=("read",)))
    assert asking.user_id == user.id
    assert asking.token_scopes == frozenset({"read"})


def test_a_token_opens_no_page(app, session, clock, client):
    user = make_user(app, session, "script@police.example")
    plain = issue(session, user, clock)
    assert asked_with(app, plain, "/account/").user_id is None
    assert client.get("/account/", headers={"Authorization": f"Bearer {plain}"}).status_code == 302


@pytest.mark.parametrize("end", ["expired", "revoked", "disabled", "unknown"])
def test_a_token_that_does_not_live_is_a_401_problem(app, session, clock, client, end):
    user = make_user(app, session, "script@police.example")
    plain = issue(session, user, clock, days=1)
    row = session.scalars(select(ApiToken)).one()
    if end == "expired":
        row.created_at, row.expires_at = clock.now() - timedelta(days=2), clock.now()
    elif end == "revoked":
        tokens.revoke(session, row.id, of_user_id=user.id, actor=SYSTEM, clock=clock)
    elif end == "disabled":
        user.active = False
    else:
        plain += "x"
    session.commit()
    answer = client.get("/api/v1/anything", headers={"Authorization": f"Bearer {plain}"})
    assert answer.status_code == 401
    assert answer.get_json()["type"].endswith("not-signed-in")


@pytest.mark.parametrize("wanted", [{"days": 366}, {"days": 0}, {"scopes": ("everything",)}, {"scopes": ()}])
def test_a_token_lives_a_year_at_most_and_has_known_scopes(wanted):
    with pytest.raises(InvalidInput):
        tokens.IssueToken(user_id=1, **wanted)


def test_a_token_is_made_shown_once_and_revoked_from_the_page(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    made = post(client, "/account/tokens", label="nightly", scopes="read", days="30")
    assert "cbr_" in made.get_data(as_text=True)
    assert "cbr_" not in client.get("/account/tokens").get_data(as_text=True)
    row = session.scalars(select(ApiToken)).one()
    assert post(client, f"/account/tokens/{row.id}/revoke", form="/account/tokens").status_code == 302
    session.refresh(row)
    assert row.revoked_at is not None


def test_nobody_revokes_the_token_of_another(app, client, session, clock):
    as_demo(app)
    other = make_user(app, session, "other@police.example")
    issue(session, other, clock)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    row = session.scalars(select(ApiToken)).one()
    assert post(client, f"/account/tokens/{row.id}/revoke", form="/account/tokens").status_code == 404
