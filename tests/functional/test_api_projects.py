"""Targets, reports and costs of a project are the same for a script as for its owner's browser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from registry.domain.permissions import Role
from registry.models.accounts import ApiToken
from registry.models.audit import AuditEvent
from registry.models.costs import CostLine
from registry.services import derive
from tests.functional.api_steps import Script, make_world


@pytest.fixture
def world(factories, session):
    """Two partners with a promise of 24 patrols, one of them held."""
    made = make_world(factories)
    factories.target(made.project, "joint_patrols", "JP", 24)
    made.beneficiary = factories.beneficiary(made.project, made.slovenia, currency="EUR")
    made.fresh = factories.activity(
        made.project, made.slovenia, made.italy, starts_at=datetime(2026, 10, 5, 18, tzinfo=UTC)
    )
    made.finance = factories.user(made.project, made.slovenia, Role.FINANCE_OFFICER)
    derive.rebuild(session)
    return made


@pytest.fixture
def finance(client, session, world):
    """A script of the finance officer."""
    return Script(client, session, world.finance)


def test_the_board_counts_what_was_held_and_says_how_it_counts(finance):
    board = finance.get("/projects/ATHENA/targets").get_json()
    (row,) = board["items"]
    assert (board["rule"], row["kind"], row["target"], row["held"]) == ("every_kind", "JP", 24, 1)
    assert finance.get("/projects/ATHENA/targets?rule=roots").get_json()["rule"] == "roots"
    assert finance.get("/projects/ATHENA/targets?rule=best").status_code == 422


def test_a_hidden_record_counts_in_the_board_and_is_told_as_withheld(client, session, world):
    board = Script(client, session, world.bystander).get("/projects/ATHENA/targets").get_json()
    assert (board["items"][0]["held"], board["withheld"]) == (1, 1)


def test_outside_the_project_there_is_no_board(client, session, world):
    assert Script(client, session, world.outsider).get("/projects/ATHENA/targets").status_code == 404


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("json", "application/json"),
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_report_is_a_file_with_its_name(finance, form, media_type):
    answer = finance.get(f"/projects/ATHENA/reports/monitoring?format={form}")
    assert answer.status_code == 200
    assert answer.mimetype == media_type
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=athena-monitoring-rev")


def test_a_report_of_money_takes_the_purpose_of_the_token_as_its_reason(finance, session):
    refused = finance.get("/projects/ATHENA/reports/expenditure")
    assert refused.status_code == 422
    assert refused.get_json()["type"] == "/problems/reason-required"
    session.scalars(select(ApiToken)).one().purpose = "Quarterly statement"
    assert finance.get("/projects/ATHENA/reports/expenditure?from=2026-10-01&to=2026-12-31").status_code == 200
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.export")).one()
    assert (event.subject, event.reason) == ("expenditure", "Quarterly statement")


def test_a_report_with_money_is_not_for_an_officer(client, session, world):
    officer = Script(client, session, world.officer)
    session.scalars(select(ApiToken)).one().purpose = "Curiosity"
    assert officer.get("/projects/ATHENA/reports/expenditure").status_code == 403
    assert officer.get("/projects/ATHENA/reports/nothing").status_code == 404


def cost(**facts):
    return {"cost_type": "FUEL_VEHICLE", "amount": "120.50", "currency": "EUR", "incurred_on": "2026-10-05", **facts}


def test_a_cost_of_an_activity_is_recorded_and_converted(finance, world, session):
    answer = finance.post("/costs", {"project": "ATHENA", "activity": world.fresh.reference, "cost": cost()})
    assert answer.status_code == 201, answer.get_json()
    assert answer.get_json()["eur"] == {"minor": 12050, "currency": "EUR"}
    line = session.scalars(select(CostLine)).one()
    assert (line.reference, line.activity_id) == (answer.get_json()["reference"], world.fresh.id)


def test_a_currency_without_a_rate_is_not_converted_and_not_zero(finance, world):
    body = {"project": "ATHENA", "activity_kind": "MGT", "cost": cost(currency="ALL")}
    answer = finance.post("/costs", body)
    assert answer.status_code == 201, answer.get_json()
    assert answer.get_json()["eur"] is None


@pytest.mark.parametrize(
    ("said", "field"),
    [({"amount": 12.5}, "cost.amount"), ({"cost_type": "BRIBE"}, "cost.cost_type"), ({"tip": "1"}, "cost.tip")],
)
def test_a_cost_that_cannot_be_read_is_a_problem_with_its_field(finance, said, field):
    answer = finance.post("/costs", {"project": "ATHENA", "activity_kind": "MGT", "cost": cost(**said)})
    assert answer.status_code == 422
    assert field in answer.get_json()["errors"]


def test_who_records_no_costs_is_told(client, session, world):
    body = {"project": "ATHENA", "activity_kind": "MGT", "cost": cost()}
    assert Script(client, session, world.verifier).post("/costs", body).status_code == 403
