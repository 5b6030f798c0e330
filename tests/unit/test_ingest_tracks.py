"""Does a file of a way give its shape and times, nothing of who recorded it, and a clear word when it cannot?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.ingest.errors import BadFile
from registry.ingest.tracks import Track, read_track

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "samples"
GPX = '<?xml version="1.0" encoding="UTF-8"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">{}</gpx>'
ONE, TWO, THREE = (f'<{{0}} lat="45.6{n}" lon="13.8{n}"/>' for n in (1, 2, 3))


def gpx(*parts: str) -> bytes:
    return GPX.format("".join(parts)).encode()


def segment(*points: str) -> str:
    return f"<trkseg>{''.join(point.format('trkpt') for point in points)}</trkseg>"


def geojson(kind: str, coordinates: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": {"who": "N. N."}}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


TWO_LEFT_OUT = "2 points beside it were left out."
LINE = [[13.81, 45.61], [13.82, 45.62, 300]]
AREA = [[[13, 45], [14, 45], [14, 46], [13, 45]]]


def test_a_track_of_one_piece_is_a_line() -> None:
    track = read_track("t.gpx", gpx("<trk>", segment(ONE, TWO), "</trk>"))
    assert track.geometry.wkt == "LINESTRING (13.81 45.61, 13.82 45.62)"
    assert (track.points, track.started_at, track.ended_at, track.notes) == (2, None, None, [])


def test_a_track_of_several_pieces_keeps_its_gaps() -> None:
    content = gpx("<trk>", segment(ONE, TWO), segment(THREE), "</trk><trk>", segment(TWO, THREE), "</trk>")
    track = read_track("t.gpx", content)
    assert track.geometry.geom_type == "MultiLineString"
    assert track.notes == ["1 point beside the way was left out (waypoints, routes, single points)."]


def test_a_route_is_read_where_there_is_no_track() -> None:
    route = f"<rte>{ONE.format('rtept')}{TWO.format('rtept')}</rte>"
    assert read_track("t.gpx", gpx(route)).geometry.geom_type == "LineString"
    both = read_track("t.gpx", gpx(ONE.format("wpt"), route, "<trk>", segment(TWO, THREE), "</trk>"))
    assert both.geometry.wkt == "LINESTRING (13.82 45.62, 13.83 45.63)"
    assert both.notes == ["3 points beside the way were left out (waypoints, routes, single points)."]


def test_waypoints_stay_places_with_no_way_between_them() -> None:
    assert read_track("t.gpx", gpx(ONE.format("wpt"))).geometry.wkt == "POINT (13.81 45.61)"
    several = read_track("t.gpx", gpx(ONE.format("wpt"), TWO.format("wpt")))
    assert several.geometry.geom_type == "MultiPoint"
    assert several.notes == ["2 separate points, with no way between them."]


def test_times_are_the_first_and_the_last_in_utc() -> None:
    times = ("2026-05-04T10:00:00+02:00", "2026-05-04T07:30:00Z", "2026-05-04T09:00:00")
    points = [f'<trkpt lat="45.6" lon="13.{n}"><ele>9</ele><time>{time}</time></trkpt>' for n, time in enumerate(times)]
    track = read_track("t.gpx", gpx("<trk>", segment(*points), "</trk>"))
    assert track.started_at == datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
    assert track.ended_at == datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    assert track.notes == ["Times without a zone were read as UTC."]


def test_nothing_of_device_author_or_names_is_kept() -> None:
    who = "<metadata><author><name>Janez Novak</name></author></metadata>"
    track = read_track("novak.gpx", gpx(who, "<trk><name>Novak</name>", segment(ONE, TWO), "</trk>"))
    assert "Novak" not in repr(track)
    assert "N. N." not in repr(read_track("t.geojson", collection(geojson("LineString", LINE))))


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf", b" \n"])
def test_a_bare_geometry_a_feature_and_a_collection_are_read_alike(prefix: bytes) -> None:
    feature = geojson("LineString", LINE)
    for content in (feature["geometry"], feature, {"type": "GeometryCollection", "geometries": [feature["geometry"]]}):
        track = read_track("t.json", prefix + json.dumps(content).encode())
        assert track.geometry.wkt == "LINESTRING (13.81 45.61, 13.82 45.62)"
        assert track.points == 2


@pytest.mark.parametrize(
    ("features", "kind", "notes"),
    [
        ([geojson("Point", [13, 45])], "Point", []),
        ([geojson("MultiPoint", [[13, 45], [14, 45]])], "MultiPoint", ["2 separate points, with no way between them."]),
        ([geojson("MultiLineString", [LINE, LINE])], "MultiLineString", []),
        ([geojson("LineString", LINE), geojson("Point", [13, 45])], "LineString", ["1 point beside it was left out."]),
        ([geojson("MultiPolygon", [AREA])], "Polygon", []),
        (
            [geojson("Polygon", AREA), geojson("MultiPoint", [[1, 2], [3, 4]])],
            "Polygon",
            ["2 points beside it were left out."],
        ),
        ([geojson("Point", [13, 45]), {"type": "Feature", "geometry": None}], "Point", ["1 feature has no geometry."]),
    ],
)
def test_features_make_one_shape(features: list[object], kind: str, notes: list[str]) -> None:
    track = read_track("t.geojson", collection(*features))
    assert (track.geometry.geom_type, track.notes) == (kind, notes)


def test_a_stated_wgs_84_is_no_obstacle() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    content = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [geojson("Point", [13, 45])]})
    assert read_track("t.geojson", content.encode()).geometry.geom_type == "Point"


ENTITY = '<!DOCTYPE gpx [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    ("content", "what", "how"),
    [
        (b"", "is empty", "GPX or GeoJSON"),
        (b"lat,lon\n45,13", "neither GPX nor GeoJSON", "GPX or GeoJSON"),
        (b"PK\x03\x04", "KMZ", "GPX or GeoJSON"),
        (b"<kml xmlns='http://www.opengis.net/kml/2.2'/>", "KML file, which is not read yet", "GPX or GeoJSON"),
        (b"<html/>", "begins with “html”", "GPX or GeoJSON"),
        (b"<gpx><trk>", "Row 1, column “character 11”: The XML is broken", "GPX or GeoJSON"),
        (b"<?xml version='1.0' encoding='x-none'?><gpx/>", "encoding", "UTF-8"),
        (f"{ENTITY}<gpx/>".encode(), "document type", "GPX or GeoJSON"),
        (f"{ENTITY}<gpx/>".encode("utf-16"), "document type", "GPX or GeoJSON"),
        (gpx(), "no tracks, routes or waypoints", "Record or draw"),
        (
            gpx("<trk>", segment(ONE, '<trkpt lat="north" lon="13"/>'), "</trk>"),
            "“trkpt 2”: Its lat is “north”",
            "45.62",
        ),
        (gpx('<wpt lat="45.6"/>'), "its lon “”", "45.62"),
        (gpx('<wpt lat="nan" lon="13"/>'), "“nan”", "45.62"),
        (gpx('<wpt lat="145.6" lon="13"/>'), "outside the globe", "Mend it"),
        (gpx('<wpt lat="45" lon="13"><time>noon</time></wpt>'), "“wpt 1”: “noon” is not a time", "2026-11-24T09"),
        (gpx("<trk>", segment(*[ONE] * 20_001), "</trk>"), "20001 points", "Mend it"),
        (b'{"type": ', "Row 1, column “character 10”: The JSON is broken", "GPX or GeoJSON"),
        (b"[1]", "it has no type", "GPX or GeoJSON"),
        (b'{"type": "Point", "coordinates": [NaN, 45]}', "NaN is not a number", "13.89"),
        (b'{"type": "Point\xff"}', "UTF-8", "GPX or GeoJSON"),
        (b"[" * 100_000, "nested too deeply", "GPX or GeoJSON"),
        (b'{"type": "Point", "crs": {"name": "EPSG:3794"}, "coordinates": [1, 2]}', "not longitude", "EPSG:4326"),
        (b'{"a": 1}', "no type", "GPX or GeoJSON"),
        (b'{"type": "Topology"}', "“Topology” is not a shape", "GPX or GeoJSON"),
        (b'{"type": "MultiPoint", "coordinates": []}', "“MultiPoint” is not a shape", "GPX or GeoJSON"),
        (b'{"type": "FeatureCollection"}', "no list of members", "GPX or GeoJSON"),
        (collection(1), "not a GeoJSON object", "GPX or GeoJSON"),
        (collection(), "no shapes", "Draw a way"),
        (collection({"type": "Feature", "geometry": None}), "no shapes", "Draw a way"),
        (collection(geojson("Polygon", AREA), geojson("Polygon", AREA)), "2 areas", "Send one area"),
        (collection(geojson("Polygon", AREA), geojson("LineString", LINE)), "1 areas and 1 ways", "Send one area"),
        (collection(geojson("Point", [1450000, 5700000])), "outside the globe", "Mend it"),
    ],
    ids=lambda part: part[:40] if isinstance(part, str) else f"{len(part)} bytes",
)
def test_a_file_that_shows_no_way_is_refused_with_the_way_out(content: bytes, what: str, how: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read_track("t.gpx", content)
    assert what in refusal.value.message
    assert how in refusal.value.message


def test_a_file_beyond_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadFile, match="11 MB"):
        read_track("t.gpx", b"<" * 10_600_000)


if SHARED.is_dir():

    def sample(name: str) -> Track:
        return read_track(name, (SHARED / name).read_bytes())

    @pytest.mark.parametrize(
        ("name", "kind", "points"),
        [
            ("tracks/garmin_sample.gpx", "LineString", 3),
            ("tracks/gpx_with_duplicate_names.gpx", "MultiPoint", 6),
            ("tracks/locusmap_tracks.gpx", "MultiLineString", 24),
            ("tracks/osmand_notes.gpx", "MultiPoint", 10),
            ("tracks/mapeo_observations.geojson", "MultiPoint", 3),
            ("geojson/test_point.geojson", "MultiPoint", 18),
            ("geojson/test_path.geojson", "MultiLineString", 11),
            ("geojson/test_poly.geojson", "Polygon", 5),
        ],
    )
    def test_what_other_programs_write_is_read(name: str, kind: str, points: int) -> None:
        track = sample(name)
        assert (track.geometry.geom_type, track.points) == (kind, points)

    @pytest.mark.parametrize("name", ["tracks/locusmap_tracks.kml", "tracks/googleearth_sample.kml"])
    def test_kml_is_said_to_come_later(name: str) -> None:
        with pytest.raises(BadFile, match="KML file, which is not read yet"):
            sample(name)

    def test_locus_map_times_are_kept() -> None:
        track = sample("tracks/locusmap_tracks.gpx")
        assert track.started_at is not None
        assert track.started_at < (track.ended_at or track.started_at)
