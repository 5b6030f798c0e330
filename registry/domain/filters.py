"""Which activities are asked for? One value for list, map, exports and API, with its one form as a query string."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

LISTS = ("kind", "status", "country", "organisation", "border", "section", "crime_area", "work_package")
"""Parameters that may be repeated: any of their values matches."""

SCALARS = ("from", "to", "q", "result", "verified", "parent")
"""Parameters that stand at most once (decision 47)."""

WITH, WITHOUT = "with", "without"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilters:
    """All must hold; within one list any. Days are those on which an activity begins, ``last_on`` included.

    ``organisation`` names short codes, ``border`` and ``section`` their codes, ``parent`` and ``work_package`` a
    reference and codes. ``result`` is *with* a finding, or *without*: counted, and nothing found.
    """

    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    border: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    crime_area: tuple[str, ...] = ()
    work_package: tuple[str, ...] = ()
    from_on: date | None = None
    last_on: date | None = None
    q: str = ""
    result: str = ""
    verified: str = ""
    parent: str = ""

    @property
    def until_on(self) -> date | None:
        """The day after the last one: periods are half-open inside."""
        return None if self.last_on is None else self.last_on + timedelta(days=1)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The filters as they stand in a URL, always in the same order."""
        for name in LISTS:
            for value in getattr(self, name):
                yield name, value
        scalars = {
            "from": self.from_on.isoformat() if self.from_on else "",
            "to": self.last_on.isoformat() if self.last_on else "",
            "q": self.q,
            "result": self.result,
            "verified": self.verified,
            "parent": self.parent,
        }
        yield from ((name, value) for name, value in scalars.items() if value)

    def query_string(self, **more: str) -> str:
        """``kind=JP&country=SI``; further parameters (a cursor, a form) behind."""
        return urlencode([*self.pairs(), *((name, value) for name, value in more.items() if value)])

    def __bool__(self) -> bool:
        return any(True for _ in self.pairs())

    def without(self, *names: str) -> ActivityFilters:
        """The same without some parameters, named as in the URL."""
        empty: dict[str, object] = {}
        for name in names:
            field = {"from": "from_on", "to": "last_on"}.get(name, name)
            empty[field] = () if name in LISTS else None if name in ("from", "to") else ""
        return replace(self, **empty)  # type: ignore[arg-type]  # each empty value has its field's type

    @property
    def whole_months(self) -> bool:
        """Whether the period begins and ends with a month, so that counts stored by month can answer."""
        starts = self.from_on is None or self.from_on.day == 1
        until = self.until_on
        return starts and (until is None or until.day == 1)
