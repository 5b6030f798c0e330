"""What does a browser test get? A served registry with a database of its own, and windows that tolerate no fault."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

import config as settings
from registry.db.engine import engine_options
from registry.domain.clock import FixedClock
from tests.conftest import NOW
from tests.databases import Templates

PASSWORD = "Karst limestone 47"
QUICK = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}


@dataclass
class Served:
    """A running registry: its address, and a session on its database for arranging and looking."""

    address: str
    app: Any
    session: Session


@dataclass
class Watched:
    """Browser windows whose every fault is noted: errors of scripts, of the content policy, requests elsewhere."""

    browser: Browser
    address: str
    allowed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str, **options: Any) -> Page:
        """A new window on a page; ``options`` are those of a browser context."""
        context = self.browser.new_context(base_url=self.address, locale="en-GB", **options)
        self.contexts.append(context)
        page = self.tab(context)
        page.goto(path)
        return page

    def tab(self, context: BrowserContext) -> Page:
        """One more tab of a window."""
        page = context.new_page()
        page.on("request", lambda request: self._request(request.url))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda message: self._message(message.type, message.text))
        return page

    def unexpected(self) -> list[str]:
        """The faults that no test said it would cause."""
        return [fault for fault in self.faults if not any(text in fault for text in self.allowed)]

    def _request(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.address).netloc:
            self.faults.append(f"asks {address}")

    def _message(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"console: {text}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a module."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(templates: Templates, tmp_path: Path) -> Iterator[Served]:
    """The registry on a SpatiaLite file of the test's own, served from a thread; the clock stands at ``NOW``."""
    from registry import create_app

    database = templates.copy("spatialite")
    app = create_app(
        {
            **settings.load({"INSTANCE": str(tmp_path)}),
            "CLOCK": FixedClock(NOW),
            "IS_DEMO": True,  # signs in by password alone
            "SQLALCHEMY_DATABASE_URI": database.engine.url.render_as_string(hide_password=False),
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database.url),
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK,
        }
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    with Session(database.engine, expire_on_commit=False) as session:
        yield Served(f"http://127.0.0.1:{server.server_port}", app, session)
    server.shutdown()
    thread.join()
    server.server_close()
    _close_connections(app)
    templates.drop(database)


def _close_connections(app: Any) -> None:
    from registry.extensions import db

    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def windows(chromium: Browser, served: Served) -> Iterator[Watched]:
    """Windows on the served registry; the test fails for any fault it did not announce in ``allowed``."""
    watched = Watched(chromium, served.address)
    yield watched
    for context in watched.contexts:
        context.close()
    assert watched.unexpected() == []


def sign_in(page: Page, email: str) -> None:
    """Walk the sign-in page."""
    page.goto("/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("#sign-in button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
