"""What stands around every page: for whom, and what not."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.web.navigation import PLACES
from tests.functional.today_rows import Rows
from tests.page_client import Page, PageClient, RegistryClient


@pytest.fixture
def rows(session: Session, client: RegistryClient) -> Rows:
    return Rows(session, client)


def rail(page: Page) -> list[str]:
    return [link.get("href", "") for link in page.one("nav", class_="rail").iter("a")]


def test_a_person_with_one_project_begins_in_its_today(rows: Rows, client: RegistryClient) -> None:
    rows.sign_in(rows.person(Role.COORDINATOR))
    assert client.get("/").headers["Location"] == "/p/ATHENA-2/today"


def test_a_person_with_several_projects_chooses(rows: Rows, page_client: PageClient) -> None:
    user = rows.sign_in(rows.person(Role.COORDINATOR))
    other = rows.project("CSC-WB", "CSC WB")
    rows.role(user, Role.ANALYST, project=other, organisation=rows.police)
    rows.project("SECRET", "Not yours")
    page = page_client.get("/")
    assert {"/p/ATHENA-2/today", "/p/CSC-WB/today"} <= set(page.links())
    assert "Not yours" not in page.text


def test_a_person_without_a_project_is_told_who_can_help(rows: Rows, page_client: PageClient) -> None:
    user = rows.person(Role.ANALYST)
    user.assignments.clear()
    rows.sign_in(user)
    assert "You do not belong to a project yet" in page_client.get("/").text


def test_an_administrator_without_a_project_begins_in_administration(rows: Rows, client: RegistryClient) -> None:
    user = rows.person(Role.ANALYST)
    user.assignments.clear()
    rows.role(user, Role.ADMINISTRATOR, project=None, organisation=None)
    rows.sign_in(user)
    assert client.get("/").headers["Location"] == "/admin/people"


def test_the_published_record_is_offered_to_everybody_and_begins_with_its_list(
    rows: Rows, page_client: PageClient
) -> None:
    rows.project("PUBLISHED", "Published record", read_only=True)
    rows.sign_in(rows.person(Role.OFFICER))
    page = page_client.get("/projects")
    assert "/p/PUBLISHED/activities" in page.links()
    assert "published, for reading" in page.text


def test_nobody_signed_in_is_sent_to_sign_in(client: RegistryClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_the_rail_leads_only_to_pages_that_exist(rows: Rows, page_client: PageClient, app: Flask) -> None:
    rows.sign_in(rows.person(Role.COORDINATOR))
    rules = {rule.rule.rstrip("/") for rule in app.url_map.iter_rules()}
    for href in rail(page_client.get("/p/ATHENA-2/today")):
        assert href.replace("ATHENA-2", "<project_ref>") in rules


def test_an_officer_sees_neither_money_nor_import_nor_administration(rows: Rows, page_client: PageClient) -> None:
    rows.sign_in(rows.person(Role.OFFICER))
    hrefs = rail(page_client.get("/p/ATHENA-2/today"))
    assert "/p/ATHENA-2/today" in hrefs
    assert not {"/p/ATHENA-2/money", "/p/ATHENA-2/import", "/admin/people"} & set(hrefs)


def test_an_analyst_is_not_offered_to_log(rows: Rows, page_client: PageClient) -> None:
    rows.sign_in(rows.person(Role.ANALYST))
    page = page_client.get("/p/ATHENA-2/today")
    assert not [href for href in page.links() if "/log" in href]


def test_every_place_of_the_navigation_has_an_icon_of_the_sprite(app: Flask) -> None:
    sprite = (Path(app.static_folder or "") / "icons.svg").read_text()
    missing = [place.icon for place in PLACES if f'id="i-{place.icon}"' not in sprite]
    assert not missing


def test_the_shell_says_function_and_organisation_never_the_address(rows: Rows, page_client: PageClient) -> None:
    user = rows.sign_in(rows.person(Role.COORDINATOR))
    page = page_client.get("/p/ATHENA-2/today")
    assert "Police, Slovenia · coordinator" in page.text
    assert user.email not in page.text


def test_more_lists_what_the_bar_of_a_phone_leaves_out(rows: Rows, page_client: PageClient) -> None:
    rows.sign_in(rows.person(Role.COORDINATOR))
    page = page_client.get("/p/ATHENA-2/more")
    bar = [link.get("href") for link in page.one("nav", class_="bar").iter("a")]
    assert bar[-1] == "/p/ATHENA-2/more"
    left_out = set(rail(page)) - set(bar)
    assert left_out <= set(page.links())
    assert page.one("form", action="/logout")


def test_more_outside_a_project_still_leads_to_account_and_projects(rows: Rows, page_client: PageClient) -> None:
    user = rows.person(Role.ANALYST)
    user.assignments.clear()
    rows.role(user, Role.ADMINISTRATOR, project=None, organisation=None)
    rows.sign_in(user)
    assert {"/account/", "/projects", "/admin/people"} <= set(page_client.get("/more").links())


@pytest.mark.parametrize(("is_demo", "marks"), [(True, 1), (False, 0)])
def test_every_page_of_a_demo_says_so(rows: Rows, page_client: PageClient, is_demo: bool, marks: int) -> None:
    rows.athena.is_demo = is_demo
    rows.sign_in(rows.person(Role.COORDINATOR))
    page = page_client.get("/p/ATHENA-2/today")
    tags = [tag for tag in page.one("header", class_="top").iter("span") if tag.text == "demo"]
    assert len(tags) == marks
    assert ("every record here is invented" in page.text) is is_demo


def test_insecure_cookies_are_shown_on_every_page(rows: Rows, page_client: PageClient, app: Flask) -> None:
    rows.sign_in(rows.person(Role.COORDINATOR))
    app.config["REGISTRY_INSECURE_COOKIES"] = True
    assert "sends its cookies without protection" in page_client.get("/p/ATHENA-2/more").text


def test_a_page_that_is_not_there_offers_a_way_forward(rows: Rows, page_client: PageClient) -> None:
    rows.sign_in(rows.person(Role.COORDINATOR))
    page = page_client.get("/p/ATHENA-2/nowhere", status=404)
    assert "What you can do" in page.text
    assert page.one("html").get("lang") == "en"


def test_a_foreign_project_and_one_that_does_not_exist_look_the_same(rows: Rows, page_client: PageClient) -> None:
    rows.project("OTHERS", "Others")
    rows.sign_in(rows.person(Role.COORDINATOR))
    theirs = page_client.get("/p/OTHERS/today", status=404).text
    nobodys = page_client.get("/p/NOBODYS/today", status=404).text
    assert theirs.replace("OTHERS", "X") == nobodys.replace("NOBODYS", "X")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422, 429, 500])
def test_every_error_page_says_what_one_can_do(app: Flask, status: int) -> None:
    with app.test_request_context("/"):
        page = app.jinja_env.get_template("errors/page.html")
        context = {"status": status, "title": "Not so", "message": "Because.", "reference": "ab12"}
        app.update_template_context(context)
        text = page.render(context)
    assert "<h1>Not so</h1>" in text
    assert 'class="ways"' in text
    assert "Reference ab12" in text


def test_the_status_footnote_stands_where_a_page_asks_for_it(app: Flask) -> None:
    with app.test_request_context("/"):
        context = {"kosovo": True}
        app.update_template_context(context)
        text = app.jinja_env.get_template("layout.html").render(context)
        assert "UNSCR 1244/1999" in text
        assert "UNSCR" not in app.jinja_env.get_template("layout.html").render({**context, "kosovo": False})


def test_a_data_protection_officer_begins_in_the_audit_log_also_from_a_refusal(
    rows: Rows, client: RegistryClient, page_client: PageClient
) -> None:
    rows.sign_in(rows.person(Role.DATA_PROTECTION_OFFICER))
    assert client.get("/").headers["Location"] == "/admin/audit"
    refused = page_client.get("/p/ATHENA-2/activities", status=403)
    assert "/admin/audit" in refused.links()
    assert "Go to Today" not in refused.text


def test_an_unknown_address_of_the_api_leads_to_its_description(client: RegistryClient) -> None:
    answer = client.get("/api/v1/nothing-here")
    assert answer.status_code == 404
    assert "listed at /api/" in answer.get_json(force=True)["detail"]


def test_sign_in_says_what_to_do_in_our_own_words(app: Flask) -> None:
    assert app.config["SECURITY_MSG_GENERIC_AUTHN_FAILED"][0].endswith("Check both and try again.")
    assert app.config["SECURITY_MSG_TWO_FACTOR_PERMISSION_DENIED"][0].startswith("Please sign in again")
