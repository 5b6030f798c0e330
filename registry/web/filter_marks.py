"""Which filters are on, as marks that can be taken away, and which views does the list offer as tabs?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext, lazy_gettext

from registry.domain.filters import LISTS, NO, WITH, ActivityFilters
from registry.queries.facets import Facets
from registry.reference import table
from registry.reports.figures import display_date

NAMES = {
    "kind": lazy_gettext("Kind"),
    "status": lazy_gettext("Status"),
    "country": lazy_gettext("Country"),
    "organisation": lazy_gettext("Organisation"),
    "border": lazy_gettext("Border"),
    "section": lazy_gettext("Section"),
    "crime_area": lazy_gettext("Crime area"),
    "work_package": lazy_gettext("Work package"),
    "from": lazy_gettext("From"),
    "to": lazy_gettext("To"),
    "q": lazy_gettext("Words"),
    "result": lazy_gettext("Result"),
    "verified": lazy_gettext("Verified"),
    "parent": lazy_gettext("Part of"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One active filter: its name and value in words, and the query string without it."""

    name: str
    label: object
    code: str
    text: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One view of the list: its query string and whether it is shown."""

    label: object
    query: str
    current: bool


def marks_of(filters: ActivityFilters, facets: Facets) -> tuple[Mark, ...]:
    """The active filters in the order of the URL; kinds and states keep their code, the page has words for them."""
    return tuple(_marks(filters, facets))


def _marks(filters: ActivityFilters, facets: Facets) -> Iterator[Mark]:
    for name, code in filters.pairs():
        if name in LISTS:
            remaining: Any = tuple(value for value in getattr(filters, name) if value != code)
            rest = replace(filters, **{name: remaining})
        else:
            rest = filters.without(name)
        yield Mark(
            name=name, label=NAMES[name], code=code, text=_text(name, code, filters, facets), rest=rest.query_string()
        )


def _text(name: str, code: str, filters: ActivityFilters, facets: Facets) -> str:
    if name == "from" and filters.from_on:
        return display_date(filters.from_on)
    if name == "to" and filters.last_on:
        return display_date(filters.last_on)
    if name == "result":
        return str(gettext("something found") if code == WITH else gettext("nothing found"))
    if name == "verified":
        return str(gettext("not yet") if code == NO else gettext("by the host"))
    if name == "crime_area":
        return next((row["label"] for row in table("crime_areas") if row["code"] == code), code)
    values = getattr(facets, name, ())
    return next((value.label for value in values if value.code == code and value.label), code)


def tabs_of(filters: ActivityFilters, own: tuple[str, ...]) -> tuple[Tab, ...]:
    """All records, those of the viewer's own organisation, those no host has verified yet."""
    views = [(lazy_gettext("All"), ActivityFilters())]
    if own:
        views.append((lazy_gettext("My organisation"), ActivityFilters(organisation=own)))
    views.append((lazy_gettext("Not verified"), ActivityFilters(verified=NO)))
    return tuple(Tab(label=label, query=view.query_string(), current=filters == view) for label, view in views)
