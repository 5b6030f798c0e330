"""What does each cell of an activities table mean? Each reader takes cells of one row and notes what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from babel import Locale

from registry.domain.counts import NOT_COUNTED, Count, Qualifier
from registry.domain.errors import InvalidInput
from registry.domain.geo import Position
from registry.domain.periods import PartialDate, parse_local_day
from registry.ingest.errors import RowError, quoted
from registry.ingest.tables import Row

PRECISIONS = ("exact", "town", "section", "region")
LONGEST = {"reference": 40, "title": 240, "place_name": 240, "source_url": 400, "note": 4000, "seizures": 1000}
PLANNED = "planned"
_QUALIFIERS = {str(qualifier): qualifier for qualifier in Qualifier if qualifier is not Qualifier.NOT_COUNTED} | {
    "approx": Qualifier.APPROXIMATE,
    "about": Qualifier.APPROXIMATE,
    "over": Qualifier.MORE_THAN,
}
# Codes that Babel names although they are groups, tests or unknown.
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_SERIES = re.compile(r"\b(?:series|stands for|one row for)\b|\b\d+ patrols\b", re.IGNORECASE)
_INFERRED = re.compile(r"\b(?:year|month|day|date|start|end)s? (?:is )?inferred\b", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_DEGREES = re.compile(r"[-+]?\d{1,3}(?:[.,]\d{1,15})?", re.ASCII)


class Reading:
    """One row being read: its cells by our column names, and what has been found wrong so far."""

    def __init__(self, row: Row, names: Mapping[str, str]) -> None:
        self._row, self._names = row, names
        self.errors: list[RowError] = []
        for column, longest in LONGEST.items():
            if len(self[column]) > longest:
                self.wrong(column, f"is longer than {longest} characters.", "Shorten it.")

    def __getitem__(self, column: str) -> str:
        """The cell, empty when the file has no such column."""
        return self._row.cells[self._names[column]] if column in self._names else ""

    def wrong(self, column: str, problem: str, mend: str) -> None:
        """Note that a cell is wrong; the sentence begins with its value."""
        value = self[column]
        said = f"{quoted(value)} {problem}" if value else f"The cell {problem}"
        self.errors.append(
            RowError(row=self._row.number, column=self._names.get(column, column), value=value, problem=said, mend=mend)
        )


def kind(reading: Reading, kinds: Collection[str]) -> str:
    """The kind of activity by its code."""
    code = reading["kind"].upper()
    if code not in kinds:
        problem = "is not a kind of activity." if code else "is empty."
        reading.wrong("kind", problem, f"Write one of {', '.join(kinds)}.")
    return code


def title(reading: Reading) -> str:
    """What the activity is called; needed."""
    if not reading["title"]:
        reading.wrong("title", "is empty.", "Say in a few words what was done.")
    return reading["title"]


def host(reading: Reading, codes: Mapping[str, str]) -> str | None:
    """The host by two letters; None where both sides host or none is named."""
    stated = reading["host_country"].upper()
    if stated and stated not in codes:
        reading.wrong("host_country", "is not a country known here.", "Write its ISO 3166 code, such as SI or SVN.")
    return codes.get(stated)


def countries(reading: Reading, codes: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The countries named, by two letters in alphabetical order, and those beyond the registry's list.

    Few are kept as few; nothing is completed.
    """
    stated = [part.strip().upper() for part in re.split(r"[;|,/]", reading["countries"]) if part.strip()]
    listed = {codes[code] for code in stated if code in codes}
    elsewhere = {code for code in stated if code not in codes and code in _iso2_codes()}
    unknown = [code for code in stated if code not in codes and code not in elsewhere]
    if unknown:
        problem = f"names a country that is not known: {', '.join(map(quoted, unknown))}."
        reading.wrong("countries", problem, "Write ISO 3166 codes of two or three letters, such as SI;IT or SVN|ITA.")
    return tuple(sorted(listed)), tuple(sorted(elsewhere))


@cache
def _iso2_codes() -> frozenset[str]:
    territories = map(str, Locale.parse("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


def dates(reading: Reading) -> tuple[PartialDate | None, PartialDate | None]:
    """First and last day as precise as stated; an empty one is unknown."""
    starts_on, ends_on = _date(reading, "starts_on"), _date(reading, "ends_on")
    if starts_on is not None and ends_on is not None and ends_on.until_on <= starts_on.from_on:
        reading.wrong("ends_on", f"lies before the start, {reading['starts_on']}.", "Exchange or mend the two dates.")
    return starts_on, ends_on


def _date(reading: Reading, column: str) -> PartialDate | None:
    text = reading[column]
    if not text:
        return None
    try:
        # Days with points have one order in Europe; days with slashes have two, so they are not guessed.
        return PartialDate.parse(parse_local_day(text, column).isoformat() if "." in text else text, column)
    except InvalidInput as refusal:
        reading.wrong(column, "is not a date.", refusal.errors[column][0])
        return None


def position(reading: Reading) -> tuple[Position | None, str]:
    """The place in degrees and how exact it claims to be; both or neither of the two numbers."""
    lon, lat = _number(reading, "longitude", 180), _number(reading, "latitude", 90)
    precision = reading["position_precision"].lower()
    if precision and precision not in PRECISIONS:
        reading.wrong("position_precision", "is not a precision.", f"Write one of {', '.join(PRECISIONS)}.")
    for column, other in (("longitude", "latitude"), ("latitude", "longitude")):
        if not reading[column] and reading[other]:
            reading.wrong(column, f"is empty, but {other} is not.", "Give both numbers or none.")
    return (None if lon is None or lat is None else Position(lon, lat)), precision


def _number(reading: Reading, column: str, limit: int) -> float | None:
    text = reading[column]
    number = float(text.replace(",", ".")) if _DEGREES.fullmatch(text) else None
    if text and (number is None or abs(number) > limit):
        mend = f"Write degrees between -{limit} and {limit}, such as {'13.89' if limit == 180 else '45.62'}."
        reading.wrong(column, f"is not a {column}.", mend)
        return None
    return number


def counts(reading: Reading, measures: Iterable[str]) -> tuple[dict[str, Count], dict[str, int]]:
    """The counts by measure, each with its qualifier; figures that were only planned stand apart."""
    qualifiers = _qualifiers(reading, set(measures := tuple(measures)))
    found: dict[str, Count] = {}
    planned: dict[str, int] = {}
    for measure in measures:
        count = _count(reading, measure)
        qualifier = qualifiers.get(measure, "")
        if count.value is not None and qualifier == PLANNED:
            planned[measure] = count.value
            count = NOT_COUNTED
        elif count.value is not None and qualifier:
            count = Count(count.value, _QUALIFIERS[qualifier])
        found[measure] = count
    return found, planned


def _count(reading: Reading, measure: str) -> Count:
    text = reading[measure]
    if measure == "seizures" and not _is_a_count(text):
        return NOT_COUNTED
    try:
        return Count.parse(text, measure)
    except InvalidInput as refusal:
        reading.wrong(measure, "is not a count.", refusal.errors[measure][0])
        return NOT_COUNTED


def _is_a_count(text: str) -> bool:
    try:
        return Count.parse(text).value is not None
    except InvalidInput:
        return False


def _qualifiers(reading: Reading, measures: Collection[str]) -> dict[str, str]:
    """``field=qualifier``, separated by semicolons."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip().lower() for part in reading["value_qualifier"].split(";"))):
        measure, _, qualifier = (piece.strip() for piece in part.partition("="))
        if measure not in measures or qualifier not in (*_QUALIFIERS, PLANNED):
            mend = (
                f"Write column=qualifier, such as arrests=approx; qualifiers are {', '.join((*_QUALIFIERS, PLANNED))}."
            )
            reading.wrong("value_qualifier", f"holds {quoted(part)}, which qualifies no count.", mend)
        else:
            found[measure] = qualifier
    return found


def seized(reading: Reading) -> str:
    """What was seized, in words; empty where the cell is a number, which is a count."""
    return "" if _is_a_count(reading["seizures"]) else reading["seizures"]


def source_url(reading: Reading) -> str:
    """The page that says so; only web addresses, since it becomes a link."""
    url = reading["source_url"]
    if url and not _WEB.fullmatch(url):
        reading.wrong("source_url", "is not a web address.", "Write it in full, beginning with https://.")
    return url


def stands_for_a_series(note: str) -> bool:
    """Whether the note says that the row is more than one activity, which must not be counted as one."""
    return _SERIES.search(note) is not None


def date_is_inferred(note: str) -> bool:
    """Whether the note says that a date is not as published."""
    return _INFERRED.search(note) is not None
