"""Are the shipped tables, outlines, icons and style sheets whole, and do they agree with each other?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import shapely
from pyproj import Geod
from shapely.geometry import shape

from registry import reference

STATIC = Path(reference.__file__).parents[1] / "static"
CODE_TABLES = (
    "activity_kinds",
    "measures",
    "location_kinds",
    "check_bases",
    "obstacle_causes",
    "participation_roles",
    "powers_models",
    "arms_rules",
    "functions",
    "cost_types",
    "budget_categories",
    "crime_areas",
)
SYMBOL = re.compile(r'<symbol id="(i-[a-z0-9-]+)" viewBox="0 0 24 24">(.+?)</symbol>')


def symbols() -> list[tuple[str, str]]:
    return SYMBOL.findall((STATIC / "icons.svg").read_text(encoding="utf-8"))


def icons() -> set[str]:
    return {name for name, _ in symbols()}


@pytest.mark.parametrize("name", CODE_TABLES)
def test_a_code_table_has_unique_codes_and_a_label_in_every_row(name: str) -> None:
    rows = reference.table(name)
    codes = [row["code"] for row in rows]
    assert codes
    assert len(set(codes)) == len(codes)
    assert all(row["label"].strip() and None not in row and None not in row.values() for row in rows)


@pytest.mark.parametrize("name", ["activity_kinds", "measures"])
def test_every_icon_of_a_table_is_in_the_sprite(name: str) -> None:
    assert {f"i-{row['icon']}" for row in reference.table(name)} <= icons()


def test_an_icon_has_a_name_of_its_own_and_a_drawing() -> None:
    assert len(symbols()) == len(icons()) == (STATIC / "icons.svg").read_text(encoding="utf-8").count("<symbol")
    assert all("<path" in drawing or "<circle" in drawing for _, drawing in symbols())


def test_the_colour_of_a_kind_is_a_token_of_the_style_sheet() -> None:
    tokens = (STATIC / "css" / "registry.css").read_text(encoding="utf-8")
    assert all(f"{row['colour']}:" in tokens for row in reference.table("activity_kinds"))


def test_a_part_of_a_measure_names_a_measure() -> None:
    rows = reference.table("measures")
    codes = {row["code"] for row in rows}
    assert {row["is_part_of"] for row in rows} <= codes | {""}
    assert {row["group"] for row in rows} == {"effort", "consultation", "finding"}
    assert all((row["group"] == "finding") == (row["is_finding"] == "yes") for row in rows)


def test_a_cost_type_belongs_to_a_budget_category() -> None:
    categories = {row["code"] for row in reference.table("budget_categories")}
    assert {row["category"] for row in reference.table("cost_types")} == categories


def test_one_crime_area_is_proposed_for_joint_patrols() -> None:
    assert [row["number"] for row in reference.table("crime_areas") if row["is_default"] == "yes"] == ["28"]


def test_a_crossing_point_lies_near_its_border() -> None:
    lines = {part["properties"]["code"]: shape(part["geometry"]) for part in reference.geojson("borders")["features"]}
    geod = Geod(ellps="WGS84")
    far = []
    for row in reference.table("crossing_points"):
        if row["b"]:
            place = shapely.Point(float(row["lon"]), float(row["lat"]))
            line = lines[f"{row['a']}-{row['b']}"]
            metres = geod.line_length(*shapely.shortest_line(place, line).xy)
            if metres > 8_000:
                far.append((row["name"], round(metres)))
    assert far == []


def test_crossing_points_have_one_name_each_and_say_how_exact_they_are() -> None:
    rows = reference.table("crossing_points")
    assert len({row["name"] for row in rows}) == len(rows)
    assert {row["position_precision"] for row in rows} == {"town"}
    assert {row["trust"] for row in rows} == {"R"}


def test_a_border_is_in_the_table_of_borders() -> None:
    pairs = {(row["a"], row["b"]) for row in reference.table("borders") if row["kind"] != "sea"}
    drawn = {(part["properties"]["a"], part["properties"]["b"]) for part in reference.geojson("borders")["features"]}
    assert drawn == pairs
    assert ("RS", "XK") in drawn


def test_sections_lie_on_their_border_and_are_about_fifty_kilometres_long() -> None:
    lines = {part["properties"]["code"]: shape(part["geometry"]) for part in reference.geojson("borders")["features"]}
    alone = {code for code, line in lines.items() if line.length < 0.4}
    for part in reference.geojson("sections")["features"]:
        facts = part["properties"]
        border = f"{facts['a']}-{facts['b']}"
        assert facts["code"] == f"{border}-{facts['number']:02}"
        assert lines[border].buffer(0.002).covers(shape(part["geometry"])), facts["code"]
        assert border in alone or 25 <= facts["length_km"] <= 75, facts["code"]


def test_the_sections_of_a_border_add_up_to_it_and_are_numbered_without_a_gap() -> None:
    sections = [part["properties"] for part in reference.geojson("sections")["features"]]
    for part in reference.geojson("borders")["features"]:
        facts = part["properties"]
        own = [section for section in sections if (section["a"], section["b"]) == (facts["a"], facts["b"])]
        assert [section["number"] for section in own] == list(range(1, len(own) + 1))
        assert sum(section["length_km"] for section in own) == pytest.approx(facts["length_km"], abs=0.1 * len(own))


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (14.5, 46.05, "SI"),
        (12.5, 41.9, "IT"),
        (21.0, 42.5, "XK"),
        (14.45, 35.88, "MT"),
        (34.1, 45.0, "UA"),
        (33.4, 35.3, "CY"),
        (24.1, 56.9, "LV"),
        (26.1, 44.4, "RO"),
    ],
)
def test_a_town_lies_on_the_soil_of_its_country(lon: float, lat: float, code: str) -> None:
    place = shapely.Point(lon, lat)
    found = [
        p["properties"]["iso2"]
        for p in reference.geojson("countries")["features"]
        if shape(p["geometry"]).contains(place)
    ]
    assert found == [code]


def test_the_base_map_stays_small() -> None:
    folder = reference.path("basemap/countries.geojson").parent
    assert sum(file.stat().st_size for file in folder.iterdir()) < 2_500_000
    assert reference.path("basemap/countries_low.geojson").stat().st_size < 250_000


def test_every_reference_file_has_its_provenance() -> None:
    folder = reference.path("PROVENANCE.md").parent
    text = reference.path("PROVENANCE.md").read_text(encoding="utf-8")
    files = [*folder.glob("*.csv"), *folder.glob("*.txt"), *folder.glob("basemap/*")]
    assert [file.name for file in files if file.name not in text] == []


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(FileNotFoundError, match="no reference file"):
        reference.table("nothing")


def test_no_style_sheet_or_sprite_loads_from_another_host() -> None:
    reaching_out = re.compile(r"""(?:url\(|@import\s+(?:url\()?)\s*["']?(?:https?:)?//""", re.IGNORECASE)
    sheets = list(STATIC.rglob("*.css"))
    assert len(sheets) >= 5
    assert [sheet.name for sheet in sheets if reaching_out.search(sheet.read_text(encoding="utf-8"))] == []
    assert "href=" not in (STATIC / "icons.svg").read_text(encoding="utf-8")


def test_no_own_script_imports_from_another_host() -> None:
    reaching_out = re.compile(r"""(?:from|import\(?|fetch\()\s*["'](?:https?:)?//""")
    scripts = [*(STATIC / "js").glob("*.js"), *(STATIC / "vendor").rglob("*.js")]
    assert [file.name for file in scripts if reaching_out.search(file.read_text(encoding="utf-8"))] == []


def test_every_file_that_a_style_sheet_names_is_there() -> None:
    named = [
        (sheet, name)
        for sheet in STATIC.rglob("*.css")
        for name in re.findall(r"url\([\"']?([^\"')]+)", sheet.read_text(encoding="utf-8"))
        if not name.startswith(("data:", "#", "%23"))
    ]
    assert named
    assert [(sheet.name, name) for sheet, name in named if not (sheet.parent / name).is_file()] == []


def test_every_vendored_folder_carries_its_licence() -> None:
    folders = [folder for folder in (STATIC / "vendor").iterdir() if folder.is_dir()]
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []
    assert (STATIC / "fonts-pdf" / "LICENSE").is_file()
