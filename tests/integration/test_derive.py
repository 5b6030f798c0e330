"""Do the stored counts follow every change, and does reconciling find a drift?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.models.activities import Activity
from registry.models.aggregates import MapCell, ProjectTally, ReleasedTally
from registry.services import derive
from tests.factories import NOW, Factories


def _cells(session: Session, level: int = 0) -> int:
    return session.scalar(select(func.sum(MapCell.activities)).where(MapCell.level == level)) or 0


def test_a_rebuilt_store_agrees_with_the_records(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    section = factories.section(factories.border())
    factories.activity(project, police, released=True, section=section)
    factories.activity(project, police, factories.organisation(country="IT"))
    line = factories.cost_line(factories.beneficiary(project, police), 1234)
    derive.rebuild(session)
    assert derive.reconcile(session) == []
    assert _cells(session) == 1
    assert _cells(session, level=5) == 1
    assert line.eur_minor == 1234


def test_a_change_moves_the_counts_and_leaves_no_drift(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    activity = factories.activity(project, police, released=True)
    derive.rebuild(session)
    with derive.changing(session, [activity.id]):
        activity.status = "SIGNED_BY_ALL"
        activity.cell_e += 7
        activity.officers = None
    assert derive.reconcile(session) == []
    statuses = select(ReleasedTally.status).where(ReleasedTally.activities > 0).distinct()
    assert session.scalars(statuses).all() == ["SIGNED_BY_ALL"]
    unknown = select(func.sum(ProjectTally.attendances_unknown))
    assert session.scalar(unknown) == 1


def test_a_write_behind_the_keepers_back_is_named_as_drift(session: Session, factories: Factories) -> None:
    activity = factories.activity(factories.project(), factories.organisation(), released=True)
    derive.rebuild(session)
    session.execute(update(Activity).where(Activity.id == activity.id).values(kind="JO"))
    drifts = derive.reconcile(session)
    assert any("project_tally" in drift for drift in drifts)
    assert any("map_cell" in drift for drift in drifts)


def test_observations_are_never_in_the_cell_store(session: Session, factories: Factories) -> None:
    factories.activity(factories.project(), factories.organisation(), kind="CBO", status="ENDED", released=True)
    derive.rebuild(session)
    assert _cells(session) == 0
    assert session.scalar(select(func.sum(ReleasedTally.activities)).where(ReleasedTally.dimension == "all")) == 1


def test_the_timer_moves_what_has_come_due_once(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    activity = factories.activity(project, police, verified=True)
    activity.released_at = NOW + timedelta(hours=1)
    derive.rebuild(session)
    before, after = FixedClock(NOW), FixedClock(NOW + timedelta(hours=2))
    assert not derive.is_overdue(session, before)
    assert derive.tick(session, before) == 0
    assert derive.is_overdue(session, after)
    assert derive.tick(session, after) == 1
    assert derive.tick(session, after) == 0
    assert _cells(session) == 1
    session.expire_all()
    assert derive.reconcile(session) == []


def test_every_change_raises_the_projects_data_revision(session: Session, factories: Factories) -> None:
    project, police = factories.project(), factories.organisation()
    activity = factories.activity(project, police)
    derive.rebuild(session)
    with derive.changing(session, [activity.id]):
        activity.title = "Another"
    session.expire_all()
    assert project.data_revision == 1
