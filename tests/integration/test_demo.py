"""The demonstration is invented, says so, obeys the rules of real records, and never mixes with them."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from registry.cli.demo import published_rows
from registry.domain.activities import Phase, phase
from registry.domain.errors import Conflict, InvalidInput
from registry.domain.money import Money, Rate, convert_to_eur
from registry.domain.permissions import Role
from registry.models.accounts import Assignment, User
from registry.models.activities import Activity, ActivityText, JointPatrol, OutcomeCount, Participation, Place
from registry.models.aggregates import ProjectTally
from registry.models.costs import CostLine, Document
from registry.models.projects import Organisation, Project, Target
from registry.services import audit, derive
from registry.services.demo import FillDemo, demo_accounts, fill, is_demo_database
from registry.services.demo.accounts import PASSWORD
from registry.services.passwords import faults_of
from registry.services.receipt_files import clean
from registry.services.references import next_reference

SMALL = FillDemo(seed=7, activities=60, cost_lines=120, password_hash="x")
USUAL = FillDemo(seed=7, activities=145, cost_lines=300, password_hash="x")


@pytest.fixture
def demo(session, clock, tmp_path):
    def make(command=SMALL):
        return fill(session, command, (), instance=tmp_path, clock=clock)

    return make


def own(statement):
    return statement.join(Project, Project.id == Activity.project_id).where(Project.is_demo)


def test_the_first_project_holds_what_the_board_of_athena_2_shows(session, demo):
    demo(USUAL)
    rows = session.execute(
        select(Activity.kind, Activity.status)
        .join(Project, Project.id == Activity.project_id)
        .where(Project.reference == "ATHENA-2")
    )
    phases = Counter((kind, phase(kind, status)) for kind, status in rows)
    assert {kind: phases[kind, Phase.HELD] for kind in ("JP", "CBO", "JO", "JIT", "WS", "MEET")} == {
        "JP": 19,
        "CBO": 11,
        "JO": 15,
        "JIT": 4,
        "WS": 3,
        "MEET": 13,
    }
    assert phases["JP", Phase.PLANNED] == 7


def test_the_targets_of_athena_2_are_the_published_ones(session, demo):
    demo()
    targets = session.scalars(select(Target).join(Project).where(Project.reference == "ATHENA-2")).all()
    assert {target.indicator: target.value for target in targets} == {
        "cross_border_observations": 24,
        "joint_operations": 24,
        "joint_investigations": 12,
        "joint_patrols": 24,
        "thematic_workshops": 6,
        "officers_involved": 300,
        "bilateral_meetings": 24,
    }
    assert all(target.source_url.startswith("https://") for target in targets)


def test_everything_invented_says_so(session, demo):
    demo()
    assert is_demo_database(session)
    assert set(session.scalars(select(Project.note).where(Project.is_demo))) == {"Synthetic demonstration content."}
    facts = session.scalars(own(select(Activity.facts))).all()
    assert all(text.startswith("Synthetic demonstration content.") for text in facts)
    assert all("(synthetic)" in text for text in session.scalars(select(CostLine.description)))


def test_the_same_seed_gives_the_same_records(session, clock, tmp_path):
    def made(seed):
        with session.begin_nested() as attempt:
            fill(
                session,
                FillDemo(seed=seed, activities=30, cost_lines=20, password_hash="x"),
                (),
                instance=tmp_path,
                clock=clock,
            )
            rows = session.execute(
                select(Activity.reference, Activity.title, Activity.lon, Activity.status).order_by(Activity.reference)
            ).all()
            attempt.rollback()
        return rows

    assert made(7) == made(7)
    assert made(7) != made(8)


def test_a_database_with_records_of_its_own_is_refused(session, factories, demo):
    factories.project("REAL")
    with pytest.raises(Conflict, match="empty"):
        demo()
    assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_a_database_with_accounts_is_refused(factories, demo):
    factories.user(None, None, Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="empty"):
        demo()


def test_the_stored_counts_and_the_audit_chain_hold(session, demo):
    demo(USUAL)
    assert derive.reconcile(session) == []
    assert session.scalar(select(func.sum(ProjectTally.activities))) == 145
    assert audit.verify(session)[1] == []


def test_references_are_numbered_in_the_order_of_time_and_go_on_without_a_gap(session, demo):
    demo(USUAL)
    rows = session.execute(
        own(select(Activity.reference, Activity.sort_key)).where(Activity.reference.like("MEET-SI-2026-%"))
    ).all()
    numbers = [int(reference[-4:]) for reference, _ in sorted(rows, key=lambda row: row.sort_key)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 2
    slovenia = session.scalars(select(Organisation).where(Organisation.short == "SI")).one()
    assert next_reference(session, "MEET", slovenia, 2026) == f"MEET-SI-2026-{len(numbers) + 1:04d}"


def test_the_records_obey_the_rules_of_the_form(session, demo):
    demo(USUAL)
    held = session.execute(
        own(select(Activity, JointPatrol)).join(JointPatrol, JointPatrol.activity_id == Activity.id)
    ).all()
    internal = [patrol for activity, patrol in held if activity.border_status == "internal"]
    assert internal
    assert all(patrol.check_basis and patrol.risk_reference for patrol in internal)
    refused = own(select(func.count()).select_from(OutcomeCount).join(Activity)).where(
        OutcomeCount.measure == "refusals_of_entry", Activity.border_status == "internal", OutcomeCount.value > 0
    )
    assert session.scalar(refused) == 0
    everything = session.scalar(select(func.count()).select_from(Activity))
    assert session.scalar(select(func.count()).select_from(ActivityText)) == everything
    assert session.scalar(select(func.count(Participation.activity_id.distinct()))) == everything
    assert (
        session.scalar(own(select(func.count()).select_from(Activity)).where(Activity.ends_at < Activity.starts_at))
        == 0
    )
    assert session.scalar(select(func.count()).select_from(Place).where(Place.form == "track")) > 0


def test_every_euro_follows_from_its_rate_and_what_nobody_quotes_is_not_converted(session, demo):
    demo(USUAL)
    lines = session.scalars(select(CostLine)).all()
    assert len(lines) == 300
    for line in lines:
        if line.rate is None:
            assert line.eur_minor is None
            assert line.currency in {"RSD", "ALL", "MKD", "BAM", "MDL"}
            continue
        rate = Rate(currency=line.currency, units_per_eur=Decimal(line.rate), rate_on=line.rate_on, source="")
        assert line.eur_minor == convert_to_eur(Money(line.amount_minor, line.currency), rate).minor
    assert any(line.rate is None for line in lines)
    assert any(line.currency == "RON" and line.eur_minor for line in lines)


def test_most_lines_have_a_receipt_that_can_be_opened_and_is_called_synthetic(session, demo, tmp_path):
    demo(USUAL)
    receipts = session.scalars(select(Document)).all()
    with_receipt = session.scalar(select(func.count()).select_from(CostLine).where(CostLine.document_id.is_not(None)))
    assert len(receipts) == with_receipt
    assert 270 < with_receipt < 300
    for row in receipts[:5]:
        content = (tmp_path / "documents" / row.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert clean(row.file_name, content).media_type == row.media_type
        assert row.file_name.startswith("synthetic-")


def test_the_accounts_can_be_used_and_cover_every_role(session, demo):
    demo()
    assert set(session.scalars(select(Assignment.role))) == {str(role) for role in Role}
    assert set(session.scalars(select(User.email))) == {email for email, _, _ in demo_accounts()}
    assert faults_of(PASSWORD) == []


def test_a_size_out_of_bounds_is_named():
    with pytest.raises(InvalidInput) as refusal:
        FillDemo(seed=1, activities=0, cost_lines=5_000_001, password_hash="x")
    assert set(refusal.value.errors) == {"activities", "cost_lines"}


def test_the_command_fills_once_and_prints_the_accounts_each_time(app, session):
    runner = app.test_cli_runner()
    first = runner.invoke(args=["registry", "demo", "--activities", "20", "--cost-lines", "10"])
    assert first.exit_code == 0, first.output
    assert "20 activities and 10 cost lines" in first.output
    second = runner.invoke(args=["registry", "demo", "--if-empty"])
    assert second.exit_code == 0
    assert "activities" not in second.output
    assert "coordinator.si@demo.example" in second.output
    assert session.scalar(own(select(func.count()).select_from(Activity))) == 20
    published = session.scalar(select(func.count()).select_from(Activity).where(Activity.reference.like("PUB-%")))
    assert published == len(published_rows())


def test_the_sign_in_page_of_a_demo_offers_its_accounts(page_client, session, demo):
    demo()
    page = page_client.get("/login")
    assert "coordinator.si@demo.example" in page.text
    assert PASSWORD in page.text
