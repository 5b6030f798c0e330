"""The list of activities: order, pages, filters, counts and facets; stored and live counts say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.db.search import sync_search
from registry.domain.errors import InvalidInput
from registry.domain.filters import ActivityFilters
from registry.domain.permissions import Role, Viewer
from registry.domain.precision import Precision, TimePrecision
from registry.models.activities import Activity, ActivityText
from registry.queries.activities import count, iterate, listing
from registry.queries.facets import facets
from registry.services import derive
from tests.conftest import NOW
from tests.factories import Factories, viewer_for

EVERYTHING = ActivityFilters()


@dataclass
class World:
    """A project of two organisations and a third one that takes part in nothing; a reader for each."""

    factories: Factories
    session: Session

    def __post_init__(self) -> None:
        made = self.factories
        self.project = made.project("P-LIST")
        self.slovenia = made.organisation("SI-POL", country="SI")
        self.italy = made.organisation("IT-POL", country="IT")
        self.hungary = made.organisation("HU-POL", country="HU")
        self.section = made.section(made.border("IT", "SI"), 3)
        self.owner = self.viewer(self.slovenia, Role.OFFICER)
        self.bystander = self.viewer(self.hungary, Role.OFFICER)
        self.lead = self.viewer(self.hungary, Role.LEAD_PARTNER)
        self.analyst = self.viewer(None, Role.ANALYST)
        self.auditor = self.viewer(None, Role.AUDITOR)

    def viewer(self, organisation: Any, *roles: Role) -> Viewer:
        return viewer_for(self.factories.user(self.project, organisation, *roles))

    def activity(self, **facts: Any) -> Activity:
        partners = facts.pop("partners", (self.italy,))
        return self.factories.activity(self.project, self.slovenia, *partners, **{"section": self.section, **facts})

    def rebuilt(self) -> None:
        self.session.flush()
        derive.rebuild(self.session)
        sync_search(self.session)

    def references(self, viewer: Viewer, filters: ActivityFilters = EVERYTHING, **options: Any) -> list[str]:
        page = listing(self.session, viewer, self.project.id, filters, now=NOW, **options)
        return [row.reference for row in page.rows]


@pytest.fixture
def world(factories: Factories, session: Session) -> World:
    return World(factories, session)


def on(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC, hour=hour)


def test_the_newest_day_comes_first_and_an_unknown_one_last(world: World) -> None:
    old = world.activity(starts_at=on("2026-01-05"))
    unknown = world.activity(starts_at=on("2026-09-05"))
    unknown.from_on = unknown.until_on = unknown.starts_at = unknown.ends_at = None
    new = world.activity(starts_at=on("2026-10-05"))
    world.rebuilt()
    assert world.references(world.owner) == [new.reference, old.reference, unknown.reference]


def test_the_order_within_a_day_is_that_of_recording_whatever_the_hours(world: World) -> None:
    first = world.activity(starts_at=on("2026-10-05", 20), released=True)
    second = world.activity(starts_at=on("2026-10-05", 6), released=True)
    world.rebuilt()
    assert world.references(world.bystander) == [second.reference, first.reference]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_walking_older_and_newer_shows_every_record_once(world: World, limit: int) -> None:
    made = [world.activity(starts_at=on("2026-10-05") + timedelta(days=number // 2)) for number in range(6)]
    for row in made[:2]:
        row.from_on = row.until_on = None
    world.rebuilt()
    everything = world.references(world.owner)
    walked, after = [], ""
    while True:
        page = listing(world.session, world.owner, world.project.id, EVERYTHING, now=NOW, after=after, limit=limit)
        walked += [row.reference for row in page.rows]
        assert (page.matching, page.total) == (6, 6)
        assert bool(page.newer) is bool(after)
        if not page.older:
            break
        after = page.older
    assert walked == everything
    assert set(everything) == {row.reference for row in made}
    back = [everything[-1]]
    while True:
        page = listing(world.session, world.owner, world.project.id, EVERYTHING, now=NOW, before=back[0], limit=limit)
        back = [row.reference for row in page.rows] + back
        if not page.newer:
            break
    assert back == everything


def test_a_cursor_the_viewer_may_not_list_is_as_unknown_as_any(world: World) -> None:
    hidden = world.activity()
    world.rebuilt()
    for cursor in (hidden.reference, "JP-XX-2026-9999"):
        with pytest.raises(InvalidInput) as refused:
            world.references(world.bystander, after=cursor)
        assert refused.value.errors == {"after": ["The list has changed. Begin again with its first page."]}


def test_a_bystander_counts_and_lists_what_is_released_alone(world: World) -> None:
    world.activity()
    released = world.activity(released=True)
    world.rebuilt()
    page = listing(world.session, world.bystander, world.project.id, EVERYTHING, now=NOW)
    assert [row.reference for row in page.rows] == [released.reference]
    assert (page.matching, page.total) == (1, 1)


def test_each_viewer_gets_title_place_and_time_at_their_precision(world: World) -> None:
    world.activity(released=True, title="Behind the mill", starts_at=datetime(2026, 10, 5, 10, 37, tzinfo=UTC))
    world.rebuilt()
    expected = {
        "owner": ("Behind the mill", Precision.EXACT, TimePrecision.EXACT),
        "bystander": ("Joint patrol, Country IT–Country SI 3", Precision.CELL, TimePrecision.DAY),
        "analyst": ("Joint patrol, Country IT–Country SI 3", Precision.CELL, TimePrecision.HOUR),
        "auditor": ("Joint patrol, Country IT–Country SI 3", Precision.SECTION, TimePrecision.DAY),
    }
    for name, seen in expected.items():
        (row,) = listing(world.session, getattr(world, name), world.project.id, EVERYTHING, now=NOW).rows
        assert (row.title, row.where.precision, row.when.precision) == seen
        exact = name == "owner"
        assert (row.where.lon == 13.6) is exact
        assert (row.when.starts_at == datetime(2026, 10, 5, 10, 37, tzinfo=UTC)) is exact
        assert bool(row.where.cell) is (seen[1] is Precision.CELL)


def test_hours_are_rounded_outwards(world: World) -> None:
    world.activity(released=True, starts_at=datetime(2026, 10, 5, 10, 37, tzinfo=UTC), hours=2)
    world.rebuilt()
    (row,) = listing(world.session, world.analyst, world.project.id, EVERYTHING, now=NOW).rows
    assert row.when.starts_at == datetime(2026, 10, 5, 10, tzinfo=UTC)
    assert row.when.ends_at == datetime(2026, 10, 5, 13, tzinfo=UTC)
    assert row.when.duration is None


def filled(world: World) -> None:
    """Kinds, states, months, borders, countries and results, released and not."""
    made = world.factories
    other = made.section(made.border("HU", "SI"), 1)
    package = made.work_package(world.project, "WP3")
    for number in range(24):
        world.activity(
            kind=("JP", "JO", "CBO")[number % 3],
            status=("REPORTED", "CLOSED", "WITHDRAWN")[number % 5 % 3] if number % 3 < 2 else "ENDED",
            starts_at=on("2026-01-10") + timedelta(days=11 * number),
            section=world.section if number % 2 else other,
            partners=(world.italy,) if number % 2 else (world.italy, world.hungary) if number == 4 else (),
            released=number % 4 > 0,
            outcomes={"arrests": number % 3, "persons_checked": 5} if number % 5 else None,
            crime_areas="OC_SMUGGLING|OC_THB" if number % 2 else "OC_DRUGS",
            work_package_id=package.id if number % 2 else None,
            title=f"Škofije {number}",
        )
    world.rebuilt()


FILTERS = [
    EVERYTHING,
    ActivityFilters(kind=("JP", "CBO")),
    ActivityFilters(status=("WITHDRAWN",)),
    ActivityFilters(kind=("JP",), status=("REPORTED", "CLOSED")),
    ActivityFilters(from_on=date(2026, 2, 1), last_on=date(2026, 5, 31)),
    ActivityFilters(from_on=date(2026, 2, 9), last_on=date(2026, 5, 30), kind=("JO",)),
    ActivityFilters(country=("IT",)),
    ActivityFilters(country=("IT", "HU")),
    ActivityFilters(organisation=("IT-POL",), kind=("JP",)),
    ActivityFilters(organisation=("nobody",)),
    ActivityFilters(border=("IT-SI", "HU-SI")),
    ActivityFilters(section=("IT-SI-03",), from_on=date(2026, 3, 1)),
    ActivityFilters(country=("IT",), border=("IT-SI",)),
    ActivityFilters(crime_area=("OC_THB",)),
    ActivityFilters(work_package=("WP3",)),
    ActivityFilters(result="with"),
    ActivityFilters(result="without"),
    ActivityFilters(verified="yes"),
    ActivityFilters(verified="no"),
    ActivityFilters(q="skofije"),
    ActivityFilters(q="cbo"),
]


@pytest.mark.parametrize("name", ["owner", "bystander", "lead", "analyst", "auditor"])
def test_counts_facets_list_and_file_agree_under_every_filter(world: World, name: str) -> None:
    filled(world)
    viewer = getattr(world, name)
    for filters in FILTERS:
        page = listing(world.session, viewer, world.project.id, filters, now=NOW, limit=100)
        rows = list(iterate(world.session, viewer, world.project.id, filters, now=NOW))
        assert list(page.rows) == rows
        assert page.matching == len(rows) == count(world.session, viewer, world.project.id, filters, now=NOW)
        _facets_agree(world, viewer, filters)


def _facets_agree(world: World, viewer: Viewer, filters: ActivityFilters) -> None:
    found = facets(world.session, viewer, world.project.id, filters, now=NOW)
    for facet in ("kind", "status", "country", "organisation", "border", "section"):
        for value in getattr(found, facet):
            chosen = ActivityFilters(**{**_fields(filters), facet: (value.code,)})
            expected = len(list(iterate(world.session, viewer, world.project.id, chosen, now=NOW)))
            assert value.count == expected, (filters, facet, value)


def _fields(filters: ActivityFilters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in ActivityFilters.__dataclass_fields__}


def test_every_value_that_a_listed_record_has_is_a_value_of_its_facet(world: World) -> None:
    filled(world)
    found = facets(world.session, world.owner, world.project.id, EVERYTHING, now=NOW)
    assert {value.code for value in found.country} == {"SI", "IT", "HU"}
    assert {value.code: value.label for value in found.section} == {
        "IT-SI-03": "Country IT–Country SI 3",
        "HU-SI-01": "Country HU–Country SI 1",
    }
    assert {value.code for value in found.organisation} == {"SI-POL", "IT-POL", "HU-POL"}


def test_a_chosen_value_without_records_stays_to_be_taken_away(world: World) -> None:
    filled(world)
    found = facets(world.session, world.owner, world.project.id, ActivityFilters(country=("MT",)), now=NOW)
    assert [(value.code, value.count) for value in found.country if value.chosen] == [("MT", 0)]


def test_words_of_the_exact_text_find_nothing_for_who_sees_the_cell(world: World) -> None:
    record = world.activity(released=True, title="Behind the mill at Lipica")
    world.rebuilt()
    searched = ActivityFilters(q="LIPICA mill")
    assert world.references(world.owner, searched) == [record.reference]
    assert world.references(world.bystander, searched) == []
    assert world.references(world.bystander, ActivityFilters(q=record.reference.lower())) == [record.reference]


def test_cyrillic_and_accents_are_found_in_plain_latin(world: World) -> None:
    record = world.activity(title="Škofije")
    text = world.session.scalar(select(ActivityText).where(ActivityText.activity_id == record.id))
    text.exact_text += " skopje"
    world.rebuilt()
    assert world.references(world.owner, ActivityFilters(q="Скопје škofije")) == [record.reference]


def test_the_children_of_a_parent_are_found_only_by_who_may_list_the_parent(world: World) -> None:
    parent = world.activity(kind="JO")
    child = world.activity(released=True, parent_id=parent.id)
    world.rebuilt()
    asked = ActivityFilters(parent=parent.reference)
    assert world.references(world.owner, asked) == [child.reference]
    assert world.references(world.bystander, asked) == []


def test_a_published_project_is_listed_exactly_for_everybody_signed_in(world: World) -> None:
    published = world.factories.project("PUBLISHED", read_only=True)
    world.factories.activity(published, None, title="First mixed patrols")
    world.rebuilt()
    page = listing(world.session, world.bystander, published.id, EVERYTHING, now=NOW)
    assert [row.title for row in page.rows] == ["First mixed patrols"]
    assert page.total == 1
    nobody = Viewer(user_id=None, email="anonymous")
    assert listing(world.session, nobody, published.id, EVERYTHING, now=NOW).rows == ()


def test_across_projects_a_viewer_lists_their_own_and_the_published_ones(world: World) -> None:
    record = world.activity(released=True)
    published = world.factories.project("PUBLISHED", read_only=True)
    public = world.factories.activity(published, None)
    foreign = world.factories.activity(world.factories.project(), world.slovenia, released=True)
    world.rebuilt()
    page = listing(world.session, world.bystander, None, EVERYTHING, now=NOW)
    found = {row.reference: row.project for row in page.rows}
    assert found == {record.reference: "P-LIST", public.reference: "PUBLISHED"}
    assert foreign.reference not in found
    assert (page.matching, page.total) == (2, 2)


def test_results_are_not_yet_before_an_activity_is_held_and_not_counted_after(world: World) -> None:
    world.activity(status="SCHEDULED", officers=None, starts_at=on("2026-12-05"))
    world.activity(outcomes={"arrests": 0}, starts_at=on("2026-10-05"))
    world.rebuilt()
    planned, held = listing(world.session, world.owner, world.project.id, EVERYTHING, now=NOW).rows
    assert planned.results["arrests"] is None
    assert planned.officers is None
    assert held.results["arrests"].display() == "0"
    assert held.results["persons_checked"].display() == "n.c."
