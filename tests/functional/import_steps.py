"""What do tests of imports share? A project with an importing authority, the bad files, and a count of every table."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.db.base import Base
from registry.models.projects import Organisation, Project
from registry.services import derive, reference_tables

BAD_TABLES = Path(__file__).parents[1] / "data" / "bad_tables"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "data" / "samples" / "tables"
HEADER = "reference,kind,title,host_country,countries,starts_on,arrests"
GOOD = (
    f"{HEADER}\nA-1,JP,Patrol at the pass,SI,SI;IT,2026-05-04,2\nA-2,WS,Workshop,,IT;SI,2026-06,\n"
    "A-3,JP,Patrols on the river,SI,SI,2026-07-01,\n"
).encode()
MIXED = f"{HEADER}\nA-1,JP,Patrol,SI,SI;IT,2026-05-04,2\nA-2,JP,=Patrol,SI,SI;IT,May,two\n".encode()


@dataclass
class Importing:
    """Where an import goes to."""

    project: Project
    owner: Organisation
    partner: Organisation


def prepare(session: Session, factories: Any, *, whole: bool = False) -> Importing:
    """A project of two authorities; ``whole`` with all countries and borders."""
    if whole:
        reference_tables.load(session)
    for iso2, iso3 in (("SI", "SVN"), ("IT", "ITA")):
        factories.country(iso2).iso3 = iso3
    project = factories.project("ATHENA")
    owner = factories.organisation("SI-POL", country="SI")
    partner = factories.organisation("IT-POL", country="IT")
    for organisation in (owner, partner):
        factories.beneficiary(project, organisation)
    session.commit()
    return Importing(project, owner, partner)


def bad_files() -> dict[str, bytes]:
    """Every bad table of activities, generated bad workbooks, and those of the samples where they exist."""
    found = {path.name: path.read_bytes() for path in BAD_TABLES.iterdir() if not path.name.startswith("rates")}
    found |= {
        "a_workbook_without_rows.xlsx": workbook(["kind", "title", "starts_on"]),
        "a_workbook_of_another_table.xlsx": workbook(["name", "colour"], ["a", "red"]),
        "a_workbook_with_a_bad_date.xlsx": workbook(["kind", "title", "starts_on"], ["JP", "Patrol", "spring"]),
        "a_damaged_workbook.xlsx": workbook(["kind"])[:400],
    }
    if SAMPLES.is_dir():
        found |= {name: (SAMPLES / name).read_bytes() for name in ("empty.csv", "wrong_line_length.csv")}
    return found


def workbook(*rows: list[str]) -> bytes:
    """A workbook with one sheet of these rows."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def everything(session: Session) -> dict[str, int]:
    """How many rows each table holds."""
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def assert_untouched(session: Session, before: dict[str, int]) -> None:
    """No table has more or fewer rows than before, and the stored counts agree with the records."""
    assert everything(session) == before
    assert derive.reconcile(session) == []
