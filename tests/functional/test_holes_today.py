"""Who sees the day of a plan learns no hour from Today: neither from its words nor from when its line comes or goes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.queries import today as queries
from tests.conftest import NOW
from tests.factories import viewer_for
from tests.functional.today_rows import Rows
from tests.page_client import RegistryClient


@pytest.fixture
def rows(session: Session, client: RegistryClient) -> Rows:
    return Rows(session, client)


def coming(rows: Rows, viewer, now):
    found = queries.today(rows.session, viewer, rows.athena.id, now)
    return [task for group in found.groups if group.code == "coming" for task in group.tasks]


def test_the_lead_partner_learns_the_day_of_a_plan_and_not_its_hour(rows: Rows) -> None:
    hungary = rows.add(type(rows.police)(short="HU", name="Hungary"))
    lead = viewer_for(rows.person(Role.LEAD_PARTNER, organisation=hungary))
    officer = viewer_for(rows.person(Role.OFFICER))
    days = {"from_on": date(2026, 11, 24), "until_on": date(2026, 11, 25)}
    plan = rows.patrol(ago=-timedelta(hours=8), status="AGREED", **days)
    start = plan.starts_at

    (theirs,), (own,) = coming(rows, lead, NOW), coming(rows, officer, NOW)
    assert own.title == plan.title
    assert not own.by_day
    assert (theirs.title, theirs.by_day, theirs.at.hour) == ("", True, 12)
    assert len({task.days(start + step) for step in (-timedelta(minutes=1), timedelta(minutes=1))
                for task in coming(rows, lead, start + step)}) == 1  # fmt: skip
    assert len(coming(rows, lead, start + timedelta(minutes=1))) == 1
    assert coming(rows, officer, start + timedelta(minutes=1)) == []
