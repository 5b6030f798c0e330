"""How do the quotes of a file become exchange rates? One batch; twice adds nothing; a second truth is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.errors import Conflict, NotAllowed
from registry.domain.money import Rate
from registry.domain.permissions import Permission, Role, Viewer
from registry.models.activities import ImportBatch
from registry.models.costs import CostLine, ExchangeRate
from registry.models.projects import Project
from registry.services import access, audit, rates, record_costs


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRates:
    """The quotes of one file, kept for the whole installation; ``bad`` counts the cells that were none."""

    source: str
    file_name: str
    content: bytes
    rates: tuple[Rate, ...]
    bad: int = 0
    project: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedRates:
    """The quotes of a file by what is stored: new ones, known ones, and those whose day has another quote, with it."""

    new: tuple[Rate, ...]
    known: tuple[Rate, ...]
    contradicting: tuple[tuple[Rate, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesImported:
    """The batch (None when nothing was new), quotes written and known, and cost lines whose euro figure changed."""

    batch: int | None
    written: int
    known: int
    reconverted: int = 0


def may_import(viewer: Viewer, project: Project) -> bool:
    """Rates are kept by the lead partner's finance officer (decision 8)."""
    keeping = viewer.organisations_in(project.id, Role.FINANCE_OFFICER)
    return viewer.unmasked or project.lead_organisation_id in keeping


def sort_rates(session: Session, source: str, quotes: Sequence[Rate]) -> SortedRates:
    """Which quotes are new, which are stored as they are, and which contradict the stored quote of source and day?"""
    stored = _stored(session, source, quotes)
    new: list[Rate] = []
    known: list[Rate] = []
    contradicting: list[tuple[Rate, Decimal]] = []
    for rate in quotes:
        units = stored.get((rate.currency, rate.rate_on))
        if units is None:
            new.append(rate)
        elif units == rate.units_per_eur:
            known.append(rate)
        else:
            contradicting.append((rate, units))
    return SortedRates(new=tuple(new), known=tuple(known), contradicting=tuple(contradicting))


def _stored(session: Session, source: str, quotes: Sequence[Rate]) -> dict[tuple[str, date], Decimal]:
    if not quotes:
        return {}
    days = [rate.rate_on for rate in quotes]
    rows = session.execute(
        select(ExchangeRate.currency, ExchangeRate.rate_on, ExchangeRate.units_per_eur).where(
            ExchangeRate.source == source, ExchangeRate.rate_on.between(min(days), max(days))
        )
    )
    return {(currency, on): Decimal(units) for currency, on, units in rows}


def import_rates(session: Session, command: ImportRates, *, actor: Viewer, clock: Clock) -> RatesImported:
    """Store the new quotes as one batch, then convert the provisional cost lines of their currencies again.

    Conflict when a cell was no quote or a stored quote says otherwise; NotAllowed for who does not keep the rates.
    """
    project = _project(session, command, actor)
    sorted_rates = sort_rates(session, command.source, command.rates)
    refused = command.bad + len(sorted_rates.contradicting)
    if refused:
        raise Conflict(f"Nothing was written: {refused} quotes need mending first.")
    if not sorted_rates.new:
        return RatesImported(batch=None, written=0, known=len(sorted_rates.known))
    batch = ImportBatch(
        project_id=None,
        what="rates",
        file_name=command.file_name[-240:],
        sha256=hashlib.sha256(command.content).hexdigest(),
        rows_read=len(command.rates),
        rows_written=len(sorted_rates.new),
        rows_known=len(sorted_rates.known),
        imported_at=clock.now(),
        imported_by=actor.email,
    )
    session.add(batch)
    session.flush()  # its number is written into every quote
    rates.import_quotes(session, sorted_rates.new, command.source, batch.id)
    reconverted = _reconvert(session, sorted_rates.new)
    audit.record(
        session,
        actor=actor,
        action="rates.import",
        subject=f"batch {batch.id}",
        project_id=project.id if project else None,
        clock=clock,
        reason=command.reason,
        touched=len(sorted_rates.new),
        content_hash=batch.sha256,
        details={"file": batch.file_name, "source": command.source, "reconverted": reconverted},
    )
    return RatesImported(
        batch=batch.id, written=len(sorted_rates.new), known=len(sorted_rates.known), reconverted=reconverted
    )


def _project(session: Session, command: ImportRates, actor: Viewer) -> Project | None:
    """The project whose finance officer asks; the command line names none, and asks as the installation itself."""
    if not command.project:
        if not actor.unmasked:
            raise NotAllowed("Exchange rates are imported by the lead partner's finance officer, in the project.")
        return None
    project = access.project_for(session, actor, command.project)
    access.check_project_right(actor, project, Permission.RATES_IMPORT)
    if not may_import(actor, project):
        raise NotAllowed("Exchange rates are imported by the lead partner's finance officer.")
    return project


def _reconvert(session: Session, new: Sequence[Rate]) -> int:
    """Figures that follow from the new quotes: of lines incurred on the first new day or later."""
    used = set(session.scalars(select(CostLine.currency).where(CostLine.provisional.is_(True)).distinct()))
    first: dict[str, date] = {}
    for rate in new:
        if rate.currency in used:
            first[rate.currency] = min(rate.rate_on, first.get(rate.currency, rate.rate_on))
    return sum(record_costs.reconvert(session, currency, since=day) for currency, day in sorted(first.items()))
