"""Can any box, zoom or filter make the map tell a viewer more than a cell's centre or a section's middle?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.geo import Position, cell_of
from registry.domain.permissions import Role
from registry.services import derive
from tests.factories import NOW, sign_in

POINTS = ((13.6123, 45.9017), (13.7321, 45.6543), (14.0512, 46.3311), (13.6125, 45.9018))
KINDS = ("JP", "CBO", "MEET", "JIT")


@pytest.fixture
def world(factories, session, client):
    """Records of two authorities that the signed-in bystander has no part in; some are released, some are not."""
    one, other = factories.organisation("SI-P"), factories.organisation("IT-C", country="IT")
    project = factories.project("ATHENA2")
    section = factories.section(factories.border())
    number = 0
    for at in POINTS:
        for kind in KINDS:
            for released in (True, False):
                number += 1
                start = NOW - timedelta(days=20 + number)
                factories.activity(
                    project, one, other, kind=kind, at=at, section=section, released=released, starts_at=start
                )
    derive.rebuild(session)
    sign_in(client, session, factories.user(project, factories.organisation("RO-P", country="RO"), Role.LEAD_PARTNER))
    return client, (round(section.mid_lon, 5), round(section.mid_lat, 5))


def _centres() -> set[tuple[float, float]]:
    found = set()
    for lon, lat in POINTS:
        for level in range(6):
            centre = cell_of(Position(lon=lon, lat=lat), level).centre()
            found.add((round(centre.lon, 5), round(centre.lat, 5)))
    return found


@st.composite
def boxes(draw):
    """Boxes around the points, many of them a few metres wide."""
    lon, lat = draw(st.sampled_from(POINTS))
    west, south = lon - draw(st.floats(0, 0.3)), lat - draw(st.floats(0, 0.3))
    width = draw(st.sampled_from((0.0001, 0.001, 0.05, 0.6, 20)))
    return f"{west:.5f},{south:.5f},{west + width:.5f},{south + width:.5f}"


QUERIES = st.fixed_dictionaries(
    {"bbox": boxes(), "zoom": st.sampled_from((4, 6, 8, 9.5, 10, 12, 14))},
    optional={
        "kind": st.sampled_from(KINDS),
        "status": st.just("REPORTED"),
        "country": st.sampled_from(("IT", "SI")),
        "border": st.just("IT-SI"),
        "from": st.sampled_from(("2026-10", "2026-10-11")),
        "q": st.sampled_from(("jp", "activity", "patrol")),
    },
)
_ANSWERS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@_ANSWERS
@given(query=QUERIES)
def test_a_viewer_without_clearance_never_gets_a_point_but_a_cells_centre_or_a_sections_middle(world, query):
    client, middle = world
    allowed = _centres() | {middle}
    for path in ("cells", "features"):
        answer = client.get(f"/api/v1/map/{path}", query_string={"project": "ATHENA2", **query}).get_json()
        marks = [(mark["lon"], mark["lat"]) for mark in (*answer.get("cells", ()), *answer.get("sections", ()))]
        features = answer.get("features", ())
        marks += [tuple(feature["geometry"]["coordinates"]) for feature in features]
        assert {round_pair(mark) for mark in marks} <= allowed
        assert all(feature["properties"]["precision"] in ("cell", "section") for feature in features)
        west, south, east, north = map(float, query["bbox"].split(","))
        for lon, lat in marks:
            assert west - 1e-5 <= lon <= east + 1e-5
            assert south - 1e-5 <= lat <= north + 1e-5


@_ANSWERS
@given(query=QUERIES)
def test_the_list_beside_the_map_names_only_what_stands_in_the_box_at_the_viewers_precision(world, query):
    client, _ = world
    asked = {"project": "ATHENA2", **query}
    listed = client.get("/api/v1/map/records", query_string=asked).get_json()
    close = query["zoom"] >= 10
    shown = client.get(f"/api/v1/map/{'features' if close else 'cells'}", query_string=asked).get_json()
    assert listed["shown"] == shown["shown"]
    assert not listed["more"]
    assert all(set(item) & {"lon", "lat", "title", "geometry"} == set() for item in listed["items"])


def round_pair(pair):
    """A coordinate to five decimals, as the API writes it."""
    return round(pair[0], 5), round(pair[1], 5)
