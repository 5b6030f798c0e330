"""Do budget and costs add up to the cent, and does everybody read only the lines that are theirs to read?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from registry.domain.budget import budget_matrix
from registry.domain.counts import Count, Qualifier
from registry.domain.money import Money
from registry.domain.periods import DatePeriod
from registry.domain.permissions import SYSTEM, Role, Viewer
from registry.models.activities import Activity
from registry.models.projects import Beneficiary, Organisation, Project
from registry.queries import cost_lines, expenditure
from registry.queries.cost_lines import LineFilter, Scope
from registry.services import derive
from tests.conftest import NOW
from tests.factories import Factories, viewer_for


@dataclass
class Purse:
    """A project with two beneficiaries, a budget, and lines of a hidden, a released and no activity."""

    project: Project
    lead: Organisation
    italy: Organisation
    ours: Beneficiary
    theirs: Beneficiary
    hidden: Activity
    released: Activity


@pytest.fixture
def purse(session: Session, factories: Factories) -> Purse:
    lead, italy = factories.organisation(), factories.organisation(country="IT")
    project = factories.project(lead_organisation_id=lead.id)
    package = factories.work_package(project)
    ours, theirs = factories.beneficiary(project, lead), factories.beneficiary(project, italy, "RSD")
    factories.budget_line(ours, package, "TRAV", 100_000)
    factories.budget_line(theirs, package, "OTHR", 5_000)
    hidden = factories.activity(project, italy)
    released = factories.activity(project, italy, released=True)
    factories.cost_line(ours, 33_333, work_package_id=package.id, reference="C-OURS")
    factories.cost_line(theirs, 5_001, category="OTHR", activity_id=hidden.id, reference="C-HIDDEN",
                        description="Hotel in Gorizia", supplier="Hotel")  # fmt: skip
    factories.cost_line(theirs, 1, activity_id=released.id, reference="C-RELEASED", description="Road toll")
    factories.cost_line(theirs, 117_000, currency="RSD", reference="C-DINARS", category="OTHR")
    factories.cost_line(ours, 999, reference="C-WITHDRAWN", withdrawn_at=NOW)
    derive.rebuild(session)
    return Purse(project=project, lead=lead, italy=italy, ours=ours, theirs=theirs, hidden=hidden, released=released)


def scope(purse: Purse, viewer: Viewer) -> Scope:
    return Scope(
        project_id=purse.project.id, lead_organisation_id=purse.project.lead_organisation_id, viewer=viewer, now=NOW
    )


def references(session: Session, purse: Purse, viewer: Viewer, asked: LineFilter = cost_lines.EVERYTHING) -> set[str]:
    return {line.reference for line in cost_lines.page(session, scope(purse, viewer), asked).lines}


def test_the_matrix_adds_up_to_the_cent_and_what_is_not_converted_is_in_no_sum(session: Session, purse: Purse) -> None:
    spent = expenditure.spending(session, purse.project.id)
    matrix = budget_matrix(spent.amounts, ["PERS", "TRAV"], [name.label for name in spent.beneficiaries])
    assert matrix.grand_total.actual == spent.spent == Money(33_333 + 5_001 + 1, "EUR")
    assert matrix.grand_total.budget == spent.budgeted == Money(105_000, "EUR")
    assert matrix.categories == ("PERS", "TRAV", "OTHR")
    assert spent.not_converted == (Money(117_000, "RSD"),)
    assert (spent.lines, spent.unconverted_lines, spent.provisional_lines) == (4, 1, 0)
    over = next(row for row in matrix.rows if purse.italy.name in row.beneficiary)
    assert over.cells[2].over


def test_the_stored_groups_equal_a_live_count_over_all_time(session: Session, purse: Purse) -> None:
    ever = DatePeriod(from_on=date(2000, 1, 1), until_on=date(2100, 1, 1))
    stored, live = (
        expenditure.spending(session, purse.project.id),
        expenditure.spending(session, purse.project.id, ever),
    )
    assert (live.spent, live.not_converted, live.lines) == (stored.spent, stored.not_converted, stored.lines)
    assert live.by_month == stored.by_month == ((202610, 38_335),)


def test_a_period_takes_only_the_costs_incurred_in_it(session: Session, purse: Purse, factories: Factories) -> None:
    factories.cost_line(purse.ours, 200, incurred_on=date(2026, 7, 31))
    july = DatePeriod(from_on=date(2026, 7, 1), until_on=date(2026, 8, 1))
    assert expenditure.spending(session, purse.project.id, july).spent == Money(200, "EUR")


def test_the_lead_partners_finance_officer_reads_every_line_with_the_words_of_others_masked(
    session: Session, purse: Purse, factories: Factories
) -> None:
    finance = viewer_for(factories.user(purse.project, purse.lead, Role.FINANCE_OFFICER))
    page = cost_lines.page(session, scope(purse, finance))
    lines = {line.reference: line for line in page.lines}
    assert set(lines) == {"C-OURS", "C-HIDDEN", "C-RELEASED", "C-DINARS"}
    assert (lines["C-HIDDEN"].description, lines["C-HIDDEN"].supplier, lines["C-HIDDEN"].activity) == ("", "", "")
    assert lines["C-RELEASED"].activity == purse.released.reference
    assert lines["C-RELEASED"].masked


def test_another_organisations_finance_officer_reads_its_own_lines_in_words(
    session: Session, purse: Purse, factories: Factories
) -> None:
    finance = viewer_for(factories.user(purse.project, purse.italy, Role.FINANCE_OFFICER))
    assert references(session, purse, finance) == {"C-HIDDEN", "C-RELEASED", "C-DINARS"}
    lines = {line.reference: line for line in cost_lines.page(session, scope(purse, finance)).lines}
    assert lines["C-HIDDEN"].description == "Hotel in Gorizia"
    assert lines["C-HIDDEN"].activity == purse.hidden.reference


def test_a_coordinator_reads_no_line_of_an_activity_kept_from_them(
    session: Session, purse: Purse, factories: Factories
) -> None:
    coordinator = viewer_for(factories.user(purse.project, purse.lead, Role.COORDINATOR))
    assert references(session, purse, coordinator) == {"C-OURS", "C-RELEASED", "C-DINARS"}
    assert cost_lines.count(session, scope(purse, coordinator)) == Count(3)


def test_lead_partner_and_auditor_read_the_project_and_an_officer_nothing(
    session: Session, purse: Purse, factories: Factories
) -> None:
    lead = viewer_for(factories.user(purse.project, purse.lead, Role.LEAD_PARTNER))
    auditor = viewer_for(factories.user(purse.project, factories.organisation(), Role.AUDITOR))
    officer = viewer_for(factories.user(purse.project, purse.italy, Role.OFFICER))
    assert len(references(session, purse, lead)) == 4
    purse.hidden.sensitive = True
    session.flush()
    assert "C-HIDDEN" not in references(session, purse, lead)
    assert len(references(session, purse, auditor)) == 4
    assert references(session, purse, officer) == set()


def test_filters_narrow_the_lines(session: Session, purse: Purse) -> None:
    def asked(**filters: str) -> set[str]:
        return references(session, purse, SYSTEM, LineFilter(**filters))

    assert asked(state="not_converted") == {"C-DINARS"}
    assert asked(state="provisional") == set()
    assert asked(beneficiary=purse.ours.number) == {"C-OURS"}
    assert asked(category="OTHR") == {"C-HIDDEN", "C-DINARS"}
    assert asked(work_package="WP2") == {"C-OURS"}
    assert len(asked(state="no_receipt")) == 4


def test_pages_follow_one_another_without_losing_or_repeating_a_line(session: Session, purse: Purse) -> None:
    read, after = [], ""
    for _ in range(4):
        page = cost_lines.page(session, scope(purse, SYSTEM), after=after, size=1)
        read += [line.reference for line in page.lines]
        after = page.after or ""
    assert sorted(read) == ["C-DINARS", "C-HIDDEN", "C-OURS", "C-RELEASED"]
    assert after == ""


def test_a_count_can_stop_early_and_says_so(session: Session, purse: Purse) -> None:
    assert cost_lines.count(session, scope(purse, SYSTEM), up_to=3) == Count(3, Qualifier.MORE_THAN)
    assert cost_lines.count(session, scope(purse, SYSTEM), up_to=4) == Count(4)


def test_a_line_explains_its_figure_before_rounding(session: Session, purse: Purse, factories: Factories) -> None:
    factories.cost_line(purse.theirs, 45_000, currency="RON", eur_minor=9_041, rate="4.9771", reference="C-LEI",
                        rate_on=date(2026, 10, 5), rate_source="ECB")  # fmt: skip
    lines = {line.reference: line for line in cost_lines.stream(session, scope(purse, SYSTEM))}
    assert lines["C-LEI"].quotient == Decimal("90.414097")
    assert lines["C-DINARS"].quotient is None
