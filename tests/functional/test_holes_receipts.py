"""A receipt, a cursor or a parent that belongs to others cannot be reached by naming it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from registry.domain.errors import NotAllowed, NotFound
from registry.domain.permissions import Permission, Role
from registry.models.accounts import Assignment
from registry.models.activities import ImportBatch
from registry.models.costs import CostLine, Document
from registry.queries import cost_lines
from registry.services import access, derive, documents, withdraw_import
from tests.conftest import NOW
from tests.factories import viewer_for
from tests.functional.api_steps import Script, World, make_world, patrol
from tests.functional.log_steps import photo


@pytest.fixture
def world(factories: Any) -> World:
    made = make_world(factories)
    made.beneficiary = factories.beneficiary(made.project, made.slovenia)
    factories.beneficiary(made.project, made.italy)
    return made


def receipt_of(world: World, session: Any, tmp_path: Any, clock: Any, person: Any) -> str:
    viewer = viewer_for(person)
    content = photo().read()
    return documents.store(
        session, "ATHENA", "receipt.jpg", content, instance=tmp_path, actor=viewer, clock=clock
    ).reference


def cost(**facts: Any) -> dict[str, Any]:
    paid = {"cost_type": "TRAVEL", "amount": "12.00", "currency": "EUR", "incurred_on": "2026-11-20", **facts}
    return {"project": "ATHENA", "activity_kind": "MGT", "cost": paid}


def test_the_receipt_of_another_authority_is_not_made_ones_own_by_naming_it(
    client: Any, session: Any, world: World, tmp_path: Any, clock: Any
) -> None:
    theirs = receipt_of(world, session, tmp_path, clock, world.officer)
    thief = Script(client, session, world.partner)
    stolen = thief.post("/costs", cost(receipt=theirs))
    unknown = thief.post("/costs", cost(receipt="DOC-XX-2026-0001"))
    assert (stolen.status_code, unknown.status_code) == (422, 422)
    assert list(stolen.get_json()["errors"]) == ["cost.receipt"]
    assert stolen.get_json()["errors"] == unknown.get_json()["errors"]
    document = session.scalars(select(Document)).one()
    assert session.scalars(select(CostLine)).all() == []
    assert not documents.may_prove_with(session, document, viewer_for(world.partner))


def test_ones_own_receipt_still_proves_a_cost(
    client: Any, session: Any, world: World, tmp_path: Any, clock: Any
) -> None:
    own = receipt_of(world, session, tmp_path, clock, world.officer)
    assert Script(client, session, world.officer).post("/costs", cost(receipt=own)).status_code == 201


def test_a_line_kept_from_the_viewer_is_no_place_to_begin_from(factories: Any, session: Any, world: World) -> None:
    third = factories.organisation("HUP", country="HU")
    mine = factories.beneficiary(world.project, third)
    finance = viewer_for(factories.user(world.project, third, Role.FINANCE_OFFICER))
    for day in (10, 20):
        factories.cost_line(mine, 100, incurred_on=date(2026, 10, day))
    hidden = factories.cost_line(world.beneficiary, 100, incurred_on=date(2026, 10, 15))
    derive.rebuild(session)
    scope = cost_lines.Scope(project_id=world.project.id, lead_organisation_id=None, viewer=finance, now=NOW)
    unknown = cost_lines.page(session, scope, after="C-NONE")
    assert len(unknown.lines) == 2
    assert cost_lines.page(session, scope, after=hidden.reference) == unknown
    assert len(cost_lines.page(session, scope, after=unknown.lines[0].reference).lines) == 1


def test_a_parent_that_one_may_not_list_looks_like_none(
    client: Any, session: Any, factories: Any, world: World
) -> None:
    third = factories.organisation("HUP", country="HU")
    hidden = factories.activity(world.project, third, section=world.section)
    derive.rebuild(session)
    script = Script(client, session, world.officer)
    probed = script.post("/joint-patrols", patrol(parent=hidden.reference))
    unknown = script.post("/joint-patrols", patrol(parent="JO-HUP-2026-9999"))
    assert (probed.status_code, unknown.status_code) == (422, 422)
    assert probed.get_json()["errors"] == unknown.get_json()["errors"]
    own = factories.activity(world.project, world.slovenia, section=world.section)
    session.flush()
    logged = script.post("/joint-patrols", patrol(parent=own.reference))
    assert logged.status_code == 201, logged.get_json()
    reference, tag = logged.get_json()["reference"], logged.headers["ETag"]
    body = {"reason": "Try", "content": {k: v for k, v in patrol(parent=hidden.reference).items() if k != "project"}}
    assert script.post(f"/activities/{reference}/amendments", body, If_Match=tag).status_code == 422


def test_a_coordinator_of_one_authority_amends_no_records_of_another_that_others_logged(
    session: Any, factories: Any, world: World
) -> None:
    record = factories.activity(world.project, world.slovenia, world.italy, section=world.section)
    both = factories.user(world.project, world.slovenia, Role.OFFICER)
    both.assignments.append(
        Assignment(
            project_id=world.project.id, organisation_id=world.italy.id, role=str(Role.COORDINATOR), granted_at=NOW
        )
    )
    session.flush()
    with pytest.raises(NotAllowed):
        access.activity_for(session, viewer_for(both), record.reference, Permission.ACTIVITY_WITHDRAW, now=NOW)


def test_an_import_of_another_project_has_the_words_of_none(
    session: Any, factories: Any, world: World, clock: Any
) -> None:
    other = factories.project("SECRET-1")
    row = {
        "what": "activities",
        "file_name": "a.csv",
        "sha256": "0" * 64,
        "imported_at": NOW,
        "imported_by": "x",
        "rows_read": 1,
        "rows_written": 1,
    }
    numbers = [
        add(session, ImportBatch(project_id=project.id, organisation_id=world.slovenia.id, **row)).id
        for project in (other, world.project)
    ]
    viewer = viewer_for(world.partner)
    said = set()
    for number in (*numbers, 999_999):
        with pytest.raises(NotFound) as refusal:
            withdraw_import.withdraw(session, number, "not mine", actor=viewer, clock=clock)
        said.add(refusal.value.message.replace(str(number), "N"))
    assert len(said) == 1


def test_who_amended_a_record_last_does_not_verify_it_for_the_host(
    client: Any, session: Any, factories: Any, world: World
) -> None:
    logged = Script(client, session, world.officer).post("/joint-patrols", patrol())
    reference = logged.get_json()["reference"]
    coordinator = Script(client, session, factories.user(world.project, world.slovenia, Role.COORDINATOR))
    tag = coordinator.get(f"/activities/{reference}").headers["ETag"]
    content = {name: value for name, value in patrol(outcomes={"persons_checked": 4000}).items() if name != "project"}
    amended = coordinator.post(
        f"/activities/{reference}/amendments", {"reason": "More", "content": content}, If_Match=tag
    )
    assert amended.status_code == 200, amended.get_json()
    verification = f"/activities/{reference}/verifications"
    own = coordinator.post(verification, {}, If_Match=amended.headers["ETag"])
    assert (own.status_code, "somebody else" in own.get_json()["detail"]) == (403, True)
    verifier = Script(client, session, world.verifier)
    tag = verifier.get(f"/activities/{reference}").headers["ETag"]
    assert verifier.post(verification, {}, If_Match=tag).status_code == 200


def add(session: Any, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
