"""Has what the asker holds changed since? ETags of one record: 304 on reading, 428 and 412 on changing."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import PreconditionRequired

from registry.domain.errors import StaleVersion


def tag_of(shown: Any) -> str:
    """The tag of a record as one viewer is shown it: another version, state or precision has another tag."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]


def tagged(response: Response, tag: str) -> Response:
    """The response with its tag, or 304 without a body when the asker holds it already."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(["Authorization", "Cookie"])
    response.make_conditional(request)
    return response


def require_match(tag: str) -> None:
    """Raise 428 when the sender does not say what it read, StaleVersion (412) when that is not the present version."""
    if not request.if_match:
        raise PreconditionRequired("Send If-Match with the ETag of the record as you read it.")
    if not request.if_match.contains(tag):
        raise StaleVersion("The record has changed since you read it. Read it again, then send your change.")
