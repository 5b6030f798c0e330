"""The Activities page: what stands on it, how it is narrowed and walked, and what it asks of an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.activities import Activity
from registry.models.aggregates import ReleasedTally
from registry.models.audit import AuditEvent
from tests.conftest import NOW
from tests.factories import Factories, sign_in
from tests.functional.activity_world import ActivityWorld
from tests.page_client import Page, PageClient, RegistryClient

LIST = "/p/ATHENA-2/activities"


@pytest.fixture
def world(factories: Factories, session: Session, client: RegistryClient) -> ActivityWorld:
    return ActivityWorld(factories, session, client)


def text_of(page: Page, tag: str, **attributes: str) -> str:
    return " ".join("".join(page.one(tag, **attributes).itertext()).split())


def shown(page: Page) -> list[str]:
    rows = [row for row in page.all("tr") if row.get("data-row") is not None]
    return ["".join(link.itertext()) for row in rows for link in row.iter("a")]


def test_the_page_says_how_many_of_how_many_and_lists_them(world: ActivityWorld, page_client: PageClient) -> None:
    patrol = world.activity(title="Karst, Lipica–Kozina", outcomes={"arrests": 0, "persons_checked": 38})
    world.activity(kind="JO")
    world.ready()
    world.as_("owner")
    page = page_client.get(f"{LIST}?kind=JP")
    assert text_of(page, "p", role="status") == "1 of 2 activities"
    assert shown(page) == [patrol.reference]
    assert "Karst, Lipica–Kozina" in page.text
    assert "38" in page.text


def test_an_active_filter_is_a_mark_that_can_be_taken_away(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity()
    world.ready()
    world.as_("owner")
    page = page_client.get(f"{LIST}?kind=JP&country=IT&q=jp&from=2026-01&result=with&verified=no&crime_area=OC_THB")
    marks = [link for link in page.all("a") if link.get("aria-label", "").startswith("Remove the filter")]
    assert [link.get("aria-label") for link in marks][:2] == [
        "Remove the filter Kind: JP",
        "Remove the filter Country: Italy",
    ]
    assert len(marks) == 7
    rest = parse_qs(urlsplit(marks[0].get("href")).query)
    assert "kind" not in rest
    assert rest["country"] == ["IT"]
    assert rest["from"] == ["2026-01-01"]


def test_facets_carry_counts_and_their_choice(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity()
    world.activity(kind="JO", released=True)
    world.ready()
    world.as_("owner")
    page = page_client.get(f"{LIST}?kind=JP")
    boxes = {box.get("value"): box for box in page.all("input", name="kind")}
    assert set(boxes) == {"JP", "JO"}
    assert [code for code, box in boxes.items() if box.get("checked") is not None] == ["JP"]
    assert {box.get("value") for box in page.all("input", name="country")} == {"IT", "SI"}


def test_the_map_and_the_exports_keep_the_filters(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity()
    world.ready()
    world.as_("owner")
    page = page_client.get(f"{LIST}?kind=JP&from=2020-01-01")
    links = page.links()
    assert "/p/ATHENA-2/map?kind=JP&from=2020-01-01" in links
    assert f"{LIST}/export?kind=JP&from=2020-01-01&form=csv" in links
    assert f"{LIST}/export?kind=JP&from=2020-01-01&form=xlsx" in links


def test_fifty_rows_a_page_and_links_to_older_and_newer(world: ActivityWorld, page_client: PageClient) -> None:
    for number in range(53):
        world.activity(starts_at=NOW - timedelta(days=number + 10))
    world.ready()
    world.as_("owner")
    first = page_client.get(LIST)
    assert "50 of 53 shown" in first.text
    second = page_client.get(first.one("a", rel="next").get("href", ""))
    assert len(shown(second)) == 3
    assert not set(shown(first)) & set(shown(second))
    assert second.all("a", rel="next") == []
    again = page_client.get(second.one("a", rel="prev").get("href", ""))
    assert shown(again) == shown(first)


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("q=a&q=b", "q", "once only"),
        ("colour=red", "colour", "no such parameter"),
        ("kind=XX", "kind", "no kind"),
        ("status=NEW", "status", "no state"),
        ("from=soon", "from", "Write a day"),
        ("from=2026-05&to=2026-01", "to", "before the first"),
        ("country=Italy", "country", "two capital letters"),
        ("result=maybe", "result", "with or without"),
        ("after=JP-SI-2026-9999", "after", "Begin again"),
    ],
)
def test_what_an_address_asks_wrongly_is_said_and_not_ignored(
    world: ActivityWorld, client: RegistryClient, query: str, field: str, sentence: str
) -> None:
    world.as_("owner")
    answer = client.get(f"{LIST}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert sentence in answer.get_json()["errors"][field][0]


def test_an_empty_list_says_how_it_fills_and_an_empty_result_how_to_go_on(
    world: ActivityWorld, page_client: PageClient
) -> None:
    world.as_("owner")
    assert "Nothing is recorded yet" in page_client.get(LIST).text
    world.activity()
    world.ready()
    assert "No activity you may see fits" in page_client.get(f"{LIST}?kind=JIT").text


def test_tabs_lead_to_the_own_organisation_and_to_what_is_not_verified(
    world: ActivityWorld, page_client: PageClient
) -> None:
    world.activity()
    world.activity(verified=True)
    world.ready()
    world.as_("owner")
    assert text_of(page_client.get(f"{LIST}?verified=no"), "p", role="status") == "1 of 2 activities"
    page = page_client.get(f"{LIST}?organisation=SI-POL")
    tabs = {"".join(link.itertext()): link.get("aria-current") for link in page.all("a") if link.get("aria-current")}
    assert tabs["My organisation"] == "page"
    world.as_("auditor")
    assert "My organisation" not in page_client.get(LIST).text


def test_a_release_that_is_due_is_counted_before_the_page_is_read(
    world: ActivityWorld, page_client: PageClient, session: Session
) -> None:
    due = world.activity(verified=True, starts_at=datetime(2026, 11, 1, tzinfo=UTC))
    due.released_at = NOW - timedelta(minutes=1)
    world.ready()
    assert session.scalars(select(ReleasedTally)).all() == []
    world.as_("bystander")
    assert shown(page_client.get(LIST, ceiling=60)) == [due.reference]
    assert session.scalar(select(Activity.tallied).where(Activity.id == due.id)) is True
    assert session.scalars(select(ReleasedTally)).all() != []


def test_who_has_no_part_in_the_project_or_no_content_role_gets_no_list(
    world: ActivityWorld, client: RegistryClient, factories: Factories, session: Session
) -> None:
    sign_in(client, session, factories.user(factories.project(), None, Role.ANALYST))
    assert client.get(LIST).status_code == 404
    world.as_("privacy")
    assert client.get(LIST).status_code == 403


def test_every_read_of_an_auditor_is_written_down(
    world: ActivityWorld, page_client: PageClient, session: Session
) -> None:
    world.activity(released=True)
    world.ready()
    world.as_("auditor")
    page_client.get(f"{LIST}?kind=JP")
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "activity.list"))
    assert (event.touched, event.details["filter"]) == (1, "kind=JP")


def test_published_records_are_listed_as_published_and_nothing_can_be_logged_there(
    world: ActivityWorld, page_client: PageClient, factories: Factories
) -> None:
    published = factories.project("PUBLISHED", read_only=True)
    factories.activity(published, None, title="First mixed patrols", countries="XK|SI")
    world.ready()
    world.as_("bystander")
    page = page_client.get("/p/PUBLISHED/activities")
    assert "First mixed patrols" in page.text
    assert "Published" in page.text
    assert "UNSCR 1244/1999" in page.text
    assert "/p/PUBLISHED/log" not in page.links()


def test_the_page_asks_the_database_a_fixed_number_of_times(world: ActivityWorld, page_client: PageClient) -> None:
    world.activity()
    world.ready()
    world.as_("owner")
    few = len(page_client.get(LIST).queries)
    for _ in range(20):
        world.activity(outcomes={"arrests": 1})
    world.ready()
    assert len(page_client.get(LIST).queries) == few
