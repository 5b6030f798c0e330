"""Signing in leads nowhere outside, whatever ``next`` says."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.functional.sign_in_steps import PASSWORD, as_demo, make_user, post


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("where", ["address", "form"])
def test_after_signing_in_one_stays_here(app: Any, client: Any, session: Any, wanted: str, where: str) -> None:
    as_demo(app)
    make_user(app, session, "officer@registry.example")
    address = f"/login?next={quote(wanted)}" if where == "address" else "/login"
    fields = {"next": wanted} if where == "form" else {}
    answer = post(client, address, form="/login", email="officer@registry.example", password=PASSWORD, **fields)
    location = answer.headers.get("Location", "")
    assert answer.status_code in (200, 302)
    assert (urlsplit(location).scheme, urlsplit(location).netloc) == ("", "")
    assert not re.match(r"[/\\\s]{2}", location)
