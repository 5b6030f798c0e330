"""The Log pages: a form that keeps what is typed, says what it understood, and logs once however often it is sent."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.accounts import Assignment
from registry.models.activities import Draft, Place
from registry.models.costs import CostLine, Document
from tests.conftest import NOW
from tests.factories import Factories, sign_in
from tests.functional.log_steps import FORM, Border, P, fields_of, filled, photo
from tests.page_client import PageClient, RegistryClient

GPX = (
    b'<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    b'<trkpt lat="45.60" lon="13.87"/><trkpt lat="45.62" lon="13.89"/><trkpt lat="45.63" lon="13.90"/>'
    b"</trkseg></trk></gpx>"
)


@pytest.fixture
def border(factories: Factories, session: Session, client: RegistryClient) -> Border:
    return Border(factories, session, client)


def test_the_first_page_offers_every_kind(border: Border, page_client: PageClient) -> None:
    page = page_client.get(f"{P}/log")
    for path in ("joint-patrol", "observation", "team", "activity/jo", "activity/jad", "activity/meet", "activity/ex"):
        assert f"{P}/log/{path}" in page.links()


def test_who_may_not_log_finds_no_form(border: Border, page_client: PageClient) -> None:
    sign_in(border.client, border.session, border.person(Role.ANALYST))
    page_client.get(FORM, status=403)


@pytest.mark.parametrize("path", ["observation", "team", "activity/jo", "activity/meet", "activity/ws", "activity/tr"])
def test_every_kind_has_a_sound_form(border: Border, page_client: PageClient, path: str) -> None:
    assert page_client.get(f"{P}/log/{path}").one("form", id="log-form").get("method") == "post"


def test_a_kind_without_a_form_is_not_found(border: Border, page_client: PageClient) -> None:
    page_client.get(f"{P}/log/activity/xx", status=404)
    page_client.get(f"{P}/log/activity/jp", status=404)


def test_a_new_form_begins_with_the_own_authority_and_the_present(border: Border, page_client: PageClient) -> None:
    fields = fields_of(page_client.get(FORM))
    assert fields["participations-0-organisation"] == ["SI"]
    assert fields["participations-0-role"] == ["HOST"]
    assert (fields["starts_day"], fields["starts_time"]) == (["24 Nov 2026"], ["10:00"])
    assert fields["ends_time"] == [""]
    assert fields["outcomes-hits"] == [""]


def test_a_patrol_is_logged_and_leads_to_its_record(border: Border, page_client: PageClient) -> None:
    page = page_client.get(FORM)
    answer = page_client.post(FORM, filled(page, facts="Quiet.", assessment="Route has moved."), status=303)
    assert answer.headers["Location"] == f"{P}/activities/JP-SI-2026-0001"
    (activity,) = border.logged()
    assert activity.starts_at == NOW.replace(day=23, hour=19)
    assert (activity.facts, activity.assessment) == ("Quiet.", "Route has moved.")
    assert activity.section_id == border.section.id
    assert "Logged as JP-SI-2026-0001." in page_client.follow(answer).text


def test_what_was_asked_and_left_empty_is_not_counted_never_zero(border: Border, page_client: PageClient) -> None:
    page = page_client.get(FORM)
    page_client.post(FORM, filled(page, outcomes__arrests="0"), status=303)
    outcomes = border.outcomes(border.logged()[0])
    assert outcomes["persons_checked"] == 24
    assert outcomes["arrests"] == 0
    assert outcomes["hits"] is None
    assert "weapons" not in outcomes


def test_an_end_left_empty_is_the_moment_of_saving(border: Border, page_client: PageClient) -> None:
    page = page_client.get(FORM)
    page_client.post(FORM, filled(page, ends_day="", ends_time="", starts_time="23:00"), status=303)
    assert border.logged()[0].ends_at == NOW


def test_a_form_sent_twice_is_one_record(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM))
    first = page_client.post(FORM, form, status=303)
    again = page_client.post(FORM, form, status=303)
    assert again.headers["Location"] == first.headers["Location"]
    assert len(border.logged()) == 1


def test_a_form_with_a_receipt_sent_twice_is_one_record(border: Border, page_client: PageClient) -> None:
    form = filled(
        page_client.get(FORM), costs__0__cost_type="FUEL_VEHICLE", costs__0__amount="45,90",
        costs__0__currency="EUR", costs__0__incurred_on="24 Nov 2026",
    )  # fmt: skip
    for _ in range(2):
        page_client.post(FORM, {**form, "costs-0-receipt_file": (photo(), "receipt.jpg")}, status=303)
    assert len(border.logged()) == 1
    assert border.session.scalar(select(func.count()).select_from(Document)) == 1
    line = border.session.scalars(select(CostLine)).one()
    assert (line.amount_minor, line.currency, line.document_id is not None) == (4590, "EUR", True)


def test_a_program_is_told_where_the_record_is(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM))
    answer = page_client.post(FORM, form, status=201, headers={"X-Requested-With": "fetch"})
    assert answer.get_json() == {"location": f"{P}/activities/JP-SI-2026-0001"}


def test_errors_stand_above_and_at_their_fields_and_everything_typed_is_kept(
    border: Border, page_client: PageClient
) -> None:
    form = filled(
        page_client.get(FORM),
        place__text="Atlantis", starts_time="25:00", risk_reference="RA-9 typed", facts="Kept?",
        outcomes__hits="many", participations__1__officers="3", costs__4__amount="12,x", costs__4__cost_type="TRAVEL",
        costs__4__incurred_on="24 Nov 2026",
    )  # fmt: skip
    page = page_client.post(FORM, form, status=422)
    summary = page.one("div", id="errors")
    links = [link.get("href", "") for link in summary.iter("a")]
    said = " ".join("".join(summary.itertext()).split())
    assert "Hits: " in said
    assert "Cost 1: " in said
    ids = {element.get("id") for element in page.document.iter()}
    assert {"#f-starts-time", "#f-outcomes-hits", "#f-costs-0-amount"} <= set(links)
    assert {link.removeprefix("#") for link in links} <= ids
    fields = fields_of(page)
    assert fields["facts"] == ["Kept?"]
    assert fields["place-text"] == ["Atlantis"]
    assert fields["participations-1-officers"] == ["3"]
    assert fields["costs-0-amount"] == ["12,x"]
    assert fields["client_uuid"] == form["client_uuid"]
    assert border.logged() == []


def test_an_internal_border_asks_for_ground_and_risk_assessment(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM), check_basis="", risk_reference="")
    page = page_client.post(FORM, form, status=422)
    links = [link.get("href") for link in page.one("div", id="errors").iter("a")]
    assert {"#f-check-basis", "#f-risk-reference"} <= set(links)
    assert "border check" not in page.text.replace("no border check", "").replace("never a border check", "")


def test_all_findings_zero_asks_whether_it_is_meant(border: Border, page_client: PageClient) -> None:
    page = page_client.get(FORM)
    zeroes = {name: "0" for name in fields_of(page) if name.startswith("outcomes-")}
    answer = page_client.post(FORM, {**filled(page), **zeroes, "outcomes-persons_checked": "24"}, status=422)
    assert "#f-nothing-found" in [link.get("href") for link in answer.one("div", id="errors").iter("a")]


def test_without_script_a_tap_adds_a_row_and_keeps_what_is_typed(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM), facts="Still here")
    page = page_client.post(FORM, {**form, "do": "add-cost"}, status=200)
    assert "costs-0-amount" in fields_of(page)
    page = page_client.post(FORM, {**fields_of(page), "costs-0-amount": "5", "do": "add-cost"}, status=200)
    fields = fields_of(page)
    assert fields["costs-0-amount"] == ["5"]
    assert "costs-1-amount" in fields
    page = page_client.post(FORM, {**fields, "do": "add-part"}, status=200)
    assert "participations-2-organisation" in fields_of(page)
    assert fields_of(page)["facts"] == ["Still here"]


def test_without_script_the_place_is_checked_by_a_button(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM), place__text="Pesek")
    page = page_client.post(FORM, {**form, "do": "check-place"}, status=200)
    assert "45.6200 N, 13.8800 E" in page.text
    assert "Italy–Slovenia 3" in page.text
    assert "control by police information, no border check" in page.text


def test_nothing_found_sets_every_finding_to_zero_and_again_undoes_it(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM))
    page = page_client.post(FORM, {**form, "do": "nothing-found"}, status=200)
    fields = fields_of(page)
    assert (fields["nothing_found"], fields["outcomes-hits"], fields["outcomes-weapons"]) == (["1"], ["0"], ["0"])
    assert fields["outcomes-persons_checked"] == ["24"]
    assert "Save: nothing found" in page.text
    undone = fields_of(page_client.post(FORM, {**fields, "do": "nothing-found"}, status=200))
    assert (undone["nothing_found"], undone["outcomes-hits"]) == ([""], [""])


def test_nothing_found_never_overwrites_a_finding(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM), outcomes__hits="2")
    fields = fields_of(page_client.post(FORM, {**form, "do": "nothing-found"}, status=200))
    assert (fields["outcomes-hits"], fields["outcomes-arrests"], fields["nothing_found"]) == (["2"], [""], [""])


def test_a_copied_patrol_needs_two_taps_for_a_null_result(border: Border, page_client: PageClient) -> None:
    border.patrol()
    page = page_client.get(f"{FORM}?copy=last")
    page = page_client.post(FORM, {**fields_of(page), "do": "nothing-found"}, status=200)
    page_client.post(FORM, fields_of(page), status=303)
    copy = border.logged()[-1]
    assert copy.nothing_found
    assert copy.aim == "Smuggling on the minor roads"
    assert copy.starts_at == NOW - timedelta(hours=8)
    assert border.outcomes(copy)["hits"] == 0
    assert border.outcomes(copy)["persons_checked"] is None


def test_a_copy_brings_people_grounds_and_place_but_no_results(border: Border, page_client: PageClient) -> None:
    patrol = border.patrol(outcomes={"persons_checked": 38, "hits": 1})
    fields = fields_of(page_client.get(f"{FORM}?copy={patrol.reference}"))
    assert fields["check_basis"] == ["POLICE_INFORMATION"]
    assert fields["risk_reference"] == ["RA-7"]
    assert fields["participations-1-organisation"] == ["IT"]
    assert fields["participations-1-officers"] == ["2"]
    assert fields["place-text"] == ["45.62000, 13.88000"]
    assert fields["outcomes-persons_checked"] == [""]


def test_copying_keeps_what_was_counted_before(border: Border, page_client: PageClient) -> None:
    border.patrol()
    form = filled(page_client.get(FORM), facts="Seen", aim="Typed before")
    fields = fields_of(page_client.post(FORM, {**form, "do": "copy"}, status=200))
    assert (fields["outcomes-persons_checked"], fields["facts"]) == (["24"], ["Seen"])
    assert fields["aim"] == ["Smuggling on the minor roads"]
    assert fields["client_uuid"] == form["client_uuid"]


def test_what_is_planned_or_withdrawn_or_foreign_is_never_copied(
    border: Border, factories: Factories, page_client: PageClient
) -> None:
    border.patrol(starts_at=NOW + timedelta(days=20), status="SCHEDULED")
    border.patrol(withdrawn_at=NOW)
    foreign = factories.activity(border.project, border.partner, aim="Not ours")
    assert "none is logged yet" in page_client.get(FORM).text
    assert fields_of(page_client.get(f"{FORM}?copy={foreign.reference}"))["aim"] == [""]


def test_the_last_patrols_of_the_section_stand_beside(border: Border, page_client: PageClient) -> None:
    patrol = border.patrol(outcomes={"persons_checked": 38, "hits": None})
    page = page_client.get(f"{FORM}?copy=last")
    assert "Last on this section" in page.text
    assert patrol.reference in page.text


def test_typed_work_is_kept_and_comes_back(border: Border, page_client: PageClient) -> None:
    page = page_client.get(FORM)
    key = fields_of(page)["client_uuid"][0]
    answer = border.client.post(
        f"{P}/log/drafts/{key}",
        json={"kind": "JP", "fields": {"facts": ["Half a sentence"], "outcomes-hits": ["2"], "client_uuid": [key]}},
        headers={"X-CSRFToken": page.csrf_token(), "X-Requested-With": "fetch"},
    )
    assert (answer.status_code, answer.get_json()) == (200, {"saved_at": "10:00"})
    back = page_client.get(FORM)
    assert "This is what you began and did not send." in back.text
    assert fields_of(back)["facts"] == ["Half a sentence"]
    assert fields_of(back)["client_uuid"] == [key]
    assert fields_of(page_client.get(f"{FORM}?new=1"))["facts"] == [""]
    assert f"{FORM}?draft={key}" in page_client.get(f"{P}/log").links()


def test_a_draft_is_gone_once_it_is_logged(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM))
    page_client.post(FORM, {**form, "do": "keep"}, status=303)
    assert border.session.scalar(select(func.count()).select_from(Draft)) == 1
    page_client.post(FORM, filled(page_client.get(FORM)), status=303)
    assert border.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_nobody_reads_the_draft_of_another(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM), facts="Mine alone")
    page_client.post(FORM, {**form, "do": "keep"}, status=303)
    sign_in(border.client, border.session, border.person(Role.OFFICER))
    page = page_client.get(f"{FORM}?draft={form['client_uuid'][0]}")
    assert fields_of(page)["facts"] == [""]


def test_a_draft_of_another_kind_opens_in_its_own_form(border: Border, page_client: PageClient) -> None:
    page = page_client.get(f"{P}/log/team")
    key = fields_of(page)["client_uuid"][0]
    page_client.post(f"{P}/log/team", {**fields_of(page), "title": "Team East", "do": "keep"}, status=303)
    answer = border.client.get(f"{FORM}?draft={key}")
    assert answer.headers["Location"] == f"{P}/log/team?draft={key}"
    assert fields_of(page_client.follow(answer))["title"] == ["Team East"]


def test_a_typed_place_is_understood_at_once(border: Border, page_client: PageClient) -> None:
    token = page_client.get(FORM).csrf_token()
    answer = border.client.post(f"{P}/log/place", data={"csrf_token": token, "place-text": "45,62; 13,89"}).get_json()
    assert answer["point"] == [13.89, 45.62]
    assert answer["border_status"] == "internal"
    assert "Italy–Slovenia 3" in answer["html"]
    said = border.client.post(f"{P}/log/place", data={"csrf_token": token, "place-text": "Atlantis"}).get_json()
    assert "neither a position nor a crossing point" in said["problem"]


def test_a_track_file_becomes_the_place_and_survives_errors(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM), place__text="", starts_time="never")
    page = page_client.post(FORM, {**form, "track_file": (io.BytesIO(GPX), "way.gpx")}, status=422)
    fields = fields_of(page)
    assert fields["place-source"] == ["file"]
    page_client.post(FORM, {**fields, "starts_time": "20:00"}, status=303)
    place = border.session.scalars(select(Place)).one()
    assert (place.form, place.source) == ("track", "file")


def test_a_bad_track_file_is_said_at_its_field(border: Border, page_client: PageClient) -> None:
    form = filled(page_client.get(FORM))
    page = page_client.post(FORM, {**form, "track_file": (io.BytesIO(b"PK"), "way.kmz")}, status=422)
    assert "#f-track-file" in [link.get("href") for link in page.one("div", id="errors").iter("a")]
    assert fields_of(page)["outcomes-persons_checked"] == ["24"]


def test_a_bad_receipt_is_said_at_its_field(border: Border, page_client: PageClient) -> None:
    form = filled(
        page_client.get(FORM), costs__0__cost_type="TRAVEL", costs__0__amount="5", costs__0__incurred_on="24 Nov 2026"
    )
    page = page_client.post(FORM, {**form, "costs-0-receipt_file": (io.BytesIO(b"MZ"), "receipt.exe")}, status=422)
    assert "#f-costs-0-receipt-file" in [link.get("href") for link in page.one("div", id="errors").iter("a")]
    assert border.session.scalar(select(func.count()).select_from(Document)) == 0


def test_observations_teams_and_meetings_are_logged_with_their_own_facts(
    border: Border, page_client: PageClient
) -> None:
    shared = {
        "title": "Named here",
        "starts_day": "23 Nov 2026",
        "participations-1-organisation": "IT",
        "participations-1-role": "SECONDING",
    }
    own = {
        "observation": {"observation-mode": "urgent", "observation-offence": "DRUGS", "place-text": "Pesek"},
        "team": {"team-signed_on": "3 Nov 2026", "team-agencies": ["EUROJUST", "EUROPOL"]},
        "activity/meet": {},
    }
    for path, facts in own.items():
        page = page_client.get(f"{P}/log/{path}")
        page_client.post(f"{P}/log/{path}", {**fields_of(page), **shared, **facts}, status=303)
    assert [(row.kind, row.status) for row in border.logged()] == [
        ("CBO", "ENDED"), ("JIT", "SIGNED"), ("MEET", "REPORTED"),
    ]  # fmt: skip


def test_a_form_of_somebody_signed_out_is_refused_and_nothing_is_logged(
    border: Border, page_client: PageClient
) -> None:
    form = filled(page_client.get(FORM))
    with border.client.session_transaction() as cookie:
        cookie.pop("registry_session")
    answer = border.client.post(FORM, data=form, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert border.logged() == []


def test_who_logs_for_two_authorities_says_for_which(border: Border, page_client: PageClient) -> None:
    both = border.person(Role.COORDINATOR)
    extra = Assignment(project_id=border.project.id, organisation_id=border.partner.id, role="coordinator")
    extra.granted_at = NOW
    both.assignments.append(extra)
    sign_in(border.client, border.session, both)
    page = page_client.get(FORM)
    form = filled(
        page, organisation="IT", participations__0__organisation="SI",
        costs__0__cost_type="TRAVEL", costs__0__amount="5", costs__0__incurred_on="24 Nov 2026",
    )  # fmt: skip
    answer = page_client.post(FORM, {**form, "costs-0-receipt_file": (photo(), "receipt.jpg")}, status=303)
    assert answer.headers["Location"].endswith("JP-IT-2026-0001")
    assert border.session.scalars(select(Document.reference)).one().startswith("DOC-IT-")


def test_who_acts_for_no_authority_gets_an_empty_form(border: Border, page_client: PageClient) -> None:
    border.patrol()
    sign_in(border.client, border.session, border.factories.user(border.project, None, Role.OFFICER))
    page = page_client.get(f"{FORM}?copy=last")
    assert fields_of(page)["participations-0-organisation"] == [""]
    assert "Last patrols" not in page.text


def test_a_key_must_be_a_uuid(border: Border, page_client: PageClient) -> None:
    token = page_client.get(FORM).csrf_token()
    headers = {"X-CSRFToken": token, "X-Requested-With": "fetch"}
    unknown = border.client.post(f"{P}/log/drafts/{uuid4()}", json={"kind": "XX", "fields": {}}, headers=headers)
    assert border.client.post(f"{P}/log/drafts/none", json={}, headers=headers).status_code == 404
    assert unknown.status_code == 404
