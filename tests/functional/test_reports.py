"""Reports: the same figures on the page and in every file, and what is written down when one is taken."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.errors import InvalidInput, NotFound
from registry.domain.permissions import SYSTEM, Role
from registry.models.audit import AuditEvent
from registry.models.projects import Organisation, Project
from registry.reports import production
from registry.services import derive
from tests.conftest import NOW
from tests.factories import Factories, sign_in, viewer_for
from tests.page_client import PageClient, RegistryClient

REPORTS = "/p/ATHENA-2/reports"


@pytest.fixture
def police(factories: Factories) -> Organisation:
    return factories.organisation(name="Police, Slovenia")


@pytest.fixture
def project(factories: Factories, session: Session, police: Organisation) -> Project:
    made = factories.project("ATHENA-2", lead_organisation_id=police.id)
    italy = factories.organisation(country="IT", name="Border police, Italy")
    factories.target(made, "joint_patrols", "JP", 24, label="Joint patrols")
    factories.target(made, "officers_involved", None, 300, label="Officers involved", unit="persons")
    operation = factories.activity(made, police, italy, kind="JO", released=True, at=None)
    factories.activity(made, police, italy, released=True, parent_id=operation.id, outcomes={"arrests": 2})
    factories.activity(made, police, outcomes={"arrests": None, "hits": 0}, hours=7.5, counts_on=date(2026, 9, 2))
    factories.activity(made, italy, counts_on=date(2026, 9, 3))
    beneficiary = factories.beneficiary(made, police)
    package = factories.work_package(made)
    factories.budget_line(beneficiary, package, "TRAV", 50_000)
    for minor in (1, 33_333, 1_667):
        factories.cost_line(beneficiary, minor, work_package_id=package.id)
    factories.cost_line(beneficiary, 117_000, currency="RSD", category="OTHR")
    derive.rebuild(session)
    return made


@pytest.fixture
def lead(
    factories: Factories, client: RegistryClient, session: Session, project: Project, police: Organisation
) -> None:
    sign_in(client, session, factories.user(project, police, Role.LEAD_PARTNER))


@pytest.fixture
def analyst(
    factories: Factories, client: RegistryClient, session: Session, project: Project, police: Organisation
) -> None:
    sign_in(client, session, factories.user(project, police, Role.ANALYST))


@pytest.mark.usefixtures("lead")
def test_the_list_says_what_each_report_answers(page_client: PageClient) -> None:
    page = page_client.get(REPORTS)
    assert "What was held against what was promised" in page.text
    assert {f"{REPORTS}/monitoring", f"{REPORTS}/expenditure"} <= set(page.links())


@pytest.mark.usefixtures("lead")
def test_the_monitoring_report_stands_on_paper_with_its_marking_and_hash(page_client: PageClient) -> None:
    page = page_client.get(f"{REPORTS}/monitoring")
    assert "SENSITIVE NON-CLASSIFIED" in page.text
    assert "SHA-256" in page.text
    assert "Joint patrols activities 24 3 12.5 % 2 0 14 1 of 3 verified" in page.text
    assert "Arrests persons 2 (1 n.c.) 2 1" in page.text
    assert "Officers, attendances" in page.text


@pytest.mark.usefixtures("lead")
def test_a_report_over_another_period_counts_what_the_reader_may_list(page_client: PageClient) -> None:
    page = page_client.get(f"{REPORTS}/monitoring?from=2026-09-01&to=2026-09-30")
    assert "1 Sep 2026 to 30 Sep 2026" in page.text
    assert "records the reader may list" in page.text
    assert f"{REPORTS}/monitoring" in page.links()
    page_client.get(f"{REPORTS}/monitoring?from=yesterday", status=422)
    page_client.get(f"{REPORTS}/monitoring?from=2026-09-01&to=2026-08-01", status=422)
    page_client.get(f"{REPORTS}/unknown", status=404)


def test_a_narrow_period_never_counts_a_record_kept_from_the_reader(
    session: Session, factories: Factories, project: Project, police: Organisation
) -> None:
    officer = viewer_for(factories.user(project, police, Role.OFFICER))
    day = production.period_of(project, date(2026, 9, 3), date(2026, 9, 4))

    def held(viewer: object) -> object:
        made = production.produce(
            session, "monitoring", project=project, viewer=viewer, period=day, clock=FixedClock(NOW)
        )
        return made.table("activities").footer[-1]

    assert held(officer) == 0
    assert held(SYSTEM) == 1


def file_of(page_client: PageClient, name: str, code: str, **form: str) -> bytes:
    page_client.get(f"{REPORTS}/{name}")
    response = page_client.post(
        f"{REPORTS}/{name}/file", {"format": code, "reason": "Steering committee", **form}, status=200
    )
    content: bytes = response.get_data()
    return content


@pytest.mark.usefixtures("lead")
def test_csv_json_and_workbook_of_the_expenditure_agree_to_the_cent(page_client: PageClient) -> None:
    text = file_of(page_client, "expenditure", "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    start = rows.index(["Cost lines"]) + 1
    lines = [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]
    total = sum(Decimal(line["eur"] or 0) for line in lines)
    document = json.loads(file_of(page_client, "expenditure", "json"))
    tables = {section["key"]: section for section in document["sections"] if section["type"] == "table"}
    assert total == Decimal("350.01") == Decimal(tables["by_beneficiary"]["footer"]["spent"]["amount"])
    assert total == sum(Decimal(row["spent"]["amount"]) for row in tables["by_kind"]["rows"])
    assert tables["not_converted"]["rows"][0]["amount"] == {"amount": "1170.00", "currency": "RSD"}
    book = ZipFile(io.BytesIO(file_of(page_client, "expenditure", "xlsx")))
    assert any(b"<v>350.01</v>" in book.read(name) for name in book.namelist() if "worksheets/sheet" in name)
    assert document["marking"] == "SENSITIVE NON-CLASSIFIED"


@pytest.mark.usefixtures("lead")
def test_the_pdf_is_a_pdf_and_its_figures_carry_the_pages_hash(page_client: PageClient, session: Session) -> None:
    page = page_client.get(f"{REPORTS}/monitoring")
    shown = "".join("".join(cell.itertext()) for cell in page.all("dd", class_="hash")).replace(" ", "")
    assert file_of(page_client, "monitoring", "pdf", reason="").startswith(b"%PDF")
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.export")).one()
    assert event.details["figures"] == shown
    assert event.details["form"] == "pdf"


@pytest.mark.usefixtures("lead")
def test_a_file_with_cost_lines_or_for_somebody_outside_asks_why(page_client: PageClient) -> None:
    page_client.get(f"{REPORTS}/expenditure")
    page_client.post(f"{REPORTS}/expenditure/file", {"format": "csv"}, status=422)
    page_client.get(f"{REPORTS}/monitoring")
    outside = {"format": "csv", "recipient": "Granting authority"}
    page_client.post(f"{REPORTS}/monitoring/file", outside, status=422)
    page_client.get(f"{REPORTS}/monitoring")
    page_client.post(f"{REPORTS}/monitoring/file", {"format": "docx"}, status=422)


@pytest.mark.usefixtures("analyst")
def test_an_analyst_reads_the_monitoring_report_and_no_money(page_client: PageClient) -> None:
    assert f"{REPORTS}/expenditure" not in page_client.get(REPORTS).links()
    assert "activities held are counted here" in page_client.get(f"{REPORTS}/monitoring").text
    page_client.get(f"{REPORTS}/expenditure", status=403)


def test_every_read_of_an_auditor_is_written_down(
    factories: Factories, client: RegistryClient, session: Session, page_client: PageClient, project: Project
) -> None:
    sign_in(client, session, factories.user(project, factories.organisation(), Role.AUDITOR))
    page_client.get(f"{REPORTS}/expenditure")
    page_client.post(f"{REPORTS}/monitoring/file", {"format": "json"}, status=422)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.read")).one()
    assert event.details["report"] == "expenditure"


def test_a_reader_of_some_lines_gets_sums_of_all_and_is_told(
    session: Session, factories: Factories, project: Project
) -> None:
    italy = factories.organisation(country="IT")
    theirs = factories.beneficiary(project, italy)
    factories.cost_line(theirs, 9_999, reference="C-ITALY")
    derive.rebuild(session)
    finance = viewer_for(factories.user(project, italy, Role.FINANCE_OFFICER))
    made = production.produce(
        session, "expenditure", project=project, viewer=finance, period=None, clock=FixedClock(NOW)
    )
    lines = made.table("lines")
    assert lines.values("reference") == ("C-ITALY",)
    assert lines.caption == "Shown: 1 of 5 lines. The sums above are of all lines. The reader may not read 4 of them."
    assert made.table("by_kind").footer[1] == 4


def test_too_many_lines_for_a_report_are_said_to_be_left_out(
    session: Session, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(production, "MOST_LINES", 2)
    made = production.produce(
        session, "expenditure", project=project, viewer=SYSTEM, period=None, clock=FixedClock(NOW)
    )
    assert len(made.table("lines").rows) == 2
    assert "All lines stand in the file of cost lines" in made.table("lines").caption
    assert str(made.table("by_beneficiary").footer[2].decimal()) == "350.01"


def test_a_project_without_dates_needs_a_period_and_an_unknown_report_is_not_found(
    session: Session, factories: Factories
) -> None:
    undated = factories.project(from_on=None, until_on=None)
    clock = FixedClock(NOW)
    with pytest.raises(InvalidInput, match="Please mend"):
        production.produce(session, "monitoring", project=undated, viewer=SYSTEM, period=None, clock=clock)
    with pytest.raises(NotFound):
        production.produce(session, "horoscope", project=undated, viewer=SYSTEM, period=None, clock=clock)
