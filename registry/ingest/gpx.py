"""What way does a GPX file show? Tracks before routes before waypoints, so that no way is drawn twice.

gpxpy reads the ways, but never the file as it was sent: it gets the places and times alone, written anew from a tree
that was parsed without document types and entities. Names, extensions and namespaces of the file do not reach it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

import gpxpy
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from gpxpy.gpx import GPX, GPXRoutePoint, GPXTrackPoint, GPXWaypoint
from shapely.geometry.base import BaseGeometry

from registry.ingest.errors import BadFile, quoted
from registry.ingest.raw import one_of_many
from registry.ingest.ways import SAVE_AS, Point, Track, places, way

Fix = GPXTrackPoint | GPXRoutePoint | GPXWaypoint

_AS_IN = "Give each point lat and lon in degrees and times in UTC, such as lat=45.62 lon=13.89, 2026-11-24T09:00:00Z."
_NO_ZONE = "Times without a zone were read as UTC."


def read_gpx(content: bytes) -> Track:
    """The way in a GPX file; BadFile when it is no XML, no GPX, carries a document type, or has no points."""
    rewritten = _Rewritten(_root(content))
    gpx: GPX = gpxpy.parse(rewritten.text, version="1.1")
    segments: list[list[Fix]] = [list(segment.points) for track in gpx.tracks for segment in track.segments]
    routes: list[list[Fix]] = [list(route.points) for route in gpx.routes]
    waypoints: list[Fix] = list(gpx.waypoints)
    every = [fix for fixes in (*segments, *routes, waypoints) for fix in fixes]
    if not every:
        raise BadFile("The file has no tracks, routes or waypoints.", how="Record or draw a way, then save it as GPX.")
    lines = [fixes for fixes in segments if len(fixes) > 1] or [fixes for fixes in routes if len(fixes) > 1]
    used = [fix for line in lines for fix in line] or every
    shape = way([list(map(_place, line)) for line in lines]) if lines else places(list(map(_place, every)))
    zoneless = [_NO_ZONE] if rewritten.zoneless else []
    return _with_times(shape, used, [*_beside(len(every), len(used), bool(lines)), *zoneless])


def _beside(every: int, used: int, is_way: bool) -> list[str]:
    """What is said of the points that make no way."""
    if not is_way:
        return [f"{every} separate points, with no way between them."] if every > 1 else []
    left_out = every - used
    said = one_of_many(left_out, "1 point beside the way was left out", "{} points beside the way were left out")
    return [f"{said} (waypoints, routes, single points)."] if left_out else []


def _root(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise BadFile("The file carries an XML document type or entities, which are not read.", how=SAVE_AS) from None
    except ParseError as refusal:
        row, place = refusal.position
        raise BadFile(
            "The XML is broken here, or the file is cut off.", row=row, column=f"character {place + 1}", how=SAVE_AS
        ) from None
    except (ValueError, LookupError):
        raise BadFile("The encoding that the XML names is unknown.", how="Save it again in UTF-8.") from None
    name = _name(root)
    if name.lower() == "kml":
        raise BadFile("This is a KML file, which is not read yet.", how=SAVE_AS)
    if name != "gpx":
        raise BadFile(f"This XML is not GPX: it begins with {quoted(name)}.", how=SAVE_AS)
    return root


def _name(element: Element) -> str:
    """The name without its namespace: GPX 1.0, GPX 1.1 and files without any are read alike."""
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


class _Rewritten:
    """The file's ways as a GPX of our own: numbers and instants only, each written by us."""

    def __init__(self, root: Element) -> None:
        self.zoneless = False
        waypoints = self._points(root, "wpt")
        routes = [f"<rte>{self._points(part, 'rtept')}</rte>" for part in _children(root, "rte")]
        tracks = [f"<trk>{self._segments(part)}</trk>" for part in _children(root, "trk")]
        body = "".join((waypoints, *routes, *tracks))
        self.text = f'<gpx version="1.1">{body}</gpx>'

    def _segments(self, track: Element) -> str:
        parts = _children(track, "trkseg")
        return "".join(f"<trkseg>{self._points(part, 'trkpt')}</trkseg>" for part in parts)

    def _points(self, element: Element, name: str) -> str:
        children = enumerate(_children(element, name), start=1)
        return "".join(self._point(child, name, number) for number, child in children)

    def _point(self, point: Element, name: str, number: int) -> str:
        stated = [point.get("lon", ""), point.get("lat", "")]
        try:
            lon, lat = (float(text) for text in stated)
        except ValueError:
            lon = lat = math.nan
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise BadFile(
                f"Its lat is {quoted(stated[1])} and its lon {quoted(stated[0])}.",
                column=f"{name} {number}",
                how=_AS_IN,
            )
        words = next((child.text or "" for child in _children(point, "time")), "").strip()
        try:
            time = f"<time>{self._instant(words)}</time>" if words else ""
        except (ValueError, OverflowError):
            raise BadFile(f"{quoted(words)} is not a time.", column=f"{name} {number}", how=_AS_IN) from None
        return f'<{name} lat="{lat!r}" lon="{lon!r}">{time}</{name}>'

    def _instant(self, words: str) -> str:
        stated = datetime.fromisoformat(words)
        if stated.utcoffset() is None:
            self.zoneless = True
        else:
            stated = stated.astimezone(UTC)
        return f"{stated.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _place(fix: Fix) -> Point:
    return fix.longitude, fix.latitude


def _with_times(geometry: BaseGeometry, fixes: Sequence[Fix], notes: list[str]) -> Track:
    instants = [fix.time.astimezone(UTC) for fix in fixes if fix.time is not None]
    return Track(
        geometry=geometry,
        points=len(fixes),
        started_at=min(instants, default=None),
        ended_at=max(instants, default=None),
        notes=notes,
    )
