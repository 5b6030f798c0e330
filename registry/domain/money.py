"""How much, in which currency, and how much is that in euro? Integer minor units only; no float comes near money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from registry.domain.errors import InvalidInput

_TWO_DECIMALS = (
    "ALL AED AUD BAM BGN BRL CAD CHF CNY CZK DKK EGP EUR GBP GEL HKD HRK HUF IDR ILS INR MAD MDL MKD MXN MYR NOK NZD "
    "PHP PLN QAR RON RSD RUB SAR SEK SGD THB TRY UAH USD ZAR"
)
MINOR_UNITS: dict[str, int] = dict.fromkeys(_TWO_DECIMALS.split(), 2) | {"ISK": 0, "JPY": 0, "KRW": 0}
"""Decimals of each currency the registry knows (ISO 4217)."""

LARGEST_MINOR = 10**15
"""An amount beyond this is a slip of the keyboard; the databases hold 64 bits."""

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’]+")
_AMOUNT = re.compile(r"(?P<sign>[-\u2212+]?) ?(?P<figures>\d[\d ,.]*)", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[ ,.])\d{3}(?:(?P=mark)\d{3})*")


def minor_units(currency: str) -> int:
    """Decimals of a currency by its ISO 4217 code; InvalidInput on ``currency`` when the code is not known."""
    try:
        return MINOR_UNITS[currency]
    except KeyError:
        raise InvalidInput({"currency": [f"“{currency}” is not a currency code known here, such as EUR."]}) from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of one currency. Amounts of different currencies never add up."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        minor_units(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str, field: str = "amount") -> Money:
        """Read what people type: ``1 234,50``, ``1,234.50``, ``1234.5``; InvalidInput says what is doubtful."""
        code = currency.strip().upper()
        decimals = minor_units(code)
        try:
            minor = _parse_minor(text, decimals)
        except ValueError as refusal:
            raise InvalidInput({field: [str(refusal)]}) from None
        return cls(minor, code)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def decimal(self) -> Decimal:
        """The amount in major units, exact: 1234.50."""
        return Decimal(self.minor).scaleb(-minor_units(self.currency))

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split by weights without losing a cent: the remainder goes to the largest fractions, then to the earliest.

        InvalidInput on ``weights`` when one is negative or all are zero.
        """
        if not weights or min(weights) < 0 or sum(weights) == 0:
            raise InvalidInput({"weights": ["Shares must be zero or more, and at least one above zero."]})
        whole, size = sum(weights), abs(self.minor)
        shares = [size * weight // whole for weight in weights]
        by_fraction = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
        for index in by_fraction[: size - sum(shares)]:
            shares[index] += 1
        return tuple(Money(share if self.minor >= 0 else -share, self.currency) for share in shares)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InvalidInput({"currency": [f"{self.currency} and {other.currency} cannot be added or compared."]})
        return other


def sum_money(amounts: Sequence[Money], currency: str) -> Money:
    """The sum in one currency; zero of that currency when there is nothing to add."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result


def format_amount(money: Money, *, with_currency: bool = False) -> str:
    """``1,234.50``, or with its currency in front: ``EUR 1,234.50``."""
    figures = f"{money.decimal():,.{minor_units(money.currency)}f}"
    return f"{money.currency} {figures}" if with_currency else figures


def _parse_minor(text: str, decimals: int) -> int:
    """Minor units of what was typed; ValueError carries the sentence that says how to mend it."""
    found = _AMOUNT.fullmatch(_SPACES.sub(" ", text.strip()))
    if found is None:
        raise ValueError("Write an amount in figures, such as 1234.50.")
    whole, fraction = _split_decimals(found["figures"], decimals)
    if len(fraction) > decimals:
        raise ValueError(f"Too many decimals: this currency has {decimals or 'none'}.")
    if not whole.isdigit():
        if _GROUPED.fullmatch(whole) is None:
            raise ValueError("Thousands must stand in groups of three, such as 1,234.50 or 1 234,50.")
        whole = re.sub(r"\D", "", whole)
    minor = int(whole + fraction.ljust(decimals, "0"))
    if minor > LARGEST_MINOR:
        raise ValueError("This amount is too large to be right.")
    return -minor if found["sign"] in {"-", "\u2212"} else minor


def _split_decimals(figures: str, decimals: int) -> tuple[str, str]:
    """Tell the decimal mark from marks of thousands; ValueError where both readings are possible."""
    marks = [mark for mark in figures if mark in ",."]
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return figures, ""
    whole, _, fraction = figures.rpartition(marks[-1])
    if len(set(marks)) == 1 and len(fraction) == 3 and _GROUPED.fullmatch(figures) and whole != "0":
        if decimals == 0:
            return figures, ""
        thousand, decimal = whole + fraction, f"{whole}.{fraction}"
        raise ValueError(
            f"“{figures}” can be read as {thousand} or as {decimal}. Write {thousand}.00 if that is meant."
        )
    if not fraction.isdigit():
        raise ValueError("Write the decimals after the point or comma, such as 1234.50.")
    return whole, fraction


class RateKind(StrEnum):
    """How a rate came about."""

    DAILY = "daily"
    MONTHLY = "monthly"
    PERIOD_MEAN = "period_mean"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A dated quote: units of the currency for one euro, with its source. Used unrounded (decision 24)."""

    currency: str
    units_per_eur: Decimal
    rate_on: date
    source: str
    kind: RateKind = RateKind.DAILY

    def __post_init__(self) -> None:
        minor_units(self.currency)
        if not self.units_per_eur.is_finite() or self.units_per_eur <= 0:
            raise InvalidInput({"units_per_eur": ["A rate must be a number above zero."]})


def euro_rate(on: date) -> Rate:
    """The euro against itself: one, so that a line in euro carries a rate like every other."""
    return Rate(currency="EUR", units_per_eur=Decimal(1), rate_on=on, source="euro", kind=RateKind.FIXED)


FIXED_RATES: dict[str, Rate] = {
    code: Rate(currency=code, units_per_eur=Decimal(units), rate_on=adopted, source=source, kind=RateKind.FIXED)
    for code, units, adopted, source in (
        ("HRK", "7.53450", date(2023, 1, 1), "Regulation (EU) 2022/1208"),
        ("BGN", "1.95583", date(2026, 1, 1), "euro adoption, fixed rate"),
    )
}
"""Irrevocably fixed rates; ``rate_on`` is the day on which the country adopted the euro (decision 26)."""


def fixed_rate(currency: str, on: date) -> Rate | None:
    """The fixed rate in force on a day; None before the adoption, and for currencies that still float."""
    rate = FIXED_RATES.get(currency)
    return rate if rate is not None and on >= rate.rate_on else None


def convert_to_eur(money: Money, rate: Rate) -> Money:
    """Euro, rounded once, half-up to the cent (away from zero): amount divided by units per euro, never by an inverse.

    InvalidInput on ``currency`` when the rate is not the amount's.
    """
    if rate.currency != money.currency:
        raise InvalidInput({"currency": [f"A rate of {rate.currency} cannot convert {money.currency}."]})
    cents = abs(Fraction(money.decimal()) * 100 / Fraction(rate.units_per_eur))
    rounded = (2 * cents.numerator + cents.denominator) // (2 * cents.denominator)
    return Money(rounded if money.minor >= 0 else -rounded, "EUR")
