"""What way does a GPX file show? Tracks before routes before waypoints, so that no way is drawn twice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from shapely.geometry.base import BaseGeometry

from registry.ingest.errors import BadFile, quoted
from registry.ingest.raw import one_of_many
from registry.ingest.ways import SAVE_AS, Point, Track, places, way

_AS_IN = "Give each point lat and lon in degrees and times in UTC, such as lat=45.62 lon=13.89, 2026-11-24T09:00:00Z."


@dataclass(frozen=True, slots=True)
class _Fix:
    """A point of the file: its place and, if it was recorded, its time."""

    place: Point
    time: datetime | None


def read_gpx(content: bytes) -> Track:
    """The way in a GPX file; BadFile when it is no XML, no GPX, carries a document type, or has no points."""
    root = _root(content)
    segments = [_fixes(part, "trkpt") for track in _children(root, "trk") for part in _children(track, "trkseg")]
    routes = [_fixes(part, "rtept") for part in _children(root, "rte")]
    every = [fix for fixes in (*segments, *routes, _fixes(root, "wpt")) for fix in fixes]
    if not every:
        raise BadFile("The file has no tracks, routes or waypoints.", how="Record or draw a way, then save it as GPX.")
    lines = [fixes for fixes in segments if len(fixes) > 1] or [fixes for fixes in routes if len(fixes) > 1]
    if not lines:
        notes = [f"{len(every)} separate points, with no way between them."] if len(every) > 1 else []
        return _with_times(places([fix.place for fix in every]), every, notes)
    used = [fix for line in lines for fix in line]
    beside = len(every) - len(used)
    said = one_of_many(beside, "1 point beside the way was left out", "{} points beside the way were left out")
    notes = [f"{said} (waypoints, routes, single points)."] if beside else []
    return _with_times(way([[fix.place for fix in line] for line in lines]), used, notes)


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


def _fixes(element: Element, name: str) -> list[_Fix]:
    return [_fix(child, name, number) for number, child in enumerate(_children(element, name), start=1)]


def _fix(element: Element, name: str, number: int) -> _Fix:
    stated = [element.get("lon", ""), element.get("lat", "")]
    try:
        lon, lat = (float(text) for text in stated)
    except ValueError:
        lon = lat = math.nan
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise BadFile(
            f"Its lat is {quoted(stated[1])} and its lon {quoted(stated[0])}.", column=f"{name} {number}", how=_AS_IN
        )
    words = next((child.text or "" for child in _children(element, "time")), "").strip()
    try:
        return _Fix((lon, lat), datetime.fromisoformat(words) if words else None)
    except ValueError:
        raise BadFile(f"{quoted(words)} is not a time.", column=f"{name} {number}", how=_AS_IN) from None


def _with_times(geometry: BaseGeometry, fixes: Sequence[_Fix], notes: list[str]) -> Track:
    times = [fix.time for fix in fixes if fix.time is not None]
    if any(time.utcoffset() is None for time in times):
        notes = [*notes, "Times without a zone were read as UTC."]
    instants = [time.replace(tzinfo=UTC) if time.utcoffset() is None else time.astimezone(UTC) for time in times]
    return Track(
        geometry=geometry,
        points=len(fixes),
        started_at=min(instants, default=None),
        ended_at=max(instants, default=None),
        notes=notes,
    )
