"""Links in mail lead to the installation's own address, whatever the request claims; headers cannot be added to."""

from __future__ import annotations

import logging

import pytest

from registry.services.mail import compose
from registry.services.passwords import code_matches, faults_of, hashed_code
from tests.functional.sign_in_steps import make_user, post


def test_a_reset_link_leads_to_the_public_address(app, client, session, caplog):
    app.config["BASE_URL"] = "https://registry.example"
    make_user(app, session, "ana@police.example")
    with caplog.at_level(logging.WARNING, logger="registry.mail"):
        post(client, "/reset", email="ana@police.example")
    assert "https://registry.example/reset/" in caplog.text


def test_a_reset_for_an_unknown_address_sends_nothing(app, client, caplog):
    with caplog.at_level(logging.WARNING, logger="registry.mail"):
        answer = post(client, "/reset", email="nobody@police.example")
    assert answer.status_code in (200, 302)
    assert "/reset/" not in caplog.text


def test_a_line_break_in_a_subject_adds_no_header():
    message = compose(sender="a@b.example", recipient="c@d.example", subject="Hello\r\nBcc: x@y.example", body="text")
    assert message["Subject"] == "Hello Bcc: x@y.example"
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaa",
        "password1234!",
        "P@ssw0rd2026!",
        "novagorica2026",
        "121212121212",
        "rossi.rossi1",
        "policeborder1",
        "border-police-patrol",
    ],
)
def test_a_common_local_or_own_word_is_refused(password):
    assert faults_of(password, ["mario.rossi@police.example"])


@pytest.mark.parametrize("password", ["violet kettle seven orchard", "Zx9!kQ2#vB7m", "поляна кон седем облак"])
def test_unrelated_words_and_random_signs_are_accepted(password):
    assert faults_of(password, ["mario.rossi@police.example"]) == []


def test_a_recovery_code_matches_its_own_digest_only():
    stored = hashed_code("0a1b-2c3d-4e5f")
    assert code_matches(" 0A1B-2C3D-4E5F ", stored)
    assert not code_matches("0a1b-2c3d-4e50", stored)
