"""Files of the list: every row of it and no other, at the viewer's precision, asked why, and written down."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.audit import AuditEvent
from registry.queries import activities
from registry.reports.activity_file import COLUMNS
from tests.conftest import NOW
from tests.factories import Factories
from tests.functional.activity_world import ActivityWorld
from tests.page_client import PageClient, RegistryClient

EXPORT = "/p/ATHENA-2/activities/export"


@pytest.fixture
def world(factories: Factories, session: Session, client: RegistryClient) -> ActivityWorld:
    return ActivityWorld(factories, session, client)


def made(page_client: PageClient, query: str = "", **form: Any) -> Any:
    page = page_client.get(f"{EXPORT}?{query}")
    hidden = {field.get("name"): field.get("value") for field in page.all("input", type="hidden")}
    return page_client.post(EXPORT, {**hidden, "form": "csv", **form}, status=200, buffered=True)


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"))))


def test_the_file_holds_every_row_of_the_list_over_all_its_pages_and_chunks(
    world: ActivityWorld, page_client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities, "EXPORT_CHUNK", 7)
    for number in range(60):
        world.activity(starts_at=NOW - timedelta(days=number // 3 + 10), kind=("JP", "JO")[number % 2])
    world.ready()
    world.as_("owner")
    assert "30 activities" in page_client.get(f"{EXPORT}?kind=JO").text
    answer = made(page_client, "kind=JO", reason="yearly report")
    rows = rows_of(answer)
    assert len(rows) == 30
    assert {row["kind"] for row in rows} == {"JO"}
    assert list(rows[0]) == [column.key for column in COLUMNS]
    listed = page_client.get("/p/ATHENA-2/activities?kind=JO")
    shown = [row.get("href", "").rsplit("/", 1)[1] for row in listed.all("a", class_="ref")]
    assert [row["reference"] for row in rows] == list(dict.fromkeys(shown))
    assert answer.headers["Content-Disposition"].endswith("athena-2-activities-2026-11-24.csv")


def test_protected_records_ask_for_a_reason_and_nothing_typed_is_lost(
    world: ActivityWorld, page_client: PageClient, session: Session
) -> None:
    world.activity()
    world.ready()
    world.as_("owner")
    page_client.get(f"{EXPORT}?form=csv")
    page = page_client.post(EXPORT, {"form": "xlsx", "recipient": "Police Academy", "leaves": "yes"}, status=422)
    assert "Say in a few words what the file is for." in page.text
    assert page.one("input", name="recipient").get("value") == "Police Academy"
    assert [box.get("value") for box in page.all("input", name="form") if box.get("checked") is not None] == ["xlsx"]
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "activity.export")).all() == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"leaves": "yes", "reason": "x"}, "Say who gets the file."),
        ({"form": "doc", "reason": "x"}, "Choose csv or xlsx."),
        ({"reason": "x" * 401}, "at most 400"),
        ({"reason": "x", "recipient": "y" * 121}, "at most 120"),
    ],
)
def test_an_export_that_says_too_little_or_too_much_is_refused(
    world: ActivityWorld, page_client: PageClient, form: dict[str, str], field: str
) -> None:
    world.activity()
    world.ready()
    world.as_("owner")
    page_client.get(EXPORT)
    assert field in page_client.post(EXPORT, form, status=422).text


def test_what_was_taken_out_is_written_down(world: ActivityWorld, page_client: PageClient, session: Session) -> None:
    world.activity()
    world.ready()
    world.as_("owner")
    made(page_client, "kind=JP&country=IT", reason="evaluation", leaves="yes", recipient="Police Academy")
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "activity.export"))
    assert (event.touched, event.reason, event.subject) == (1, "evaluation", "ATHENA-2")
    assert event.details == {
        "filter": "kind=JP&country=IT",
        "form": "csv",
        "recipient": "Police Academy",
        "leaves_project": True,
    }
    assert len(event.content_hash) == 64


def test_who_sees_cells_exports_cells_without_a_reason(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity(released=True, title="Behind the mill", place_text="mill")
    world.ready()
    world.as_("bystander")
    (row,) = rows_of(made(page_client))
    assert row["title"] == "Joint patrol, Italy–Slovenia 3"
    assert row["cell"].startswith("10kmE")
    assert row["shown_as"] == "cell, day"
    assert row["starts_at"] == ""
    assert row["longitude"] != "13.6"


def test_an_auditor_always_says_why(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity(released=True)
    world.ready()
    world.as_("auditor")
    page_client.get(EXPORT)
    page_client.post(EXPORT, {"form": "csv"}, status=422)
    (row,) = rows_of(made(page_client, reason="audit 2026"))
    assert (row["longitude"], row["cell"], row["shown_as"]) == ("", "", "section, day")


def test_people_get_a_mark_at_the_beginning_and_programs_none(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity(released=True)
    world.ready()
    world.as_("bystander")
    assert made(page_client).get_data().startswith(b"\xef\xbb\xbfreference,")
    assert made(page_client, bom="0").get_data().startswith(b"reference,")


def test_counts_keep_their_kind_of_knowledge_in_a_file(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity(outcomes={"arrests": 0, "persons_checked": None}, officers=None, title="=1+1")
    world.activity(status="SCHEDULED", officers=None, starts_at=NOW + timedelta(days=9), at=(-3.5, 45.0))
    world.ready()
    world.as_("owner")
    planned, held = rows_of(made(page_client, reason="check"))
    assert (held["arrests"], held["persons_checked"], held["officers"]) == ("0", "n.c.", "n.c.")
    assert (planned["arrests"], planned["officers"]) == ("", "")
    assert planned["longitude"] == "-3.5"
    assert held["title"] == "'=1+1"


def test_the_workbook_has_the_same_rows_with_numbers_as_numbers(world: ActivityWorld, page_client: PageClient) -> None:
    record = world.activity(outcomes={"arrests": 3})
    world.ready()
    world.as_("owner")
    answer = made(page_client, form="xlsx", reason="check")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    header, row = list(book["Rows"].iter_rows(values_only=True))
    cells = dict(zip(header, row, strict=True))
    assert (cells["Reference"], cells["Arrests"]) == (record.reference, 3)
    about = {line[0]: line[1] for line in book["About"].iter_rows(values_only=True)}
    assert about["Filter"] == "none"
    assert about["Marking"] == "SENSITIVE NON-CLASSIFIED"
    assert answer.headers["Content-Disposition"].endswith("athena-2-activities-2026-11-24.xlsx")


def test_a_published_record_is_exported_without_a_reason(
    world: ActivityWorld, page_client: PageClient, factories: Factories
) -> None:
    published = factories.project("PUBLISHED", read_only=True)
    factories.activity(published, None, title="Mirage 2024")
    world.ready()
    world.as_("bystander")
    page_client.get("/p/PUBLISHED/activities/export")
    answer = page_client.post("/p/PUBLISHED/activities/export", {"form": "csv"}, status=200, buffered=True)
    assert [row["title"] for row in rows_of(answer)] == ["Mirage 2024"]


def test_parameters_that_are_not_known_are_refused(world: ActivityWorld, client: RegistryClient) -> None:
    world.as_("owner")
    assert client.get(f"{EXPORT}?colour=red").status_code == 422
