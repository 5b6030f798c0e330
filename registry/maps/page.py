"""Which parts does a map page need? folium writes the frame of the map; no record ever goes through it.

The parts are taken one by one, never folium's own page: it has inline styles, outside hosts and no place for a nonce.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import folium
from branca.element import CssLink, Figure, JavascriptLink

MIDDLE = (45.2, 18.7)
"""Latitude and longitude the map opens at: the middle of the region."""
OPENING_ZOOM = 6
CLOSEST_ZOOM = 14
FARTHEST_ZOOM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MapParts:
    """What the template puts on the page: addresses of local files, the frame, and a script that needs the nonce."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    html: str
    script: str


class LocalMap(folium.Map):
    """A Leaflet map without tiles and without outside files; its name on the page and in scripts is ``map``."""

    default_js = [("leaflet", "leaflet.js")]  # noqa: RUF012  # an attribute of this name in the library
    default_css = [("leaflet_css", "leaflet.css")]  # noqa: RUF012

    def get_name(self) -> str:
        """The same on every page, so that style sheets and scripts find it."""
        return "map"


class OfflineFigure(Figure):
    """A folium figure whose files are the vendored ones; a file that is not listed here raises KeyError."""

    VENDOR: ClassVar = {"leaflet": "vendor/leaflet/leaflet.js", "leaflet_css": "vendor/leaflet/leaflet.css"}

    def parts(self, static: Callable[[str], str]) -> MapParts:
        """The parts of the page; ``static`` turns a name below the static folder into an address."""
        for child in list(self._children.values()):
            child.render()
        named = self.header._children.items()
        return MapParts(
            scripts=tuple(static(self.VENDOR[name]) for name, link in named if isinstance(link, JavascriptLink)),
            styles=tuple(static(self.VENDOR[name]) for name, link in named if isinstance(link, CssLink)),
            html=self.html.render(),
            script=self.script.render(),
        )


def map_parts(static: Callable[[str], str], **options: Any) -> MapParts:
    """The parts of an empty map of the region; ``options`` are Leaflet's."""
    figure = OfflineFigure()
    figure.add_child(
        LocalMap(
            location=list(MIDDLE),
            zoom_start=OPENING_ZOOM,
            tiles=None,
            zoom_control=False,
            attributionControl=False,
            minZoom=FARTHEST_ZOOM,
            maxZoom=CLOSEST_ZOOM,
            zoomSnap=0.25,
            fadeAnimation=False,
            zoomAnimation=False,
            doubleClickZoom=False,
            **options,
        )
    )
    return figure.parts(static)
