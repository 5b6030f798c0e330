"""Does the Map page carry its frame, filters and layers, and does it work without a script?"""

from __future__ import annotations

import json

import pytest

from registry.domain.permissions import Role
from registry.maps.layers import LAYERS
from registry.services import derive
from tests.factories import sign_in


@pytest.fixture
def world(factories, session):
    """A project with two organisations, a border with a section, and a few activities."""
    police, carabinieri = factories.organisation("SI-P"), factories.organisation("IT-C", country="IT")
    project = factories.project("ATHENA2")
    section = factories.section(factories.border())
    for _ in range(3):
        factories.activity(project, police, carabinieri, section=section, released=True)
    factories.activity(project, carabinieri, kind="MEET", section=section)
    derive.rebuild(session)
    return project, police, carabinieri


def test_the_map_has_a_frame_and_no_record_in_its_script(page_client, client, session, factories, world):
    project, police, _ = world
    sign_in(client, session, factories.user(project, police, Role.OFFICER))
    page = page_client.get("/p/ATHENA2/map")
    assert page.one("div", id="map").get("class") == "folium-map"
    scripts = [script for script in page.all("script") if not script.get("src")]
    assert any("L.map(" in (script.text or "") for script in scripts)
    assert "2026-0" not in "".join(script.text or "" for script in scripts)


def test_every_layer_has_its_box_its_address_and_its_place_in_the_legend(
    page_client, client, session, factories, world
):
    project, police, _ = world
    sign_in(client, session, factories.user(project, police, Role.ANALYST))
    page = page_client.get("/p/ATHENA2/map")
    boxes = {box.get("data-layer"): box for box in page.all("input", type="checkbox") if box.get("data-layer")}
    assert list(boxes) == [layer.key for layer in LAYERS]
    for layer in LAYERS:
        answer = client.get(boxes[layer.key].get("data-href"))
        assert answer.status_code == 200, layer.key
        assert (boxes[layer.key].get("checked") is not None) is layer.on


def test_every_layer_asks_for_the_right_that_it_names(app):
    for layer in LAYERS:
        for endpoint in filter(None, (layer.endpoint, layer.near)):
            assert app.view_functions[endpoint].permission is layer.permission


def test_without_a_script_the_counts_stand_in_a_table_that_leads_to_the_list(
    page_client, client, session, factories, world
):
    project, police, _ = world
    sign_in(client, session, factories.user(project, police, Role.OFFICER))
    page = page_client.get("/p/ATHENA2/map?kind=JP")
    assert "/p/ATHENA2/activities?kind=JP&border=IT-SI" in page.links()
    row = next(row for row in page.all("tr") if row.find("th") is not None and row.find("td") is not None)
    assert row.find("td").text == "3"


def test_same_as_a_table_keeps_the_filters_and_drops_the_place_of_the_map(
    page_client, client, session, factories, world
):
    project, police, _ = world
    sign_in(client, session, factories.user(project, police, Role.OFFICER))
    page = page_client.get("/p/ATHENA2/map?kind=JP&from=2026-01&zoom=8&lat=46&lon=13")
    assert page.one("a", id="as-table").get("href") == "/p/ATHENA2/activities?kind=JP&from=2026-01-01"


def test_the_status_footnote_stands_on_the_map(page_client, client, session, factories, world):
    project, police, _ = world
    sign_in(client, session, factories.user(project, police, Role.OFFICER))
    assert "UNSCR 1244/1999" in page_client.get("/p/ATHENA2/map").text


def test_the_months_of_the_slider_count_what_the_viewer_may_list(page_client, client, session, factories, world):
    project, _, _ = world
    sign_in(client, session, factories.user(project, factories.organisation("HR-P", country="HR"), Role.OFFICER))
    page = page_client.get("/p/ATHENA2/map")
    setup = json.loads(page.one("script", id="map-setup").text)
    assert sum(number for _, number in setup["months"]) == 3


def test_who_is_not_of_the_project_gets_no_map(client, session, factories, world):
    _, police, _ = world
    sign_in(client, session, factories.user(factories.project("OTHER"), police, Role.OFFICER))
    assert client.get("/p/ATHENA2/map").status_code == 404


def test_a_data_protection_officer_may_not_open_the_map(client, session, factories, world):
    project, police, _ = world
    sign_in(client, session, factories.user(project, police, Role.DATA_PROTECTION_OFFICER))
    assert client.get("/p/ATHENA2/map").status_code == 403
    assert client.get("/api/v1/map/cells?project=ATHENA2").status_code == 403


def test_the_base_map_names_countries_in_the_readers_language_and_comes_once(client, session, factories, world):
    project, police, _ = world
    sign_in(client, session, factories.user(project, police, Role.OFFICER))
    first = client.get("/map/base/countries_low.geojson")
    names = {feature["properties"]["iso2"]: feature["properties"]["name"] for feature in first.get_json()["features"]}
    assert names["SI"] == "Slovenia"
    assert names["XK"] == "Kosovo*"
    again = client.get("/map/base/countries_low.geojson", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/map/base/secrets.geojson").status_code == 404


def test_the_base_map_asks_to_sign_in(client, session):
    assert client.get("/map/base/towns.geojson").status_code == 302
