"""How is an error answered? Mapped once: a page with a way forward, or RFC 9457 problem+json with a stable type."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, json, render_template, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from registry.domain.errors import InvalidInput, RegistryError
from registry.extensions import db

log = structlog.get_logger(__name__)

TYPE_PREFIX = "/problems/"
_API_SENTENCES = {
    404: "There is nothing at this address. The addresses of the API are listed at /api/.",
    405: "This address does not answer this method. What each address answers is listed at /api/.",
}
_PAGE_SENTENCES = {
    404: "There is no page at this address.",
    405: "This page cannot be asked for in this way. Open it from the menu or from a link.",
}
"""Our own words where the framework has only its default ones."""


def install(app: Flask) -> None:
    """Answer our own errors, the framework's and the unexpected."""
    app.register_error_handler(RegistryError, answer_registry_error)
    app.register_error_handler(ValidationError, answer_validation_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_unexpected)


def wants_problem() -> bool:
    """Whether the asker is a program: the API, a fetch, or a client that prefers JSON."""
    if request.path.startswith("/api/") or request.headers.get("X-Requested-With"):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def answer_registry_error(error: RegistryError) -> Response:
    """A page or a problem for an error of the registry's own vocabulary."""
    db.session.rollback()
    errors = error.errors if isinstance(error, InvalidInput) else None
    return _answer(error.status, error.slug, error.title, error.message, errors)


def answer_validation_error(error: ValidationError) -> Response:
    """A schema's complaints, field by field."""
    db.session.rollback()
    return _answer(422, InvalidInput.slug, InvalidInput.title, InvalidInput.title, flat_errors(error.messages))


def answer_http_error(error: HTTPException) -> Response | HTTPException:
    """The framework's own refusals: 404, 405, 413, 429 and the like."""
    status = error.code or 500
    if status < 400 or error.response is not None:
        return error  # a redirect, or an answer already made (the rate limiter's)
    db.session.rollback()
    slug = HTTPStatus(status).phrase.lower().replace(" ", "-")
    response = _answer(status, slug, HTTPStatus(status).phrase, _sentence(error, status), None)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _sentence(error: HTTPException, status: int) -> str:
    """What the raiser said; where it said nothing of its own, our sentence."""
    own = _API_SENTENCES if request.path.startswith("/api/") else _PAGE_SENTENCES
    if status in own and error.description == type(error).description:
        return own[status]
    return error.description or error.name


def answer_unexpected(error: Exception) -> Response:
    """The last resort: nothing of the inside is shown, a reference leads to the log (ASVS 16.5.1)."""
    db.session.rollback()
    reference = secrets.token_hex(4)
    log.error("unexpected", reference=reference, path=request.path, exc_info=error)
    if current_app.testing or current_app.debug:
        raise error
    text = f"Something went wrong on our side. Nothing was saved. Reference {reference}."
    return _answer(500, "unexpected", "Something went wrong", text, None)


def flat_errors(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages as one flat map: ``costs.0.amount`` → sentences."""
    if isinstance(messages, dict):
        flat: dict[str, list[str]] = {}
        for key, value in messages.items():
            name = prefix if key == "_schema" and prefix else f"{prefix}.{key}" if prefix else str(key)
            for field, texts in flat_errors(value, name).items():
                flat.setdefault(field, []).extend(texts)
        return flat
    texts = messages if isinstance(messages, list) else [messages]
    return {prefix or "_form": [str(text) for text in texts]}


def _answer(status: int, slug: str, title: str, message: str, errors: dict[str, list[str]] | None) -> Response:
    if wants_problem():
        return problem(status, slug, title, message, errors)
    page = render_template("errors/page.html", status=status, title=title, message=message, errors=errors or {})
    return Response(page, status=status, content_type="text/html; charset=utf-8")


def problem(status: int, slug: str, title: str, detail: str, errors: dict[str, list[str]] | None = None) -> Response:
    """One RFC 9457 document."""
    body: dict[str, Any] = {"type": TYPE_PREFIX + slug, "title": title, "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    return Response(json.dumps(body), status=status, content_type="application/problem+json")
