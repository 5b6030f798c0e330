"""What does one row of an activities table say? Typed and checked by a reader, before any record is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.domain.counts import Count
from registry.domain.geo import Position
from registry.domain.periods import PartialDate


class Flag(StrEnum):
    """What a reader of the row should know before counting it."""

    SERIES = "series"
    FEW_COUNTRIES = "fewer than two countries"
    OTHER_COUNTRY = "country outside the list"
    START_UNKNOWN = "start unknown"
    PLANNED_FIGURE = "planned figure"
    DATE_INFERRED = "date inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One activity as its row states it: dates as precise as given, countries by two letters, counts with qualifiers.

    ``other_countries`` are ISO codes of countries the registry does not list, kept as stated.
    ``counts`` holds only what was counted, by the code of its measure; ``planned`` figures stand apart, since a plan
    is no result; ``seized`` is the text of a seizures cell that is not a number.
    """

    number: int
    reference: str
    kind: str
    title: str
    host_country: str | None
    countries: tuple[str, ...]
    other_countries: tuple[str, ...]
    starts_on: PartialDate | None
    ends_on: PartialDate | None
    place_name: str
    position: Position | None
    position_precision: str
    officers: Count
    counts: dict[str, Count]
    planned: dict[str, int]
    seized: str
    source_url: str
    note: str
    flags: tuple[Flag, ...] = ()
