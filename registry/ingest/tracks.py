"""What way does a file show, and when was it gone? GPX and GeoJSON are told apart by their content."""

from __future__ import annotations

from registry.ingest.errors import BadFile, quoted
from registry.ingest.geojson import read_geojson
from registry.ingest.gpx import read_gpx
from registry.ingest.ways import SAVE_AS, Track

__all__ = ["MAX_BYTES", "Track", "read_geojson", "read_gpx", "read_track"]

MAX_BYTES = 10_000_000


def read_track(filename: str, content: bytes) -> Track:
    """The way in a GPX or GeoJSON file; what it is, its content says, not its name. BadFile when it is neither."""
    if len(content) > MAX_BYTES:
        raise BadFile(
            f"The file has {len(content) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} are read.",
            how="Save the way alone, with fewer points.",
        )
    beginning = content[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not beginning:
        raise BadFile(f"{quoted(filename)} is empty.", how=SAVE_AS)
    if beginning.startswith((b"{", b"[")):
        return read_geojson(content)
    if beginning.startswith(b"<"):
        return read_gpx(content)
    if beginning.startswith(b"PK"):
        raise BadFile("This is an archive, such as KMZ, which is not read yet.", how=SAVE_AS)
    raise BadFile(f"{quoted(filename)} is neither GPX nor GeoJSON.", how=SAVE_AS)
