"""How is the API used? A page made from its OpenAPI document, with nothing from another host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, render_template

from registry.domain.permissions import Permission
from registry.edge import requires

bp = Blueprint("api_docs", __name__)

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One parameter or field: its name, type, whether it must be given, what it means."""

    name: str
    type: str
    required: bool
    meaning: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Fact, ...]
    body: str
    answers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One schema with its fields."""

    name: str
    fields: tuple[Fact, ...]


@bp.get("/api/")
@requires(Permission.SIGNED_IN)
def page() -> str:
    """The API's documentation for who is signed in."""
    document = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    shapes = shapes_of(document)
    return render_template(
        "api/page.html", families=families_of(document), shapes=shapes, names={shape.name for shape in shapes}
    )


def families_of(document: dict[str, Any]) -> list[tuple[str, str, list[Operation]]]:
    """The operations by family: its name, what it is about, its operations."""
    about = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    found: dict[str, list[Operation]] = {name: [] for name in about}
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method in METHODS:
            if method in item:
                operation = _operation(document, path, method, item[method], shared)
                found.setdefault(item[method]["tags"][0], []).append(operation)
    return [(_title(name), about.get(name, ""), operations) for name, operations in found.items() if operations]


def _title(family: str) -> str:
    """``api_projects`` and ``map_api`` as headings."""
    return family.removeprefix("api_").removesuffix("_api").replace("_", " ").capitalize()


def _operation(
    document: dict[str, Any], path: str, method: str, told: dict[str, Any], shared: list[dict[str, Any]]
) -> Operation:
    parameters = [_resolved(document, parameter) for parameter in (*shared, *told.get("parameters", []))]
    content = told.get("requestBody", {}).get("content", {})
    body = next((_type(part.get("schema", {})) for part in content.values()), "")
    return Operation(
        anchor="-".join([method, *(part.strip("{}") for part in path.split("/") if part)]),
        method=method.upper(),
        path=path,
        summary=_words(told.get("summary", "")),
        description=_words(told.get("description", "")),
        parameters=tuple(
            Fact(
                name=parameter["name"],
                type=_type(parameter.get("schema", {})),
                required=bool(parameter.get("required")),
                meaning=parameter.get("description", "") or parameter.get("schema", {}).get("description", ""),
                place=parameter["in"],
            )
            for parameter in parameters
        ),
        body=body,
        answers=tuple(_answers(document, told)),
    )


def _answers(document: dict[str, Any], told: dict[str, Any]) -> list[tuple[str, str, str]]:
    answers = []
    for status, response in sorted(told.get("responses", {}).items()):
        if status == "default":
            continue  # every operation may answer with a problem: said once, above
        answer = _resolved(document, response)
        content: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
        answers.append((str(status), answer.get("description", ""), _type(content.get("schema", {}))))
    return answers


def _words(docstring: str) -> str:
    """A docstring as running text: without the marks of code and the breaks of lines."""
    return " ".join(docstring.replace("``", "").split())


def shapes_of(document: dict[str, Any]) -> list[Shape]:
    """The schemas with their fields."""
    shapes = document.get("components", {}).get("schemas", {})
    return [
        Shape(
            name=name,
            fields=tuple(
                Fact(
                    name=field,
                    type=_type(facts),
                    required=field in shape.get("required", []),
                    meaning=facts.get("description", ""),
                )
                for field, facts in shape.get("properties", {}).items()
            ),
        )
        for name, shape in sorted(shapes.items())
    ]


def _resolved(document: dict[str, Any], part: Any) -> dict[str, Any]:
    if "$ref" not in part:
        return dict(part)
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words: ``string (date)``, ``list of CostIn``, ``exact | approximate``."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value is not None)
    for way in ("allOf", "anyOf", "oneOf"):
        if way in schema:
            return " | ".join(_type(part) for part in schema[way])
    kinds = schema.get("type", "")
    kinds = [kind for kind in kinds if kind != "null"] if isinstance(kinds, list) else [kinds]
    if kinds == ["array"]:
        return f"list of {_type(schema.get('items', {})) or 'values'}"
    name = " | ".join(kinds)
    return f"{name} ({schema['format']})" if "format" in schema else name
