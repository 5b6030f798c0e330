"""Sign-in, its limits and second factor; invitations, roles and leavers."""

from __future__ import annotations

import logging
import re
import secrets
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from registry.domain.permissions import Role
from registry.models.accounts import Assignment, UserSession
from registry.models.activities import Draft
from registry.models.audit import AuditEvent
from registry.models.projects import Project
from tests.functional.sign_in_steps import PASSWORD, as_demo, later, make_user, post, sign_in, token_in

FRESH = "amber windmill forty pencils"


def administrator(app, client, session):
    as_demo(app)
    user = make_user(app, session, "admin@ministry.example", Role.ADMINISTRATOR)
    assert sign_in(client, "admin@ministry.example").status_code == 302
    return user


def code_now(app, secret):
    with app.app_context():
        return app.extensions["security"].totp_factory.generate_totp_password(secret)


def with_second_factor(app, session, email):
    user = make_user(app, session, email)
    with app.app_context():
        user.tf_totp_secret = app.extensions["security"].totp_factory.generate_totp_secret()
    user.tf_primary_method = "authenticator"
    session.commit()
    return user


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    wrong = sign_in(client, "ana@police.example", "not the password at all")
    unknown = sign_in(client, "nobody@police.example", "not the password at all")
    assert wrong.status_code == unknown.status_code == 200
    changing = r'content="[^"]+"|value="[^"]*"|nonce="[^"]+"'
    pages = [re.sub(changing, "", page.get_data(as_text=True)) for page in (wrong, unknown)]
    assert pages[0] == pages[1]
    assert 'role="alert"' in pages[0] or "help danger" in pages[0]


def test_after_five_failures_the_account_waits_and_another_does_not(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    make_user(app, session, "boris@police.example")
    for _ in range(5):
        assert sign_in(client, "ana@police.example", "wrong wrong wrong").status_code == 200
    refused = sign_in(client, "Ana@police.example")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert sign_in(client, "boris@police.example").status_code == 302


def test_remember_me_is_not_offered_and_not_obeyed(app, client, session):
    as_demo(app)
    make_user(app, session, "ana@police.example")
    answer = post(client, "/login", email="ana@police.example", password=PASSWORD, remember="y")
    assert not any(line.startswith("remember_token") for line in answer.headers.getlist("Set-Cookie"))


def test_without_a_second_factor_nobody_gets_in_unless_it_is_a_demo(app, client, session):
    make_user(app, session, "ana@police.example")
    first = sign_in(client, "ana@police.example")
    assert first.headers["Location"].startswith("/account/second-factor")
    assert client.get("/account/").status_code == 302
    page = post(client, "/account/second-factor", setup="authenticator")
    assert 'src="data:image' in page.get_data(as_text=True)
    with client.session_transaction() as cookie:
        secret = cookie["tf_totp_secret"]
    done = client.post("/login/code", data={"csrf_token": token_in(page), "code": code_now(app, secret)})
    assert done.status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_code_opens_once_and_is_refused_the_second_time(app, client, session):
    user = with_second_factor(app, session, "ana@police.example")
    code = code_now(app, user.tf_totp_secret)
    form = sign_in(client, "ana@police.example")
    first = client.post("/login/code", data={"csrf_token": _token(client, form), "code": code})
    assert first.status_code == 302
    assert client.get("/account/").status_code == 200
    other = app.test_client()
    other.test_session = session
    form = sign_in(other, "ana@police.example")
    again = other.post("/login/code", data={"csrf_token": _token(other, form), "code": code})
    assert again.status_code == 200
    assert other.get("/account/").status_code == 302
    later(app, seconds=30)
    fresh = code_now(app, user.tf_totp_secret)
    assert other.post("/login/code", data={"csrf_token": token_in(again), "code": fresh}).status_code == 302


def _token(client, form):
    return token_in(client.get(form.headers["Location"]) if form.status_code == 302 else form)


def test_recovery_codes_are_stored_as_digests_and_work_once(app, client, session):
    as_demo(app)
    user = with_second_factor(app, session, "ana@police.example")
    form = sign_in(client, "ana@police.example")
    code = code_now(app, user.tf_totp_secret)
    client.post("/login/code", data={"csrf_token": _token(client, form), "code": code})
    page = post(client, "/account/recovery-codes", generate_new_codes="1")
    codes = re.findall(r"<li><code>([0-9a-f-]+)</code>", page.get_data(as_text=True))
    session.refresh(user)
    assert len(codes) == len(user.mf_recovery_codes) == 5
    assert not set(codes) & set(user.mf_recovery_codes)
    for expected in (302, 200):
        other = app.test_client()
        other.test_session = session
        sign_in(other, "ana@police.example")
        assert post(other, "/login/recovery", code=codes[0]).status_code == expected


def test_an_invited_person_chooses_a_password_with_a_link_that_works_once(app, client, session, caplog):
    administrator(app, client, session)
    with caplog.at_level(logging.WARNING, logger="registry.mail"):
        assert post(client, "/admin/people", email="New@police.example").status_code == 302
    link = urlsplit(re.search(r"http\S+/reset/\S+", caplog.text).group(0)).path
    new = app.test_client()
    new.test_session = session
    assert post(new, link, password="policija2026!", password_confirm="policija2026!").status_code == 200
    assert post(new, link, password=FRESH, password_confirm=FRESH).status_code == 302
    assert new.get(link).status_code == 302
    assert sign_in(new, "new@police.example", FRESH).status_code == 302
    assert new.get("/account/").status_code == 200


def test_a_reset_does_not_skip_the_second_factor(app, client, session, caplog):
    with_second_factor(app, session, "ana@police.example")
    with caplog.at_level(logging.WARNING, logger="registry.mail"):
        post(client, "/reset", email="ana@police.example")
    link = urlsplit(re.search(r"http\S+/reset/\S+", caplog.text).group(0)).path
    assert post(client, link, password=FRESH, password_confirm=FRESH).status_code == 302
    sign_in(client, "ana@police.example", FRESH)
    assert client.get("/account/").status_code == 302


def test_an_administrator_does_not_grant_a_role_to_themselves(app, client, session):
    me = administrator(app, client, session)
    address = f"/admin/people/{me.id}"
    answer = post(client, f"{address}/roles", form=address, role="data_protection_officer", project="1")
    assert answer.status_code == 403
    assert session.scalars(select(Assignment.role).where(Assignment.user_id == me.id)).all() == ["administrator"]


def test_a_granted_role_is_audited(app, client, session):
    administrator(app, client, session)
    other = make_user(app, session, "dpo@ministry.example")
    project = _project(session)
    address = f"/admin/people/{other.id}"
    answer = post(client, f"{address}/roles", form=address, role="data_protection_officer", project=str(project.id))
    assert answer.status_code == 302
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "role.grant")).one()
    assert (event.actor, event.subject) == ("admin@ministry.example", f"user:{other.id}")


def test_the_last_administrator_stays(app, client, session):
    me = administrator(app, client, session)
    held = session.scalars(select(Assignment).where(Assignment.user_id == me.id)).one()
    address = f"/admin/people/{me.id}"
    assert post(client, f"{address}/roles/{held.id}/revoke", form=address).status_code == 409


def test_disabling_an_account_ends_its_sessions_at_once(app, client, session):
    administrator(app, client, session)
    leaver = make_user(app, session, "leaver@police.example")
    other = app.test_client()
    other.test_session = session
    sign_in(other, "leaver@police.example")
    address = f"/admin/people/{leaver.id}"
    assert post(client, f"{address}/disable", form=address, reason="left the service").status_code == 302
    assert other.get("/account/").status_code == 302
    ended = session.scalars(select(UserSession.ended_why).where(UserSession.user_id == leaver.id)).all()
    assert ended == ["account disabled"]
    assert sign_in(other, "leaver@police.example").status_code == 200


def test_closing_an_account_needs_a_reason(app, client, session):
    administrator(app, client, session)
    leaver = make_user(app, session, "leaver@police.example")
    address = f"/admin/people/{leaver.id}"
    assert post(client, f"{address}/disable", form=address).status_code == 422
    session.refresh(leaver)
    assert leaver.active


def test_the_drafts_of_a_leaver_pass_to_somebody_of_the_same_project(app, client, session, clock):
    administrator(app, client, session)
    project = _project(session)
    leaver, heir, stranger = (make_user(app, session, f"{name}@police.example") for name in ("leaver", "heir", "other"))
    session.add(Assignment(user_id=heir.id, project_id=project.id, role="officer", granted_at=clock.now()))
    session.add(
        Draft(
            user_id=leaver.id,
            project_id=project.id,
            kind="JP",
            client_uuid=secrets.token_hex(16),
            content={},
            saved_at=clock.now(),
        )
    )
    session.commit()
    address = f"/admin/people/{leaver.id}"
    assert post(client, f"{address}/hand-over", form=address, to=str(stranger.id)).status_code == 422
    assert post(client, f"{address}/hand-over", form=address, to=str(heir.id)).status_code == 302
    session.expire_all()
    assert session.scalars(select(Draft.user_id)).all() == [heir.id]


def test_somebody_without_the_right_sees_no_page_of_people(app, client, session):
    as_demo(app)
    user = make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    assert client.get("/admin/people").status_code == 403
    assert client.get(f"/admin/people/{user.id}").status_code == 403


def test_the_pages_of_people_are_sound(app, client, page_client, session):
    me = administrator(app, client, session)
    other = make_user(app, session, "dpo@ministry.example")
    for address in ("/admin/people", f"/admin/people/{me.id}", f"/admin/people/{other.id}"):
        page_client.get(address)


def test_a_demo_lists_its_accounts_on_the_sign_in_page_and_nobody_else_does(app, client):
    app.config["DEMO_ACCOUNTS"] = lambda: [("officer@demo.example", "four plain words here", "officer")]
    assert "officer@demo.example" not in client.get("/login").get_data(as_text=True)
    as_demo(app)
    assert "officer@demo.example" in client.get("/login").get_data(as_text=True)


def test_the_profile_is_stored_and_an_unknown_zone_is_refused(app, client, session):
    as_demo(app)
    user = make_user(app, session, "ana@police.example")
    sign_in(client, "ana@police.example")
    profile = {"display_name": "Ana", "service_number": "SI-17", "language": "sl"}
    assert post(client, "/account/", **profile, zone="Mars/Olympus").status_code == 422
    assert post(client, "/account/", **profile, zone="Europe/Ljubljana").status_code == 302
    session.refresh(user)
    assert (user.service_number, user.zone) == ("SI-17", "Europe/Ljubljana")


@pytest.mark.parametrize("command", ["token", "invite"])
def test_the_command_line_prints_one_line(app, session, command):
    from registry.cli import accounts as commands

    make_user(app, session, "script@police.example")
    address = "script@police.example" if command == "token" else "fresh@police.example"
    done = app.test_cli_runner().invoke(getattr(commands, command), [address])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("cbr_" if command == "token" else ("http://", "https://"))
    assert done.output.count("\n") == 1


def test_an_invitation_from_the_command_line_is_an_absolute_link(app, session, monkeypatch):
    from registry.cli import accounts as commands

    app.config["BASE_URL"] = ""
    monkeypatch.setenv("HOST", "127.0.0.1")
    monkeypatch.setenv("PORT", "8123")
    done = app.test_cli_runner().invoke(commands.invite, ["fresh@police.example"])
    assert done.output.startswith("http://127.0.0.1:8123/reset/")


def _project(session):
    project = Project(reference="TEST-1", acronym="TEST", title="A project")
    session.add(project)
    session.commit()
    return project
