"""What a proxy says of the sender is believed only where a proxy is configured."""

from __future__ import annotations

import pytest
from flask import Flask, request

from registry.edge import proxies

FORWARDED = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}


def asked_behind(trusted: int) -> dict[str, str]:
    app = Flask("small")
    app.config["TRUSTED_PROXIES"] = trusted
    proxies.install(app)

    @app.get("/")
    def seen() -> dict[str, str]:
        return {"address": request.remote_addr or "", "scheme": request.scheme}

    answer: dict[str, str] = app.test_client().get("/", headers=FORWARDED).get_json()
    return answer


@pytest.mark.parametrize(("trusted", "address", "scheme"), [(0, "127.0.0.1", "http"), (1, "198.51.100.7", "https")])
def test_forwarded_headers_count_only_behind_a_configured_proxy(trusted, address, scheme):
    assert asked_behind(trusted) == {"address": address, "scheme": scheme}


def test_an_address_put_in_front_by_the_sender_is_not_believed():
    app = Flask("small")
    app.config["TRUSTED_PROXIES"] = 1
    proxies.install(app)

    @app.get("/")
    def seen() -> str:
        return request.remote_addr or ""

    answer = app.test_client().get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert answer.get_data(as_text=True) == "198.51.100.7"
