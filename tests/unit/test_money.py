"""Amounts: what people type, what is refused, and euro to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registry.domain.errors import InvalidInput
from registry.domain.money import (
    FIXED_RATES,
    LARGEST_MINOR,
    Money,
    Rate,
    RateKind,
    convert_to_eur,
    euro_rate,
    fixed_rate,
    format_amount,
    minor_units,
    sum_money,
)


def rate(currency: str, units: str) -> Rate:
    return Rate(currency=currency, units_per_eur=Decimal(units), rate_on=date(2026, 11, 24), source="ECB")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1 234,50", 123450),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("1\u00a0234,5", 123450),
        ("1’234.50", 123450),
        ("1234.5", 123450),
        ("1234", 123400),
        ("0", 0),
        ("0,07", 7),
        (" 12.30 ", 1230),
        ("-12.30", -1230),
        ("\u2212 12.30", -1230),
        ("+5", 500),
        ("1,234,567", 123456700),
        ("1.234.567,89", 123456789),
        ("12 345 678", 1234567800),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, minor: int) -> None:
    assert Money.parse(text, " eur ") == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "figures"),
        ("abc", "figures"),
        ("١٢", "figures"),
        ("1,234", "can be read as 1234 or as 1.234"),
        ("1.234", "can be read as"),
        ("0.123", "Too many decimals: this currency has 2"),
        ("1234.567", "Too many decimals"),
        ("1 234,567", "Too many decimals"),
        ("12 34", "groups of three"),
        ("1,23,456", "groups of three"),
        ("1,234.567,89", "groups of three"),
        ("1.", "after the point"),
        ("1.5 5", "after the point"),
        ("99999999999999", "too large"),
    ],
)
def test_a_doubtful_amount_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Money.parse(text, "EUR", field="amount_1")
    assert says in refusal.value.errors["amount_1"][0]


def test_a_currency_without_decimals_reads_a_group_of_three_as_thousands() -> None:
    assert Money.parse("1,234", "JPY") == Money(1234, "JPY")
    with pytest.raises(InvalidInput) as refusal:
        Money.parse("12.5", "JPY")
    assert refusal.value.errors == {"amount": ["Too many decimals: this currency has none."]}


def test_an_unknown_currency_is_refused() -> None:
    assert minor_units("EUR") == 2
    for attempt in (lambda: Money(1, "XYZ"), lambda: Money.parse("1", "euro"), lambda: rate("XYZ", "1")):
        with pytest.raises(InvalidInput) as refusal:
            attempt()
        assert list(refusal.value.errors) == ["currency"]


def test_amounts_of_one_currency_add_subtract_and_compare() -> None:
    five, two = Money(500, "EUR"), Money(200, "EUR")
    assert five + two == Money(700, "EUR")
    assert five - two == Money(300, "EUR")
    assert -two == Money(-200, "EUR")
    assert two < five
    assert two <= two  # noqa: PLR0124 - an amount is not above itself
    assert sum_money([five, two], "EUR") == Money(700, "EUR")
    assert sum_money([], "RON") == Money(0, "RON")


def test_amounts_of_two_currencies_never_mix() -> None:
    euro, lei = Money(1, "EUR"), Money(1, "RON")
    for mix in (lambda: euro + lei, lambda: euro - lei, lambda: euro < lei, lambda: euro <= lei):
        with pytest.raises(InvalidInput):
            mix()
    with pytest.raises(InvalidInput):
        sum_money([lei], "EUR")


def test_the_remainder_goes_to_the_largest_fraction_and_then_to_the_earliest() -> None:
    assert [part.minor for part in Money(100, "EUR").allocate([1, 1, 1])] == [34, 33, 33]
    assert [part.minor for part in Money(100, "EUR").allocate([1, 2, 3])] == [17, 33, 50]
    assert [part.minor for part in Money(-100, "EUR").allocate([1, 1, 1])] == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_shares_must_make_sense(weights: list[int]) -> None:
    with pytest.raises(InvalidInput):
        Money(100, "EUR").allocate(weights)


def test_an_amount_is_shown_with_thousands_and_the_decimals_of_its_currency() -> None:
    assert format_amount(Money(123450, "EUR")) == "1,234.50"
    assert format_amount(Money(-5, "RON"), with_currency=True) == "RON -0.05"
    assert format_amount(Money(1234, "JPY"), with_currency=True) == "JPY 1,234"


def test_the_published_difference_between_the_quoted_and_the_fixed_lev_is_reproduced() -> None:
    million = Money(100_000_000, "BGN")
    assert convert_to_eur(million, rate("BGN", "1.9558")) == Money(51_129_972, "EUR")
    assert convert_to_eur(million, FIXED_RATES["BGN"]) == Money(51_129_188, "EUR")


@pytest.mark.parametrize(("minor", "cents"), [(1, 1), (-1, -1), (3, 2), (-3, -2), (0, 0)])
def test_half_a_cent_is_rounded_away_from_zero(minor: int, cents: int) -> None:
    assert convert_to_eur(Money(minor, "RON"), rate("RON", "2")) == Money(cents, "EUR")


def test_yen_become_cents() -> None:
    assert convert_to_eur(Money(16000, "JPY"), rate("JPY", "160")) == Money(10_000, "EUR")


def test_a_rate_converts_only_its_own_currency() -> None:
    with pytest.raises(InvalidInput):
        convert_to_eur(Money(1, "HUF"), rate("RON", "5"))


@pytest.mark.parametrize("units", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_is_a_number_above_zero(units: str) -> None:
    with pytest.raises(InvalidInput):
        rate("RON", units)


def test_the_fixed_rate_holds_from_the_day_of_the_adoption() -> None:
    assert fixed_rate("HRK", date(2022, 12, 31)) is None
    kuna = fixed_rate("HRK", date(2023, 1, 1))
    assert kuna is not None
    assert (kuna.units_per_eur, kuna.kind) == (Decimal("7.5345"), RateKind.FIXED)
    assert fixed_rate("BGN", date(2025, 12, 31)) is None
    assert fixed_rate("RON", date(2026, 1, 1)) is None


def test_a_euro_is_a_euro() -> None:
    amount = Money(LARGEST_MINOR, "EUR")
    assert convert_to_eur(amount, euro_rate(date(2026, 1, 1))) == amount
