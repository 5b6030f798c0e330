"""How does the API speak? OpenAPI 3.1.0, strict arguments, and every error as problem+json made by the edge.

flask-smorest documents and reads arguments; what goes wrong is answered by ``registry.edge.problems`` alone, so that
the API and the pages agree, and an HTML error stays HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, NoReturn, TypeVar

import marshmallow as ma
from flask import Request, abort
from flask_smorest import Api, Blueprint
from webargs.flaskparser import FlaskParser, is_json_request

from registry.edge.problems import flat_errors

View = TypeVar("View", bound=Callable[..., Any])
PROBLEM_TYPE = "application/problem+json"


class ProblemSchema(ma.Schema):
    """An RFC 9457 problem. ``type`` is stable: programs may compare it; ``detail`` is for people."""

    type = ma.fields.String(required=True, metadata={"example": "/problems/invalid-input"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    errors = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.String()),
        metadata={"description": "Per field, sentences that say how to mend it."},
    )


class StrictParser(FlaskParser):
    """Arguments with nothing left over: an unknown field or a repeated parameter is an error (decision 47)."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012  # declared by the library as it is
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "json": ma.RAISE,
    }

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The query string; a parameter given twice counts only where the schema declares a list."""
        lists = {field.data_key or name for name, field in schema.fields.items() if isinstance(field, ma.fields.List)}
        twice = [name for name, values in req.args.lists() if len(values) > 1 and name not in lists]
        if twice:
            raise ma.ValidationError({name: ["Give this parameter once."] for name in twice})
        return super().load_querystring(req, schema)

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body; 415 when it does not say that it is JSON (ASVS 3.5.3, 4.1.1)."""
        if not is_json_request(req):
            abort(415, "Send the body as application/json.")
        return super().load_json(req, schema)

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Hand the complaints to the edge, without the name of the place they were found in."""
        messages = error.messages
        if isinstance(messages, dict) and len(messages) == 1:
            messages = next(iter(messages.values()))
        raise ma.ValidationError(flat_errors(messages))


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # the library is not typed
    """A family of API routes."""

    ARGUMENTS_PARSER = StrictParser()

    def get(self, rule: str) -> Callable[[View], View]:
        """Register a view that reads."""
        return self._route(rule, "GET")

    def post(self, rule: str) -> Callable[[View], View]:
        """Register a view that changes something."""
        return self._route(rule, "POST")

    def patch(self, rule: str) -> Callable[[View], View]:
        """Register a view that changes a part of something."""
        return self._route(rule, "PATCH")

    def _route(self, rule: str, method: str) -> Callable[[View], View]:
        registered: Callable[[View], View] = self.route(rule, methods=[method])
        return registered

    def takes(self, schema: type[ma.Schema], location: str = "json") -> Callable[[View], View]:
        """Read arguments strictly with a schema and hand them to the view."""
        decorator: Callable[[View], View] = self.arguments(schema, location=location)
        return decorator

    def answers(self, status: int, schema: type[ma.Schema] | None, description: str = "") -> Callable[[View], View]:
        """Dump what the view returns with a schema, and document it."""
        decorator: Callable[[View], View] = self.response(status, schema, description=description or None)
        return decorator

    def may_answer(self, status: int, description: str) -> Callable[[View], View]:
        """Document a further answer: a problem from 400 on."""
        schema = ProblemSchema if status >= 400 else None
        content_type = PROBLEM_TYPE if schema else None
        decorator: Callable[[View], View] = self.alt_response(
            status, schema=schema, content_type=content_type, description=description
        )
        return decorator

    def parameters(self, told: list[dict[str, Any]]) -> Callable[[View], View]:
        """Document the parameters of the query that a view reads of its own accord."""
        decorator: Callable[[View], View] = self.doc(parameters=told)
        return decorator

    @staticmethod
    def reads(schema: type[ma.Schema], location: str = "json") -> Callable[[View], View]:
        """Document what a view reads with a schema of its own accord, such as one that builds a command."""

        def documented(view: View) -> View:
            told = deepcopy(getattr(view, "_apidoc", {}))
            arguments = told.setdefault("arguments", {"parameters": [], "responses": {}})
            arguments["parameters"].append({"in": location, "required": True, "schema": schema})
            arguments["responses"][422] = "UNPROCESSABLE_ENTITY"
            view._apidoc = told  # type: ignore[attr-defined]  # flask-smorest reads it when the route is registered
            return view

        return documented


class ProblemApi(Api):  # type: ignore[misc]  # the library is not typed
    """The API with its document; errors are documented as problems and answered by the edge."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """None: a handler here would turn HTML error pages into JSON too."""

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE: str = PROBLEM_TYPE
        try:
            super()._register_responses()
        finally:
            del self.DEFAULT_RESPONSE_CONTENT_TYPE  # what succeeds is JSON again, as the class says

    def _register_pagination_header(self) -> None:
        """None: lists carry their total and a cursor in the body."""
