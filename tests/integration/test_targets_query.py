"""Does the board count what a naive recount of the records counts, and tell nobody more than they may know?"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.indicators import ActivityFact, CountingRule, Verdict, grouped
from registry.domain.periods import DatePeriod
from registry.domain.permissions import SYSTEM, Role
from registry.domain.workflows import STATES
from registry.models.activities import Activity
from registry.models.projects import Organisation, Project
from registry.queries import targets
from registry.queries.counted import counts_by_kind, edges, held_by_month, months_inside
from registry.services import derive
from tests.conftest import NOW
from tests.factories import Factories, viewer_for

PROJECT = DatePeriod(from_on=date(2025, 10, 1), until_on=date(2027, 10, 1))
PERIODS = (
    PROJECT,
    DatePeriod(from_on=date(2026, 1, 1), until_on=date(2026, 4, 1)),
    DatePeriod(from_on=date(2025, 12, 14), until_on=date(2026, 5, 3)),
    DatePeriod(from_on=date(2026, 3, 5), until_on=date(2026, 3, 21)),
    DatePeriod(from_on=date(2026, 2, 20), until_on=date(2026, 3, 2)),
)
EVERY, ROOTS = CountingRule.EVERY_KIND, CountingRule.ROOTS


def scattered(factories: Factories, seed: int) -> Project:
    """Forty activities of any kind, state and day, some inside others, and some in another project."""
    chance = random.Random(seed)
    project, police, other = factories.project(), factories.organisation(), factories.organisation(country="IT")
    elsewhere = factories.project()
    made: list[Activity] = []
    for _ in range(40):
        kind = chance.choice(["JP", "JO", "CBO", "JIT", "MEET", "WS", "TR"])
        parent = chance.choice(made).id if made and chance.random() < 0.4 else None
        day = chance.choice([None, date(2025, 9, 1) + timedelta(days=chance.randrange(300))])
        made.append(
            factories.activity(
                project,
                police,
                other,
                kind=kind,
                status=str(chance.choice(sorted(STATES[kind]))),
                counts_on=day,
                parent_id=parent,
                officers=chance.choice([None, 0, 3]),
                verified=chance.random() < 0.5,
                released=chance.random() < 0.5,
            )
        )
    factories.activity(elsewhere, police)
    derive.rebuild(factories.session)
    return project


def facts_of(session: Session, project: Project) -> list[ActivityFact]:
    rows = session.scalars(select(Activity).where(Activity.project_id == project.id))
    return [
        ActivityFact(
            id=row.id,
            kind=row.kind,
            status=row.status,
            counts_on=row.counts_on,
            parent_id=row.parent_id,
            attendances=row.officers or 0,
            evidenced=row.verified_at is not None,
        )
        for row in rows
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_countings_equal_a_naive_recount_in_any_period(session: Session, factories: Factories, seed: int) -> None:
    project = scattered(factories, seed)
    facts = facts_of(session, project)
    for period in PERIODS:
        counted = counts_by_kind(session, project.id, period)
        for rule in CountingRule:
            mine = {kind: count.grouped for kind, count in counted[rule].items() if count.held or count.planned}
            assert mine == grouped(facts, rule, period), (rule, period)
        held = sum(fact.held_in(period) for fact in facts)
        assert sum(held_by_month(session, project.id, period).values()) == held
        listed = counts_by_kind(session, project.id, period, Activity.officers.is_not(None))
        assert sum(count.held for count in listed[EVERY].values()) <= held


def test_a_child_of_a_counted_operation_counts_under_each_kind_and_not_under_roots(
    session: Session, factories: Factories
) -> None:
    project, police = factories.project(), factories.organisation()
    operation = factories.activity(project, police, kind="JO", officers=8)
    factories.activity(project, police, kind="JP", parent_id=operation.id, officers=5)
    factories.activity(project, police, kind="JP", officers=None)
    derive.rebuild(session)
    counted = counts_by_kind(session, project.id, PROJECT)
    assert (counted[EVERY]["JP"].held, counted[ROOTS]["JP"].held) == (2, 1)
    assert (counted[EVERY]["JP"].attendances, counted[ROOTS]["JP"].attendances) == (5, 0)
    assert counted[ROOTS]["JP"].attendances_unknown == 1


def test_a_child_counts_under_roots_when_its_parent_does_not(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    cancelled = factories.activity(project, police, kind="JO", status="CANCELLED")
    factories.activity(project, police, kind="JP", parent_id=cancelled.id, verified=True)
    derive.rebuild(session)
    counted = counts_by_kind(session, project.id, PROJECT)
    assert counted[ROOTS]["JP"].grouped == counted[EVERY]["JP"].grouped
    assert counted[ROOTS]["JP"].evidence == 1


def test_a_team_counts_on_the_day_of_its_signature(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    began = datetime(2026, 1, 10, tzinfo=UTC)
    factories.activity(project, police, kind="JIT", status="OPERATIONAL", starts_at=began, counts_on=date(2026, 3, 15))
    derive.rebuild(session)
    january = DatePeriod(from_on=date(2026, 1, 1), until_on=date(2026, 2, 1))
    march = DatePeriod(from_on=date(2026, 3, 10), until_on=date(2026, 3, 20))
    assert "JIT" not in counts_by_kind(session, project.id, january)[EVERY]
    assert counts_by_kind(session, project.id, march)[EVERY]["JIT"].held == 1


def test_withdrawn_interrupted_and_cancelled_activities_do_not_count(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    for status in ("WITHDRAWN", "INTERRUPTED", "CANCELLED", "DRAFT"):
        factories.activity(project, police, status=status)
    derive.rebuild(session)
    assert counts_by_kind(session, project.id, PROJECT)[EVERY] == {}


def test_whole_months_and_edges_cover_a_period_without_overlap() -> None:
    for period in PERIODS:
        first, last = months_inside(period)
        days = sum(edge.days for edge in edges(period))
        if first <= last:
            begin = date(first // 100, first % 100, 1)
            end = (date(last // 100, last % 100, 1) + timedelta(days=32)).replace(day=1)
            days += (end - begin).days
        assert days == period.days


def promised(factories: Factories, project: Project) -> None:
    factories.target(project, "joint_patrols", "JP", 4, position=1)
    factories.target(project, "officers_involved", None, 20, position=2, unit="persons", qualifier="approximate")


def test_the_board_judges_each_promise_in_its_order(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    promised(factories, project)
    for _ in range(4):
        factories.activity(project, police, officers=2, verified=True)
    factories.activity(project, police, status="SCHEDULED", counts_on=date(2027, 1, 1), officers=3)
    derive.rebuild(session)
    board = targets.board(session, SYSTEM, project.id, PROJECT, rule=ROOTS, now=NOW)
    patrols, officers = board.rows
    assert (board.day, round(board.share, 3)) == (420, 0.575)
    assert (patrols.progress.held, patrols.progress.planned, patrols.progress.verdict) == (4, 1, Verdict.REACHED)
    assert (patrols.progress.evidence, patrols.evidence_of) == (4, 4)
    assert officers.counts_officers
    assert (officers.progress.held, officers.progress.planned, officers.evidence_of) == (8, 3, 4)
    assert board.verdicts(Verdict.REACHED) == 1


def test_hidden_records_count_on_the_board_and_not_by_partner(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    italy = factories.organisation(country="IT")
    promised(factories, project)
    factories.activity(project, italy)  # not released, and Slovenia takes no part
    factories.activity(project, italy, released=True)
    factories.activity(project, police, italy)
    derive.rebuild(session)
    coordinator = viewer_for(factories.user(project, police, Role.COORDINATOR))
    board = targets.board(session, coordinator, project.id, PROJECT, rule=EVERY, now=NOW)
    assert (board.rows[0].progress.held, board.withheld) == (3, 1)
    totals = {line.short: line.total for line in targets.by_partner(session, coordinator, project.id, PROJECT, NOW)}
    assert totals == {italy.short: 2, police.short: 1}
    everything = targets.by_partner(session, SYSTEM, project.id, PROJECT, NOW)
    assert {line.short: line.total for line in everything} == {italy.short: 3, police.short: 1}
    assert targets.withheld(session, SYSTEM, project.id, NOW) == 0


def test_an_auditor_lists_everything_so_nothing_is_withheld(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    factories.activity(project, police)
    derive.rebuild(session)
    auditor = viewer_for(factories.user(project, factories.organisation(), Role.AUDITOR))
    assert targets.withheld(session, auditor, project.id, NOW) == 0


def silent_and_active(factories: Factories) -> tuple[Project, Organisation, Organisation]:
    project, busy, quiet = factories.project(), factories.organisation(), factories.organisation(country="LV")
    factories.beneficiary(project, busy)
    factories.beneficiary(project, quiet)
    factories.activity(project, busy, starts_at=NOW - timedelta(days=3), released=True)
    factories.activity(project, quiet, starts_at=NOW - timedelta(days=300), released=True)
    return project, busy, quiet


def test_a_partner_without_activity_for_half_a_year_is_named(session: Session, factories: Factories) -> None:
    project, busy, quiet = silent_and_active(factories)
    never = factories.organisation(country="MT")
    factories.beneficiary(project, never)
    derive.rebuild(session)
    lines = {line.short: line for line in targets.by_partner(session, SYSTEM, project.id, PROJECT, NOW)}
    assert not lines[busy.short].silent
    assert lines[quiet.short].silent
    assert lines[quiet.short].last_on == date(2026, 1, 1)
    assert (lines[never.short].total, lines[never.short].last_on, lines[never.short].silent) == (0, None, True)
    assert len(lines[busy.short].by_month) == 24
