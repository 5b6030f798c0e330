"""What must be said to set a project up: who takes part, what was promised, with which money? Checked as a whole.

Every fault is named by its path in the file, counted from 0: ``beneficiaries.1.budget.0.amount``.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from registry.domain.activities import Kind
from registry.domain.counts import Qualifier
from registry.domain.errors import InvalidInput
from registry.domain.money import Money, minor_units
from registry.domain.periods import DatePeriod

ORGANISATION_KINDS = (
    "police",
    "border_police",
    "border_guard",
    "gendarmerie",
    "customs",
    "ministry",
    "prosecution",
    "regional_body",
)
COORDINATOR = "coordinator"
BENEFICIARY_ROLES = (COORDINATOR, "beneficiary", "affiliated_entity")
LONGEST_DELAY_DAYS = 365
LARGEST_TARGET = 1_000_000_000
_SHORT = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_REFERENCE = re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")
_CODE = "Write capital letters, digits and single hyphens, such as {}."
Fault = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationIn:
    """An authority by the short code that stands in its references, with its country (ISO 3166-1 alpha-2)."""

    short: str
    name: str
    kind: str
    country: str

    def faults(self, path: str) -> Iterator[Fault]:
        """What is wrong with it."""
        if _SHORT.fullmatch(self.short) is None:
            yield f"{path}.short", _CODE.format("SI or BA-GP")
        if self.kind not in ORGANISATION_KINDS:
            yield f"{path}.kind", f"Choose one of {', '.join(ORGANISATION_KINDS)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPackageIn:
    """A part of the work by its number, WP1."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetIn:
    """What was promised: a number of activities of a kind, or of officers when no kind is named."""

    indicator: str
    label: str
    value: int
    unit: str
    kind: str | None = None
    qualifier: Qualifier = Qualifier.EXACT
    source_url: str = ""

    def faults(self, path: str) -> Iterator[Fault]:
        """What is wrong with it."""
        if self.kind is not None and self.kind not in set(Kind):
            yield f"{path}.kind", f"Choose one of {', '.join(Kind)}, or leave it out to count officers."
        if not 0 < self.value <= LARGEST_TARGET:
            yield f"{path}.value", "A target is a whole number above zero."
        if self.qualifier is Qualifier.NOT_COUNTED:
            yield f"{path}.qualifier", "A target has a number: choose exact, approximate, more_than or almost."
        if self.source_url and not self.source_url.startswith(("https://", "http://")):
            yield f"{path}.source_url", "Write the whole address, beginning with https://."


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLineIn:
    """Planned money of a beneficiary for a budget category in a work package, in euro."""

    category: str
    work_package: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryIn:
    """Who receives money: its number in the grant (P1), organisation, role, currency of its accounts, and budget."""

    id: str
    organisation: str
    role: str
    accounting_currency: str
    budget: tuple[BudgetLineIn, ...] = ()

    def faults(self, path: str, packages: frozenset[str]) -> Iterator[Fault]:
        """What is wrong with it, given the codes of the work packages."""
        if self.role not in BENEFICIARY_ROLES:
            yield f"{path}.role", f"Choose one of {', '.join(BENEFICIARY_ROLES)}."
        try:
            minor_units(self.accounting_currency)
        except InvalidInput as refusal:
            yield f"{path}.accounting_currency", refusal.errors["currency"][0]
        keys = [(line.category, line.work_package) for line in self.budget]
        yield from _twice(keys, f"{path}.budget", "work_package", "Add up the amounts of {} in one line.")
        for number, line in enumerate(self.budget):
            here = f"{path}.budget.{number}"
            if line.work_package not in packages:
                yield f"{here}.work_package", f"“{line.work_package}” is not among the work_packages of this file."
            if line.amount.currency != "EUR" or line.amount.minor < 0:
                yield f"{here}.amount", "A budget is in euro, and zero or more."


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpProject:
    """A whole project. ``last_on`` is its last day, as grants name it; ``lead`` the short code of the coordinator.

    InvalidInput names every fault by its path.
    """

    reference: str
    acronym: str
    title: str
    from_on: date
    last_on: date
    lead: str
    organisations: tuple[OrganisationIn, ...]
    beneficiaries: tuple[BeneficiaryIn, ...]
    work_packages: tuple[WorkPackageIn, ...] = ()
    targets: tuple[TargetIn, ...] = ()
    release_delay_days: int = 7

    def __post_init__(self) -> None:
        found: dict[str, list[str]] = {}
        for path, sentence in (*self._own_faults(), *self._lead_faults(), *self._doubles(), *self._part_faults()):
            found.setdefault(path, []).append(sentence)
        if found:
            raise InvalidInput(found)

    @property
    def period(self) -> DatePeriod:
        """Its days, half-open."""
        return DatePeriod(from_on=self.from_on, until_on=self.last_on + timedelta(days=1))

    def _own_faults(self) -> Iterator[Fault]:
        if _REFERENCE.fullmatch(self.reference) is None:
            yield "project.reference", "It stands in addresses: write letters, digits and hyphens, such as ATHENA-2."
        if not self.from_on <= self.last_on < date.max:
            yield "project.end", "The last day must not come before the first."
        if not 0 <= self.release_delay_days <= LONGEST_DELAY_DAYS:
            yield "project.release_delay_days", f"Write a number of days from 0 to {LONGEST_DELAY_DAYS}."

    def _lead_faults(self) -> Iterator[Fault]:
        """The lead partner is the one beneficiary whose role is coordinator."""
        leading = [line.organisation for line in self.beneficiaries if line.role == COORDINATOR]
        if self.lead not in {line.organisation for line in self.beneficiaries}:
            yield "project.lead", f"“{self.lead}” is not the organisation of any of the beneficiaries of this file."
        elif leading != [self.lead]:
            yield "project.lead", f"Give the role {COORDINATOR} to {self.lead}, and to no other beneficiary."

    def _doubles(self) -> Iterator[Fault]:
        again = "{} stands here twice. Write it once."
        yield from _twice((row.short for row in self.organisations), "organisations", "short", again)
        yield from _twice((row.code for row in self.work_packages), "work_packages", "code", again)
        yield from _twice((row.indicator for row in self.targets), "targets", "indicator", again)
        yield from _twice((row.id for row in self.beneficiaries), "beneficiaries", "id", again)
        yield from _twice((row.organisation for row in self.beneficiaries), "beneficiaries", "organisation", again)

    def _part_faults(self) -> Iterator[Fault]:
        known = {row.short for row in self.organisations}
        packages = frozenset(row.code for row in self.work_packages)
        for number, organisation in enumerate(self.organisations):
            yield from organisation.faults(f"organisations.{number}")
        for number, target in enumerate(self.targets):
            yield from target.faults(f"targets.{number}")
        for number, line in enumerate(self.beneficiaries):
            path = f"beneficiaries.{number}"
            if line.organisation not in known:
                yield f"{path}.organisation", f"“{line.organisation}” is not among the organisations of this file."
            yield from line.faults(path, packages)


def _twice(keys: Iterable[Hashable], path: str, field: str, sentence: str) -> Iterator[Fault]:
    seen: set[Hashable] = set()
    for number, key in enumerate(keys):
        if key in seen:
            said = " in ".join(key) if isinstance(key, tuple) else str(key)
            yield f"{path}.{number}.{field}", sentence.format(said)
        seen.add(key)
