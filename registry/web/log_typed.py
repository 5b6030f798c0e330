"""What did a person type into a log form? Flat fields as a browser sends them, and the few ways they are changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Fields = Mapping[str, tuple[str, ...]]

NOT_KEPT = frozenset({"csrf_token", "do"})
ROWS = ("participations", "costs")
TELLING = {
    "participations": ("organisation", "officers", "women", "men", "officer_in_charge"),
    "costs": ("cost_type", "amount", "description", "supplier", "invoice_number", "paid_on", "receipt"),
}
"""Fields that make a row one that was filled in; the others begin with a value of their own."""

LONGEST_KEPT = 60_000
"""A longer field, the way of a long track, is not kept in a draft: its file is still where it came from."""
_FUNCTION = re.compile(r"(participations-\d+-functions-\d+)-number")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form by name; a name may repeat. Never changed: every step makes a new one."""

    fields: Fields = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Typed:
        """The fields of a form that was sent, without its token."""
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            if name not in NOT_KEPT:
                found.setdefault(name, []).append(value)
        return cls({name: tuple(values) for name, values in found.items()})

    @classmethod
    def from_draft(cls, content: object) -> Typed:
        """The fields that a draft keeps; what is not one of them is left out."""
        kept = content.get("fields") if isinstance(content, Mapping) else None
        pairs = kept.items() if isinstance(kept, Mapping) else ()
        return cls({str(name): tuple(map(str, values)) for name, values in pairs if isinstance(values, list)})

    def as_draft(self) -> dict[str, object]:
        """The content of a draft: its title for the list of drafts, and every field."""
        return {
            "title": self.get("title") or self.get("place-text"),
            "fields": {
                name: list(values)
                for name, values in self.fields.items()
                if any(values) and sum(map(len, values)) <= LONGEST_KEPT
            },
        }

    def pairs(self) -> list[tuple[str, str]]:
        """Every name with every value, in order."""
        return [(name, value) for name, values in self.fields.items() for value in values]

    def items(self, multi: bool = True) -> list[tuple[str, str]]:
        """The pairs, as a web framework's form gives them; the first value of each name without ``multi``."""
        return self.pairs() if multi else [(name, values[0]) for name, values in self.fields.items() if values]

    def get(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        values = self.fields.get(name)
        return values[0] if values else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may repeat."""
        return self.fields.get(name, ())

    def rows(self, prefix: str) -> list[int]:
        """The numbers of the rows that are there, in order."""
        pattern = re.compile(rf"{re.escape(prefix)}-(\d{{1,4}})-")
        found = {int(match[1]) for name in self.fields if (match := pattern.match(name))}
        return sorted(found)

    def with_values(self, values: Mapping[str, str]) -> Typed:
        """These fields with others in their place or besides."""
        return Typed({**self.fields, **{name: (value,) for name, value in values.items()}})

    def only(self, keep: Callable[[str], bool]) -> Typed:
        """The fields whose names are kept."""
        return Typed({name: values for name, values in self.fields.items() if keep(name)})

    def joined(self, other: Typed) -> Typed:
        """These fields and those of another, which win."""
        return Typed({**self.fields, **other.fields})

    def renamed(self, names: Mapping[str, str]) -> Typed:
        """Row prefixes changed: ``costs-3`` to ``costs-1``."""
        return Typed({renamed(name, names): values for name, values in self.fields.items()})

    def without_empty_functions(self) -> Typed:
        """Functions that nobody had are not sent."""
        empty = tuple(
            f"{match[1]}-"
            for name in self.fields
            if (match := _FUNCTION.fullmatch(name)) and not self.get(name).strip()
        )
        return self.only(lambda name: not name.startswith(empty)) if empty else self


def compacted(typed: Typed, file_names: Iterable[str] = ()) -> tuple[Typed, dict[str, str]]:
    """The form with empty rows gone and the others numbered from 0, and how each row is called now.

    Errors name a row by its place in the list, so the form must count the same way.
    """
    names: dict[str, str] = {}
    dropped: list[str] = []
    files = tuple(file_names)
    for prefix in ROWS:
        rows = sorted({*typed.rows(prefix), *Typed(dict.fromkeys(files, ())).rows(prefix)})
        full = [row for row in rows if _is_filled(typed, prefix, row, files)]
        dropped += [f"{prefix}-{row}-" for row in rows if row not in full]
        names.update({f"{prefix}-{row}": f"{prefix}-{number}" for number, row in enumerate(full)})
    kept = typed.only(lambda name: not name.startswith(tuple(dropped))) if dropped else typed
    return kept.renamed(names), names


def renamed(name: str, names: Mapping[str, str]) -> str:
    """A field's name with its row called anew."""
    first, _, rest = name.partition("-")
    number, dash, last = rest.partition("-")
    row = f"{first}-{number}"
    return f"{names[row]}{dash}{last}" if dash and row in names else name


def field_errors(errors: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The errors of a command by the names of the form: ``place.text`` is the field ``place-text``."""
    found: dict[str, list[str]] = {}
    for path, sentences in errors.items():
        name = path.replace(".", "-")
        name = re.sub(r"^(participations-\d+-functions)-.*", r"\1", name)
        name = re.sub(r"^(outcomes-\w+)-(?:key|value)$", r"\1", name)
        name = re.sub(r"^(costs-\d+-receipt)$", r"\1_file", name)
        name = re.sub(r"^(crime_areas)-\d+$", r"\1", name)
        found.setdefault(name, []).extend(sentences)
    return found


def _is_filled(typed: Typed, prefix: str, row: int, files: tuple[str, ...]) -> bool:
    base = f"{prefix}-{row}-"
    said = any(typed.get(f"{base}{name}").strip() for name in TELLING[prefix])
    return said or any(name.startswith(base) for name in files)
