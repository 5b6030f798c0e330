"""At which published rate is a demonstration cost converted? As any other cost, asked once per currency and day."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from registry.domain.errors import RateUnknown
from registry.domain.money import Rate
from registry.services import rates


class Quotes:
    """The rates used so far."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[str, date], Rate | None] = {}

    def on(self, currency: str, day: date) -> Rate | None:
        """The rate of the day by the registry's own rule; None for what nobody quotes."""
        key = (currency, day)
        if key not in self._known:
            self._known[key] = self._asked(currency, day)
        return self._known[key]

    def _asked(self, currency: str, day: date) -> Rate | None:
        try:
            return rates.quote(self._session, currency, day)
        except RateUnknown:
            return None
