"""What does the query string ask for? One value per parameter; one that is given twice is an error (decision 47)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from flask import request

from registry.domain.errors import InvalidInput
from registry.domain.periods import parse_local_day

LONGEST = 80
LONGEST_REASON = 400


def one(name: str, choices: Collection[str] | None = None, longest: int = LONGEST) -> str:
    """The value of a parameter, empty when it is not given; InvalidInput when it is none of the choices."""
    given = request.values.getlist(name)
    if len(given) > 1:
        raise InvalidInput({name: ["Give this once."]})
    value = given[0].strip()[:longest] if given else ""
    if value and choices is not None and value not in choices:
        raise InvalidInput({name: [f"Choose one of {', '.join(choices)}."]})
    return value


def days() -> tuple[date | None, date | None]:
    """The parameters ``from`` and ``to`` as a half-open period of days; ``to`` is the last day meant."""
    first, last = one("from"), one("to")
    until = parse_local_day(last, "to") + timedelta(days=1) if last else None
    return (parse_local_day(first, "from") if first else None), until
