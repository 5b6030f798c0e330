"""A script searches and reads what its owner may see, as exactly as its owner may see it, and no request says more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from registry.db.search import sync_search
from registry.domain.permissions import Role
from registry.models.accounts import ApiToken
from registry.models.audit import AuditEvent
from registry.services import derive
from tests.functional.api_steps import Script, make_world

DAY = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)


@pytest.fixture
def world(factories, session):
    """Two partners; one record released, one not yet."""
    made = make_world(factories)
    place = {"section": made.section, "place_text": "Old mill"}
    made.released = factories.activity(
        made.project, made.slovenia, made.italy, released=True, starts_at=DAY, title="Mill watch", **place
    )
    made.fresh = factories.activity(made.project, made.slovenia, made.italy, starts_at=DAY, title="Fresh", **place)
    derive.rebuild(session)
    sync_search(session, [made.released.id, made.fresh.id])
    return made


@pytest.fixture
def script(client, session, world):
    """A script of the owner's officer."""
    return Script(client, session, world.officer)


def references(answer):
    assert answer.status_code == 200, answer.get_json()
    return {item["reference"] for item in answer.get_json()["items"]}


def test_the_owner_finds_both_and_reads_the_exact_place(script, world):
    answer = script.get("/activities")
    assert references(answer) == {world.released.reference, world.fresh.reference}
    found = answer.get_json()
    assert (found["total"], found["shown"], found["next"]) == (2, 2, None)
    assert {item["where"]["precision"] for item in found["items"]} == {"exact"}
    assert {item["where"]["text"] for item in found["items"]} == {"Old mill"}


def test_another_organisation_reads_the_cell_and_the_day_of_what_is_released(client, session, world):
    other = Script(client, session, world.bystander).get("/activities")
    (item,) = other.get_json()["items"]
    assert item["reference"] == world.released.reference
    assert item["where"]["precision"] == "cell"
    assert item["where"]["cell"].startswith("10kmE")
    assert item["when"]["starts_at"] is None
    assert (item["where"]["text"], "mill" in item["title"].lower()) == ("", False)


def test_the_words_of_a_place_find_nothing_for_who_sees_the_cell(client, session, world, script):
    assert references(script.get("/activities?q=watch")) == {world.released.reference}
    assert references(Script(client, session, world.bystander).get("/activities?q=watch")) == set()


def test_outside_the_project_there_is_nothing(client, session, world):
    outside = Script(client, session, world.outsider)
    assert references(outside.get("/activities")) == set()
    assert outside.get("/activities?project=ATHENA").status_code == 404
    assert outside.get(f"/activities/{world.released.reference}").status_code == 404


def test_a_hidden_record_and_one_that_does_not_exist_answer_alike(client, session, world):
    other = Script(client, session, world.bystander)
    hidden, absent = other.get(f"/activities/{world.fresh.reference}"), other.get("/activities/JP-SIP-2026-9999")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.get_json()["type"] == absent.get_json()["type"]


def test_pages_follow_one_another_without_a_gap(script, world, factories, session):
    for _number in range(3):
        factories.activity(world.project, world.slovenia, world.italy, starts_at=DAY)
    address, seen = "/activities?limit=2&kind=JP", []
    while address:
        page = script.get(address).get_json()
        assert page["total"] == 5
        seen += [item["reference"] for item in page["items"]]
        address = (page["next"] or "").removeprefix("/api/v1")
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("surprise=1", "surprise"),
        ("q=a&q=b", "q"),
        ("kind=XX", "kind"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("cursor=JP-SIP-2026-9999", "cursor"),
        ("from=2026-13", "from"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_a_problem_with_its_name(script, query, field):
    answer = script.get(f"/activities?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert field in answer.get_json()["errors"]


def test_a_list_may_be_repeated(script, world):
    assert len(references(script.get("/activities?kind=JP&kind=CBO"))) == 2


def test_a_record_that_has_not_changed_is_not_sent_again(script, world):
    first = script.get(f"/activities/{world.fresh.reference}")
    again = script.get(f"/activities/{world.fresh.reference}", If_None_Match=first.headers["ETag"])
    assert first.status_code == 200
    assert again.status_code == 304
    assert again.get_data() == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_the_tag_of_the_owner_does_not_fit_the_coarser_view(client, session, world, script):
    tag = script.get(f"/activities/{world.released.reference}").headers["ETag"]
    other = Script(client, session, world.bystander).get(f"/activities/{world.released.reference}", If_None_Match=tag)
    assert other.status_code == 200
    assert other.headers["ETag"] != tag


def test_a_record_is_kept_by_no_cache(script, world):
    answer = script.get(f"/activities/{world.released.reference}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def readings(session):
    return session.scalars(select(AuditEvent).where(AuditEvent.action.in_(("activity.read", "activity.list")))).all()


def test_reading_an_exact_place_is_logged_with_the_purpose_of_the_token(script, session, world):
    session.scalars(select(ApiToken)).one().purpose = "Nightly statistics"
    script.get(f"/activities/{world.fresh.reference}")
    (event,) = readings(session)
    assert (event.subject, event.reason) == (world.fresh.reference, "Nightly statistics")
    assert "45.9" not in str(event.details)


def test_reading_a_cell_is_not_logged(client, session, world):
    Script(client, session, world.bystander).get("/activities")
    assert readings(session) == []


def test_every_reading_of_an_auditor_is_logged(client, session, world):
    Script(client, session, world.auditor).get("/activities?kind=JP")
    (event,) = readings(session)
    assert event.touched == 2
    assert event.details["asked"] == "kind=JP"


def change_of(world, **facts):
    body = {
        "starts_at": "2026-10-05T20:00:00+02:00",
        "ends_at": "2026-10-06T00:00:00+02:00",
        "place": {"text": "45.9, 13.6"},
        "check_basis": "RISK_ASSESSMENT",
        "risk_reference": "RA-7",
        "participations": [
            {"organisation": "SIP", "role": "HOST", "officers": 3},
            {"organisation": "ITP", "role": "SECONDING", "officers": 2},
        ],
        **facts,
    }
    return {"reason": "Three officers, not two", "content": body}


@pytest.fixture
def own(world, session):
    """The fresh record, logged by the officer."""
    world.fresh.logged_by = world.officer.id
    session.flush()
    return f"/activities/{world.fresh.reference}"


def test_an_amendment_says_which_version_it_was_made_from(script, world, own):
    tag = script.get(own).headers["ETag"]
    assert script.post(f"{own}/amendments", change_of(world)).status_code == 428
    assert script.post(f"{own}/amendments", change_of(world), If_Match='"old"').status_code == 412
    amended = script.post(f"{own}/amendments", change_of(world), If_Match=tag)
    assert amended.status_code == 200, amended.get_json()
    assert amended.get_json()["version"] == 2
    assert amended.headers["ETag"] == script.get(own).headers["ETag"] != tag
    late = script.post(f"{own}/amendments", change_of(world), If_Match=tag)
    assert late.status_code == 412
    assert late.get_json()["type"] == "/problems/stale-version"


def test_what_is_wrong_in_an_amendment_is_said_per_field(script, world, own):
    tag = script.get(own).headers["ETag"]
    wrong = script.post(f"{own}/amendments", change_of(world, participations=[]), If_Match=tag)
    assert wrong.status_code == 422
    assert any(name.startswith("content.participations") for name in wrong.get_json()["errors"])
    silent = script.post(f"{own}/amendments", {"content": {}}, If_Match=tag)
    assert silent.get_json()["errors"].keys() == {"reason"}


def test_the_host_verifies_and_who_logged_does_not(client, session, script, world, own):
    verifier = Script(client, session, world.verifier)
    tag = verifier.get(own).headers["ETag"]
    assert script.post(f"{own}/verifications", {}, If_Match=tag).status_code == 403
    assert verifier.post(f"{own}/verifications", {}).status_code == 428
    verified = verifier.post(f"{own}/verifications", {"leg": 1}, If_Match=tag)
    assert verified.status_code == 200, verified.get_json()
    assert (verified.get_json()["legs"], verified.get_json()["waiting"]) == ([1], 0)
    again = verifier.post(f"{own}/verifications", {}, If_Match=verified.headers["ETag"])
    assert again.status_code == 409


def test_a_record_is_taken_back_with_a_reason(script, world, own):
    tag = script.get(own).headers["ETag"]
    assert script.post(f"{own}/withdrawals", {"reason": ""}, If_Match=tag).status_code == 422
    withdrawn = script.post(f"{own}/withdrawals", {"reason": "Entered twice"}, If_Match=tag)
    assert withdrawn.status_code == 200, withdrawn.get_json()
    assert withdrawn.get_json()["status"] == "WITHDRAWN"
    assert references(script.get("/activities")) == {world.released.reference}


def test_nobody_changes_what_they_may_not_know_of(client, session, world):
    other = Script(client, session, world.bystander)
    for verb, body in (("amendments", change_of(world)), ("withdrawals", {"reason": "No"})):
        answer = other.post(f"/activities/{world.fresh.reference}/{verb}", body, If_Match='"x"')
        assert answer.status_code == 404


def test_a_role_without_content_searches_nothing(client, session, world, factories):
    guard = factories.user(world.project, None, Role.DATA_PROTECTION_OFFICER)
    assert Script(client, session, guard).get("/activities").status_code == 403


def test_a_record_is_read_with_everything_its_owner_may_see(script, world):
    shown = script.get(f"/activities/{world.fresh.reference}").get_json()
    assert shown["record"]["title"] == "Fresh"
    assert [part["role"] for part in shown["participations"]] == ["HOST", "SECONDING"]
    assert shown["shape"] == {"type": "Point", "coordinates": [13.6, 45.9]}
    assert shown["version"] == 1
    assert shown["costs"] == []


def test_a_bystander_gets_the_cell_as_shape_and_no_words(client, session, world):
    world.released.facts = "Seen at the mill"
    shown = Script(client, session, world.bystander).get(f"/activities/{world.released.reference}").get_json()
    assert shown["shape"]["type"] == "Polygon"
    assert (shown["narrative"]["facts"], shown["narrative"]["particulars"]) == ("", {})
    assert "mill" not in str(shown).lower()
