"""Draws the pictures of the documentation: a fresh demo is served, each persona signs in, each page is photographed.

``python -m tests.browser.screenshots [FOLDER]``; without a folder the pictures of the README are drawn anew.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
DESK, PHONE = (1440, 900), (390, 844)
PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: which page, as whom, how large, light or dark."""

    name: str
    path: str
    who: str
    size: tuple[int, int] = DESK
    dark: bool = False


PICTURES_OF_THE_README = (
    Picture(name="today", path="/p/ATHENA-2/today", who="coordinator.si"),
    Picture(name="today-dark", path="/p/ATHENA-2/today", who="coordinator.si", dark=True),
    Picture(name="log-phone", path="/p/ATHENA-2/log/joint-patrol?copy=last", who="officer.si", size=PHONE),
    Picture(name="activities", path="/p/ATHENA-2/activities", who="coordinator.si"),
    Picture(name="activities-phone", path="/p/ATHENA-2/activities", who="coordinator.si", size=PHONE),
    Picture(name="map", path="/p/ATHENA-2/map", who="coordinator.si"),
    Picture(name="map-phone", path="/p/ATHENA-2/map", who="coordinator.si", size=PHONE),
    Picture(name="targets", path="/p/ATHENA-2/targets", who="coordinator.si"),
    Picture(name="money", path="/p/ATHENA-2/money", who="lead"),
    Picture(name="report", path="/p/ATHENA-2/reports/monitoring", who="lead"),
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served_demo() -> Iterator[str]:
    """The address of a fresh demo that is served while the block runs."""
    port, folder = _free_port(), Path(tempfile.mkdtemp(prefix="pictures"))
    environment = {**os.environ, "INSTANCE": str(folder), "REGISTRY_DATABASE_URL": ""}
    python = [sys.executable, "-m"]
    for step in (["db", "upgrade"], ["registry", "demo"]):
        command = [*python, "flask", "--app", "wsgi", *step]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    bind = ["--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "warning", "wsgi:app"]
    server = subprocess.Popen([*python, "gunicorn", *bind], cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)
        shutil.rmtree(folder)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/login") as answer:
                answer.read()
        except URLError:
            time.sleep(0.1)  # the server binds its port in a moment; nothing tells us when
        else:
            return
    raise TimeoutError(f"{address} does not answer")


def signed_in(browser: Browser, address: str, who: str, size: tuple[int, int], *, dark: bool) -> Page:
    """A page of a browser in which the demo account is signed in."""
    options: dict[str, Any] = {"viewport": {"width": size[0], "height": size[1]}}
    options |= {"device_scale_factor": 2, "has_touch": True, "is_mobile": True} if size == PHONE else {}
    page = browser.new_context(color_scheme="dark" if dark else "light", base_url=address, **options).new_page()
    page.goto("/login")
    account = page.locator("tr, li, .account", has_text=f"{who}@").first
    account.get_by_role("button").first.click()
    if page.url.endswith("/login"):
        page.locator("form[action*=login] button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def draw(folder: Path, pictures: tuple[Picture, ...]) -> None:
    """Photograph every page into ``folder``, each colour-reduced to stay small."""
    folder.mkdir(parents=True, exist_ok=True)
    with served_demo() as address, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in pictures:
            page = signed_in(browser, address, picture.who, picture.size, dark=picture.dark)
            page.goto(picture.path, wait_until="networkidle")
            target = folder / f"{picture.name}.png"
            page.screenshot(path=target)
            Image.open(target).convert("P", palette=Image.Palette.ADAPTIVE, colors=192).save(target, optimize=True)
            page.context.close()
        browser.close()


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES, PICTURES_OF_THE_README)
