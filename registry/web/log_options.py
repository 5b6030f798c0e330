"""Which codes does a log form offer, in the words of the field and in the order people need them?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask_babel import gettext, lazy_gettext

from registry import reference

AT_ONCE = 8
"""So many measures are in sight; the others wait behind *More counts*."""

NOTES = {
    "persons_checked": "by police information",
    "consultations": "SIS, Interpol, national",
    "hits": "persons, documents, vehicles, objects",
}
"""Short notes for the measures in sight; the others explain themselves or carry their help."""

Options = tuple[tuple[str, str], ...]

ZONES = (
    *("Europe/Rome", "Europe/Ljubljana", "Europe/Zagreb", "Europe/Belgrade", "Europe/Sarajevo", "Europe/Podgorica"),
    *("Europe/Skopje", "Europe/Tirane", "Europe/Sofia", "Europe/Bucharest", "Europe/Chisinau", "Europe/Athens"),
    *("Europe/Vienna", "Europe/Budapest", "Europe/Bratislava", "Europe/Prague", "Europe/Warsaw", "Europe/Berlin"),
    *("Europe/Zurich", "Europe/Vaduz", "Europe/Paris", "Europe/Brussels", "Europe/Luxembourg", "Europe/Amsterdam"),
    *("Europe/Madrid", "Europe/Lisbon", "Europe/Copenhagen", "Europe/Stockholm", "Europe/Oslo", "Europe/Helsinki"),
    *("Europe/Tallinn", "Europe/Riga", "Europe/Vilnius", "Europe/Dublin", "Europe/Malta", "Asia/Nicosia"),
    *("Atlantic/Reykjavik", "Europe/Kyiv", "Europe/Istanbul", "UTC"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing that is counted: its field, its words, whether a null result sets it to 0, whether it waits."""

    code: str
    label: str
    note: str
    finding: bool
    more: bool

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"outcomes-{self.code}"


@lru_cache
def measures() -> tuple[Measure, ...]:
    """Every measure in the order of the list."""
    rows = sorted(reference.table("measures"), key=lambda row: int(row["offer"]))
    return tuple(
        Measure(
            code=row["code"],
            label=row["label"],
            note=NOTES.get(row["code"], "" if place < AT_ONCE else row["help"]),
            finding=row["is_finding"] == "yes",
            more=place >= AT_ONCE,
        )
        for place, row in enumerate(rows)
    )


@lru_cache
def options(name: str, order: str = "") -> Options:
    """Codes and words of a list; ``order`` is the column that says the order."""
    rows = reference.table(name)
    if order:
        rows = sorted(rows, key=lambda row: int(row[order]))
    return tuple((row["code"], row["label"]) for row in rows)


@lru_cache
def country_names() -> dict[str, str]:
    """Countries by code; Kosovo carries its mark, which the footnote explains."""
    return {row["iso2"]: row["name"] + ("*" if row["iso2"] == "XK" else "") for row in reference.table("countries")}


def currencies(first: str, on: date) -> Options:
    """Currencies in use on the day: the euro, that of the own country, then by code."""
    day = on.isoformat()
    rows = [row for row in reference.table("currencies") if not row["valid_to"] or row["valid_to"] >= day]
    codes = sorted({row["code"] for row in rows} - {"EUR", first})
    return tuple((code, code) for code in ("EUR", *([first] if first and first != "EUR" else []), *codes))


def zones(own: str) -> Options:
    """Time zones by the clock of a capital; the one in use is among them."""
    names = ZONES if own in ZONES else (own, *ZONES)
    return tuple((name, name.rsplit("/", 1)[-1].replace("_", " ")) for name in names)


@lru_cache
def offences() -> Options:
    """The offences for which an urgent observation is allowed (CISA Article 40(7))."""
    lists = ("cisa40_7.offence", "cisa40_7.offence_added_2003")
    rows = [row for row in reference.table("codelists") if row["list"] in lists]
    return tuple((row["code"], row["label"]) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLists:
    """The code lists of the forms that are the same for everybody."""

    roles: Options
    functions: Options
    location_kinds: Options
    check_bases: Options
    cost_types: Options
    crime_areas: Options
    offences: Options
    agencies: Options
    end_reasons: Options


_WORDS = {
    "place-text": lazy_gettext("Place"),
    "starts_day": lazy_gettext("Start"),
    "starts_time": lazy_gettext("Start"),
    "ends_day": lazy_gettext("End"),
    "ends_time": lazy_gettext("End"),
    "check_basis": lazy_gettext("Controlled by"),
    "risk_reference": lazy_gettext("Risk assessment"),
    "participations": lazy_gettext("Who"),
    "nothing_found": lazy_gettext("Nothing found"),
    "track_file": lazy_gettext("Track file"),
}


def field_word(name: str) -> str:
    """How a field is called in the summary of errors: ``Hits``, ``Cost 2``; empty where the sentence says it all."""
    row = re.match(r"(costs|participations)-(\d+)-", name)
    if row:
        word = gettext("Cost") if row[1] == "costs" else gettext("Authority")
        return f"{word} {int(row[2]) + 1}"
    counted = next((measure.label for measure in measures() if measure.name == name), "")
    return counted or str(_WORDS.get(name, ""))


AGENCIES = ("EUROPOL", "EUROJUST", "OLAF", "EPPO", "FRONTEX", "SELEC")
END_REASONS = (
    ("COMPLETED", "completed"),
    ("HANDED_OVER", "handed over to the host"),
    ("CEASED_BY_HOST", "ceased, the host asked"),
    ("CEASED_TIME_LIMIT", "ceased, time limit"),
    ("LOST", "contact lost"),
)
FORM_LISTS = FormLists(
    roles=options("participation_roles"),
    functions=options("functions"),
    location_kinds=options("location_kinds", "offer"),
    check_bases=options("check_bases"),
    cost_types=options("cost_types", "offer"),
    crime_areas=options("crime_areas"),
    offences=offences(),
    agencies=tuple((name, name.capitalize() if name not in ("OLAF", "EPPO", "SELEC") else name) for name in AGENCIES),
    end_reasons=END_REASONS,
)
"""Read once, when the pages are made."""
