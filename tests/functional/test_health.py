"""Does the administrator see whether the installation is sound, and nobody else?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.edge import doctor
from tests.factories import Factories, sign_in


def test_the_administrator_reads_what_was_checked(page_client: Any, session: Session, factories: Factories) -> None:
    sign_in(page_client.client, session, factories.user(None, None, Role.ADMINISTRATOR))
    page = page_client.get("/admin/health")
    assert "Python 3." in page.text
    assert "no virus scanner is connected" in page.text


def test_what_is_wrong_stands_first_in_its_own_words(
    page_client: Any, session: Session, factories: Factories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_surroundings", lambda _config: iter([doctor.Finding(sentence="Full.", wrong=True)]))
    sign_in(page_client.client, session, factories.user(None, None, Role.ADMINISTRATOR))
    page = page_client.get("/admin/health")
    assert "need" in page.text
    assert "Full." in page.text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER])
def test_others_may_not(page_client: Any, session: Session, factories: Factories, role: Role) -> None:
    sign_in(page_client.client, session, factories.user(factories.project(), factories.organisation(), role))
    page_client.get("/admin/health", status=403)
