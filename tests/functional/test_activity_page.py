"""One activity: head, parts by precision, its verbs, versions, and who can see it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.activities import Activity, ActivityVersion, JointPatrol
from registry.models.audit import AuditEvent
from registry.models.costs import Document
from tests.conftest import NOW
from tests.factories import Factories
from tests.functional.activity_world import ActivityWorld
from tests.page_client import Page, PageClient, RegistryClient

START = datetime(2026, 10, 5, 19, 4, tzinfo=UTC)
WORDS = {
    "title": "Karst, Lipica–Kozina",
    "place_text": "behind the mill",
    "aim": "lorries with hidden compartments",
    "facts": "Two lorries were opened.",
    "assessment": "The lay-by is used again.",
}


@pytest.fixture
def world(factories: Factories, session: Session, client: RegistryClient) -> ActivityWorld:
    return ActivityWorld(factories, session, client)


def patrol(world: ActivityWorld, **facts: Any) -> Activity:
    values = {"starts_at": START, "outcomes": {"persons_checked": 38, "arrests": 0, "hits": None}, **WORDS}
    made = world.activity(**{**values, **facts})
    world.session.add(JointPatrol(activity_id=made.id, check_basis="EXPERIENCE", risk_reference="RA 3"))
    world.ready()
    return made


def address(record: Activity, rest: str = "") -> str:
    return f"/p/ATHENA-2/activities/{record.reference}{rest}"


def opened(page_client: PageClient, record: Activity, rest: str = "") -> Page:
    return page_client.get(address(record, rest))


def verbs(page: Page) -> list[str]:
    bars = page.all("div", class_="verbs")
    return ["".join(link.itertext()).strip() for bar in bars for link in bar.iter("a")]


def test_a_participant_reads_everything(world: ActivityWorld, page_client: PageClient) -> None:
    record = patrol(world)
    world.as_("partner")
    page = opened(page_client, record)
    for words in (*WORDS.values(), "45.90000, 13.60000", "police experience", "RA 3", "38", "n.c.", "6 h"):
        assert words in page.text
    assert "Mon 5 Oct 2026, 21:04" in page.text
    assert "Border police, Italy" in page.text
    assert page.one("script", id="map-setup").text is not None


@pytest.mark.parametrize(
    ("name", "mark", "shown"),
    [
        ("bystander", "10 km cell", "10kmE4"),
        ("lead", "10 km cell", "10kmE4"),
        ("analyst", "10 km cell", "(whole hours)"),
        ("auditor", "border section", "border section, day"),
    ],
)
def test_others_read_a_released_record_at_their_precision(
    world: ActivityWorld, page_client: PageClient, name: str, mark: str, shown: str
) -> None:
    record = patrol(world, released=True)
    world.as_(name)
    page = opened(page_client, record)
    assert "Joint patrol, Italy–Slovenia 3" in page.text
    assert mark in page.text
    assert shown in page.text
    body = page.response.get_data(as_text=True)
    for words in (*WORDS.values(), "45.9000", "13.6000", "21:04", "RA 3", "police experience"):
        assert words not in body


def test_the_lead_partner_reads_an_unreleased_record_by_section_and_day(
    world: ActivityWorld, page_client: PageClient
) -> None:
    record = patrol(world)
    world.as_("lead")
    page = opened(page_client, record)
    assert "border section, day" in page.text
    assert "Waits for Police, Slovenia to verify" in page.text


@pytest.mark.parametrize("rest", ["", "/visibility", "/versions/1"])
def test_what_is_hidden_does_not_exist(world: ActivityWorld, client: RegistryClient, rest: str) -> None:
    record = patrol(world)
    world.as_("bystander")
    assert client.get(address(record, rest)).status_code == 404
    unknown = client.get(f"/p/ATHENA-2/activities/JP-XX-2026-9999{rest}")
    hidden = client.get(address(record, rest))
    strip = record.reference.encode()
    assert hidden.get_data().count(strip) == unknown.get_data().count(b"JP-XX-2026-9999")


def test_a_record_of_another_project_is_not_found_here(
    world: ActivityWorld, client: RegistryClient, factories: Factories
) -> None:
    other = factories.activity(factories.project(read_only=True), None)
    world.as_("owner")
    assert client.get(address(other)).status_code == 404


def test_reading_an_exact_place_or_as_an_auditor_is_written_down(
    world: ActivityWorld, page_client: PageClient, session: Session
) -> None:
    record = patrol(world, released=True)
    for name in ("bystander", "partner", "auditor"):
        world.as_(name)
        opened(page_client, record)
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "activity.read").order_by(AuditEvent.id))
    assert [(event.actor, event.subject) for event in events] == [
        (world.person("partner").email, record.reference),
        (world.person("auditor").email, record.reference),
    ]


def test_costs_are_for_the_project_s_money_and_for_who_paid(
    world: ActivityWorld, page_client: PageClient, factories: Factories, session: Session
) -> None:
    record = patrol(world, released=True)
    payer = factories.beneficiary(world.project, world.organisations["SI-POL"])
    receipt = Document(project_id=world.project.id, reference="DOC-SI-2026-0001", sha256="0" * 64, file_name="toll.pdf")
    receipt.original_sha256, receipt.media_type, receipt.size_bytes, receipt.added_at = (
        "0" * 64,
        "application/pdf",
        9,
        NOW,
    )
    session.add(receipt)
    session.flush()
    facts = {"activity_id": record.id, "description": "toll at Fernetti"}
    factories.cost_line(payer, 1160, document_id=receipt.id, **facts)
    factories.cost_line(payer, 4000, currency="HUF", **facts)
    world.as_("officer")
    page = opened(page_client, record)
    for words in ("toll at Fernetti", "EUR 11.60", "not converted", "1 line is not converted", "DOC-SI-2026-0001"):
        assert words in page.text
    world.as_("auditor")
    page = opened(page_client, record)
    assert "EUR 11.60" in page.text
    assert "toll at Fernetti" not in page.text
    assert "DOC-SI-2026-0001" in page.text
    world.as_("analyst")
    assert "Costs" not in opened(page_client, record).text


def test_the_verbs_are_those_that_are_legal_and_allowed(world: ActivityWorld, page_client: PageClient) -> None:
    record = patrol(world, logged_by=world.person("officer").id)
    expected = {
        "owner": ["Verify", "Amend", "Copy", "Withdraw"],
        "officer": ["Amend", "Copy", "Withdraw"],
        "verifier": ["Verify"],
        "partner": ["Copy"],
        "lead": [],
        "auditor": [],
    }
    for name, offered in expected.items():
        world.as_(name)
        assert verbs(opened(page_client, record)) == offered, name


def test_the_host_verifies_and_the_page_says_so(
    world: ActivityWorld, page_client: PageClient, session: Session
) -> None:
    record = patrol(world)
    world.as_("verifier")
    opened(page_client, record, "/verify")
    answer = page_client.post(address(record, "/verify"), status=303)
    page = page_client.follow(answer)
    assert "Verified." in page.text
    assert session.scalar(select(Activity.verified_at).where(Activity.id == record.id)) == NOW


def test_who_logged_it_may_not_verify_it(world: ActivityWorld, client: RegistryClient, page_client: PageClient) -> None:
    record = patrol(world, logged_by=world.person("owner").id)
    world.as_("owner")
    opened(page_client, record, "/verify")
    assert "Somebody else" in page_client.post(address(record, "/verify"), status=403).text.replace(
        "somebody", "Somebody"
    )


def test_withdrawing_asks_for_a_reason(world: ActivityWorld, page_client: PageClient, session: Session) -> None:
    record = patrol(world)
    world.as_("owner")
    opened(page_client, record, "/withdraw")
    page = page_client.post(address(record, "/withdraw"), {"reason": " "}, status=422)
    assert "Say in a few words why." in page.text
    answer = page_client.post(address(record, "/withdraw"), {"reason": "entered twice"}, status=303)
    page = page_client.follow(answer)
    assert "Withdrawn" in page.text
    kept = session.scalar(select(Activity).where(Activity.id == record.id))
    assert (kept.status, kept.withdrawn_reason) == ("WITHDRAWN", "entered twice")


def test_the_page_of_a_verb_is_not_for_others(world: ActivityWorld, client: RegistryClient) -> None:
    record = patrol(world)
    world.as_("partner")
    for verb in ("withdraw", "amend"):
        assert client.get(address(record, f"/{verb}")).status_code == 403
    assert client.get(address(record, "/verify")).status_code == 403


def test_an_amendment_makes_a_version_and_the_old_one_stays_readable(
    world: ActivityWorld, page_client: PageClient, session: Session
) -> None:
    record = patrol(world, verified=True)
    world.as_("owner")
    opened(page_client, record, "/amend")
    typed = {
        "version": "1",
        "facts": "Two lorries and a van were opened.",
        "reason": "recount",
        "outcomes-arrests": "1",
    }
    page = page_client.follow(page_client.post(address(record, "/amend"), typed, status=303))
    assert "Amended: version 2." in page.text
    assert "Two lorries and a van were opened." in page.text
    assert "recount" in page.text
    old = opened(page_client, record, "/versions/1")
    assert "Two lorries were opened." in old.text
    assert "Reason: recount" in old.text
    changed = session.scalar(select(Activity).where(Activity.id == record.id))
    assert (changed.version, changed.verified_at, changed.title) == (2, None, WORDS["title"])
    assert (changed.lon, changed.starts_at, changed.section_id) == (13.6, START, world.section.id)


def test_old_versions_are_for_who_sees_the_record_exactly(
    world: ActivityWorld, client: RegistryClient, page_client: PageClient, session: Session
) -> None:
    record = patrol(world, released=True)
    session.add(
        ActivityVersion(
            activity_id=record.id,
            version=1,
            content={"title": "Old title", "legs": [{"number": 1, "verified_by": "x@y"}], "lon": 13.1, "flags": ["a"]},
            reason="wrong place",
            amended_at=NOW,
            amended_by=world.person("owner").email,
        )
    )
    world.as_("partner")
    page = opened(page_client, record, "/versions/1")
    assert "Old title" in page.text
    assert world.person("owner").service_number in page.text
    assert "x@y" not in page.text
    assert client.get(address(record, "/versions/2")).status_code == 404
    assert client.get(address(record, "/versions/one")).status_code == 404
    world.as_("bystander")
    assert "wrong place" not in opened(page_client, record).text
    assert client.get(address(record, "/versions/1")).status_code == 404


def test_who_can_see_it_lists_every_role_with_its_reason(world: ActivityWorld, page_client: PageClient) -> None:
    record = patrol(world)
    for name in ("partner", "bystander", "lead", "auditor", "privacy"):
        world.person(name)
    world.as_("owner")
    page = opened(page_client, record, "/visibility")
    rows = [" ".join(" ".join(row.itertext()).split()) for row in page.all("tr")[1:]]
    seen = {row.split(" 1 ")[0]: row for row in rows}
    assert "exact exact Your organisation owns it or takes part." in seen["officer Border police, Italy"]
    assert "border section day Not released" in seen["lead partner Hungary"]
    assert "not at all – Not released yet" in seen["coordinator Hungary"]
    assert "No operational content" in next(row for row in rows if row.startswith("data protection officer"))
    assert {row.split()[0] for row in rows} >= {"analyst", "administrator", "verifier"}


def test_parents_and_children_that_may_be_listed_are_named(world: ActivityWorld, page_client: PageClient) -> None:
    parent = patrol(world, kind="JO")
    child = patrol(world, released=True, parent_id=parent.id)
    world.as_("owner")
    assert parent.reference in opened(page_client, child).text
    assert child.reference in opened(page_client, parent).text
    world.as_("bystander")
    assert parent.reference not in opened(page_client, child).text


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("SCHEDULED", ["Planned", "Held", "Entered", "Verified", "Released"]),
        ("CANCELLED", ["Entered", "Cancelled"]),
        ("EVALUATED", ["Held", "Entered", "Verified", "Released", "Evaluated"]),
    ],
)
def test_the_life_is_a_line_of_steps(
    world: ActivityWorld, page_client: PageClient, status: str, steps: list[str]
) -> None:
    record = patrol(world, status=status)
    world.as_("owner")
    (life,) = opened(page_client, record).all("ol", class_="life")
    assert [step.findtext("b") for step in life.iter("li")] == steps


def test_a_record_never_released_says_so_to_its_owner(world: ActivityWorld, page_client: PageClient) -> None:
    record = patrol(world, release_never=True, sensitive=True)
    world.as_("owner")
    page = opened(page_client, record)
    assert "Never released" in page.text
    assert "marked sensitive" in page.text


def test_a_published_record_is_read_by_everybody_and_changed_by_nobody(
    world: ActivityWorld, page_client: PageClient, factories: Factories, session: Session
) -> None:
    project = factories.project("PUBLISHED", read_only=True)
    record = factories.activity(project, None, source_url="https://www.selec.org/x", at=None, title="Mirage 2024")
    world.as_("bystander")
    page = page_client.get(f"/p/PUBLISHED/activities/{record.reference}")
    assert "Mirage 2024" in page.text
    assert verbs(page) == []
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "activity.read")).all() == []


def test_roles_that_hold_nothing_get_no_page(world: ActivityWorld, client: RegistryClient) -> None:
    record = patrol(world, released=True)
    world.as_("privacy")
    assert client.get(address(record)).status_code == 403
