"""JSON API /api/v1: the same commands and queries as the pages."""

from __future__ import annotations

from flask import Flask

from registry.api import activities, activity, costs, document, log, projects
from registry.api import map as map_family
from registry.api.problem_api import ProblemApi

PREFIX = "/api/v1"
FAMILIES = (log, activities, activity, costs, projects, map_family)
"""The families of routes, in the order of the document."""


def register(app: Flask) -> None:
    """Register the API's blueprints and its document."""
    app.config.update(API_TITLE=document.TITLE, API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = ProblemApi(spec_kwargs=document.SPEC)
    api.init_app(app)
    for family in FAMILIES:
        api.register_blueprint(family.bp, url_prefix=PREFIX)
    app.register_blueprint(document.bp, url_prefix=PREFIX)
