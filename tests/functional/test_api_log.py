"""A script logs as a person does: once, with the same refusals, for its own organisation."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from registry.models.activities import Activity
from registry.models.audit import AuditEvent
from tests.functional.api_steps import Script, make_world, patrol


@pytest.fixture
def world(factories):
    """Two partners and a script's owner."""
    return make_world(factories)


@pytest.fixture
def script(client, session, world):
    """A script of the officer."""
    return Script(client, session, world.officer)


def test_a_logged_patrol_has_an_address_and_a_version(script, session):
    answer = script.post("/joint-patrols", patrol())
    assert answer.status_code == 201, answer.get_json()
    body = answer.get_json()
    assert body["reference"].startswith("JP-SIP-2026-")
    assert answer.headers["Location"] == f"/api/v1/activities/{body['reference']}"
    assert answer.headers["ETag"] == script.get(f"/activities/{body['reference']}").headers["ETag"]
    stored = session.scalars(select(Activity)).one()
    assert stored.reference == body["reference"]


def test_the_log_is_audited_once(script, session):
    script.post("/joint-patrols", patrol())
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "activity.log")).all()
    assert actions == ["activity.log"]


def test_sending_the_same_again_answers_with_the_first_record(script, session):
    body = patrol()
    first, second = script.post("/joint-patrols", body), script.post("/joint-patrols", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json()["reference"] == second.get_json()["reference"]
    assert second.get_json()["created"] is False
    assert session.scalar(select(func.count()).select_from(Activity)) == 1


def test_other_content_under_the_same_key_is_a_conflict(script):
    body = patrol()
    script.post("/joint-patrols", body)
    answer = script.post("/joint-patrols", {**body, "title": "Another"})
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["type"] == "/problems/conflict"


def test_the_key_of_another_sender_tells_nothing_of_the_record(client, session, world, script):
    body = patrol()
    reference = script.post("/joint-patrols", body).get_json()["reference"]
    answer = Script(client, session, world.partner).post("/joint-patrols", body)
    assert answer.status_code == 409
    assert reference not in answer.get_data(as_text=True)


def test_what_is_wrong_is_said_per_field(script):
    wrong = patrol(participations=[{"organisation": "SIP", "role": "HOST", "officers": -1}], surprise=1)
    answer = script.post("/joint-patrols", wrong)
    assert answer.status_code == 422
    problem = answer.get_json()
    assert problem["type"] == "/problems/invalid-input"
    assert {"participations.0.officers", "surprise"} <= problem["errors"].keys()


@pytest.mark.parametrize("missing", ["project", "participations", "place"])
def test_what_a_patrol_needs_is_asked_for(script, missing):
    body = patrol()
    del body[missing]
    answer = script.post("/joint-patrols", body)
    assert answer.status_code == 422
    assert any(name.startswith(missing) for name in answer.get_json()["errors"])


def test_a_body_that_is_not_json_is_refused(script):
    answer = script.client.post("/api/v1/joint-patrols", data="title=x", headers=script.headers)
    assert answer.status_code == 415
    broken = script.client.post(
        "/api/v1/joint-patrols", data="{", headers={**script.headers, "Content-Type": "application/json"}
    )
    assert broken.status_code == 400
    assert broken.get_json()["type"] == "/problems/bad-request"


def test_a_list_is_not_a_record(script):
    assert script.post("/joint-patrols", []).status_code == 422


def test_nobody_logs_into_a_project_outside(client, session, world):
    answer = Script(client, session, world.outsider).post("/joint-patrols", patrol())
    assert answer.status_code == 404


def test_who_may_not_log_is_told(client, session, world):
    assert Script(client, session, world.verifier).post("/joint-patrols", patrol()).status_code == 403


def test_a_token_that_only_reads_logs_nothing(client, session, world):
    answer = Script(client, session, world.officer, scopes="read").post("/joint-patrols", patrol())
    assert answer.status_code == 403


def test_a_browser_session_without_the_form_token_logs_nothing(client, session, world):
    from tests.factories import sign_in

    sign_in(client, session, world.officer)
    assert client.post("/api/v1/joint-patrols", json=patrol()).status_code == 400


def test_the_other_kinds_have_their_addresses(script):
    common = {name: value for name, value in patrol().items() if name not in ("check_basis", "risk_reference")}
    sent = {
        "/observations": {
            **common,
            "client_uuid": "6f6f5f0e-58a3-4a55-8f6f-0a5b1f0b7a01",
            "observation": {"mode": "urgent", "offence": "drugs", "crossed_at": "2026-11-20T18:10:00+01:00"},
        },
        "/teams": {
            "project": "ATHENA",
            "client_uuid": "6f6f5f0e-58a3-4a55-8f6f-0a5b1f0b7a02",
            "participations": common["participations"],
            "team": {"signed_on": "2026-10-01", "agreement_until_on": "2027-10-01", "purpose": "Smuggling"},
        },
        "/activities": {**common, "client_uuid": "6f6f5f0e-58a3-4a55-8f6f-0a5b1f0b7a03", "kind": "MEET"},
    }
    answers = {address: script.post(address, body) for address, body in sent.items()}
    assert {a: r.status_code for a, r in answers.items()} == dict.fromkeys(sent, 201), [
        r.get_json() for r in answers.values()
    ]
    assert [r.get_json()["reference"].split("-")[0] for r in answers.values()] == ["CBO", "JIT", "MEET"]
