"""The report command: the page's report as a file, as the installation or as a person, and written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.audit import AuditEvent
from registry.models.projects import Organisation, Project
from registry.services import derive
from tests.factories import Factories
from tests.page_client import RegistryClient


@pytest.fixture
def police(factories: Factories) -> Organisation:
    return factories.organisation()


@pytest.fixture
def project(factories: Factories, session: Session, police: Organisation) -> Project:
    made = factories.project("ATHENA-2")
    factories.target(made, "joint_patrols", "JP", 24)
    factories.activity(made, police)
    factories.cost_line(factories.beneficiary(made, police), 12_345)
    derive.rebuild(session)
    return made


@pytest.fixture
def run(app: Any, client: RegistryClient, session: Session, project: Project) -> Any:
    """Runs the command on the test's own connection."""

    def command(name: str, *options: str) -> Any:
        session.commit()
        done = app.test_cli_runner().invoke(args=["registry", "report", name, "--project", project.reference, *options])
        session.expire_all()
        return done

    return command


def test_a_report_is_written_to_a_file_and_written_down(run: Any, session: Session, tmp_path: Path) -> None:
    target = tmp_path / "monitoring.json"
    done = run("monitoring", "--format", "json", "--output", str(target), "--reason", "Steering committee")
    assert done.exit_code == 0, done.output
    document = json.loads(target.read_bytes())
    assert document["name"] == "monitoring"
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.export")).one()
    assert (event.actor, event.reason, event.subject) == ("system", "Steering committee", "ATHENA-2")
    assert event.details["figures"] == document["content_hash"]
    assert event.content_hash in done.output


def test_without_a_file_it_goes_to_standard_output(run: Any) -> None:
    done = run("expenditure", "--format", "csv", "--from", "2026-10-01", "--to", "2026-10-31")
    assert done.exit_code == 0, done.output
    assert "123.45" in done.stdout_bytes.decode("utf-8-sig")


def test_html_needs_no_other_file(run: Any) -> None:
    page = run("expenditure", "--format", "html").stdout_bytes.decode()
    assert "Expenditure against the budget" in page
    assert "data:image/svg+xml;base64," in page
    assert "url(" not in page
    assert "<script" not in page


def test_a_person_has_their_own_rights_and_gives_a_reason(
    run: Any, factories: Factories, project: Project, police: Organisation
) -> None:
    analyst = factories.user(project, police, Role.ANALYST)
    refused = run("expenditure", "--format", "csv", "--as", analyst.email, "--reason", "Curious")
    assert refused.exit_code == 1
    assert "does not include the expenditure report" in refused.output
    lead = factories.user(project, police, Role.LEAD_PARTNER)
    assert "say in a few words" in run("expenditure", "--format", "csv", "--as", lead.email).output
    assert run("expenditure", "--format", "csv", "--as", lead.email, "--reason", "Report").exit_code == 0


def test_what_cannot_be_understood_is_said_in_a_sentence(run: Any) -> None:
    assert "from: " in run("monitoring", "--from", "soon").output
    assert "There is no account" in run("monitoring", "--as", "nobody@example.org").output
