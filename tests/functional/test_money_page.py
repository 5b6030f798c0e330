"""The money page: the chain of figures, what is over budget, what is not converted, and who sees which line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.accounts import User
from registry.models.audit import AuditEvent
from registry.models.projects import Beneficiary, Organisation, Project
from registry.services import derive
from tests.factories import Factories, sign_in
from tests.page_client import PageClient, RegistryClient

MONEY = "/p/ATHENA-2/money"
SVG = "{http://www.w3.org/2000/svg}"
Person = Callable[[Role, Organisation], User]


@pytest.fixture
def police(factories: Factories) -> Organisation:
    return factories.organisation(name="Police, Slovenia")


@pytest.fixture
def project(factories: Factories, police: Organisation) -> Project:
    return factories.project("ATHENA-2", lead_organisation_id=police.id)


@pytest.fixture
def beneficiary(factories: Factories, project: Project, police: Organisation) -> Beneficiary:
    return factories.beneficiary(project, police)


@pytest.fixture
def spent(factories: Factories, session: Session, project: Project, beneficiary: Beneficiary) -> None:
    package = factories.work_package(project, "WP2", "Joint activities")
    factories.budget_line(beneficiary, package, "TRAV", 20_000)
    factories.budget_line(beneficiary, package, "EQUI", 1_000)
    facts = {"work_package_id": package.id}
    factories.cost_line(beneficiary, 4_550, description="Fuel for two cars", supplier="Petrol station", **facts)
    factories.cost_line(beneficiary, 1_001, category="EQUI", incurred_on=date(2026, 7, 1), **facts)
    factories.cost_line(beneficiary, 45_000, currency="RON", eur_minor=9_041, rate="4.9771", reference="C-LEI",
                        rate_on=date(2026, 10, 5), rate_source="ECB", provisional=True, **facts)  # fmt: skip
    factories.cost_line(beneficiary, 117_000, currency="RSD", **facts)
    derive.rebuild(session)


@pytest.fixture
def person(factories: Factories, client: RegistryClient, session: Session, project: Project) -> Person:
    """Signs somebody in with a role for an organisation."""
    return lambda role, who: sign_in(client, session, factories.user(project, who, role))


@pytest.fixture
def finance(person: Person, police: Organisation) -> User:
    """A finance officer of the lead partner, signed in."""
    return person(Role.FINANCE_OFFICER, police)


@pytest.mark.usefixtures("spent", "finance")
def test_the_chain_says_budget_spent_share_left_and_what_is_not_converted(page_client: PageClient) -> None:
    page = page_client.get(MONEY)
    chain = " ".join(" ".join(page.one("dl").itertext()).split())
    assert "Budget EUR 210.00" in chain
    assert "Spent EUR 145.92 sum of 3 converted lines" in chain
    assert "Share of the budget 69.5 %" in chain
    assert "Left EUR 64.08" in chain
    assert "1 line RSD 1,170.00 no rate known; in no sum" in chain
    assert "Without receipt 4 of all lines" in chain
    assert "4 cost lines, 1 provisional" in page.text


@pytest.mark.usefixtures("spent", "finance")
def test_red_stands_only_over_budget_and_with_words(page_client: PageClient) -> None:
    page = page_client.get(MONEY)
    over = ["".join(cell.itertext()) for cell in page.all("b", class_="ov")]
    assert over == ["10.01", "10.01"]
    assert "100.1 % of 10.00" in page.text
    assert any(href.endswith("&category=EQUI#lines") for href in page.links())
    widths = [rect.get("width") for rect in page.all(f"{SVG}rect", class_="v-dng")]
    assert widths == ["72.0", "72.0"]


@pytest.mark.usefixtures("spent", "finance")
def test_a_line_explains_its_figure_and_a_missing_rate_is_never_zero(page_client: PageClient) -> None:
    text = page_client.get(MONEY).text
    assert "450.00 RON ÷ 4.9771 = 90.414097 rounded half-up to the cent, once: EUR 90.41" in text
    assert "4.9771 RON per EUR, ECB, 5 Oct 2026" in text
    assert "not converted no rate for RSD" in text
    assert "Paid in euro: nothing was converted." in text
    assert "Fuel for two cars Petrol station" in text


@pytest.mark.usefixtures("spent", "finance")
def test_lines_can_be_narrowed_and_say_how_many_there_are(page_client: PageClient) -> None:
    assert "1 of 1 , newest first" in page_client.get(f"{MONEY}?state=not_converted").text
    assert "No line that you may read fits" in page_client.get(f"{MONEY}?category=SUBC").text
    page_client.get(f"{MONEY}?state=lost", status=422)


@pytest.mark.usefixtures("finance")
def test_older_lines_are_a_link_away(
    factories: Factories, session: Session, page_client: PageClient, beneficiary: Beneficiary
) -> None:
    for number in range(52):
        factories.cost_line(beneficiary, 100, reference=f"C-{number:03d}")
    derive.rebuild(session)
    page = page_client.get(MONEY)
    assert "50 of 52 , newest first" in page.text
    older = page.one("a", rel="next").get("href", "")
    assert older == f"{MONEY}?after=C-002#lines"
    page = page_client.get(older.partition("#")[0])
    assert "2 of 52 , newest first" in page.text
    assert not page.all("a", rel="next")
    assert f"{MONEY}?#lines" in page.links()


def test_another_finance_officer_sees_all_totals_and_only_its_own_lines(
    factories: Factories, person: Person, page_client: PageClient, project: Project, beneficiary: Beneficiary
) -> None:
    italy = factories.organisation(country="IT", name="Border police, Italy")
    theirs = factories.beneficiary(project, italy)
    factories.cost_line(beneficiary, 70_000, reference="C-SLOVENIA")
    factories.cost_line(theirs, 500, reference="C-ITALY")
    derive.rebuild(factories.session)
    person(Role.FINANCE_OFFICER, italy)
    page = page_client.get(MONEY)
    assert "Spent EUR 705.00" in page.text
    assert "C-ITALY" in page.text
    assert "C-SLOVENIA" not in page.text
    assert "1 of 1 that you may read" in page.text
    assert "lines are those you may read" in page.text


@pytest.mark.usefixtures("finance")
def test_nothing_spent_says_how_it_begins(page_client: PageClient) -> None:
    page = page_client.get(MONEY)
    assert "No cost has been recorded yet" in page.text
    assert "The first one begins this page" in page.text
    assert not page.all("figure")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ANALYST, Role.VERIFIER])
def test_who_has_no_right_to_money_has_no_money_page(
    person: Person, page_client: PageClient, police: Organisation, role: Role
) -> None:
    person(role, police)
    page_client.get(MONEY, status=403)


@pytest.mark.usefixtures("spent", "finance")
def test_the_file_of_lines_asks_why_and_is_written_down(session: Session, page_client: PageClient) -> None:
    page_client.get(MONEY)
    page_client.post(f"{MONEY}/lines.csv", {"reason": " "}, status=422)
    page_client.get(MONEY)
    made = page_client.post(f"{MONEY}/lines.csv", {"reason": "Audit visit", "category": "TRAV"}, status=200)
    lines = made.get_data(as_text=True).splitlines()
    made.close()  # as a server does once it is sent
    assert lines[0].startswith("\ufeffreference,incurred_on,beneficiary")
    assert len(lines) == 4
    assert made.headers["X-Rows"] == "3"
    assert not any(",0.00," in line for line in lines)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "cost_lines.export")).one()
    assert (event.reason, event.touched, event.details["filter"]) == ("Audit visit", 3, "category=TRAV")
    assert len(event.content_hash) == 64


@pytest.mark.usefixtures("spent")
def test_an_auditors_look_is_written_down(
    factories: Factories, person: Person, session: Session, page_client: PageClient
) -> None:
    person(Role.AUDITOR, factories.organisation())
    page_client.get(MONEY)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "money.read")).one()
    assert event.touched == 4
