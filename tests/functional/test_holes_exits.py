"""Map, API, Today and reports tell two records apart for nobody who may not: bodies, tags and refusals are the same."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import Factories
from tests.functional.activity_world import ActivityWorld
from tests.page_client import RegistryClient
from tests.property.test_precision_exits import LIST, Secret, record_of, tell, without_tokens

API = "/api/v1"
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAP = f"{API}/map"
HERE = Secret(lon=13.58, lat=45.87, start=timedelta(hours=3, minutes=10), minutes=50, word="Zakladi")
THERE = Secret(lon=13.65, lat=45.93, start=timedelta(hours=11, minutes=40), minutes=280, word="Mlinarjeva")
BOXES = ("13.57,45.86,13.59,45.88", "13.64,45.92,13.66,45.94", "13,45,14,46.5")


@pytest.fixture
def world(factories: Factories, session: Session, client: RegistryClient) -> ActivityWorld:
    made = ActivityWorld(factories, session, client)
    made.project.from_on, made.project.until_on = date(2026, 1, 1), date(2027, 1, 1)
    return made


def exits(world: ActivityWorld, reference: str) -> dict[str, Any]:
    addresses = [
        f"{API}/activities",
        *(f"{API}/activities?q={word}" for word in ("Zakladi", "Mlinarjeva")),
        f"{API}/activities?cursor={reference}",
        f"{API}/activities/{reference}",
        *(f"{MAP}/{kind}?project=ATHENA-2&zoom={zoom}&bbox={box}"
          for kind in ("cells", "features", "records") for box in BOXES for zoom in (8, 13)),
        f"{MAP}/records?project=ATHENA-2&at=10kmE449N253",
        "/p/ATHENA-2/today",
        "/p/ATHENA-2/targets",
        "/p/ATHENA-2/map",
        "/p/ATHENA-2/log/joint-patrol?new=1",
        f"/p/ATHENA-2/log/joint-patrol?copy={reference}",
        f"{API}/projects/ATHENA-2/reports/monitoring?from=2026-10-05&to=2026-10-05",
        f"{API}/projects/ATHENA-2/targets",
        f"{LIST}?parent={reference}",
    ]  # fmt: skip
    found = {}
    for address in addresses:
        answer = world.client.get(address)
        found[address] = (answer.status_code, answer.headers.get("ETag"), body_of(answer))
    return found


def body_of(answer: Any) -> str:
    """Without keys of forms, which are new every time."""
    return KEY.sub("", without_tokens(answer.get_data(as_text=True)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bystander", "JP"), ("bystander", "CBO"), ("finance", "JP"), ("lead", "CBO"), ("auditor", "JP")],
)
def test_who_sees_the_day_cannot_tell_two_records_apart(world: ActivityWorld, name: str, kind: str) -> None:
    record = record_of(world, kind)
    world.as_(name)
    reference = record.reference
    tell(world, record, HERE)
    first = exits(world, reference)
    tell(world, record, THERE)
    second = exits(world, reference)
    assert {address for address, said in first.items() if said != second[address]} == set()
    assert first[f"{API}/activities/{reference}"][0] == 200
    assert [word for word in ("Zakladi", "Mlinarjeva") for address, said in first.items()
            if word in said[2] and word not in address] == []  # fmt: skip


@pytest.mark.parametrize("name", ["bystander", "finance", "analyst"])
def test_what_is_not_released_cannot_be_told_from_what_is_not_there(world: ActivityWorld, name: str) -> None:
    record = record_of(world, "JP")
    world.as_(name)
    reference, missing = record.reference, "JP-SI-POL-2026-9999"
    tell(world, record, HERE)
    record.released_at, record.tallied = None, False
    world.ready()
    for path in (f"{API}/activities/REF", f"{API}/activities?cursor=REF", f"{LIST}/REF", f"{LIST}/REF/verify",
                 f"{LIST}/REF/versions/1", f"{LIST}/REF/visibility", f"{LIST}/REF/amend", f"{LIST}?after=REF",
                 f"{LIST}?parent=REF", "/p/ATHENA-2/log/joint-patrol?copy=REF"):  # fmt: skip
        hidden, unknown = (world.client.get(path.replace("REF", name)) for name in (reference, missing))
        assert hidden.status_code == unknown.status_code, path
        assert body_of(hidden).replace(reference, missing) == body_of(unknown), path
