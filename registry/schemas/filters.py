"""How are filters read from a query string or a form? One schema for the list, the map, exports and the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from registry.domain.activities import Kind, Status
from registry.domain.errors import InvalidInput
from registry.domain.filters import LISTS, NO, SCALARS, WITH, WITHOUT, YES, ActivityFilters
from registry.domain.periods import PartialDate, parse_local_day

LONGEST_SEARCH = 200
MOST_VALUES = 60


class Day(fields.Field[date]):
    """A day as people or programs write it; ``2024`` or ``2024-05`` is its first day, or its last with ``last``."""

    def __init__(self, *, last: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.last = last

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> date:
        text = str(value)
        try:
            partial = PartialDate.parse(text)
        except InvalidInput:
            return _or_validation_error(parse_local_day, text)
        return partial.until_on - timedelta(days=1) if self.last else partial.from_on


def _or_validation_error(parse: Callable[[str], date], text: str) -> date:
    try:
        return parse(text)
    except InvalidInput as error:
        raise ValidationError(next(iter(error.errors.values()))) from error


def _codes(check: validate.Validator) -> fields.Field[Any]:
    return fields.List(fields.String(validate=check), validate=validate.Length(max=MOST_VALUES))


_CODE = validate.Regexp(r"[A-Za-z0-9_.\-]{1,40}\Z", error="This is not a code.")


class ActivityFiltersIn(Schema):
    """The parameters of ``ActivityFilters``; unknown ones are refused."""

    class Meta:
        unknown = RAISE

    kind = _codes(validate.OneOf([str(kind) for kind in Kind], error="There is no kind “{input}”."))
    status = _codes(validate.OneOf([str(status) for status in Status], error="There is no state “{input}”."))
    country = _codes(validate.Regexp(r"[A-Z]{2}\Z", error="Write a country as two capital letters, such as SI."))
    organisation = _codes(_CODE)
    border = _codes(_CODE)
    section = _codes(_CODE)
    crime_area = _codes(_CODE)
    work_package = _codes(_CODE)
    from_on = Day(data_key="from")
    last_on = Day(data_key="to", last=True)
    q = fields.String(validate=validate.Length(max=LONGEST_SEARCH))
    result = fields.String(validate=validate.OneOf([WITH, WITHOUT], error="Write with or without."))
    verified = fields.String(validate=validate.OneOf([YES, NO], error="Write yes or no."))
    parent = fields.String(validate=_CODE)

    @post_load
    def _value(self, loaded: dict[str, Any], **_options: Any) -> ActivityFilters:
        from_on, last_on = loaded.get("from_on"), loaded.get("last_on")
        if from_on and last_on and last_on < from_on:
            raise ValidationError("The last day must not come before the first.", "to")
        for name in LISTS:
            loaded[name] = tuple(dict.fromkeys(loaded.get(name, ())))
        loaded["q"] = " ".join(loaded.get("q", "").split())
        return ActivityFilters(**loaded)


def filters_from(pairs: Iterable[tuple[str, str]], also: Iterable[str] = ()) -> tuple[ActivityFilters, dict[str, str]]:
    """Read filters and the further parameters named in ``also`` (each at most once) from name-value pairs.

    Empty values are as good as absent: a form sends its empty fields. InvalidInput for an unknown parameter, and for
    one that is repeated without being a list (decision 47).
    """
    further = frozenset(also)
    lists: dict[str, list[str]] = {}
    scalars: dict[str, str] = {}
    others: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in LISTS:
            lists.setdefault(name, []).extend([value] if value else [])
        elif name not in SCALARS and name not in further:
            errors[name[:40]] = ["There is no such parameter."]
        elif name in scalars or name in others:
            errors[name] = ["This parameter can be given once only."]
        else:
            (others if name in further else scalars)[name] = value
    if errors:
        raise InvalidInput(errors, "The address has parameters that cannot be read.")
    return _loaded({**lists, **{name: value for name, value in scalars.items() if value}}), others


def _loaded(raw: dict[str, Any]) -> ActivityFilters:
    try:
        loaded: ActivityFilters = ActivityFiltersIn().load(raw)
    except ValidationError as error:
        raise InvalidInput(_flat(error.messages), "The filters cannot be read.") from error
    return loaded


def _flat(messages: Any) -> dict[str, list[str]]:
    """Each parameter with its sentences; of a list, those of all its values."""
    return {str(name): list(dict.fromkeys(_sentences(found))) for name, found in dict(messages).items()}


def _sentences(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [sentence for part in found.values() for sentence in _sentences(part)]
    return [str(sentence) for sentence in found] if isinstance(found, list) else [str(found)]
