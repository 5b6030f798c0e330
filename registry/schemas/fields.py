"""How is a value read from the wire, the same from a form and from JSON? Fields that say how to mend what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Protocol

from marshmallow import ValidationError, fields
from shapely.geometry.base import BaseGeometry

from registry.domain.counts import Count, Qualifier
from registry.domain.errors import InvalidInput
from registry.domain.money import minor_units
from registry.domain.periods import PartialDate, parse_local_day, parse_local_time
from registry.domain.shapes import geometry_from_geojson

IGNORED_IN_FORMS = frozenset({"csrf_token"})
DEEPEST, MOST_IN_LIST = 5, 200
Tree = dict[str, Any]


class MultiItems(Protocol):
    """A form as the web reads it: names may repeat."""

    def items(self, multi: bool = ...) -> Iterable[tuple[str, str]]:
        """All pairs of name and value, in order."""
        ...


def from_form(form: MultiItems, lists: Iterable[str] = ()) -> Tree:
    """The nested values of a flat form: ``participations-0-officers`` or ``participations.0.officers``.

    Empty values are as if not sent. InvalidInput when a name repeats that is not one of ``lists`` (decision 47), or
    when names contradict each other.
    """
    many = frozenset(lists)
    values: dict[str, Any] = {}
    for name, value in form.items(multi=True):
        if name in IGNORED_IN_FORMS:
            continue
        path = name.replace("-", ".")
        if path in many:
            values.setdefault(path, []).extend([value] if value.strip() else [])
        elif path in values:
            raise InvalidInput({path: ["This field was sent twice. Send it once."]})
        else:
            values[path] = value
    tree: Tree = {}
    for path, value in values.items():
        if value if isinstance(value, list) else value.strip():
            _place(tree, path, value)
    return {key: _listed(part, key) for key, part in tree.items()}


def _place(tree: Tree, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    if len(parents) > DEEPEST:
        raise InvalidInput({path: ["This field is not known here."]})
    branch = tree
    for part in parents:
        branch = branch.setdefault(part, {})
        if not isinstance(branch, dict):
            raise InvalidInput({path: ["This field contradicts another of the form."]})
    if last in branch:
        raise InvalidInput({path: ["This field contradicts another of the form."]})
    branch[last] = value


def _listed(value: Any, path: str) -> Any:
    """Branches whose names are all numbers become lists, in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(part, f"{path}.{key}") for key, part in value.items()}
    if not inner or not all(key.isascii() and key.isdigit() for key in inner):
        return inner
    if len(inner) > MOST_IN_LIST:
        raise InvalidInput({path: [f"At most {MOST_IN_LIST} of these can be sent at once."]})
    return [inner[key] for key in sorted(inner, key=int)]


def flat_errors(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Nested messages of a schema by dotted path, ``costs.0.amount``."""
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for key, part in messages.items():
            inner = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            for name, texts in flat_errors(part, inner).items():
                found.setdefault(name, []).extend(texts)
        return found
    return {path or "form": [str(text) for text in (messages if isinstance(messages, list) else [messages])]}


def sentences(refusal: InvalidInput) -> list[str]:
    """All sentences of a refusal, for a field that gives them its own name."""
    return [text for texts in refusal.errors.values() for text in texts]


class Words(fields.String):
    """Text without spaces around it and without control characters, not longer than the table keeps."""

    def __init__(self, longest: int, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).replace("\r\n", "\n").strip()
        if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            raise ValidationError("This text holds control characters. Type it again.")
        if len(text) > self.longest:
            raise ValidationError(f"Keep it below {self.longest} characters; it has {len(text)}.")
        return text


class _Parsed(fields.Field[Any]):
    """A value read from text by a rule of the domain."""

    example = ""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(f"Send text, such as {self.example}.")
        try:
            return self.read(value)
        except InvalidInput as refusal:
            raise ValidationError(sentences(refusal)) from None

    def read(self, text: str) -> Any:
        """The value in the text."""
        return text


class Day(_Parsed):
    """A day: ``24 Nov 2026``, ``2026-11-24``, ``24.11.2026``."""

    example = "2026-11-24"

    def read(self, text: str) -> date:
        """The day in the text."""
        return parse_local_day(text)


class ClockTime(_Parsed):
    """A time on the local clock: ``15:30``, ``15.30``, ``1530``."""

    example = "15:30"

    def read(self, text: str) -> time:
        """The time in the text."""
        return parse_local_time(text)


class PartialDay(_Parsed):
    """A year, a month or a day: ``2024``, ``2024-05``, ``2024-05-17``."""

    example = "2024-05"

    def read(self, text: str) -> PartialDate:
        """The bounds of the day that is meant."""
        return PartialDate.parse(text)


class Instant(_Parsed):
    """A moment with its offset: ``2026-11-24T15:30:00+01:00``."""

    example = "2026-11-24T15:30:00+01:00"

    def read(self, text: str) -> datetime:
        """The moment in the text."""
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise InvalidInput({"time": [f"Write a moment such as {self.example}."]}) from None
        if moment.tzinfo is None:
            raise InvalidInput({"time": [f"A moment needs its offset, such as {self.example}."]})
        return moment


class Currency(_Parsed):
    """A currency by its ISO 4217 code."""

    example = "EUR"

    def read(self, text: str) -> str:
        """The code, known here."""
        code = text.strip().upper()
        minor_units(code)
        return code


class Counted(fields.Field[Count]):
    """A count: ``12``, ``≈ 500``, ``> 4,600``, ``n.c.``, or ``{"value": 4600, "qualifier": "more_than"}``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Count:
        try:
            if isinstance(value, str):
                return Count.parse(value)
            if isinstance(value, Mapping):
                return _qualified(value)
            if isinstance(value, int) and not isinstance(value, bool):
                return Count(value)
        except InvalidInput as refusal:
            raise ValidationError(sentences(refusal)) from None
        raise ValidationError("Write a whole number, such as 12, or n.c. for not counted.")


class Measures(fields.Dict):
    """Counts by the code of their measure; what is wrong is said at the measure."""

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=fields.String(), values=Counted(allow_none=True), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]  # untyped there
        except ValidationError as refusal:
            if not isinstance(refusal.messages, dict):
                raise
            told = {key: part.get("value") or part["key"] for key, part in refusal.messages.items()}
            raise ValidationError(told) from None


def _qualified(value: Mapping[str, Any]) -> Count:
    number, qualifier = value.get("value"), value.get("qualifier", "exact")
    if set(value) - {"value", "qualifier"} or qualifier not in set(Qualifier):
        raise InvalidInput({"value": [f"A count has a value and a qualifier: {', '.join(Qualifier)}."]})
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        raise InvalidInput({"value": ["The value of a count is a whole number."]})
    return Count(number, Qualifier(qualifier))


class Geometry(fields.Field[BaseGeometry]):
    """A GeoJSON geometry, as an object or as its text in a form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> BaseGeometry:
        try:
            return geometry_from_geojson(json.loads(value) if isinstance(value, str) else value)
        except ValueError:
            raise ValidationError("The drawn shape could not be read. Draw it again.") from None
        except InvalidInput as refusal:
            raise ValidationError(sentences(refusal)) from None
