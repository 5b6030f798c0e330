"""How is the answer to a place written: what it was understood as, whose soil it is, which section, what is near?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from shapely import set_precision, to_geojson
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from registry.domain.errors import InvalidInput
from registry.domain.periods import parse_local_day
from registry.domain.shapes import geometry_from_geojson
from registry.services.places import UnderstoodPlace, understand_place
from registry.web.log_options import country_names
from registry.web.log_typed import Typed

KOSOVO = (
    "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 "
    "and the ICJ Opinion on the Kosovo declaration of independence."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnswer:
    """The answer the form shows; ``problem`` instead of all else when the place was not understood."""

    problem: str = ""
    as_text: str = ""
    length: str = ""
    soil: str = ""
    distance: str = ""
    section: str = ""
    section_id: int | None = None
    near: str = ""
    border_status: str = ""
    warnings: tuple[str, ...] = ()
    shape: dict[str, Any] | None = None
    point: tuple[float, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """What the map and the form need; keys of rows stay inside."""
        return {
            "problem": self.problem,
            "shape": self.shape,
            "point": self.point,
            "border_status": self.border_status,
            "length": self.length,
        }


def answer_for(session: Session, typed: Typed) -> PlaceAnswer | None:
    """What the place of a form means; None while nothing is said about it."""
    text, drawn = typed.get("place-text").strip(), typed.get("place-geometry").strip()
    if not text and not drawn:
        return None
    try:
        geometry = geometry_from_geojson(json.loads(drawn)) if drawn else None
        return written(understand_place(session, text, geometry, on=_day(typed)))
    except InvalidInput as refusal:
        return PlaceAnswer(problem=" ".join(text for texts in refusal.errors.values() for text in texts))
    except ValueError:
        return PlaceAnswer(problem=gettext("The drawn shape could not be read. Draw it again."))


def written(place: UnderstoodPlace) -> PlaceAnswer:
    """An understood place in words."""
    names = country_names()
    border = "–".join(names.get(code, code) for code in place.border_code.split("-")[:2] if code)
    warnings = []
    if place.soil is None:
        warnings.append(
            gettext(
                "This is not on the land of any country known here: at sea, or latitude and longitude changed places."
            )
        )
    if "*" in border or place.soil == "XK":
        warnings.append(gettext(KOSOVO))
    return PlaceAnswer(
        as_text=place.position.display(4).replace(" N ", " N, "),
        length=_length(place.length_m),
        soil=names.get(place.soil, place.soil) if place.soil else gettext("no country"),
        distance=_distance(place.distance_to_border_m),
        section=f"{border} {place.section_number}"
        if place.section_number is not None
        else gettext("none within 30 km"),
        section_id=place.section_id,
        near=place.near_crossing,
        border_status=place.border_status,
        warnings=tuple(warnings),
        shape=dict(mapping(place.shape)),
        point=(place.position.lon, place.position.lat),
    )


def as_field(shape: BaseGeometry) -> str:
    """A shape as the form carries it: GeoJSON with six decimals, a decimetre."""
    return to_geojson(set_precision(shape, 1e-6, mode="pointwise"))


def _day(typed: Typed) -> date | None:
    try:
        return parse_local_day(typed.get("starts_day"))
    except InvalidInput:
        return None


def _length(metres: float | None) -> str:
    if metres is None:
        return ""
    return str(gettext("%(km)s km long", km=f"{metres / 1000:.1f}"))


def _distance(metres: float | None) -> str:
    if metres is None:
        return ""
    if metres < 1000:
        return str(gettext("%(metres)s m from the border", metres=f"{round(metres, -1):.0f}"))
    return str(gettext("%(km)s km from the border", km=f"{metres / 1000:.1f}"))
