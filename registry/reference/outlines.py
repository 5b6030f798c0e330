"""Which outline of the source belongs to which country code, and how are lakes read from a shapefile without names?"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

# ISO 3166-1 numeric to alpha-2, for the countries of the window.
_CODES = (
    "020:AD 008:AL 051:AM 040:AT 248:AX 031:AZ 070:BA 056:BE 100:BG 112:BY 756:CH 196:CY 203:CZ 276:DE 208:DK "
    "012:DZ 233:EE 724:ES 246:FI 234:FO 250:FR 826:GB 268:GE 831:GG 292:GI 300:GR 191:HR 348:HU 372:IE 376:IL "
    "833:IM 368:IQ 364:IR 380:IT 832:JE 400:JO 422:LB 438:LI 440:LT 442:LU 428:LV 434:LY 504:MA 492:MC 498:MD "
    "499:ME 807:MK 470:MT 528:NL 578:NO 616:PL 620:PT 642:RO 688:RS 643:RU 752:SE 705:SI 703:SK 674:SM 760:SY "
    "788:TN 792:TR 804:UA 336:VA"
)
ISO2 = dict(pair.split(":") for pair in _CODES.split())

# Outlines without an ISO number in the source, by the name the source gives them.
MERGED = {
    "Kosovo": "XK",
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "Akrotiri": "CY",
    "Dhekelia": "CY",
}

_POLYGON = 5
SMALLEST_LAKE = 0.002  # square degrees, about 17 square kilometres in the Alps


def lakes_of(path: Path, window: tuple[float, float, float, float]) -> Iterator[BaseGeometry]:
    """Lakes inside the window, largest detail about 500 m, from the main file of an ESRI shapefile of polygons."""
    content = path.read_bytes()
    position = 100
    while position < len(content):
        (words,) = struct.unpack_from(">i", content, position + 4)
        lake = shapely.clip_by_rect(shapely.make_valid(_polygon(content, position + 8)), *window).simplify(0.005)
        if lake.area >= SMALLEST_LAKE:
            yield lake
        position += 8 + 2 * words


def _polygon(content: bytes, start: int) -> Polygon:
    """One record: the outer ring, then the rings of its islands."""
    kind, *_ = struct.unpack_from("<i4d", content, start)
    if kind != _POLYGON:
        return Polygon()
    parts, points = struct.unpack_from("<2i", content, start + 36)
    begins = [*struct.unpack_from(f"<{parts}i", content, start + 44), points]
    numbers = struct.unpack_from(f"<{2 * points}d", content, start + 44 + 4 * parts)
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    rings = [corners[begin:end] for begin, end in pairwise(begins)]
    return Polygon(rings[0], rings[1:])
