"""Somebody looks at the map: cells far out, a click that lists, the keyboard, filters, nothing from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_security import hash_password
from playwright.sync_api import Page, expect

from registry.domain.permissions import Role
from registry.services import derive
from tests.browser.conftest import DESK, PASSWORD, PHONE, Served, Watched, sign_in
from tests.conftest import NOW
from tests.factories import Factories

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
MAP = "/p/ATHENA2/map"
WIDE, NEAR = "?zoom=7&lat=45.9&lon=14", "?zoom=11&lat=45.9&lon=13.65"


@pytest.fixture
def officer(served: Served) -> str:
    """An Italian officer's address; a Slovenian authority has five patrols, three of them with the Italians."""
    factories = Factories(served.session)
    one, own = factories.organisation("SI-P"), factories.organisation("IT-C", country="IT")
    project = factories.project("ATHENA2")
    section = factories.section(factories.border())
    for month in (7, 8, 9):
        day = datetime(2026, month, 7, 10, tzinfo=UTC)
        factories.activity(project, one, own, section=section, released=True, starts_at=day, at=(13.62, 45.91))
    for month in (3, 4):
        day = datetime(2026, month, 7, 10, tzinfo=UTC)
        factories.activity(project, one, section=section, released=True, starts_at=day, at=(13.7, 45.87))
    factories.activity(project, own, kind="MEET", at=(13.77, 45.65), starts_at=datetime(2026, 10, 7, 10, tzinfo=UTC))
    factories.activity(project, one, kind="CBO", section=section, released=True, at=(13.6, 45.9))
    person = factories.user(project, own, Role.OFFICER)
    with served.app.app_context():
        person.password = hash_password(PASSWORD)
    person.confirmed_at = NOW
    derive.rebuild(served.session)
    served.session.commit()
    return person.email


def opened(windows: Watched, officer: str, where: str = WIDE, **options: Any) -> Page:
    """The officer's window on the map."""
    page = windows.open("/login", **(options or DESK))
    sign_in(page, officer)
    page.goto(MAP + where)
    return page


def test_cells_are_drawn_and_the_list_beside_counts_the_same(windows: Watched, officer: str) -> None:
    page = opened(windows, officer)
    expect(page.locator("#counts")).to_contain_text("7 of 7 activities")
    drawn = page.locator(".leaflet-marker-pane .cell text")
    expect(drawn.first).to_be_visible()
    assert sum(int(text) for text in drawn.all_text_contents()) == 7
    expect(page.locator("#list li")).to_have_count(7)


def test_a_click_on_a_cell_lists_it_and_a_double_click_goes_nearer(windows: Watched, officer: str) -> None:
    page = opened(windows, officer)
    cell = page.locator(".leaflet-marker-pane .cell:not(.plate)").first
    cell.click()
    expect(page.locator("#list-title")).to_contain_text("Cell")
    page.get_by_role("button", name="Whole view").click()
    expect(page.locator("#list-title")).to_have_text("In view")
    page.locator(".leaflet-marker-pane .cell:not(.plate)").first.dblclick()
    page.wait_for_url(lambda url: "zoom=8.5" in url)


def test_a_cell_is_reached_and_opened_by_keyboard(windows: Watched, officer: str) -> None:
    page = opened(windows, officer)
    cell = page.locator(".leaflet-marker-pane .plate").first
    expect(cell).to_be_visible()
    cell.focus()
    expect(cell).to_have_attribute("aria-label", "Border IT-SI: 1 cross-border observation")
    page.keyboard.press("Enter")
    expect(page.locator("#list-title")).to_have_text("Border IT-SI")
    expect(page.locator("#list li a")).to_have_count(1)


def test_close_in_own_records_are_squares_and_others_are_dashed_rounds(windows: Watched, officer: str) -> None:
    page = opened(windows, officer, NEAR)
    expect(page.locator(".leaflet-marker-pane .cell.gen text")).to_have_text("2")
    expect(page.locator(".leaflet-marker-pane .cell:not(.gen):not(.plate) text")).to_have_text("3")
    expect(page.locator("#list li a")).to_have_count(6)


def test_filters_change_map_list_table_link_and_address(windows: Watched, officer: str) -> None:
    page = opened(windows, officer)
    expect(page.locator("#counts")).to_contain_text("7 of 7")
    page.locator("label.kf", has_text="MEET").click()
    expect(page.locator("#counts")).to_have_text("6 of 6 activities, 1 filtered out")
    assert "kind=JP&kind=CBO" in (page.locator("#as-table").get_attribute("href") or "")
    page.reload()
    expect(page.locator("#counts")).to_have_text("6 of 6 activities, 1 filtered out")


def test_the_period_is_moved_with_the_arrow_keys(windows: Watched, officer: str) -> None:
    page = opened(windows, officer)
    handle = page.get_by_label("From month")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#period")).to_contain_text("Apr 2026")
    expect(page.locator("#counts")).to_contain_text("1 filtered out")
    assert "from=2026-04" in page.url


def test_the_published_record_is_a_layer_of_its_own(windows: Watched, officer: str, served: Served) -> None:
    factories = Factories(served.session)
    published = factories.project("PUB", read_only=True)
    factories.activity(published, None, reference="PUB-JP-001", at=(14.2, 46.2), released=True)
    served.session.commit()
    page = opened(windows, officer)
    expect(page.locator("#counts")).to_contain_text("7 of 7")
    page.get_by_label("Published record").check()
    expect(page.locator(".leaflet-marker-pane .ft.pub")).to_have_count(1)
    expect(page.locator("#counts")).to_contain_text("7 of 7")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_map_has_no_axe_violation(windows: Watched, officer: str, size: dict[str, Any], dark: bool) -> None:
    page = opened(windows, officer, **size, color_scheme="dark" if dark else "light")
    expect(page.locator(".leaflet-marker-pane .cell").first).to_be_visible()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"][:200]) for violation in found] == []


def test_without_a_script_the_counts_per_border_are_there(windows: Watched, officer: str) -> None:
    page = opened(windows, officer)
    state = page.context.storage_state()
    plain = windows.open(MAP, java_script_enabled=False, storage_state=state)
    expect(plain.get_by_role("link", name="Country IT–Country SI")).to_be_visible()
