"""How many, and how sure? A count carries its qualifier; what was not counted is never zero (decision 13)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registry.domain.errors import InvalidInput

NOT_COUNTED_LABEL = "n.c."
NOT_YET_LABEL = "–"
LARGEST_COUNT = 10**12


class Qualifier(StrEnum):
    """How the number was reported."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    MORE_THAN = "more_than"
    ALMOST = "almost"
    NOT_COUNTED = "not_counted"


_SIGNS = {
    Qualifier.EXACT: "",
    Qualifier.APPROXIMATE: "≈ ",
    Qualifier.MORE_THAN: "> ",
    Qualifier.ALMOST: "almost ",
}
_WORDS: dict[str, Qualifier] = {
    "": Qualifier.EXACT,
    "exactly": Qualifier.EXACT,
    "≈": Qualifier.APPROXIMATE,
    "~": Qualifier.APPROXIMATE,
    "about": Qualifier.APPROXIMATE,
    "approximately": Qualifier.APPROXIMATE,
    "approx": Qualifier.APPROXIMATE,
    "approx.": Qualifier.APPROXIMATE,
    "ca": Qualifier.APPROXIMATE,
    "ca.": Qualifier.APPROXIMATE,
    ">": Qualifier.MORE_THAN,
    "more than": Qualifier.MORE_THAN,
    "over": Qualifier.MORE_THAN,
    "almost": Qualifier.ALMOST,
    "nearly": Qualifier.ALMOST,
}
_NOT_COUNTED_WORDS = frozenset({"", "n.c.", "n.c", "nc", "not counted", "not_counted"})
_COUNT = re.compile(r"(?P<word>[^\d+-]*?) ?(?P<figures>\d+|\d{1,3}(?P<mark>[ ,.'’])\d{3}(?:(?P=mark)\d{3})*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of persons, vehicles, documents … with its qualifier; without a value exactly when not counted."""

    value: int | None
    qualifier: Qualifier = Qualifier.EXACT

    def __post_init__(self) -> None:
        if (self.value is None) is not (self.qualifier is Qualifier.NOT_COUNTED):
            raise InvalidInput({"value": ["A number is needed, unless nothing was counted."]})
        if self.value is not None and not 0 <= self.value <= LARGEST_COUNT:
            raise InvalidInput({"value": ["A count is zero or more, and not beyond a million millions."]})

    @classmethod
    def parse(cls, text: str, field: str = "value") -> Count:
        """Read a form or a file: ``n.c.`` or nothing, ``0``, ``≈ 516000``, ``>4,600``, ``almost 500000``."""
        tidy = " ".join(text.split()).lower()
        if tidy in _NOT_COUNTED_WORDS:
            return NOT_COUNTED
        found = _COUNT.fullmatch(tidy)
        qualifier = None if found is None else _WORDS.get(found["word"].strip())
        if found is None or qualifier is None:
            raise InvalidInput(
                {field: ["Write a whole number, such as 12, ≈ 500 or > 4,600, or n.c. for not counted."]}
            )
        digits = re.sub(r"\D", "", found["figures"])
        if len(digits) > len(str(LARGEST_COUNT)) or int(digits) > LARGEST_COUNT:
            raise InvalidInput({field: ["This number is too large to be right."]})
        return cls(int(digits), qualifier)

    def display(self) -> str:
        """``n.c.``, ``0``, ``≈ 516,000``, ``> 4,600``, ``almost 500,000``."""
        if self.value is None:
            return NOT_COUNTED_LABEL
        return f"{_SIGNS[self.qualifier]}{self.value:,}"


NOT_COUNTED = Count(None, Qualifier.NOT_COUNTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum of counts: value (None when nothing was counted), parts, and how many of the parts were not counted.

    The qualifier of a sum is that of its parts when they agree beside exact ones, otherwise approximate.
    """

    value: int | None
    qualifier: Qualifier
    parts: int
    not_counted: int

    @property
    def approximate(self) -> bool:
        """Whether any part was more than, almost or about its number."""
        return self.qualifier not in {Qualifier.EXACT, Qualifier.NOT_COUNTED}

    @property
    def complete(self) -> bool:
        """Whether there are parts and all of them were counted."""
        return self.parts > 0 and self.not_counted == 0

    def __add__(self, other: Total) -> Total:
        if self.value is None or other.value is None:
            counted = other if self.value is None else self
            value, qualifier = counted.value, counted.qualifier
        else:
            value, qualifier = self.value + other.value, _together(self.qualifier, other.qualifier)
        return Total(
            value=value,
            qualifier=qualifier,
            parts=self.parts + other.parts,
            not_counted=self.not_counted + other.not_counted,
        )

    def display(self) -> str:
        """``–`` without parts, ``n.c.`` when none was counted, else the sum: ``≈ 1,234 (2 n.c.)``."""
        if self.value is None:
            return NOT_COUNTED_LABEL if self.parts else NOT_YET_LABEL
        missing = f" ({self.not_counted:,} {NOT_COUNTED_LABEL})" if self.not_counted else ""
        return f"{_SIGNS[self.qualifier]}{self.value:,}{missing}"


EMPTY_TOTAL = Total(value=None, qualifier=Qualifier.NOT_COUNTED, parts=0, not_counted=0)


def total(counts: Iterable[Count]) -> Total:
    """The sum of counts; a part that was not counted adds nothing to the sum and one to ``not_counted``."""
    result = EMPTY_TOTAL
    for count in counts:
        missing = int(count.value is None)
        result += Total(value=count.value, qualifier=count.qualifier, parts=1, not_counted=missing)
    return result


def _together(one: Qualifier, other: Qualifier) -> Qualifier:
    if one is other or other is Qualifier.EXACT:
        return one
    return other if one is Qualifier.EXACT else Qualifier.APPROXIMATE
