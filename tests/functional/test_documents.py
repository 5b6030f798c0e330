"""Receipts are sent as files to who may see the evidence, and every opening is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.audit import AuditEvent
from registry.models.costs import Document
from tests.factories import Factories, sign_in
from tests.functional.log_steps import FORM, Border, P, filled, photo
from tests.page_client import PageClient, RegistryClient


@pytest.fixture
def border(factories: Factories, session: Session, client: RegistryClient, page_client: PageClient) -> Border:
    made = Border(factories, session, client)
    form = filled(
        page_client.get(FORM), costs__0__cost_type="TRAVEL", costs__0__amount="5", costs__0__incurred_on="24 Nov 2026"
    )
    page_client.post(FORM, {**form, "costs-0-receipt_file": (photo(), "receipt.jpg")}, status=303)
    return made


@pytest.fixture
def address(border: Border) -> str:
    return f"{P}/documents/{border.session.scalars(select(Document.reference)).one()}"


def openings(border: Border) -> int:
    opened = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "document.open")
    return border.session.scalar(opened) or 0


def test_a_receipt_is_an_attachment_that_can_do_nothing(border: Border, address: str) -> None:
    answer = border.client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert openings(border) == 1


def test_another_authority_does_not_find_it(border: Border, address: str) -> None:
    sign_in(border.client, border.session, border.person(Role.OFFICER, organisation=border.partner))
    assert border.client.get(address).status_code == 404
    assert openings(border) == 0


def test_an_analyst_may_not_open_receipts(border: Border, address: str) -> None:
    sign_in(border.client, border.session, border.person(Role.ANALYST))
    assert border.client.get(address).status_code == 403


def test_an_auditor_says_for_which_check(border: Border, address: str, page_client: PageClient) -> None:
    auditor = border.factories.user(border.project, None, Role.AUDITOR)
    sign_in(border.client, border.session, auditor)
    assert "written down with its reason" in page_client.get(address).text
    page_client.post(address, {"reason": " "}, status=422)
    assert openings(border) == 0
    answer = page_client.post(address, {"reason": "Sample 3 of the first claim"}, status=200)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert openings(border) == 1
