"""Does a project come to stand as its file says, whole or not at all, and never with something deleted?"""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from registry.domain.errors import InvalidInput, NotAllowed, ReadOnly
from registry.domain.permissions import SYSTEM, Role
from registry.models.audit import AuditEvent
from registry.models.projects import Beneficiary, BudgetLine, Organisation, Project, Target, WorkPackage
from registry.schemas.projects import SetUpProjectIn
from registry.services.set_up_project import set_up_project
from tests.factories import viewer_for

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "project.json"


@pytest.fixture
def body():
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


@pytest.fixture
def run(session, clock):
    def set_up(body, actor=SYSTEM):
        return set_up_project(session, SetUpProjectIn().load_json(copy.deepcopy(body)), actor=actor, clock=clock)

    return set_up


def faults(body):
    with pytest.raises(InvalidInput) as refusal:
        SetUpProjectIn().load_json(body)
    return refusal.value.errors


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def audited(session):
    return session.scalars(select(AuditEvent).where(AuditEvent.action == "project.set_up")).all()


def test_the_example_makes_a_project_with_everything_in_it(session, run, body):
    done = run(body)
    assert done.made == {
        "organisations": 2,
        "project": 1,
        "work packages": 2,
        "targets": 2,
        "beneficiaries": 2,
        "budget lines": 4,
    }
    project = session.scalar(select(Project).where(Project.reference == "EXAMPLE-1"))
    assert (project.from_on, project.until_on) == (date(2026, 3, 1), date(2028, 3, 1))
    assert session.get(Organisation, project.lead_organisation_id).short == "SI"
    assert (project.is_demo, project.read_only, project.release_delay_days) == (False, False, 7)
    lines = session.execute(
        select(Beneficiary.number, BudgetLine.category, WorkPackage.code, BudgetLine.amount_eur_minor)
        .join(Beneficiary, Beneficiary.id == BudgetLine.beneficiary_id)
        .join(WorkPackage, WorkPackage.id == BudgetLine.work_package_id)
        .order_by(BudgetLine.id)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("P1", "PERS", "WP1", 6_000_000),
        ("P1", "TRAV", "WP2", 8_500_000),
        ("P2", "TRAV", "WP2", 7_250_050),
        ("P2", "EQUI", "WP2", 1_800_000),
    ]
    targets = session.scalars(select(Target).order_by(Target.position)).all()
    assert [(t.indicator, t.kind, t.value, t.qualifier) for t in targets] == [
        ("joint_patrols", "JP", 40, "exact"),
        ("officers", None, 300, "more_than"),
    ]
    [event] = audited(session)
    assert (event.actor, event.subject, event.touched) == ("system", "EXAMPLE-1", 13)


def test_the_same_file_twice_changes_nothing(session, run, body):
    run(body)
    again = run(body)
    assert (again.touched, again.kept) == (0, ())
    assert len(audited(session)) == 1
    assert session.scalar(select(Project.data_revision)) == 0


def test_a_changed_file_changes_and_adds_and_never_deletes(session, run, body):
    run(body)
    body["project"]["title"] = "Joint patrols on three borders"
    body["project"]["end"] = "2028-03-31"
    body["work_packages"] = [{"code": "WP2", "title": "Activities"}, {"code": "WP3", "title": "Evaluation"}]
    body["targets"] = [{**body["targets"][0], "value": 50}]
    body["beneficiaries"][0]["budget"] = [{"category": "OTHR", "work_package": "WP3", "amount": "10"}]
    body["beneficiaries"][1]["budget"][0]["amount"] = "70000.00"
    done = run(body)
    assert done.made == {"work packages": 1, "budget lines": 1}
    assert done.changed == {"project": 1, "work packages": 1, "targets": 1, "budget lines": 1}
    assert [number_of(session, model) for model in (WorkPackage, Target, BudgetLine)] == [3, 2, 5]
    session.expire_all()
    assert session.execute(select(Project.title, Project.until_on, Project.data_revision)).one() == (
        "Joint patrols on three borders",
        date(2028, 4, 1),
        1,
    )


def test_an_organisation_that_is_there_is_used_as_it_stands(session, run, body, factories):
    there = factories.organisation("SI", country="SI", name="Slovenian police")
    done = run(body)
    assert done.made["organisations"] == 1
    assert done.kept == ("SI is there as “Slovenian police” (police) and stays so.",)
    assert there.name == "Slovenian police"


def test_a_short_code_of_another_country_is_refused(run, body, factories):
    factories.organisation("RO", country="IT", name="Roma")
    with pytest.raises(InvalidInput) as refusal:
        run(body)
    assert refusal.value.errors == {"organisations.1.country": ["RO is Roma (IT) here. Choose another short code."]}


def test_a_beneficiary_is_never_replaced_nor_renumbered(run, body):
    run(body)
    first, second = body["beneficiaries"]
    first["id"], second["id"] = second["id"], "P7"
    with pytest.raises(InvalidInput) as refusal:
        run(body)
    assert refusal.value.errors == {
        "beneficiaries.0.id": ["P2 is another organisation here. Give the new one a number of its own."],
        "beneficiaries.1.id": ["RO is P2 here. Keep that number."],
    }


def test_the_lead_changes_only_when_the_old_coordinator_is_named(session, run, body):
    run(body)
    first, second = body["beneficiaries"]
    body["project"]["lead"], second["role"] = "RO", "coordinator"
    body["beneficiaries"] = [second]
    with pytest.raises(InvalidInput) as refusal:
        run(body)
    assert list(refusal.value.errors) == ["project.lead"]
    first["role"] = "beneficiary"
    body["beneficiaries"] = [first, second]
    run(body)
    roles = session.execute(select(Beneficiary.number, Beneficiary.role).order_by(Beneficiary.number)).all()
    assert [tuple(row) for row in roles] == [("P1", "beneficiary"), ("P2", "coordinator")]


def test_only_an_administrator_sets_up_a_project(session, run, body, factories):
    coordinator = factories.user(factories.project(), factories.organisation("IT-X", country="IT"), Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        run(body, viewer_for(coordinator))
    administrator = factories.user(None, None, Role.ADMINISTRATOR, email="admin@example.org")
    run(body, viewer_for(administrator))
    assert audited(session)[0].actor == "admin@example.org"


def test_a_project_kept_for_reading_is_left_alone(run, body, factories):
    factories.project("EXAMPLE-1", read_only=True)
    with pytest.raises(ReadOnly):
        run(body)


def test_every_fault_of_a_field_is_named_by_its_path(body):
    body["organisations"][0]["country"] = "ZZ"
    body["project"]["start"] = "soon"
    body["project"]["colour"] = "blue"
    body["targets"][0]["value"] = "many"
    body["targets"][1]["qualifier"] = "roughly"
    body["beneficiaries"][0]["accounting_currency"] = "XXX"
    body["beneficiaries"][0]["budget"][1]["category"] = "FOOD"
    body["beneficiaries"][1]["budget"][0]["amount"] = 72500.5
    del body["beneficiaries"][1]["role"]
    body["work_packages"][1] = "WP2"
    found = faults(body)
    assert sorted(found) == [
        "beneficiaries.0.accounting_currency",
        "beneficiaries.0.budget.1.category",
        "beneficiaries.1.budget.0.amount",
        "beneficiaries.1.role",
        "organisations.0.country",
        "project.colour",
        "project.start",
        "targets.0.value",
        "targets.1.qualifier",
        "work_packages.1",
    ]
    assert found["beneficiaries.1.budget.0.amount"] == ["Write the amount as text, such as “1234.50”."]
    assert found["beneficiaries.1.role"] == ["This is missing. Add it."]
    assert found["project.colour"] == ["This field is not known here."]


def test_every_contradiction_between_the_parts_is_named_by_its_path(body):
    body["organisations"][1] |= {"short": "ro", "kind": "navy"}
    body["project"] |= {"reference": "A B", "end": "2026-02-28", "lead": "IT", "release_delay_days": -1}
    body["work_packages"].append({"code": "WP1", "title": "Again"})
    body["targets"][0] |= {"kind": "XX", "value": 0}
    body["targets"][1] |= {"indicator": "joint_patrols", "qualifier": "not_counted", "source_url": "example.org"}
    body["beneficiaries"][0]["budget"].append({"category": "PERS", "work_package": "WP1", "amount": "-5"})
    body["beneficiaries"][1] |= {"id": "P1", "role": "guest"}
    body["beneficiaries"][1]["budget"][1]["work_package"] = "WP9"
    assert sorted(faults(body)) == [
        "beneficiaries.0.budget.2.amount",
        "beneficiaries.0.budget.2.work_package",
        "beneficiaries.1.budget.1.work_package",
        "beneficiaries.1.id",
        "beneficiaries.1.organisation",
        "beneficiaries.1.role",
        "organisations.1.kind",
        "organisations.1.short",
        "project.end",
        "project.lead",
        "project.reference",
        "project.release_delay_days",
        "targets.0.kind",
        "targets.0.value",
        "targets.1.indicator",
        "targets.1.qualifier",
        "targets.1.source_url",
        "work_packages.2.code",
    ]


def test_a_project_has_one_coordinator_and_that_is_the_lead(body):
    body["beneficiaries"][1]["role"] = "coordinator"
    assert faults(body) == {"project.lead": ["Give the role coordinator to SI, and to no other beneficiary."]}
