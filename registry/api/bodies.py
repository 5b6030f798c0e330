"""What was sent? The JSON object of a request, and the project that it names."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from registry.domain.errors import InvalidInput
from registry.domain.permissions import Permission
from registry.edge import viewer
from registry.extensions import db
from registry.services import access


def json_object() -> dict[str, Any]:
    """The body; 415 when it does not say that it is JSON (ASVS 4.1.1), 400 when it is none, 422 for a list."""
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    body = request.get_json()
    if not isinstance(body, dict):
        raise InvalidInput({"form": ["Send a JSON object."]})
    return body


def take_project(body: dict[str, Any], permission: Permission) -> str:
    """The project's reference, taken out of a body; its right is checked here, at the door, before anything is read."""
    reference = body.pop("project", None)
    if not isinstance(reference, str) or not reference.strip():
        raise InvalidInput({"project": ["Name the project by its reference."]})
    project = access.project_for(db.session(), viewer(), reference)
    access.check_project_right(viewer(), project, permission)
    return project.reference


def with_project(name: str, schema: type[ma.Schema]) -> type[ma.Schema]:
    """A schema as the document shows it: with the project that the body names besides."""
    named = ma.fields.String(required=True, metadata={"description": "The project's reference."})
    return type(name, (schema,), {"project": named, "__doc__": schema.__doc__})
