"""An officer at the border logs a patrol: by thumb, by keyboard, with a bad signal and a session that runs out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_security import hash_password
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from registry.models.accounts import UserSession
from registry.models.activities import Activity, Draft, Place
from registry.models.costs import CostLine
from tests.browser.conftest import DESK, PASSWORD, PHONE, Served, Watched, sign_in
from tests.conftest import NOW
from tests.factories import Factories
from tests.functional.log_steps import FORM, Border, P, photo

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def border(served: Served) -> Border:
    """The border, its officer with a password, and one patrol two days ago."""
    made = Border(Factories(served.session), served.session)
    with served.app.app_context():
        made.officer.password = hash_password(PASSWORD)
    made.officer.confirmed_at = NOW
    made.patrol(outcomes={"persons_checked": 38, "vehicles_checked": 17, "hits": 1})
    served.session.commit()
    return made


def opened(windows: Watched, border: Border, path: str = FORM, **options: Any) -> Page:
    """The officer's window on a page."""
    page = windows.open("/login", **(options or PHONE))
    sign_in(page, border.officer.email)
    page.goto(path)
    return page


def more(page: Page, what: str, times: int) -> None:
    for _ in range(times):
        page.get_by_role("button", name=f"One more: {what}", exact=True).tap()


def newest(border: Border) -> Activity:
    border.session.rollback()
    return border.session.scalars(select(Activity).order_by(Activity.id.desc())).first()


def logged(border: Border) -> int:
    border.session.rollback()
    return border.session.scalar(select(func.count()).select_from(Activity)) or 0


def test_a_patrol_is_logged_by_thumb_with_a_typed_position_and_a_cost(windows: Watched, border: Border) -> None:
    page = opened(windows, border)
    more(page, "Persons controlled", 3)
    more(page, "Hits", 2)
    page.get_by_role("button", name="One less: Hits").tap()
    page.fill("#f-place-text", "45 37.2 N 13 53.4 E")
    expect(page.locator("#understood")).to_contain_text("Italy–Slovenia 3")
    expect(page.locator("#understood")).to_contain_text("no border check")
    page.fill("#f-starts-day", "23 Nov 2026")
    page.fill("#f-starts-time", "20:00")
    page.fill("#f-ends-day", "24 Nov 2026")
    page.fill("#f-ends-time", "02:30")
    page.select_option("#f-participations-1-organisation", "IT")
    page.get_by_role("button", name="One more officer: Border police, Italy").tap()
    page.get_by_role("button", name="One more officer: Police, Slovenia").tap()
    page.select_option("#f-check-basis", "POLICE_INFORMATION")
    page.fill("#f-risk-reference", "RA-8")
    page.get_by_role("button", name="Add a cost").tap()
    page.select_option("#f-costs-0-cost-type", "FUEL_VEHICLE")
    page.fill("#f-costs-0-amount", "45,90")
    page.set_input_files(
        "#f-costs-0-receipt-file", {"name": "fuel.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    )
    page.get_by_role("button", name="End and save patrol").tap()
    page.wait_for_url("**/activities/JP-SI-2026-*")
    expect(page.locator("main")).to_contain_text("Logged as JP-SI-2026-0001.")
    activity = newest(border)
    assert activity.starts_at == NOW.replace(day=23, hour=19)
    assert activity.section_id == border.section.id
    outcomes = border.outcomes(activity)
    assert (outcomes["persons_checked"], outcomes["hits"], outcomes["arrests"]) == (3, 1, None)
    line = border.session.scalars(select(CostLine)).one()
    assert (line.amount_minor, line.document_id is not None) == (4590, True)


def test_nothing_found_after_a_copy_takes_two_taps(windows: Watched, border: Border) -> None:
    page = opened(windows, border)
    page.get_by_role("button", name="Copy last patrol").tap()
    expect(page.locator("#f-risk-reference")).to_have_value("RA-7")
    page.locator("#f-nothing-found").tap()
    expect(page.locator("#f-outcomes-arrests")).to_have_value("0")
    page.get_by_role("button", name="Save: nothing found").tap()
    page.wait_for_url("**/activities/JP-SI-2026-*")
    activity = newest(border)
    assert activity.nothing_found
    assert activity.starts_at == NOW - timedelta(hours=8)
    assert border.outcomes(activity)["persons_checked"] is None


def test_nothing_found_steps_aside_once_something_is_found(windows: Watched, border: Border) -> None:
    page = opened(windows, border)
    button = page.locator("#f-nothing-found")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    more(page, "Arrests", 1)
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_be_disabled()
    expect(page.locator("#f-outcomes-hits")).to_have_value("0")
    expect(page.locator("#send")).to_have_text("End and save patrol")


def test_typed_work_survives_closing_the_tab(windows: Watched, border: Border) -> None:
    page = opened(windows, border)
    page.fill("#f-facts", "Two vans turned round before the bridge.")
    more(page, "Vehicles controlled", 2)
    expect(page.locator("#saved")).to_have_text("Saved 10:00")
    page.close()
    again = windows.tab(windows.contexts[0])
    again.goto(f"{P}/log")
    again.get_by_role("link", name="Joint patrol", exact=False).last.click()
    expect(again.locator("#f-facts")).to_have_value("Two vans turned round before the bridge.")
    expect(again.locator("#f-outcomes-vehicles-checked")).to_have_value("2")
    expect(again.locator(".restored")).to_contain_text("began and did not send")


def test_a_session_that_ended_is_renewed_in_place_and_the_form_saved_once(windows: Watched, border: Border) -> None:
    windows.allowed.append("401")
    page = opened(windows, border, f"{FORM}?copy=last")
    more(page, "Persons controlled", 4)
    expect(page.locator("#saved")).to_have_text("Saved 10:00")
    border.session.execute(update(UserSession).values(ended_at=NOW, ended_why="tested"))
    border.session.commit()
    before = logged(border)
    page.get_by_role("button", name="End and save patrol").tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mail address").fill(border.officer.email)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").tap()
    page.wait_for_url("**/activities/JP-SI-2026-*")
    assert logged(border) == before + 1
    assert border.outcomes(newest(border))["persons_checked"] == 4
    assert border.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_errors_are_shown_in_place_and_the_chosen_receipt_stays(windows: Watched, border: Border) -> None:
    windows.allowed.append("422")
    page = opened(windows, border, f"{FORM}?copy=last")
    page.fill("#f-starts-time", "25:00")
    page.get_by_role("button", name="Add a cost").tap()
    page.select_option("#f-costs-0-cost-type", "TRAVEL")
    page.fill("#f-costs-0-amount", "12.00")
    page.set_input_files(
        "#f-costs-0-receipt-file", {"name": "ticket.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    )
    page.locator("#send").tap()
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a").first.tap()
    expect(page.locator("#f-starts-time")).to_be_focused()
    assert page.locator("#f-costs-0-receipt-file").evaluate("input => input.files[0].name") == "ticket.jpg"
    page.fill("#f-starts-time", "01:00")
    page.locator("#send").tap()
    page.wait_for_url("**/activities/JP-SI-2026-*")
    assert border.session.scalars(select(CostLine)).one().document_id is not None


def test_the_phone_says_where_it_is_and_taps_draw_a_route(windows: Watched, border: Border) -> None:
    here = {"latitude": 45.621, "longitude": 13.889, "accuracy": 12}
    page = opened(windows, border, f"{FORM}?copy=last", **PHONE, geolocation=here, permissions=["geolocation"])
    page.get_by_role("button", name="Use my position").tap()
    expect(page.locator("#f-place-text")).to_have_value("45.62100, 13.88900")
    assert page.locator("[name=place-uncertainty_m]").input_value() == "12"
    page.get_by_role("button", name="Draw on the map").tap()
    page.get_by_role("button", name="Clear").tap()
    area = page.locator("#place-map")
    expect(area.locator("canvas").first).to_be_visible()
    area.scroll_into_view_if_needed()
    for x, y in ((120, 120), (180, 160), (240, 140), (60, 60)):
        area.tap(position={"x": x, "y": y})
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator("#understood")).to_contain_text("km long")
    page.locator("#send").tap()
    page.wait_for_url("**/activities/JP-SI-2026-*")
    newest_place = border.session.scalars(select(Place).order_by(Place.id.desc())).first()
    assert (newest_place.form, newest_place.source, len(newest_place.shape.coords)) == ("track", "map", 3)


def test_a_patrol_is_logged_with_the_keyboard_alone(windows: Watched, border: Border) -> None:
    page = opened(windows, border, f"{FORM}?copy=last", **DESK)
    page.locator("#f-outcomes-persons-checked").focus()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    assert logged(border) == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#f-outcomes-persons-checked")).to_have_value("10")
    page.locator("#send").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities/JP-SI-2026-*")
    assert border.outcomes(newest(border))["persons_checked"] == 10


def test_without_script_a_patrol_is_logged_all_the_same(windows: Watched, border: Border) -> None:
    page = opened(windows, border, f"{FORM}?copy=last", **PHONE, java_script_enabled=False)
    page.get_by_role("button", name="Nothing found").tap()
    page.get_by_role("button", name="Save: nothing found").tap()
    page.wait_for_url("**/activities/JP-SI-2026-*")
    assert newest(border).nothing_found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_no_log_page_has_an_axe_violation(windows: Watched, border: Border, size: dict[str, Any], scheme: str) -> None:
    windows.allowed.append("422")
    page = opened(windows, border, f"{P}/log", **size, color_scheme=scheme)
    faults = _violations(page)
    for path in (f"{FORM}?copy=last", f"{P}/log/observation", f"{P}/log/team", f"{P}/log/activity/jo"):
        page.goto(path, wait_until="networkidle")
        faults += _violations(page)
    page.goto(f"{FORM}?new=1")
    page.get_by_role("button", name="Add a cost").click()
    page.evaluate("for (const part of document.querySelectorAll('#log-form details')) part.open = true")
    page.locator("#send").click()
    expect(page.locator("#errors")).to_be_focused()
    faults += _violations(page)
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def _violations(page: Page) -> list[str]:
    """What axe finds on the whole page at once: the bar at the bottom then covers nothing it can scroll away from."""
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": page.evaluate("document.documentElement.scrollHeight")})
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    page.set_viewport_size(size)
    return [f"{page.url} {fault['id']}: {[node['html'][:140] for node in fault['nodes'][:3]]}" for fault in found]
