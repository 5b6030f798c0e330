"""At which published rate is a demonstration cost converted? The ECB's quotes that a package ships."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from currency_converter import CurrencyConverter, RateNotFoundError

from registry.domain.money import Rate, euro_rate, fixed_rate

SOURCE = "ECB"


class Quotes:
    """The daily quotes of a few currencies from a day on."""

    def __init__(self, currencies: Sequence[str], first_on: date) -> None:
        published = CurrencyConverter(decimal=True)
        self._quotes: dict[str, dict[date, Decimal]] = {
            currency: _published(published, currency, first_on) for currency in currencies
        }
        self._days = {currency: list(quotes) for currency, quotes in self._quotes.items()}

    def rows(self) -> list[dict[str, Any]]:
        """The quotes as rows of the rates table."""
        return [
            {
                "currency": currency,
                "rate_on": day,
                "units_per_eur": str(units),
                "source": SOURCE,
                "import_batch_id": None,
            }
            for currency, quotes in self._quotes.items()
            for day, units in quotes.items()
        ]

    def on(self, currency: str, day: date) -> Rate | None:
        """The quote of the day or the last one before; a fixed rate after an adoption; None for what nobody quotes."""
        if currency == "EUR":
            return euro_rate(day)
        fixed = fixed_rate(currency, day)
        if fixed is not None:
            return fixed
        days = self._days.get(currency, [])
        at = bisect_right(days, day) - 1
        if at < 0:
            return None
        units = self._quotes[currency][days[at]]
        return Rate(currency=currency, units_per_eur=units, rate_on=days[at], source=SOURCE)


def _published(published: CurrencyConverter, currency: str, first_on: date) -> dict[date, Decimal]:
    """The quotes of one currency by day; the package knows which days it has, but not on which there was none."""
    _, last_on = published.bounds[currency]
    found: dict[date, Decimal] = {}
    for number in range(max(0, (last_on - first_on).days) + 1):
        day = first_on + timedelta(days=number)
        try:
            found[day] = published.convert(1, "EUR", currency, date=day)
        except RateNotFoundError:
            continue  # a weekend or a holiday: nobody quotes
    return found
