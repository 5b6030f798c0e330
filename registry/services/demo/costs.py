"""What did the demonstration activities cost? Lines in the bearers' currencies, converted at the published quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from registry import reference
from registry.domain.money import Money, convert_to_eur
from registry.services.demo.activities import Costable, Numbers
from registry.services.demo.authorities import PACKAGE_OF_KIND, Authority, Plan
from registry.services.demo.rates import Quotes
from registry.services.demo.receipts import MOST_RECEIPTS, SUPPLIERS, Receipts
from registry.services.references import COST, DOCUMENT

WITHOUT_ACTIVITY_SHARE = 0.08
WITHOUT_RECEIPT_SHARE = 0.03
_TYPES = (
    ("TRAVEL", 22, 24_000, "Travel of the crew"),
    ("ACCOMMODATION", 16, 14_500, "Accommodation, one night"),
    ("DAILY_ALLOWANCE", 22, 18_400, "Daily allowance"),
    ("FUEL_VEHICLE", 14, 4_800, "Fuel"),
    ("OVERTIME_STAFF", 8, 31_000, "Overtime"),
    ("VEHICLE_RENTAL", 3, 22_000, "Vehicle rental"),
    ("INTERPRETATION", 5, 18_000, "Interpretation"),
    ("MEETING", 5, 26_000, "Meeting room and catering"),
    ("EQUIPMENT", 2, 95_000, "Equipment"),
    ("SUBCONTRACTING", 2, 140_000, "Subcontracted work"),
    ("OTHER", 1, 5_000, "Motorway toll"),
)
_UNITS_PER_EUR = {
    "RON": 5.0,
    "HUF": 400.0,
    "BGN": 1.96,
    "BAM": 1.96,
    "RSD": 117.0,
    "ALL": 98.0,
    "MKD": 61.5,
    "MDL": 20.0,
}
_BGN_UNTIL = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What is the same for all cost lines of one project."""

    plan: Plan
    project_id: int
    beneficiaries: Mapping[str, int]
    authorities: Mapping[str, Authority]
    packages: Mapping[str, int]
    loggers: Mapping[str, int]
    receipts: Receipts
    now: datetime
    lean: bool


@dataclass(slots=True)
class Spending:
    """Euro cents per budget place, from which the budget is made."""

    cents: Counter[tuple[str, str, str]] = field(default_factory=Counter)


class Cashier:
    """Draws cost lines of one project."""

    def __init__(self, purse: Purse, quotes: Quotes, numbers: Numbers, spending: Spending, rng: Random) -> None:
        self.purse, self.quotes, self.numbers, self.spending, self.rng = purse, quotes, numbers, spending, rng
        self._categories = {row["code"]: row["category"] for row in reference.table("cost_types")}
        # Drawn from once per line, five million times: tables of what a random number means, made once.
        self._types = [(code, typical, words) for code, weight, typical, words in _TYPES for _ in range(weight)]
        self._factors = [rng.lognormvariate(0, 0.45) for _ in range(4096)]

    def draw(self, activities: Sequence[Costable]) -> dict[str, Any]:
        """One line, of one of the activities or of the project's management."""
        rng = self.rng
        if activities and rng.random() >= WITHOUT_ACTIVITY_SHARE:
            activity = activities[int(len(activities) * rng.random() ** 1.3)]
            bearer = activity.bearers[int(rng.random() * len(activity.bearers))]
            spent = activity.from_on if activity.kind == "JIT" else activity.last_on
            day = min(spent + timedelta(days=int(rng.random() * 4)), self.purse.now.date())
            return self._line(bearer, activity.kind, activity.activity_id, day)
        day = self.purse.now.date() - timedelta(days=rng.randint(1, 380))
        return self._line(rng.choice(self.purse.plan.beneficiaries), rng.choice(("MGT", "MGT", "DIS")), None, day)

    def _line(self, bearer: str, kind: str, activity_id: int | None, day: date) -> dict[str, Any]:
        rng, purse = self.rng, self.purse
        code, typical, words = self._types[int(rng.random() * len(self._types))]
        currency = self._currency(bearer, day)
        amount = int(typical * self._factors[int(rng.random() * 4096)] * _UNITS_PER_EUR.get(currency, 1.0))
        rate = self.quotes.on(currency, day)
        euro = amount if currency == "EUR" else convert_to_eur(Money(amount, currency), rate).minor if rate else None
        package, category = PACKAGE_OF_KIND[kind], self._categories[code]
        self.spending.cents[bearer, category, package] += euro or 0
        supplier = SUPPLIERS[int(rng.random() * len(SUPPLIERS))]
        recorded = min(
            datetime.combine(day, purse.now.timetz()) + timedelta(hours=12 + int(rng.random() * 290)), purse.now
        )
        return {
            "project_id": purse.project_id,
            "reference": self.numbers.reference(COST, bearer, day.year),
            "activity_id": activity_id,
            "activity_kind": kind,
            "beneficiary_id": purse.beneficiaries[bearer],
            "work_package_id": purse.packages[package],
            "cost_type": code,
            "category": category,
            "description": f"{words} (synthetic)",
            "amount_minor": amount,
            "currency": currency,
            "incurred_on": day,
            "paid_on": day + timedelta(days=int(rng.random() * 31)) if rng.random() < 0.9 else None,
            "supplier": supplier,
            "invoice_number": f"{day.year}-{100 + int(rng.random() * 99_900)}",
            "eur_minor": euro,
            "rate": str(rate.units_per_eur) if rate else None,
            "rate_on": rate.rate_on if rate else None,
            "rate_source": rate.source if rate else "",
            "provisional": currency != "EUR",
            "document_id": self._receipt(bearer, supplier, recorded),
            "recorded_by": purse.loggers.get(bearer),
            "recorded_at": recorded,
            "withdrawn_at": None,
            "withdrawn_reason": "",
        }

    def _receipt(self, bearer: str, supplier: str, at: datetime) -> int | None:
        """Most lines have a receipt of their own; some have none yet."""
        if self.rng.random() < (WITHOUT_RECEIPT_SHARE / 20 if self.purse.lean else WITHOUT_RECEIPT_SHARE):
            return None
        receipts = self.purse.receipts
        if receipts.made >= MOST_RECEIPTS:
            return receipts.shared(bearer, self.rng)
        reference = self.numbers.reference(DOCUMENT, bearer, self.purse.now.year)
        return receipts.one(bearer, supplier, reference, self.purse.loggers.get(bearer), at)

    def _currency(self, bearer: str, day: date) -> str:
        authority = self.purse.authorities[bearer]
        if bearer == "BG" and day < _BGN_UNTIL:
            return "BGN"
        draw = self.rng.random()
        if draw < 0.04:
            return self.rng.choice(("HUF", "RON") if self.purse.lean else ("HUF", "RSD", "RON"))
        return authority.accounts_in if draw < 0.8 else "EUR"
