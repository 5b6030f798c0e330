"""The map's content: cells and sections of a view, single activities close in, the list beside, reference layers.

``?project=`` names the project; it is resolved through the access door like one in the path.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import Any

from flask import Response, json, jsonify, request, url_for

from registry.api.conditional import tagged
from registry.api.problem_api import ApiBlueprint
from registry.api.reading import is_auditor, token_purpose
from registry.domain.errors import InvalidInput
from registry.domain.filters import ActivityFilters
from registry.domain.geo import Box, Cell
from registry.domain.permissions import Permission
from registry.domain.precision import Precision
from registry.edge import clock, current_project, requires, viewer, write_unit
from registry.extensions import db
from registry.queries import map_cells, map_features, map_layers
from registry.queries.activity_rows import labels_of
from registry.queries.filtering import scope_of
from registry.queries.map_places import MapView, Places, view_of_box, view_of_cell
from registry.schemas.filters import filters_from
from registry.services import audit

bp = ApiBlueprint("map_api", __name__, description="What the map shows, at the precision that the asker is granted.")

OWN = ("project", "bbox", "zoom")
MOST_SECTIONS = 400
"""More sections than there are; a longer list of codes is nobody's question."""
EUROPE: Box = (-180.0, -45.0, 180.0, 90.0)


@bp.url_value_preprocessor  # type: ignore[untyped-decorator]  # the library is not typed
def _project(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values["project_ref"] = request.args.get("project", "")


@bp.get("/map/cells")
@requires(Permission.ACTIVITY_VIEW)
def cells(project_ref: str) -> Response:
    """Cells and sections of a view with their counts per kind; ``bbox`` is west,south,east,north."""
    filters, more = filters_from(request.args.items(multi=True), OWN)
    return _conditional(lambda: _cells(filters, _view(more)))


@bp.get("/map/features")
@requires(Permission.ACTIVITY_VIEW)
def features(project_ref: str) -> Response:
    """Activities one by one as GeoJSON, exact or generalised; cells with ``live`` true where they are too many."""
    filters, more = filters_from(request.args.items(multi=True), OWN)
    return _conditional(lambda: _features(filters, _view(more)))


@bp.get("/map/records")
@requires(Permission.ACTIVITY_VIEW)
def records(project_ref: str) -> Response:
    """The newest records in view, or at one cell or some sections with ``at``; says when there are more."""
    filters, more = filters_from(request.args.items(multi=True), (*OWN, "at"))
    return _conditional(lambda: _records(filters, more))


@bp.get("/map/crossing-points")
@requires(Permission.ACTIVITY_VIEW)
def crossing_points(project_ref: str) -> Response:
    """Every known crossing point as GeoJSON, with the precision of its position."""
    points = map_layers.crossing_points(db.session())
    return _collection(
        _point(p.lon, p.lat, name=p.name, kind=p.kind, border=p.border_code, precision=p.position_precision)
        for p in points
    )


@bp.get("/map/published")
@requires(Permission.ACTIVITY_VIEW)
def published(project_ref: str) -> Response:
    """The published record as GeoJSON: a layer beside the project's own activities, never in its counts."""
    found = map_features.published_record(db.session(), but_project=current_project().id)
    return _collection(
        _point(p.lon, p.lat, **_record(p.record, p.project), title=p.title, source=p.source_url) for p in found
    )


@bp.get("/map/control-episodes")
@requires(Permission.ACTIVITY_VIEW)
def control_episodes(project_ref: str) -> Response:
    """The register of temporary controls at internal borders, the same for all projects, gaps as published."""
    found = map_layers.control_episodes(db.session())
    names = ("state", "starts_on", "ends_on", "border_scope", "reason", "source_url")
    return jsonify({"items": [{name: getattr(row, name) for name in names} for row in found], "total": len(found)})


def _places() -> Places:
    project = current_project()
    scope = scope_of(db.session(), viewer(), project.id, clock().now())
    return Places(scope=scope, project_id=project.id)


def _conditional(answer: Callable[[], Any]) -> Response:
    """The answer with a tag of what it says, never of what it is made from: a tag of the data would change with
    records the asker may not know of, and tell when they end."""
    shown = answer()
    _write_down(shown)
    body = json.dumps(shown, separators=(",", ":"))
    return tagged(Response(body, content_type="application/json"), hashlib.sha256(body.encode()).hexdigest()[:32])


def _write_down(shown: dict[str, Any]) -> None:
    """A protected read: exact places that are not published, or an auditor's eye (decision 40)."""
    project = current_project()
    features = shown.get("features", ())
    exact = sum(feature["properties"]["precision"] == Precision.EXACT for feature in features)
    if not is_auditor() and (project.read_only or not exact):
        return
    with write_unit():
        audit.record(
            db.session(),
            actor=viewer(),
            action="map.read",
            subject=project.reference,
            project_id=project.id,
            clock=clock(),
            reason=token_purpose(),
            touched=int(shown.get("shown", 0)),
            details={"exact": exact, "asked": request.query_string.decode()[:400]},
        )


def _view(more: dict[str, str]) -> MapView:
    return view_of_box(_box(more.get("bbox", "")), _zoom(more))


def _zoom(more: dict[str, str]) -> float:
    try:
        zoom = float(more.get("zoom") or "6")
    except ValueError:
        zoom = math.nan
    if not 0 <= zoom <= 24:
        raise InvalidInput({"zoom": ["A zoom is a number from 0 to 24."]})
    return zoom


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(",")) if text else EUROPE
    except ValueError:
        raise InvalidInput({"bbox": ["Write a box as west,south,east,north in degrees."]}) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidInput({"bbox": ["A box goes from west to east and from south to north, in degrees."]})
    return (west, south, east, north)


def _cells(filters: ActivityFilters, view: MapView) -> dict[str, Any]:
    found = map_cells.cells_in_view(db.session(), _places(), filters, view)
    return {
        "level": found.level,
        "cells": [_mark(mark) for mark in found.cells],
        "sections": [_mark(mark) for mark in found.sections],
        "shown": found.shown,
        "matching": found.matching,
        "total": found.total,
        "unplaced": found.unplaced,
    }


def _mark(mark: map_cells.Mark) -> dict[str, Any]:
    return {"code": mark.code, "lon": mark.lon, "lat": mark.lat, "n": mark.n, "kinds": mark.kinds}


def _features(filters: ActivityFilters, view: MapView) -> dict[str, Any]:
    found = map_features.features_in_view(db.session(), _places(), filters, view)
    if found is None:
        return {**_cells(filters, view), "live": True, "ceiling": map_features.CEILING}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": feature.geometry,
                "properties": {
                    **_record(feature.record, current_project().reference),
                    "precision": str(feature.precision),
                    "code": feature.code,
                },
            }
            for feature in found
        ],
        "shown": len(found),
        "live": False,
    }


def _records(filters: ActivityFilters, more: dict[str, str]) -> dict[str, Any]:
    places, session, at = _places(), db.session(), more.get("at", "")
    if at and "km" not in at:
        found = map_features.records_on_sections(session, places, filters, at.split(",")[:MOST_SECTIONS])
    elif at:
        view = view_of_cell(Cell.parse(at))
        found = map_features.records_in_view(session, places, filters, view, close=False)
    else:
        view = _view(more)
        close = _zoom(more) >= map_features.CLOSE_FROM_ZOOM and view.level == 0
        found = map_features.records_in_view(session, places, filters, view, close=close)
    rows = found[: map_features.LIST_CEILING]
    labels = labels_of(session)
    reference = current_project().reference
    return {
        "items": [{**_record(row, reference), "border_label": labels.border(row.border)} for row in rows],
        "shown": len(rows),
        "more": len(found) > len(rows),
    }


def _record(record: map_features.Record, project: str) -> dict[str, Any]:
    return {
        "reference": record.reference,
        "kind": record.kind,
        "status": record.status,
        "from": record.from_on.isoformat() if record.from_on else None,
        "until": record.until_on.isoformat() if record.until_on else None,
        "border": record.border,
        "href": f"{url_for('map.page', project_ref=project).removesuffix('map')}activities/{record.reference}",
    }


def _point(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}


def _collection(found: Any) -> Response:
    listed = list(found)
    return jsonify({"type": "FeatureCollection", "features": listed, "shown": len(listed), "total": len(listed)})
