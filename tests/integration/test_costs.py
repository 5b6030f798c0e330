"""Is every cost kept in its currency, turned to euro to the cent at a known rate, and counted once?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.command_parts import CostItem
from registry.domain.commands import RecordCost
from registry.domain.errors import InvalidInput, NotAllowed, NotFound
from registry.domain.money import Money, Rate
from registry.domain.permissions import Role
from registry.models.activities import Activity
from registry.models.aggregates import CostTally
from registry.models.audit import AuditEvent
from registry.models.costs import CostLine
from registry.services import derive, rates, record_costs
from registry.services.log_activity import log
from tests.factories import Factories, viewer_for
from tests.factories.logging import Field, field_of


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy; Slovenia is a beneficiary."""
    return field_of(factories)


def item(amount: str = "100.00", currency: str = "EUR", **facts: Any) -> CostItem:
    """A cost of travel on 20 November 2026."""
    values = {"cost_type": "TRAVEL", "incurred_on": date(2026, 11, 20), **facts}
    return CostItem(amount=Money.parse(amount, currency), **values)


def management(stage: Field, cost: CostItem) -> RecordCost:
    """A cost of the project's management."""
    return RecordCost(project=stage.project.reference, item=cost, activity_kind="MGT")


def only_line(session: Session) -> CostLine:
    """The one cost line."""
    return session.scalars(select(CostLine)).one()


def test_costs_logged_with_a_patrol_belong_to_it(session: Session, stage: Field, clock: FixedClock) -> None:
    """Category by type; a euro is final, numbered per beneficiary and year."""
    cost = {"cost_type": "OVERTIME_STAFF", "amount": "350,5", "incurred_on": "2026-11-20", "supplier": "Payroll"}
    log(session, stage.log_command(costs=[cost]), actor=stage.officer, clock=clock)
    line, activity = only_line(session), session.scalars(select(Activity)).one()
    assert (line.activity_id, line.activity_kind, line.category) == (activity.id, "JP", "PERS")
    assert (line.amount_minor, line.eur_minor, line.rate, line.provisional) == (35050, 35050, "1", False)
    assert (line.reference, line.beneficiary_id, line.supplier) == ("COST-SI-2026-0001", stage.books.id, "Payroll")
    assert derive.reconcile(session) == []
    tally = session.scalars(select(CostTally)).one()
    assert (tally.lines, tally.eur_minor, tally.month) == (1, 35050, 202611)


def test_an_imported_quote_converts_half_up_to_the_cent(
    session: Session, stage: Field, factories: Factories, clock: FixedClock
) -> None:
    """Divided by units per euro, unrounded; the last quote before a Sunday."""
    factories.rate("RSD", date(2026, 11, 20), "117.1500")
    cost = item("10000.00", "RSD", incurred_on=date(2026, 11, 22))
    done = record_costs.record(session, management(stage, cost), actor=stage.coordinator, clock=clock)
    assert done.eur == Money(8536, "EUR")  # 85.3606…
    line = only_line(session)
    assert (line.rate, line.rate_on, line.rate_source) == ("117.1500", date(2026, 11, 20), "ECB")
    assert line.provisional
    assert line.activity_kind == "MGT"
    assert session.scalars(select(AuditEvent.action)).all() == ["cost.record"]


def test_half_a_cent_rounds_up(session: Session, stage: Field, factories: Factories, clock: FixedClock) -> None:
    """1.01 at 2 units is 0.505: one more cent, not the even one."""
    factories.rate("RSD", date(2026, 11, 20), "2")
    done = record_costs.record(session, management(stage, item("1.01", "RSD")), actor=stage.officer, clock=clock)
    assert done.eur == Money(51, "EUR")


def test_without_a_rate_a_cost_is_not_converted_never_zero(session: Session, stage: Field, clock: FixedClock) -> None:
    """Until a quote arrives: then it is converted, and the stored totals follow."""
    done = record_costs.record(session, management(stage, item("500", "ALL")), actor=stage.officer, clock=clock)
    line = only_line(session)
    assert (done.eur, line.eur_minor, line.rate) == (None, None, None)
    assert derive.reconcile(session) == []
    quote = Rate(currency="ALL", units_per_eur=Decimal("97.5"), rate_on=date(2026, 11, 19), source="Bank of Albania")
    assert rates.import_quotes(session, [quote], "Bank of Albania") == 1
    assert record_costs.reconvert(session, "ALL") == 1
    assert line.eur_minor == 513
    assert line.rate_source == "Bank of Albania"
    assert derive.reconcile(session) == []
    assert record_costs.reconvert(session, "ALL") == 0


def test_a_fixed_rate_is_used_from_the_adoption_on(session: Session, stage: Field, clock: FixedClock) -> None:
    """Kuna after 2023: 7.53450, from the regulation."""
    cost = item("753.45", "HRK", incurred_on=date(2026, 1, 10))
    done = record_costs.record(session, management(stage, cost), actor=stage.officer, clock=clock)
    assert done.eur == Money(10000, "EUR")
    assert only_line(session).rate_source == "Regulation (EU) 2022/1208"


def test_a_cost_of_an_activity_takes_its_kind_and_package(
    session: Session, stage: Field, factories: Factories, clock: FixedClock
) -> None:
    """The owner bears it unless another beneficiary is named."""
    factories.work_package(stage.project, "WP3")
    reference = log(session, stage.log_command(work_package="WP3"), actor=stage.officer, clock=clock).reference
    command = RecordCost(project=stage.project.reference, item=item(), activity=reference)
    record_costs.record(session, command, actor=stage.officer, clock=clock)
    line = only_line(session)
    assert (line.activity_kind, line.work_package_id is not None) == ("JP", True)
    wrong = RecordCost(project=stage.project.reference, item=item(), activity="JP-XX-2026-0001")
    with pytest.raises(NotFound):
        record_costs.record(session, wrong, actor=stage.officer, clock=clock)


def test_nobody_writes_into_anothers_books(
    session: Session, stage: Field, factories: Factories, clock: FixedClock
) -> None:
    """An officer of Slovenia records nothing for Italy, a verifier records nothing at all."""
    factories.beneficiary(stage.project, stage.italy)
    with pytest.raises(NotAllowed):
        record_costs.record(session, management(stage, item(organisation="IT")), actor=stage.officer, clock=clock)
    with pytest.raises(NotAllowed):
        record_costs.record(session, management(stage, item()), actor=stage.verifier, clock=clock)
    finance = viewer_for(factories.user(stage.project, stage.italy, Role.FINANCE_OFFICER))
    record_costs.record(session, management(stage, item()), actor=finance, clock=clock)
    assert only_line(session).reference == "COST-IT-2026-0001"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"organisation": "XX"}, "cost.organisation"),
        ({"receipt": "DOC-SI-2026-0009"}, "cost.receipt"),
        ({"cost_type": "FUN"}, "cost.cost_type"),
    ],
)
def test_a_cost_that_is_refused_names_its_field(
    session: Session, stage: Field, clock: FixedClock, facts: dict[str, str], field: str
) -> None:
    """In the words of the form."""
    with pytest.raises(InvalidInput) as refusal:
        record_costs.record(session, management(stage, item(**facts)), actor=stage.officer, clock=clock)
    assert list(refusal.value.errors) == [field]


def test_an_unknown_work_package_is_refused(session: Session, stage: Field, clock: FixedClock) -> None:
    """And a cost of nothing cannot be built."""
    command = RecordCost(project=stage.project.reference, item=item(), activity_kind="MGT", work_package="WP9")
    with pytest.raises(InvalidInput) as refusal:
        record_costs.record(session, command, actor=stage.officer, clock=clock)
    assert list(refusal.value.errors) == ["work_package"]
    with pytest.raises(InvalidInput):
        item("0.00")
