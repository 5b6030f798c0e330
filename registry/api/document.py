"""What can the API do? Its OpenAPI document, for signed-in people and their scripts (ASVS 13.4.5)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, json

from registry.domain.permissions import Permission
from registry.edge import requires

TITLE = "Cross-border operations registry"
SPEC: dict[str, Any] = {
    "info": {
        "description": (
            "Joint patrols, cross-border observations, joint investigation teams and other joint activities, "
            "with their results and costs. Every answer shows what its asker may see, at the precision that the asker "
            "is granted. Errors are application/problem+json (RFC 9457) with a stable type."
        )
    },
    "servers": [{"url": "/"}],
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "A token made under Account, Tokens."}
        }
    },
    "security": [{"token": []}],
}

bp = Blueprint("api_document", __name__)


def openapi() -> dict[str, Any]:
    """The document of the running application."""
    document: dict[str, Any] = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return document


@bp.get("/openapi.json")
@requires(Permission.SIGNED_IN)
def openapi_json() -> Response:
    """The OpenAPI document as JSON."""
    return Response(json.dumps(openapi()), content_type="application/json")
