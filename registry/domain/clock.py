"""What time is it? The one place that asks the machine; everything else is handed a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC, to the microsecond."""
        return datetime.now(tz=UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for tests and for reproducing a report."""

    instant: datetime

    def now(self) -> datetime:
        """The instant the clock was set to."""
        return self.instant
