"""Which files were imported into a project for an organisation, and which quotes of exchange rates are stored?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.models.activities import ImportBatch
from registry.models.costs import ExchangeRate
from registry.models.projects import Organisation

SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """One import, as its list shows it."""

    number: int
    file_name: str
    organisation: str
    imported_at: datetime
    written: int
    known: int
    bad: int
    withdrawn_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotesLine:
    """The stored quotes of a currency by one source: how many, from when to when."""

    currency: str
    source: str
    quotes: int
    first_on: date
    last_on: date


def batches(session: Session, project_id: int, organisation_ids: Collection[int]) -> tuple[list[BatchLine], int]:
    """The newest imports of activities for these organisations, and how many there are in all."""
    theirs = (
        ImportBatch.project_id == project_id,
        ImportBatch.organisation_id.in_(sorted(organisation_ids)),
        ImportBatch.what == "activities",
    )
    total = session.scalar(select(func.count()).select_from(ImportBatch).where(*theirs)) or 0
    rows = session.execute(
        select(ImportBatch, Organisation.short)
        .join(Organisation, Organisation.id == ImportBatch.organisation_id)
        .where(*theirs)
        .order_by(ImportBatch.id.desc())
        .limit(SHOWN)
    )
    return [_line(batch, short) for batch, short in rows], total


def _line(batch: ImportBatch, short: str) -> BatchLine:
    return BatchLine(
        number=batch.id,
        file_name=batch.file_name,
        organisation=short,
        imported_at=batch.imported_at,
        written=batch.rows_written,
        known=batch.rows_known,
        bad=batch.rows_bad,
        withdrawn_at=batch.withdrawn_at,
        withdrawn_reason=batch.withdrawn_reason,
    )


def organisation_choices(session: Session, organisation_ids: Collection[int]) -> list[tuple[str, str]]:
    """Short code and name of these organisations, by name."""
    rows = session.execute(
        select(Organisation.short, Organisation.name)
        .where(Organisation.id.in_(sorted(organisation_ids)))
        .order_by(Organisation.name)
    )
    return [(short, name) for short, name in rows]


def stored_quotes(session: Session) -> list[QuotesLine]:
    """What is stored of each currency and source."""
    rows = session.execute(
        select(
            ExchangeRate.currency,
            ExchangeRate.source,
            func.count(),
            func.min(ExchangeRate.rate_on),
            func.max(ExchangeRate.rate_on),
        )
        .group_by(ExchangeRate.currency, ExchangeRate.source)
        .order_by(ExchangeRate.currency, ExchangeRate.source)
    )
    return [
        QuotesLine(currency=currency, source=source, quotes=number, first_on=first, last_on=last)
        for currency, source, number, first, last in rows
    ]
