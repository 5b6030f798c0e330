"""The Map page: where? And the base map under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import get_locale

from registry.domain.filters import ActivityFilters
from registry.domain.permissions import Permission
from registry.edge import clock, current_project, requires, viewer
from registry.edge.ticking import tick_if_overdue
from registry.extensions import db
from registry.maps.base import ATTRIBUTION, base_file
from registry.maps.layers import LAYERS, Layer
from registry.maps.page import map_parts
from registry.queries import map_features, map_layers
from registry.queries.facets import facets
from registry.queries.filtering import scope_of
from registry.schemas.filters import filters_from

bp = Blueprint("map", __name__)

PLACE_ON_MAP = ("zoom", "lat", "lon")
"""Parameters of a permanent link that are no filters: where the map stands."""


@bp.get("/p/<project_ref>/map")
@requires(Permission.ACTIVITY_VIEW)
def page(project_ref: str) -> str:
    """The map with its filters and layers; without a script, the counts per border as a table."""
    tick_if_overdue()
    filters, _place = filters_from(request.args.items(multi=True), PLACE_ON_MAP)
    project, now, session = current_project(), clock().now(), db.session()
    found = facets(session, viewer(), project.id, filters, now=now)
    return render_template(
        "map/page.html",
        project_ref=project_ref,
        filters=filters,
        facets=found,
        layers=_layers(project_ref, published=project.read_only),
        parts=map_parts(lambda name: url_for("static", filename=name)),
        setup=_setup(project_ref, filters, map_layers.months(session, scope_of(session, viewer(), project.id, now))),
        attribution=ATTRIBUTION,
        kosovo=True,
    )


@bp.get("/map/base/<name>.geojson")
@requires(Permission.SIGNED_IN)
def base(name: str) -> Response:
    """One file of the base map, with the names of countries in the reader's language; kept by browsers for a day."""
    file = base_file(name, _language())
    packed = request.accept_encodings["gzip"] > 0
    response = Response(file.packed if packed else file.body, content_type="application/geo+json")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.vary.update(["Accept-Encoding", "Cookie"])
    response.set_etag(f"{file.tag}{'-gz' if packed else ''}")
    response.make_conditional(request)
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLayer:
    """A layer with the addresses of its content in this project."""

    layer: Layer
    href: str
    near: str


def _layers(project_ref: str, *, published: bool) -> list[ShownLayer]:
    return [
        ShownLayer(layer=layer, href=_address(layer, layer.endpoint, project_ref), near=_near(layer, project_ref))
        for layer in LAYERS
        if not (published and layer.key == "published")
    ]


def _near(layer: Layer, project_ref: str) -> str:
    return _address(layer, layer.near, project_ref) if layer.near else ""


def _address(layer: Layer, endpoint: str, project_ref: str) -> str:
    return url_for(endpoint, name=layer.base) if layer.base else url_for(endpoint, project=project_ref)


def _setup(project_ref: str, filters: ActivityFilters, months: dict[int, int]) -> dict[str, Any]:
    """What the page's script begins with; records are fetched by it and stand nowhere in the page."""
    return {
        "records": url_for("map_api.records", project=project_ref),
        "base": url_for("map.base", name="NAME"),
        "language": _language(),
        "close": map_features.CLOSE_FROM_ZOOM,
        "months": [[month, number] for month, number in months.items()],
        "filters": list(filters.pairs()),
    }


def _language() -> str:
    return str(get_locale() or "en")
