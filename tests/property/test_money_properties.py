"""Money for any amount: no cent is lost, order does not matter, rounding is at most half a cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.money import MINOR_UNITS, Money, Rate, convert_to_eur, format_amount, sum_money

MINORS = st.integers(-(10**13), 10**13)
CURRENCIES = st.sampled_from(sorted(MINOR_UNITS))
UNITS = st.decimals("0.0001", "100000", places=6)


@settings(deadline=None)
@given(MINORS, CURRENCIES, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_shares_always_add_up_to_the_whole(minor: int, currency: str, weights: list[int]) -> None:
    whole = Money(minor, currency)
    shares = whole.allocate(weights)
    assert sum_money(shares, currency) == whole
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor - Fraction(minor * weight, sum(weights))) < 1


@settings(deadline=None)
@given(st.lists(MINORS, max_size=20))
def test_the_order_of_addition_never_matters(minors: list[int]) -> None:
    amounts = [Money(minor, "EUR") for minor in minors]
    assert sum_money(amounts, "EUR") == sum_money(amounts[::-1], "EUR") == Money(sum(minors), "EUR")


@settings(deadline=None)
@given(MINORS, CURRENCIES, UNITS)
def test_conversion_is_within_half_a_cent_and_keeps_the_sign(minor: int, currency: str, units: Decimal) -> None:
    money = Money(minor, currency)
    rate = Rate(currency=currency, units_per_eur=units, rate_on=date(2026, 1, 1), source="ECB")
    euro = convert_to_eur(money, rate)
    exact = Fraction(money.decimal()) / Fraction(units) * 100
    assert abs(euro.minor - exact) <= Fraction(1, 2)
    assert convert_to_eur(-money, rate) == -euro


@settings(deadline=None)
@given(MINORS, CURRENCIES)
def test_what_is_shown_can_be_read_again(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(format_amount(money), currency) == money
