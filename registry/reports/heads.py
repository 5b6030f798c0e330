"""What stands over every report: which project, which period, which marking, as of which revision?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from registry.reports.figures import display_period
from registry.reports.tables import Report, Section


class Unbalanced(AssertionError):
    """The parts of a report do not add up to its total: it must not be printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The project and the half-open period of days a report is about, and what was left out by filters."""

    reference: str
    acronym: str
    title: str
    from_on: date
    until_on: date
    marking: str
    data_revision: int
    filters: tuple[tuple[str, str], ...] = ()
    particulars: tuple[tuple[str, str], ...] = ()
    language: str = "en"

    @property
    def period(self) -> str:
        """The period with its last day included."""
        return display_period(self.from_on, self.until_on)

    def report(self, *, name: str, title: str, sections: tuple[Section, ...], generated_at: datetime) -> Report:
        """A report of these sections under this head."""
        return Report(
            name=name,
            title=title,
            subtitle=f"{self.title}. {self.period}.",
            project=f"{self.acronym} ({self.reference})",
            period=self.period,
            filters=self.filters,
            particulars=self.particulars,
            sections=sections,
            marking=self.marking,
            generated_at=generated_at,
            data_revision=self.data_revision,
            language=self.language,
        )


def must_balance(what: str, **sums: int) -> None:
    """Raises Unbalanced, naming the sums, unless all of them are equal."""
    if len(set(sums.values())) > 1:
        told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in sums.items())
        raise Unbalanced(f"{what} do not balance: {told}")
