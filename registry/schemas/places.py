"""Where was it, as it comes over the wire? Words, a drawn shape or a way from a file; words are understood later."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from registry import reference
from registry.domain.command_parts import PLACE_SOURCES, PlaceIn
from registry.domain.errors import InvalidInput
from registry.schemas.fields import Geometry, Words

NOWHERE = "Say where: a position, a crossing point, or draw it on the map."


class PlaceSchema(Schema):
    """``place-text`` as typed and, when it was drawn or recorded, ``place-geometry`` (GeoJSON)."""

    text = Words(240, load_default="")
    geometry = Geometry(load_default=None, allow_none=True)
    source = fields.String(
        load_default=None, validate=validate.OneOf(PLACE_SOURCES, error="A place comes from one of {choices}.")
    )
    uncertainty_m = fields.Float(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 1_000_000, error="An uncertainty is a radius of 0 to 1,000,000 metres."),
        error_messages={"invalid": "Write the radius of uncertainty in metres, such as 50."},
    )
    location_kind = Words(16, load_default="")

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> PlaceIn:
        """The place as a value; words alone are typed, a shape alone comes from the map unless it says otherwise."""
        kinds = [row["code"] for row in reference.table("location_kinds")]
        if values["location_kind"] and values["location_kind"] not in kinds:
            raise ValidationError(f"A kind of place is one of {', '.join(kinds)}.", "location_kind")
        shape, text = values.pop("geometry"), values.pop("text")
        source = values.pop("source") or ("typed" if shape is None else "map")
        try:
            return PlaceIn(typed=text, shape=shape, source=source, **values)
        except InvalidInput:
            raise ValidationError(NOWHERE, "text") from None
