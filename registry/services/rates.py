"""At which rate is an amount turned to euro? The quote of the day or the last before, its source kept beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.errors import RateUnknown
from registry.domain.money import Rate, euro_rate, fixed_rate
from registry.models.costs import ExchangeRate

WEEKEND = timedelta(days=5)
"""An imported quote this young needs no second source: banks close over long weekends."""

STALEST = timedelta(days=31)
"""An older quote is none: a currency that is no longer published is shown *not converted*."""

SHIPPED_SOURCE = "ECB, shipped"


def quote(session: Session, currency: str, on: date) -> Rate:
    """The rate of a currency on a day (decisions 25, 26): fixed, imported, then the ECB history that is shipped.

    The later quote wins, an imported one on the same day. RateUnknown when none lies within the last 31 days.
    """
    if currency == "EUR":
        return euro_rate(on)
    fixed = fixed_rate(currency, on)
    if fixed is not None:
        return fixed
    imported = _imported(session, currency, on)
    if imported is not None and on - imported.rate_on <= WEEKEND:
        return imported
    candidates = [rate for rate in (imported, _shipped(currency, on)) if rate is not None]
    if not candidates:
        raise RateUnknown(f"No rate of {currency} is known for {on.isoformat()}. Import one; it is not converted.")
    return max(candidates, key=lambda rate: rate.rate_on)


def _imported(session: Session, currency: str, on: date) -> Rate | None:
    row = session.scalars(
        select(ExchangeRate)
        .where(ExchangeRate.currency == currency, ExchangeRate.rate_on.between(on - STALEST, on))
        .order_by(ExchangeRate.rate_on.desc(), ExchangeRate.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Rate(currency=currency, units_per_eur=Decimal(row.units_per_eur), rate_on=row.rate_on, source=row.source)


@lru_cache(maxsize=1)
def _history() -> Any:
    # Reads some ten thousand days of quotes: only where a currency asks for it.
    from currency_converter import CurrencyConverter

    return CurrencyConverter(decimal=True)


def _shipped(currency: str, on: date) -> Rate | None:
    """The quote of the day or the last before in the shipped history."""
    history = _history()
    if currency not in history.currencies:
        return None
    first, last = history.bounds[currency]
    day = min(on, last)
    while day >= max(on - STALEST, first):
        units = _units(history, currency, day)
        if units is not None:
            return Rate(currency=currency, units_per_eur=units, rate_on=day, source=SHIPPED_SOURCE)
        day -= timedelta(days=1)
    return None


def _units(history: Any, currency: str, day: date) -> Decimal | None:
    from currency_converter import RateNotFoundError

    try:
        return cast(Decimal, history.convert(1, "EUR", currency, date=day))
    except RateNotFoundError:
        return None


def import_quotes(session: Session, quotes: Iterable[Rate], source: str, batch_id: int | None = None) -> int:
    """Keep the quotes of a file; a quote that is known already is not kept twice. Returns how many were new."""
    wanted = {(rate.currency, rate.rate_on): rate for rate in quotes}
    if not wanted:
        return 0
    known = session.execute(
        select(ExchangeRate.currency, ExchangeRate.rate_on).where(
            ExchangeRate.source == source,
            ExchangeRate.currency.in_(sorted({currency for currency, _ in wanted})),
        )
    )
    new = wanted.keys() - {(currency, on) for currency, on in known}
    session.add_all(
        ExchangeRate(
            currency=currency,
            rate_on=on,
            units_per_eur=str(wanted[currency, on].units_per_eur),
            source=source,
            import_batch_id=batch_id,
        )
        for currency, on in sorted(new)
    )
    session.flush()  # the next quote asked for may be one of these
    return len(new)
