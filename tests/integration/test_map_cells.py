"""Do the cells of the map count what the list counts, for every role, stored and live alike?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.domain.filters import ActivityFilters
from registry.domain.geo import Position, cell_of
from registry.domain.permissions import Role
from registry.queries import activities as listing
from registry.queries.filtering import scope_of
from registry.queries.map_cells import cells_in_view
from registry.queries.map_features import features_in_view, records_in_view, records_on_sections
from registry.queries.map_places import Places, view_of_box, view_of_cell
from registry.services import derive
from tests.factories import NOW, viewer_for

EUROPE = (-30.0, 30.0, 50.0, 72.0)
NEAR = (13.0, 45.0, 14.5, 46.5)
GORIZIA, TRIESTE, RUSE = (13.6, 45.9), (13.8, 45.62), (25.95, 43.85)
FILTERS = [
    ActivityFilters(),
    ActivityFilters(kind=("JP",)),
    ActivityFilters(kind=("JP", "CBO"), from_on=date(2026, 5, 1), last_on=date(2026, 9, 30)),
    ActivityFilters(from_on=date(2026, 5, 7)),
    ActivityFilters(status=("REPORTED",), country=("SI",)),
    ActivityFilters(border=("IT-SI",)),
    ActivityFilters(section=("IT-SI-01",), kind=("CBO",)),
    ActivityFilters(q="jp-"),
]


@pytest.fixture
def world(factories, session):
    """Two authorities with records of every precision, some without a place, one withdrawn."""
    one, other = factories.organisation("SI-P"), factories.organisation("IT-C", country="IT")
    third = factories.organisation("RO-P", country="RO")
    project = factories.project("ATHENA2", lead_organisation_id=third.id)
    section = factories.section(factories.border())
    days = [datetime(2026, month, 7, 10, tzinfo=UTC) for month in range(3, 11)]
    for number, day in enumerate(days):
        kind = ("JP", "CBO", "MEET", "JIT")[number % 4]
        at = (GORIZIA, TRIESTE, RUSE)[number % 3]
        for released in (True, False):
            factories.activity(project, one, other, kind=kind, at=at, section=section, starts_at=day, released=released)
        factories.activity(project, other, kind=kind, at=at, starts_at=day, released=number % 2 == 0)
    factories.activity(project, one, at=None, released=True, starts_at=days[0])
    factories.activity(project, one, at=None, section=section, starts_at=days[0])
    factories.activity(project, other, kind="CBO", released=True, starts_at=days[1])
    factories.activity(project, other, sensitive=True, section=section, starts_at=days[2])
    factories.activity(project, other, status="WITHDRAWN", released=True, section=section, starts_at=days[2])
    derive.rebuild(session)
    return project, {"one": one, "other": other, "third": third}, section


def places_for(session, viewer, project, now=NOW):
    """The places of a project as the viewer sees them."""
    return Places(scope=scope_of(session, viewer, project.id, now), project_id=project.id)


WHO = [
    ("one", (Role.OFFICER,)),
    ("third", (Role.OFFICER,)),
    ("third", (Role.LEAD_PARTNER,)),
    ("one", (Role.ANALYST,)),
    ("third", (Role.AUDITOR,)),
    ("third", (Role.AUDITOR, Role.COORDINATOR)),
]


def test_the_map_counts_what_the_list_counts_less_what_has_no_place(session, factories, world):
    project, organisations, _ = world
    view = view_of_box(EUROPE, 6)
    for who, roles in WHO:
        viewer = viewer_for(factories.user(project, organisations[who], *roles))
        everything = listing.count(session, viewer, project.id, ActivityFilters(), now=NOW)
        for filters in FILTERS:
            found = cells_in_view(session, places_for(session, viewer, project), filters, view)
            listed = listing.count(session, viewer, project.id, filters, now=NOW)
            counted = (found.matching, found.shown + found.unplaced, found.total)
            assert counted == (listed, listed, everything), (who, roles, filters)


def test_stored_and_live_counts_put_everything_in_the_same_place(session, factories, world):
    project, organisations, _ = world
    every_day = ActivityFilters(from_on=date(2026, 1, 2))  # not a whole month: counted live
    for who, roles in WHO:
        viewer = viewer_for(factories.user(project, organisations[who], *roles))
        places, view = places_for(session, viewer, project), view_of_box(EUROPE, 7)
        stored = cells_in_view(session, places, ActivityFilters(), view)
        live = cells_in_view(session, places, every_day, view)
        assert (stored.cells, stored.sections) == (live.cells, live.sections), (who, roles)


def test_the_records_beside_the_map_are_those_on_it(session, factories, world):
    project, organisations, _ = world
    viewer = viewer_for(factories.user(project, organisations["one"], Role.OFFICER))
    places = places_for(session, viewer, project)
    for zoom in (4, 6, 8, 10, 12):
        view = view_of_box(NEAR, zoom)
        close = zoom >= 10
        rows = records_in_view(session, places, ActivityFilters(), view, close=close)
        if close:
            features = features_in_view(session, places, ActivityFilters(), view)
            assert sorted(row.reference for row in rows) == sorted(f.record.reference for f in features)
        else:
            assert len(rows) == cells_in_view(session, places, ActivityFilters(), view).shown


def test_a_mark_opens_exactly_what_it_counts(session, factories, world):
    project, organisations, _ = world
    viewer = viewer_for(factories.user(project, organisations["third"], Role.LEAD_PARTNER))
    places = places_for(session, viewer, project)
    found = cells_in_view(session, places, ActivityFilters(), view_of_box(EUROPE, 8))
    assert found.cells
    assert found.sections
    for mark in found.cells:
        cell = next(cell_of(Position(lon=lon, lat=lat), found.level) for lon, lat in (GORIZIA, TRIESTE, RUSE)
                    if cell_of(Position(lon=lon, lat=lat), found.level).code == mark.code)  # fmt: skip
        rows = records_in_view(session, places, ActivityFilters(), view_of_cell(cell), close=False)
        assert len(rows) == mark.n
    for mark in found.sections:
        rows = records_on_sections(session, places, ActivityFilters(), [mark.code])
        assert len(rows) == mark.n


def test_observations_and_teams_never_stand_in_a_cell(session, factories, world):
    project, organisations, _ = world
    for who, roles in WHO:
        viewer = viewer_for(factories.user(project, organisations[who], *roles))
        found = cells_in_view(session, places_for(session, viewer, project), ActivityFilters(), view_of_box(EUROPE, 6))
        assert not {"CBO", "JIT"} & {kind for mark in found.cells for kind in mark.kinds}


def test_an_auditor_sees_sections_only(session, factories, world):
    project, organisations, _ = world
    viewer = viewer_for(factories.user(project, organisations["third"], Role.AUDITOR))
    found = cells_in_view(session, places_for(session, viewer, project), ActivityFilters(), view_of_box(EUROPE, 6))
    assert not found.cells
    assert [mark.code for mark in found.sections] == ["IT-SI-01"]


def test_a_published_project_shows_everything_exactly_and_counts_it_live(session, factories):
    published = factories.project("PUB", read_only=True)
    factories.activity(published, None, kind="CBO", at=RUSE, released=True)
    factories.activity(published, None, kind="JP", at=GORIZIA)
    project = factories.project("ATHENA2")
    viewer = viewer_for(factories.user(project, factories.organisation("SI-P"), Role.OFFICER))
    places = places_for(session, viewer, published)
    found = cells_in_view(session, places, ActivityFilters(), view_of_box(EUROPE, 6))
    assert (found.shown, found.total, found.unplaced) == (2, 2, 0)
    features = features_in_view(session, places, ActivityFilters(), view_of_box(NEAR, 12))
    assert [f.geometry["coordinates"] for f in features] == [list(GORIZIA)]


def test_a_release_that_comes_due_is_counted_without_the_timer(session, factories):
    one, third = factories.organisation("SI-P"), factories.organisation("RO-P", country="RO")
    project = factories.project("ATHENA2")
    row = factories.activity(project, one)
    row.released_at = NOW + timedelta(hours=1)
    session.flush()
    viewer = viewer_for(factories.user(project, third, Role.OFFICER))
    before, after = (places_for(session, viewer, project, now) for now in (NOW, NOW + timedelta(hours=2)))
    view = view_of_box(EUROPE, 6)
    assert cells_in_view(session, before, ActivityFilters(), view).shown == 0
    assert cells_in_view(session, after, ActivityFilters(), view).shown == 1


def test_a_box_too_large_for_its_zoom_gets_larger_cells_not_fewer(session, factories, world):
    project, organisations, _ = world
    viewer = viewer_for(factories.user(project, organisations["one"], Role.OFFICER))
    places = places_for(session, viewer, project)
    wide, fine = view_of_box((-180.0, -45.0, 180.0, 90.0), 14), view_of_box(EUROPE, 6)
    assert wide.level == 5
    counted = [cells_in_view(session, places, ActivityFilters(), view).shown for view in (wide, fine)]
    assert counted[0] == counted[1]
    assert features_in_view(session, places, ActivityFilters(), wide) is None


def test_too_many_features_are_answered_as_none(session, factories, world, monkeypatch):
    project, organisations, _ = world
    monkeypatch.setattr("registry.queries.map_features.CEILING", 3)
    viewer = viewer_for(factories.user(project, organisations["one"], Role.OFFICER))
    places = places_for(session, viewer, project)
    assert features_in_view(session, places, ActivityFilters(), view_of_box(NEAR, 12)) is None
