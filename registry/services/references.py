"""Which number does the next record of an organisation get? Per kind, owner and year, without gaps (decision 6)."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from registry.db.upsert import add_to
from registry.models.activities import ReferenceCounter
from registry.models.projects import Organisation

COST, DOCUMENT = "COST", "DOC"
_KEYS = ("kind", "organisation_id", "year")


def next_reference(session: Session, kind: str, organisation: Organisation, year: int) -> str:
    """``JP-SI-2026-0042``. The counter's row stays locked until the transaction ends: who rolls back leaves no gap."""
    counter = {"kind": kind, "organisation_id": organisation.id, "year": year}
    table = cast(Table, ReferenceCounter.__table__)
    add_to(session, table, [{**counter, "last": 1}], _KEYS, ("last",))
    matches: list[Any] = [getattr(ReferenceCounter, name) == value for name, value in counter.items()]
    number = session.execute(select(table.c.last).where(*matches)).scalar_one()
    return f"{kind}-{organisation.short.upper()}-{year:04d}-{number:04d}"
