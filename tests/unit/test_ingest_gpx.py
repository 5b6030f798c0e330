"""Does nothing of an uploaded GPX reach the reading library but places and times written by us?"""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import gpxpy
import pytest

from registry.ingest.errors import BadFile
from registry.ingest.gpx import read_gpx

TRACK = (
    '<trk><name>N. N.</name><trkseg><trkpt lat="45.61" lon="13.81"/><trkpt lat="4.562e1" lon="13.82"/></trkseg></trk>'
)


def test_names_extensions_and_namespaces_never_reach_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    parse = gpxpy.parse

    def noted(text: str, version: str) -> object:
        seen.append(text)
        return parse(text, version=version)

    monkeypatch.setattr(gpxpy, "parse", noted)
    hostile = '<gpx xmlns:evil="https://evil.example/ns" xmlns="https://other.example" creator="Device 7">'
    extension = "<extensions><evil:who>Novak</evil:who></extensions>"
    track = read_gpx(f"{hostile}{TRACK}{extension}</gpx>".encode())
    assert track.geometry.wkt == "LINESTRING (13.81 45.61, 13.82 45.62)"
    points = '<trkpt lat="45.61" lon="13.81"></trkpt><trkpt lat="45.62" lon="13.82"></trkpt>'
    assert seen == [f'<gpx version="1.1"><trk><trkseg>{points}</trkseg></trk></gpx>']


def test_a_namespace_of_the_file_is_not_kept_for_the_next_file() -> None:
    read_gpx(f'<gpx xmlns:evil="https://evil.example/kept">{TRACK}</gpx>'.encode())
    written = ElementTree.tostring(ElementTree.Element("{https://evil.example/kept}a"))
    assert b"evil:" not in written


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "2026-05-04T09:30:00.250000+02:00"])
def test_times_survive_the_rewriting_to_the_microsecond(time: str) -> None:
    track = read_gpx(f'<gpx><wpt lat="45" lon="13"><time>{time}</time></wpt></gpx>'.encode())
    assert track.started_at == datetime.fromisoformat(time).astimezone(UTC)


def test_a_time_before_all_times_is_refused_in_words() -> None:
    with pytest.raises(BadFile, match="is not a time"):
        read_gpx(b'<gpx><wpt lat="45" lon="13"><time>0001-01-01T00:00:00+05:00</time></wpt></gpx>')
