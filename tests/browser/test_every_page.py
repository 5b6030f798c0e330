"""Does every page hold the floor: no axe violation, no sideways scroll, no error, no outside host?

Each page is opened as the persona whose page it is, in light and dark, on a desk and on a phone (WCAG 2.2 A and AA).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.screenshots import DESK, PHONE, served_demo, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

P = "/p/ATHENA-2"
PAGES_OF = {
    "coordinator.si": (
        *(f"{P}/{page}" for page in ("today", "log", "log/joint-patrol", "log/observation", "log/team")),
        *(f"{P}/{page}" for page in ("activities", "map", "targets", "money", "reports", "reports/monitoring")),
        *(f"{P}/{page}" for page in ("reports/expenditure", "import", "more")),
        *("/projects", "/account/", "/account/sessions", "/account/tokens", "/api/", "/p/PUBLISHED/activities"),
    ),
    "auditor": ("/admin/audit", f"{P}/activities", f"{P}/money"),
    "admin": ("/admin/people", "/admin/health"),
}
VARIANTS = [(DESK, False), (DESK, True), (PHONE, False), (PHONE, True)]
NAMES = ["desk-light", "desk-dark", "phone-light", "phone-dark"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The address of a fresh demo."""
    with served_demo() as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all pages."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def _faults(page: Page, address: str, paths: tuple[str, ...]) -> list[str]:
    faults: list[str] = []
    host = urlsplit(address).netloc

    def on_request(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != host:
            faults.append(f"asks {parts.netloc}")

    page.on("request", on_request)
    page.on("console", lambda message: faults.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    for path in paths:
        before = len(faults)
        answer = page.goto(path, wait_until="networkidle")
        if answer is None or answer.status != 200:
            faults.append(f"answers {answer.status if answer else 'nothing'}")
        for violation in Axe().run(page, options=RULES).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            faults.append(f"axe {violation['id']}: {nodes}")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            faults.append(f"scrolls sideways by {wider} px")
        faults[before:] = [f"{path} {fault}" for fault in faults[before:]]
    return faults


@pytest.mark.parametrize(("size", "dark"), VARIANTS, ids=NAMES)
@pytest.mark.parametrize("who", PAGES_OF)
def test_every_page_holds_the_floor(demo: str, chromium: Browser, who: str, size: tuple[int, int], dark: bool) -> None:
    page = signed_in(chromium, demo, who, size, dark=dark)
    faults = _faults(page, demo, PAGES_OF[who])
    page.context.close()
    assert not faults, "\n".join(faults)


def test_pages_fit_a_narrow_phone(demo: str, chromium: Browser) -> None:
    page = signed_in(chromium, demo, "officer.si", (360, 740), dark=False)
    wide = []
    for path in (f"{P}/today", f"{P}/log/joint-patrol", f"{P}/activities", f"{P}/map", f"{P}/targets"):
        page.goto(path, wait_until="networkidle")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    page.context.close()
    assert wide == []
