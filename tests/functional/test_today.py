"""Today: what needs me, what waits for others, what changed; and for whom not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.queries.today import ROWS_PER_GROUP
from tests.conftest import NOW
from tests.functional.today_rows import Rows
from tests.page_client import Page, PageClient, RegistryClient


@pytest.fixture
def rows(session: Session, client: RegistryClient) -> Rows:
    return Rows(session, client)


def today(page_client: PageClient) -> Page:
    return page_client.get("/p/ATHENA-2/today")


def group(page: Page, code: str) -> str:
    found = [" ".join("".join(s.itertext()).split()) for s in page.all("section") if s.get("aria-labelledby") == code]
    return found[0] if found else ""


def test_a_record_my_organisation_hosts_waits_for_me_to_verify(rows: Rows, page_client: PageClient) -> None:
    patrol = rows.patrol(ago=timedelta(days=9), counted=3)
    rows.sign_in(rows.person(Role.VERIFIER))
    shown = group(today(page_client), "g-verify")
    assert patrol.reference in shown
    assert "9 days" in shown
    assert "1 needs you, 0 wait for others" in page_client.last.text


def test_an_officer_is_not_asked_to_verify(rows: Rows, page_client: PageClient) -> None:
    rows.patrol(counted=3)
    rows.sign_in(rows.person(Role.OFFICER))
    assert group(today(page_client), "g-verify") == ""


def test_a_verified_leg_no_longer_waits(rows: Rows, page_client: PageClient) -> None:
    patrol = rows.patrol(counted=3)
    rows.session.refresh(patrol, ["legs"])
    patrol.legs[0].verified_at = NOW
    rows.sign_in(rows.person(Role.VERIFIER))
    assert "0 need you" in today(page_client).text


def test_what_another_host_has_to_verify_waits_for_it_by_name(rows: Rows, page_client: PageClient) -> None:
    rows.patrol(ago=timedelta(hours=5), host=rows.border_police, partner=rows.border_police, counted=3)
    rows.sign_in(rows.person(Role.COORDINATOR))
    shown = group(today(page_client), "g-others")
    assert "Waits for Border police, Italy since 24 Nov 2026" in shown
    assert "5 h" in shown
    assert "0 need you, 1 waits for others" in page_client.last.text


def test_a_record_without_a_single_count_asks_for_its_results(rows: Rows, page_client: PageClient) -> None:
    user = rows.person(Role.OFFICER)
    silent = rows.patrol(logged_by=user.id)
    counted = rows.patrol(logged_by=user.id, counted=0)
    nothing = rows.patrol(logged_by=user.id, nothing_found=True)
    rows.sign_in(user)
    shown = group(today(page_client), "g-results")
    assert silent.reference in shown
    assert counted.reference not in shown
    assert nothing.reference not in shown


def test_a_plan_whose_day_has_passed_asks_for_its_results(rows: Rows, page_client: PageClient) -> None:
    plan = rows.patrol(status="SCHEDULED")
    rows.sign_in(rows.person(Role.COORDINATOR))
    page = today(page_client)
    assert plan.reference in group(page, "g-results")
    assert plan.reference not in group(page, "g-verify")


def test_an_officer_is_asked_for_the_results_of_the_own_records_only(rows: Rows, page_client: PageClient) -> None:
    rows.patrol(logged_by=rows.person(Role.OFFICER).id)
    rows.sign_in(rows.person(Role.OFFICER))
    assert group(today(page_client), "g-results") == ""


def test_my_drafts_are_mine_alone(rows: Rows, page_client: PageClient) -> None:
    rows.draft(rows.person(Role.OFFICER), "Somebody else began this")
    mine = rows.draft(rows.sign_in(rows.person(Role.OFFICER)), "Lipica by night")
    page = today(page_client)
    assert "Lipica by night" in group(page, "g-drafts")
    assert "Somebody else" not in page.text
    assert [href for href in page.links() if mine.client_uuid in href]


def test_a_cost_says_what_it_lacks_and_is_never_shown_as_0(rows: Rows, page_client: PageClient) -> None:
    rows.cost(rows.patrol(counted=1))
    rows.cost(None, eur_minor=24811, rate="4.9758")
    rows.sign_in(rows.person(Role.FINANCE_OFFICER))
    shown = group(today(page_client), "g-costs")
    assert "RON 1,234.50" in shown
    assert "No receipt, and no exchange rate: not converted" in shown
    assert "The receipt is missing" in shown


def test_an_officer_sees_the_own_cost_lines_only(rows: Rows, page_client: PageClient) -> None:
    user = rows.person(Role.OFFICER)
    rows.cost(None, description="Toll of somebody else")
    rows.cost(None, recorded_by=user, description="My toll")
    rows.sign_in(user)
    shown = group(today(page_client), "g-costs")
    assert "My toll" in shown
    assert "somebody else" not in shown


@pytest.mark.parametrize("role", [Role.ANALYST, Role.VERIFIER])
def test_who_records_no_costs_is_not_shown_any(rows: Rows, page_client: PageClient, role: Role) -> None:
    rows.cost(None)
    rows.sign_in(rows.person(role))
    assert "RON" not in today(page_client).text


def test_what_begins_within_14_days_is_coming_and_needs_nobody(rows: Rows, page_client: PageClient) -> None:
    soon = rows.patrol(ago=timedelta(days=-5), status="SCHEDULED")
    later = rows.patrol(ago=timedelta(days=-20), status="SCHEDULED")
    rows.sign_in(rows.person(Role.COORDINATOR))
    page = today(page_client)
    assert soon.reference in group(page, "g-coming")
    assert later.reference not in group(page, "g-coming")
    assert "0 need you" in page.text


def test_what_is_coming_is_told_by_its_start(rows: Rows, page_client: PageClient) -> None:
    rows.patrol(
        ago=timedelta(days=-20),
        status="SCHEDULED",
        starts_at=NOW + timedelta(days=3),
        sort_key=int((NOW + timedelta(days=3)).timestamp()),
    )
    rows.sign_in(rows.person(Role.COORDINATOR))
    assert "Begins 27 Nov 2026" in group(today(page_client), "g-coming")


def test_a_record_that_is_not_released_is_unknown_to_who_takes_no_part(rows: Rows, page_client: PageClient) -> None:
    rows.patrol(ago=timedelta(days=-5), status="SCHEDULED", owner=rows.border_police)
    hidden = rows.patrol(owner=rows.border_police, counted=3)
    rows.sign_in(rows.person(Role.COORDINATOR))
    page = today(page_client)
    assert "Nothing needs you" in page.text
    assert hidden.reference not in page.text


def test_a_released_record_of_others_changes_without_title_and_hour(rows: Rows, page_client: PageClient) -> None:
    rows.patrol(owner=rows.border_police, counted=3, released_at=NOW - timedelta(hours=1), title="Lipica by night")
    rows.sign_in(rows.person(Role.COORDINATOR))
    shown = group(today(page_client), "chg")
    assert "JP-IT-2026-" in shown
    assert "Lipica" not in shown
    assert "09:00" not in shown


def test_changes_are_those_since_the_last_visit(rows: Rows, page_client: PageClient) -> None:
    user = rows.person(Role.COORDINATOR)
    rows.seen_before(user, NOW - timedelta(hours=10))
    long_ago = NOW - timedelta(days=2)
    old = rows.patrol(counted=1, created_at=long_ago, updated_at=long_ago)
    amended = rows.patrol(counted=1, created_at=long_ago, version=2)
    verified = rows.patrol(counted=1, created_at=long_ago, verified_at=NOW - timedelta(hours=1))
    withdrawn = rows.patrol(counted=1, created_at=long_ago, withdrawn_at=NOW, status="WITHDRAWN")
    logged = rows.patrol(counted=1)
    rows.sign_in(user)
    shown = group(today(page_client), "chg")
    assert "Changed since 24 Nov 2026, 00:00" in shown
    assert old.reference not in shown
    assert f"{amended.reference} amended, version 2" in shown
    assert f"{verified.reference} verified by the host" in shown
    assert f"{withdrawn.reference} withdrawn" in shown
    assert f"{logged.reference} logged" in shown


def test_a_first_visit_looks_back_seven_days(rows: Rows, page_client: PageClient) -> None:
    rows.sign_in(rows.person(Role.COORDINATOR))
    assert "Changed since 17 Nov 2026, 10:00" in today(page_client).text


def test_a_long_group_says_how_many_it_shows_of_how_many(rows: Rows, page_client: PageClient) -> None:
    for _ in range(ROWS_PER_GROUP + 2):
        rows.patrol(counted=1)
    rows.sign_in(rows.person(Role.VERIFIER))
    shown = group(today(page_client), "g-verify")
    assert f"{ROWS_PER_GROUP} of {ROWS_PER_GROUP + 2}" in shown
    assert f"{ROWS_PER_GROUP + 2} need you" in page_client.last.text


def test_the_rail_counts_what_needs_me_as_the_page_does(rows: Rows, page_client: PageClient) -> None:
    user = rows.person(Role.COORDINATOR)
    rows.patrol()
    rows.draft(user)
    rows.cost(None)
    rows.sign_in(user)
    page = today(page_client)
    hot = [mark.text for mark in page.one("nav", class_="rail").iter("span") if "hot" in mark.get("class", "")]
    assert hot == ["4"]
    assert "4 need you" in page.text


def test_only_who_may_log_is_offered_the_one_filled_button(rows: Rows, page_client: PageClient) -> None:
    user = rows.sign_in(rows.person(Role.OFFICER))
    assert len(today(page_client).all("a", class_="btn-1")) == 1
    user.assignments[0].role = Role.ANALYST.value
    assert today(page_client).all("a", class_="btn-1") == []


def test_a_withdrawn_record_needs_nobody(rows: Rows, page_client: PageClient) -> None:
    rows.patrol(withdrawn_at=NOW, status="WITHDRAWN")
    rows.sign_in(rows.person(Role.COORDINATOR))
    assert "0 need you" in today(page_client).text


def test_a_record_of_another_project_stays_there(rows: Rows, page_client: PageClient) -> None:
    user = rows.person(Role.COORDINATOR)
    other = rows.project("CSC-WB", "CSC WB")
    rows.role(user, Role.COORDINATOR, project=other, organisation=rows.police)
    patrol = rows.patrol(project_id=other.id)
    rows.sign_in(user)
    assert patrol.reference not in today(page_client).text
    assert patrol.reference in page_client.get("/p/CSC-WB/today").text


def test_a_hundred_records_ask_the_database_no_more_often_than_one(rows: Rows, page_client: PageClient) -> None:
    rows.sign_in(rows.person(Role.COORDINATOR))
    rows.patrol()
    few = len(today(page_client).queries)
    for _ in range(30):
        rows.patrol()
    assert len(today(page_client).queries) <= few + 4
