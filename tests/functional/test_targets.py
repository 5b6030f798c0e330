"""The targets page: the sentence first, both countings, and what is kept from the lists behind the numbers."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.projects import Organisation, Project
from registry.services import derive
from tests.factories import Factories, sign_in
from tests.page_client import PageClient, RegistryClient


@pytest.fixture
def project(factories: Factories) -> Project:
    made = factories.project("ATHENA-2")
    factories.target(made, "joint_patrols", "JP", 3, label="Joint patrols", position=1)
    factories.target(made, "joint_operations", "JO", 400, label="Joint operations", position=2)
    factories.target(made, "officers_involved", None, 300, label="Officers involved", position=3, unit="persons",
                     qualifier="approximate")  # fmt: skip
    return made


@pytest.fixture
def police(factories: Factories) -> Organisation:
    return factories.organisation(name="Police, Slovenia")


@pytest.fixture
def lead(
    factories: Factories, client: RegistryClient, session: Session, project: Project, police: Organisation
) -> None:
    sign_in(client, session, factories.user(project, police, Role.LEAD_PARTNER))


@pytest.fixture
def officer(
    factories: Factories, client: RegistryClient, session: Session, project: Project, police: Organisation
) -> None:
    sign_in(client, session, factories.user(project, police, Role.OFFICER))


@pytest.fixture
def data_protection_officer(
    factories: Factories, client: RegistryClient, session: Session, project: Project, police: Organisation
) -> None:
    sign_in(client, session, factories.user(project, police, Role.DATA_PROTECTION_OFFICER))


def cells(page_client: PageClient, label: str) -> list[str]:
    assert page_client.last is not None
    for row in page_client.last.all("tr"):
        texts = [" ".join("".join(cell.itertext()).split()) for cell in row]
        if label in texts[0]:
            return texts
    raise AssertionError(label)


@pytest.mark.usefixtures("lead")
def test_the_sentence_comes_first_and_each_promise_is_judged(
    factories: Factories, session: Session, page_client: PageClient, project: Project, police: Organisation
) -> None:
    operation = factories.activity(project, police, kind="JO", verified=True, officers=4)
    for _ in range(3):
        factories.activity(project, police, verified=True, officers=4)
    factories.activity(project, police, parent_id=operation.id, officers=4)
    factories.activity(project, police, status="SCHEDULED", counts_on=date(2027, 2, 1), officers=2)
    derive.rebuild(session)
    page = page_client.get("/p/ATHENA-2/targets")
    assert "1 of 3 will be reached at this pace, 2 will be missed, 0 are in doubt" in page.text
    assert "day 420 of 730, 57.5 %" in page.text
    patrols = cells(page_client, "Joint patrols")
    assert patrols[1:5] == ["3", "4 (3)", "1", "133 %"]
    assert patrols[-2:] == ["Reached", "3 of 4"]
    assert cells(page_client, "Joint operations")[-2] == "Will miss"
    officers = cells(page_client, "Officers involved")
    assert "attendances, not persons" in officers[0]
    assert officers[1:4] == ["≈ 300", "20 (16)", "2"]


@pytest.mark.usefixtures("lead")
def test_the_other_counting_is_one_link_away(
    factories: Factories, session: Session, page_client: PageClient, project: Project, police: Organisation
) -> None:
    operation = factories.activity(project, police, kind="JO")
    factories.activity(project, police, parent_id=operation.id)
    derive.rebuild(session)
    assert "/p/ATHENA-2/targets?rule=roots" in page_client.get("/p/ATHENA-2/targets").links()
    assert cells(page_client, "Joint patrols")[2] == "1 (0)"
    page_client.get("/p/ATHENA-2/targets?rule=roots")
    assert cells(page_client, "Joint patrols")[2] == "0 (1)"
    page_client.get("/p/ATHENA-2/targets?rule=guess", status=422)
    page_client.get("/p/ATHENA-2/targets?rule=roots&rule=roots", status=422)


@pytest.mark.usefixtures("lead")
def test_each_number_leads_to_its_list(session: Session, page_client: PageClient) -> None:
    derive.rebuild(session)
    page = page_client.get("/p/ATHENA-2/targets")
    asked = [parse_qs(urlsplit(href).query) for href in page.links() if "kind=JP" in href]
    assert asked[0]["from"] == ["2025-10-01"]
    assert asked[0]["to"] == ["2027-09-30"]
    assert "REPORTED" in asked[0]["status"]
    assert "WITHDRAWN" not in asked[0]["status"]


@pytest.mark.usefixtures("officer")
def test_hidden_records_are_counted_and_said_to_be_withheld(
    factories: Factories, session: Session, page_client: PageClient, project: Project
) -> None:
    italy = factories.organisation(country="IT", name="Border police, Italy")
    factories.activity(project, italy, officers=None)
    derive.rebuild(session)
    page = page_client.get("/p/ATHENA-2/targets")
    assert cells(page_client, "Joint patrols")[2] == "1"
    assert "1 activity of the project is not listed to you" in page.text
    assert "1 activity held names no number of officers" in page.text
    assert "Border police, Italy" not in page.text


def test_a_project_without_promises_or_dates_says_what_comes_here(
    factories: Factories, client: RegistryClient, session: Session, page_client: PageClient, police: Organisation
) -> None:
    empty = factories.project("EMPTY")
    undated = factories.project("UNDATED", from_on=None, until_on=None)
    person = factories.user(empty, police, Role.ANALYST)
    person.assignments += factories.user(undated, police, Role.ANALYST).assignments
    sign_in(client, session, person)
    assert "Nothing was promised yet" in page_client.get("/p/EMPTY/targets").text
    assert "no first and last day" in page_client.get("/p/UNDATED/targets").text


@pytest.mark.usefixtures("data_protection_officer")
def test_who_has_no_content_has_no_targets(page_client: PageClient) -> None:
    page_client.get("/p/ATHENA-2/targets", status=403)
