"""No exit tells more than the view: two records that a viewer may not tell apart look alike wherever they come out.

Two worlds differ in one record's place inside its cell, its hours inside its day, and its words. Whoever does not see
the record exactly must get the same bytes from the list, the page, searches, files and refusals of both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.domain.geo import Position, cell_of
from registry.domain.text import fold
from registry.models.activities import Activity, ActivityText, Place
from tests.factories import Factories
from tests.functional.activity_world import ActivityWorld
from tests.page_client import RegistryClient

DAY = datetime(2026, 10, 5, tzinfo=UTC)
CELL = cell_of(Position(lon=13.6, lat=45.9))
SECRETS = ("Zakladi", "Mlinarjeva", "Tihotapci", "Skrivnost")
LIST = "/p/ATHENA-2/activities"
QUIET = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass(frozen=True)
class Secret:
    """What only participants may know of the record."""

    lon: float
    lat: float
    start: timedelta
    minutes: int
    word: str


def inside_the_cell(secret: Secret) -> bool:
    """Whether the place lies in the one cell of the test."""
    return cell_of(Position(lon=secret.lon, lat=secret.lat)) == CELL


secrets = st.builds(
    Secret,
    lon=st.floats(13.56, 13.66).map(lambda value: round(value, 5)),
    lat=st.floats(45.86, 45.94).map(lambda value: round(value, 5)),
    start=st.integers(0, 15 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    minutes=st.integers(10, 300),
    word=st.sampled_from(SECRETS[:2]),
).filter(inside_the_cell)


@pytest.fixture
def world(factories: Factories, session: Session, client: RegistryClient) -> ActivityWorld:
    return ActivityWorld(factories, session, client)


def record_of(world: ActivityWorld, kind: str) -> Activity:
    """The record that is changed, between two others of the same day."""
    facts: dict[str, Any] = {"released": True, "starts_at": DAY + timedelta(hours=8)}
    world.activity(**facts)
    record = world.activity(kind=kind, **facts)
    world.activity(**facts)
    return record


def tell(world: ActivityWorld, record: Activity, secret: Secret) -> None:
    """Write the secret onto the record: place, hours, title, typed place, words."""
    start = DAY + secret.start
    record = world.session.get_one(Activity, record.id)
    record.lon, record.lat, record.length_m = secret.lon, secret.lat, None
    record.starts_at, record.ends_at = start, start + timedelta(minutes=secret.minutes)
    record.sort_key = int(start.timestamp())
    record.created_at = record.updated_at = record.verified_at = record.ends_at
    record.released_at = record.ends_at + timedelta(days=7)
    record.title, record.place_text, record.uncertainty_m = f"At {secret.word}", secret.word, float(secret.minutes)
    record.facts = record.assessment = record.aim = record.note = secret.word
    place = world.session.query(Place).filter_by(activity_id=record.id).one()
    place.shape, place.typed = f"POINT({secret.lon} {secret.lat})", secret.word
    text = world.session.get_one(ActivityText, record.id)
    text.exact_text = fold(f"{record.reference} {secret.word}")
    world.ready()


def exits(world: ActivityWorld, record: Activity) -> dict[str, str]:
    """Everything that comes out for the one who is signed in, without the tokens that change with every answer."""
    client = world.client
    addresses = [
        LIST,
        f"{LIST}?from=2026-10-05&to=2026-10-05",
        *(f"{LIST}?q={word}" for word in (*SECRETS[:2], record.reference)),
        f"{LIST}?after={record.reference}",
        f"{LIST}?before={record.reference}",
        f"{LIST}?kind=XX",
        f"{LIST}/{record.reference}",
        f"{LIST}/{record.reference}/visibility",
        f"{LIST}/{record.reference}/versions/1",
        f"{LIST}/{record.reference}/verify",
        f"{LIST}/export",
    ]
    found = {}
    for address in addresses:
        answer = client.get(address)
        found[address] = f"{answer.status_code} {answer.headers.get('ETag')} {answer.get_data(as_text=True)}"
    token = re.search(r'name="csrf-token" content="([^"]+)"', found[LIST])
    assert token is not None
    form = {"csrf_token": token[1], "reason": "test", "form": "csv"}
    found["csv"] = client.post(f"{LIST}/export", data=form, buffered=True).get_data(as_text=True)
    return {address: without_tokens(body) for address, body in found.items()}


def without_tokens(body: str) -> str:
    """A page without its nonces and form tokens."""
    body = re.sub(r'nonce="[^"]+"', "", body)
    return re.sub(r'(name="csrf[-_]token" (?:content|value)=)"[^"]+"', r"\1", body)


@pytest.mark.parametrize(
    ("name", "kind"), [("bystander", "JP"), ("bystander", "CBO"), ("finance", "JP"), ("lead", "CBO"), ("auditor", "JP")]
)
@QUIET
@given(one=secrets, other=secrets)
def test_who_sees_the_day_cannot_tell_two_records_apart(
    world: ActivityWorld, name: str, kind: str, one: Secret, other: Secret
) -> None:
    record = record_of(world, kind)
    world.as_(name)
    tell(world, record, one)
    first = exits(world, record)
    tell(world, record, other)
    second = exits(world, record)
    assert {address for address, body in first.items() if body != second[address]} == set()
    assert [word for word in SECRETS for body in (first[LIST], first["csv"]) if word in body] == []


@QUIET
@given(one=secrets, minutes=st.integers(0, 59))
def test_who_sees_the_hour_cannot_tell_the_minute(world: ActivityWorld, one: Secret, minutes: int) -> None:
    record = record_of(world, "JP")
    world.as_("analyst")
    hour = timedelta(hours=one.start // timedelta(hours=1))
    early = Secret(lon=one.lon, lat=one.lat, start=hour, minutes=60 - 1, word=one.word)
    late = Secret(lon=13.6, lat=45.9, start=hour + timedelta(minutes=minutes), minutes=60 - minutes, word="Zakladi")
    tell(world, record, early)
    first = exits(world, record)
    tell(world, record, late)
    second = exits(world, record)
    assert {address for address, body in first.items() if body != second[address]} == set()


@QUIET
@given(one=secrets)
def test_who_takes_part_gets_the_record_itself(world: ActivityWorld, one: Secret) -> None:
    record = record_of(world, "JP")
    world.as_("partner")
    tell(world, record, one)
    found = exits(world, record)
    assert one.word in found[LIST]
    assert f"{one.lat:.5f}, {one.lon:.5f}" in found[f"{LIST}/{record.reference}"]
    assert record.reference in found[f"{LIST}?q={one.word}"]
    assert str(one.lon) in found["csv"]
