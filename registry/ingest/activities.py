"""Which activities does a table hold? Each cell typed and checked; what is unknown stays unknown, nothing is completed.

Rows that say odd but possible things are kept and flagged; rows that say impossible ones are errors with their place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from registry.domain.imported import ActivityRow, Flag
from registry.ingest import activity_cells as cells
from registry.ingest.activity_cells import Reading
from registry.ingest.errors import BadFile, RowError, quoted
from registry.ingest.tables import Row, TableFile

__all__ = ["ActivitiesFile", "ActivityRow", "Codes", "Flag", "read_activities"]

REQUIRED = ("kind", "title", "starts_on")
COLUMNS = (
    *("reference", "kind", "title", "host_country", "countries", "starts_on", "ends_on", "place_name"),
    *("longitude", "latitude", "position_precision", "officers_total", "seizures", "source_url"),
    *("value_qualifier", "note"),
)
_OTHER_NAMES = {
    "reference": "ref, id",
    "kind": "type",
    "title": "name, activity",
    "host_country": "host",
    "countries": "country, participants",
    "starts_on": "start, start date, starts, from, date, begin",
    "ends_on": "end, end date, ends, until, to",
    "place_name": "place, location",
    "longitude": "lon, lng, long, x",
    "latitude": "lat, y",
    "position_precision": "precision",
    "officers_total": "officers",
    "source_url": "source, url",
    "value_qualifier": "qualifier, qualifiers",
    "note": "notes, remarks, comment, comments",
}
ALIASES = {name: column for column, names in _OTHER_NAMES.items() for name in names.split(", ")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitiesFile:
    """The activities of a file, what is wrong with its other rows, and what was noticed on the whole."""

    rows: list[ActivityRow]
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The codes a file may use: kinds, two-letter codes by any code of a country, and measures that are counted."""

    kinds: Collection[str]
    countries: Mapping[str, str]
    measures: Collection[str]


def read_activities(table: TableFile, codes: Codes) -> ActivitiesFile:
    """The activities of a table, row by row; BadFile when kind, title or starts_on has no column, or there is no row.

    A row with any wrong cell is left out, and every wrong cell of it stands in ``errors``.
    """
    names, notes = _columns(table, codes.measures)
    missing = [column for column in REQUIRED if column not in names]
    if missing:
        raise BadFile(
            f"There is no column {' and none '.join(map(quoted, missing))}.",
            row=table.header_row,
            how=f"Name the columns in the first row; {', '.join(REQUIRED)} are needed.",
        )
    if not table.rows and not table.errors:
        raise BadFile("There are no rows.", how="Add a row for each activity.")
    rows: list[ActivityRow] = []
    errors = list(table.errors)
    references: dict[str, int] = {}
    for row in table.rows:
        reading = Reading(row, names)
        activity = _activity(row, reading, codes)
        first = references.setdefault(activity.reference, row.number) if activity.reference else row.number
        if first != row.number:
            reading.wrong("reference", f"is also the reference of row {first}.", "Give each activity its own, or none.")
        if reading.errors:
            errors += reading.errors
        else:
            rows.append(activity)
    return ActivitiesFile(rows=rows, errors=sorted(errors, key=lambda error: error.row), notes=notes)


def _columns(table: TableFile, measures: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """The file's column for each of ours, exact names before aliases; unknown ones are said, not refused."""
    names: dict[str, str] = {}
    known = {*COLUMNS, *measures}
    folded = {column: " ".join(column.casefold().replace("_", " ").split()) for column in table.columns}
    for column, name in folded.items():
        if name.replace(" ", "_") in known:
            names[name.replace(" ", "_")] = column
    for column, name in folded.items():
        if name in ALIASES and column not in names.values():
            names.setdefault(ALIASES[name], column)
    unread = [column for column in table.columns if column not in names.values()]
    notes = [f"Columns that are not known were not read: {', '.join(map(quoted, unread))}."] if unread else []
    return names, [*table.notes, *notes]


def _activity(row: Row, reading: Reading, codes: Codes) -> ActivityRow:
    starts_on, ends_on = cells.dates(reading)
    position, precision = cells.position(reading)
    counts, planned = cells.counts(reading, ("officers_total", *codes.measures))
    officers = counts.pop("officers_total")
    countries, other_countries = cells.countries(reading, codes.countries)
    note = reading["note"]
    flags = {
        Flag.SERIES: cells.stands_for_a_series(note),
        Flag.FEW_COUNTRIES: len(countries) + len(other_countries) < 2,
        Flag.OTHER_COUNTRY: bool(other_countries),
        Flag.START_UNKNOWN: starts_on is None,
        Flag.PLANNED_FIGURE: bool(planned),
        Flag.DATE_INFERRED: cells.date_is_inferred(note),
    }
    return ActivityRow(
        number=row.number,
        reference=reading["reference"],
        kind=cells.kind(reading, codes.kinds),
        title=cells.title(reading),
        host_country=cells.host(reading, codes.countries),
        countries=countries,
        other_countries=other_countries,
        starts_on=starts_on,
        ends_on=ends_on,
        place_name=reading["place_name"],
        position=position,
        position_precision=precision,
        officers=officers,
        counts={measure: count for measure, count in counts.items() if count.value is not None},
        planned=planned,
        seized=cells.seized(reading),
        source_url=cells.source_url(reading),
        note=note,
        flags=tuple(flag for flag, raised in flags.items() if raised),
    )
