"""A protected read is written down wherever it happens; a period of one's own choice tells no single duration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from registry.domain.periods import DatePeriod
from registry.domain.permissions import Role
from registry.models.audit import AuditEvent
from registry.queries import monitoring
from registry.services import derive
from tests.conftest import NOW
from tests.factories import sign_in, viewer_for
from tests.functional.api_steps import World, make_world

DAY = datetime(2026, 10, 5, 16, 20, tzinfo=UTC)
CLOSE = "/api/v1/map/features?project=ATHENA&zoom=12&bbox=13,45,14,46.5"


@pytest.fixture
def world(factories: Any, session: Any) -> World:
    made = make_world(factories)
    made.released = factories.activity(
        made.project, made.slovenia, made.italy, section=made.section, released=True, starts_at=DAY, hours=6.3
    )
    derive.rebuild(session)
    return made


def actions(session: Any) -> list[tuple[str, int]]:
    return [(event.action, event.touched) for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]


def test_exact_places_on_the_map_are_a_protected_read(client: Any, session: Any, world: World) -> None:
    sign_in(client, session, world.officer)
    (feature,) = client.get(CLOSE).get_json()["features"]
    assert feature["properties"]["precision"] == "exact"
    assert actions(session) == [("map.read", 1)]


def test_exact_places_in_the_list_are_one_too(client: Any, session: Any, world: World) -> None:
    for person, written in ((world.bystander, []), (world.officer, [("activity.list", 1)])):
        sign_in(client, session, person)
        assert client.get("/p/ATHENA/activities").status_code == 200
        assert actions(session) == written


def test_cells_of_a_bystander_are_none(client: Any, session: Any, world: World) -> None:
    sign_in(client, session, world.bystander)
    (feature,) = client.get(CLOSE).get_json()["features"]
    assert feature["properties"]["precision"] == "cell"
    assert actions(session) == []


@pytest.mark.parametrize(
    ("address", "action"),
    [
        ("/api/v1/map/cells?project=ATHENA&zoom=6", "map.read"),
        ("/api/v1/map/records?project=ATHENA&zoom=6", "map.read"),
        ("/api/v1/projects/ATHENA/targets", "targets.read"),
        ("/p/ATHENA/today", "today.read"),
        ("/p/ATHENA/activities/{reference}/visibility", "activity.read"),
    ],
)
def test_every_read_of_an_auditor_is_written_down(
    client: Any, session: Any, world: World, address: str, action: str
) -> None:
    if "targets" in address:
        world.project.from_on, world.project.until_on = DAY.date(), NOW.date()
    sign_in(client, session, world.auditor)
    answer = client.get(address.format(reference=world.released.reference))
    assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
    assert action in [name for name, _ in actions(session)]


def test_a_period_that_holds_one_patrol_does_not_tell_how_long_it_was(
    session: Any, factories: Any, world: World
) -> None:
    day = DatePeriod(from_on=DAY.date(), until_on=DAY.date() + timedelta(days=1))
    analyst = factories.user(world.project, None, Role.ANALYST)
    hours = {}
    for name, person in (("analyst", analyst), ("owner", world.officer)):
        viewer = viewer_for(person)
        found = monitoring.figures(session, viewer, world.project.id, day, whole=False, now=NOW)
        assert found.held_total == 1
        hours[name] = found.patrol_hours
    assert hours == {"analyst": Decimal("0.0"), "owner": Decimal("6.3")}


def test_from_five_patrols_on_their_hours_are_told_to_ten(session: Any, factories: Any, world: World) -> None:
    day = DatePeriod(from_on=DAY.date(), until_on=DAY.date() + timedelta(days=1))
    for _ in range(4):
        factories.activity(
            world.project, world.slovenia, section=world.section, released=True, starts_at=DAY, hours=6.9
        )
    session.flush()
    analyst = viewer_for(factories.user(world.project, None, Role.ANALYST))
    found = monitoring.figures(session, analyst, world.project.id, day, whole=False, now=NOW)
    assert found.patrol_hours == Decimal("30.0")
    whole = monitoring.figures(session, analyst, world.project.id, day, whole=True, now=NOW)
    assert whole.patrol_hours == Decimal("33.9")
