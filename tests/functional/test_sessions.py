"""A session lives as long as its row: here, elsewhere, until an end."""

from __future__ import annotations

from sqlalchemy import select

from registry.models.accounts import UserSession
from registry.services.sessions import hash_of
from tests.functional.sign_in_steps import PASSWORD, as_demo, later, make_user, post, sign_in


def test_signing_in_stores_only_the_hash_of_the_key(app, client, session):
    as_demo(app)
    user = make_user(app, session, "ana@police.example")
    assert sign_in(client, "ana@police.example").status_code == 302
    row = session.scalars(select(UserSession).where(UserSession.user_id == user.id)).one()
    with client.session_transaction() as cookie:
        key = cookie["registry_session"]
    assert row.key_hash == hash_of(key)
    assert key not in row.key_hash


def test_the_cookie_is_bound_to_the_host_secure_and_out_of_reach_of_scripts(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    cookie = sign_in(client, "ana@police.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-registry=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_after_signing_out_the_old_cookie_opens_nothing(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    answer = post(client, "/logout", form="/account/")
    assert answer.status_code == 302
    assert "storage" in answer.headers["Clear-Site-Data"]
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert client.get("/account/").status_code == 302


def test_a_session_ended_from_another_browser_dies_at_the_next_request(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    other = app.test_client()
    other.test_session = session
    sign_in(other, "ana@police.example")
    assert client.get("/account/").status_code == 200
    assert post(other, "/account/sessions/end-others", form="/account/sessions").status_code == 302
    assert client.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200


def test_a_fetch_with_an_ended_session_gets_a_problem_not_a_page(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    later(app, hours=30)
    answer = client.get("/account/", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_a_session_without_requests_ends(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    later(app, seconds=app.config["SESSION_IDLE"].total_seconds() + 1)
    assert client.get("/account/").status_code == 302


def test_the_last_use_is_stored_once_a_minute_at_most(app, client, session):
    as_demo(app)
    user = make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    begun = app.config["CLOCK"].now()
    row = session.scalars(select(UserSession).where(UserSession.user_id == user.id)).one()
    later(app, seconds=30)
    client.get("/account/")
    session.refresh(row)
    assert row.seen_at == begun
    later(app, seconds=40)
    client.get("/account/")
    session.refresh(row)
    assert row.seen_at == app.config["CLOCK"].now()


def test_changing_the_password_ends_every_other_session(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    other = app.test_client()
    other.test_session = session
    sign_in(other, "ana@police.example")
    fresh = "amber windmill forty pencils"
    fields = {"password": PASSWORD, "new_password": fresh, "new_password_confirm": fresh}
    assert post(client, "/account/password", **fields).status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_a_form_without_its_token_is_refused(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    assert client.post("/account/sessions/end-others").status_code == 400


def test_the_pages_of_the_account_are_sound(app, page_client, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    page_client.get("/login")
    sign_in(client, "ana@police.example")
    for address in (
        "/account/",
        "/account/sessions",
        "/account/tokens",
        "/account/password",
        "/account/recovery-codes",
    ):
        page_client.get(address)
