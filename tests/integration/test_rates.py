"""At which rate is a day converted: fixed, imported or shipped, and when is there none?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from registry.domain.errors import RateUnknown
from registry.domain.money import Rate
from registry.services import rates
from tests.factories import Factories


def test_a_euro_is_a_euro(session: Session) -> None:
    """On every day."""
    assert rates.quote(session, "EUR", date(2026, 11, 20)).units_per_eur == 1


def test_an_imported_quote_of_the_day_wins(session: Session, factories: Factories) -> None:
    """And the last before where the day has none."""
    factories.rate("USD", date(2025, 3, 3), "1.0465")
    factories.rate("USD", date(2025, 3, 4), "1.0557")
    assert rates.quote(session, "USD", date(2025, 3, 4)).units_per_eur == Decimal("1.0557")
    assert rates.quote(session, "USD", date(2025, 3, 5)).rate_on == date(2025, 3, 4)


def test_without_an_import_the_shipped_history_answers(session: Session) -> None:
    """A Sunday takes the Friday before."""
    friday = rates.quote(session, "HUF", date(2025, 2, 28))
    sunday = rates.quote(session, "HUF", date(2025, 3, 2))
    assert (sunday.rate_on, sunday.units_per_eur) == (date(2025, 2, 28), friday.units_per_eur)
    assert sunday.source == rates.SHIPPED_SOURCE


def test_an_old_import_gives_way_to_a_later_shipped_quote(session: Session, factories: Factories) -> None:
    """The last before the day, whoever brought it."""
    factories.rate("HUF", date(2025, 2, 10), "1.5")
    assert rates.quote(session, "HUF", date(2025, 3, 3)).source == rates.SHIPPED_SOURCE


def test_the_kuna_floats_until_its_last_day(session: Session) -> None:
    """Its fixed rate begins with the euro."""
    assert rates.quote(session, "HRK", date(2022, 12, 30)).source == rates.SHIPPED_SOURCE
    assert rates.quote(session, "HRK", date(2023, 1, 1)).units_per_eur == Decimal("7.53450")


@pytest.mark.parametrize(("currency", "on"), [("RSD", date(2026, 1, 5)), ("RUB", date(2025, 1, 5))])
def test_a_currency_that_nobody_quotes_has_no_rate(session: Session, currency: str, on: date) -> None:
    """Never published, or no longer."""
    with pytest.raises(RateUnknown, match=currency):
        rates.quote(session, currency, on)


def test_quotes_are_kept_once(session: Session) -> None:
    """A second import of the same file writes nothing."""
    quotes = [
        Rate(currency="MKD", units_per_eur=Decimal("61.5"), rate_on=date(2026, 11, day), source="NBRM")
        for day in (1, 2)
    ]
    assert rates.import_quotes(session, quotes, "NBRM") == 2
    assert rates.import_quotes(session, quotes, "NBRM") == 0
    assert rates.import_quotes(session, [], "NBRM") == 0
    assert rates.quote(session, "MKD", date(2026, 11, 3)).rate_on == date(2026, 11, 2)
