"""What would an import of this file do? Which rows are new, known, changed or bad: asked before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import reference
from registry.domain.activities import Kind
from registry.domain.imported import ActivityRow
from registry.domain.money import Rate
from registry.ingest.activities import Codes, read_activities
from registry.ingest.errors import RowError, quoted
from registry.ingest.rates import read_rates
from registry.ingest.tables import TableFile, read_table
from registry.models.geography import Country
from registry.models.projects import Organisation, Project
from registry.services import import_activities, import_rates
from registry.services.import_activities import ImportActivities

MOST_COUNTRIES = 40
MOST_OFFICERS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedActivities:
    """The rows of a file by what would become of them; ``changed`` rows and all others that are bad have errors.

    ``sound`` are all rows that can be read, known and changed ones too: what an import is asked to write.
    """

    file_name: str
    content: bytes
    sound: tuple[ActivityRow, ...]
    new: tuple[ActivityRow, ...]
    known: tuple[ActivityRow, ...]
    changed: tuple[ActivityRow, ...]
    errors: tuple[RowError, ...]
    notes: tuple[str, ...]
    unreadable: int

    @property
    def bad_rows(self) -> int:
        """How many rows need mending, whatever the number of their errors."""
        return len({error.row for error in self.errors})

    def command(self, project: str, organisation: str, *, keep_good: bool, reason: str = "") -> ImportActivities:
        """The import of what was checked."""
        return ImportActivities(
            project=project,
            organisation=organisation,
            file_name=self.file_name,
            content=self.content,
            rows=self.sound,
            bad=self.unreadable,
            keep_good=keep_good,
            reason=reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRates:
    """The quotes of a file, how many of them are new and known, and what is wrong with others."""

    rates: tuple[Rate, ...]
    new: int
    known: int
    errors: tuple[RowError, ...]
    notes: tuple[str, ...]
    unreadable: int


def codes(session: Session) -> Codes:
    """The codes a file may use here: kinds, the registry's countries by two and three letters, and the measures."""
    countries = {
        code: iso2 for iso2, iso3 in session.execute(select(Country.iso2, Country.iso3)) for code in (iso2, iso3)
    }
    measures = [row["code"] for row in reference.table("measures")]
    return Codes(kinds=[str(kind) for kind in Kind], countries=countries, measures=measures)


def check_activities(
    session: Session, project: Project, owner: Organisation, file_name: str, content: bytes
) -> CheckedActivities:
    """What an import of the file for the organisation would do. BadFile when it is no such table."""
    found = read_activities(read_table(file_name, content), codes(session))
    beyond = [error for row in found.rows for error in _beyond(row)]
    refused = {error.row for error in beyond}
    sound = tuple(row for row in found.rows if row.number not in refused)
    rows = import_activities.sort_rows(session, project, owner, sound)
    errors = [
        *found.errors,
        *beyond,
        *(_changed(row, recorded) for row, recorded in rows.changed),
        *(_repeated(row, first) for row, first in rows.repeated),
    ]
    return CheckedActivities(
        file_name=file_name,
        content=content,
        sound=sound,
        new=rows.new,
        known=rows.known,
        changed=tuple(row for row, _ in rows.changed),
        errors=tuple(sorted(errors, key=lambda error: error.row)),
        notes=tuple(found.notes),
        unreadable=len({error.row for error in (*found.errors, *beyond)}),
    )


def _beyond(row: ActivityRow) -> Iterator[RowError]:
    """What a reader understands and the registry cannot hold."""
    stated = len(row.countries) + len(row.other_countries)
    if stated > MOST_COUNTRIES:
        yield _error(
            row, "countries", f"{stated} countries are named; at most {MOST_COUNTRIES} are kept.", "Name fewer."
        )
    if (row.officers.value or 0) > MOST_OFFICERS:
        problem = f"{quoted(str(row.officers.value))} is more officers than can be right."
        yield _error(row, "officers_total", problem, "Write how many took part, or leave the cell empty.")
    texts = {"reference": row.reference, "title": row.title, "place_name": row.place_name, "note": row.note}
    for column, text in {**texts, "seizures": row.seized, "source_url": row.source_url}.items():
        if "\0" in text:
            yield _error(row, column, "There is a NUL character, which no text contains.", "Type the text again.")


def _changed(row: ActivityRow, recorded: str) -> RowError:
    problem = f"{quoted(row.reference)} is recorded already, as {recorded}, with other content."
    return _error(row, "reference", problem, "Amend that record instead, or give the row a reference of its own.")


def _repeated(row: ActivityRow, first: int) -> RowError:
    problem = f"The row says word for word what row {first} says."
    return _error(row, "", problem, "Delete it, or give each of them a reference if they are two activities.")


def _error(row: ActivityRow, column: str, problem: str, mend: str) -> RowError:
    return RowError(row=row.number, column=column, value="", problem=problem, mend=mend)


def check_rates(session: Session, source: str, file_name: str, content: bytes) -> CheckedRates:
    """What an import of the file as quotes of the source would do. BadFile when it holds no rates."""
    table: TableFile = read_table(file_name, content)
    found = read_rates(table, source)
    quotes = import_rates.sort_rates(session, source, found.rates)
    errors = list(found.errors)
    for rate, stored in quotes.contradicting:
        row, column = found.places[rate.currency, rate.rate_on]
        value = str(rate.units_per_eur)
        problem = f"{quoted(value)} contradicts the {rate.currency} stored for {rate.rate_on}: {stored}, by {source}."
        mend = "Keep the one that was published, or name another source."
        errors.append(RowError(row=row, column=column, value=value, problem=problem, mend=mend))
    return CheckedRates(
        rates=tuple(found.rates),
        new=len(quotes.new),
        known=len(quotes.known),
        errors=tuple(sorted(errors, key=lambda error: error.row)),
        notes=tuple(found.notes),
        unreadable=len(found.errors),
    )
