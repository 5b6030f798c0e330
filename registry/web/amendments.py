"""Which figures and words of a record can be corrected, and what does the corrected record say?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.domain.command_parts import ParticipationIn
from registry.domain.commands import LogActivity
from registry.domain.counts import NOT_COUNTED, Count
from registry.domain.errors import InvalidInput
from registry.queries.activity import Partner
from registry.queries.filtering import FINDINGS
from registry.reference import table

WORDS = ("title", "aim", "legal_basis", "facts", "assessment", "note")
HEADS = ("officers", "women", "men")
OFFERED = 12
"""So many measures of the code list are offered besides those the record has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the form: its name, label and value."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The form: counts, head-counts per authority, words."""

    counts: tuple[Field, ...]
    heads: tuple[tuple[str, tuple[Field, ...]], ...]
    words: Mapping[str, str]


def amendment_fields(command: LogActivity, partners: tuple[Partner, ...], typed: Mapping[str, str] | None) -> Fields:
    """The form as the record stands, or as it was typed."""

    def value(name: str, stored: str) -> str:
        return stored if typed is None else typed.get(name, stored)

    names = {partner.short: partner.name for partner in partners}
    return Fields(
        counts=tuple(
            Field(name=f"outcomes.{code}", label=label, value=value(f"outcomes.{code}", _count(command, code)))
            for code, label in _measures(command)
        ),
        heads=tuple(
            (
                names.get(part.organisation, part.organisation),
                tuple(
                    Field(
                        name=f"participations.{index}.{head}",
                        label=head,
                        value=value(f"participations.{index}.{head}", _number(getattr(part, head))),
                    )
                    for head in HEADS
                ),
            )
            for index, part in enumerate(command.participations)
        ),
        words={name: value(name, getattr(command, name)) for name in WORDS},
    )


def _measures(command: LogActivity) -> list[tuple[str, str]]:
    """The measures of the record and the first of the code list."""
    rows = [row for row in table("measures") if row["code"] in command.outcomes or int(row["offer"]) <= OFFERED]
    return [(row["code"], row["label"]) for row in rows]


def _count(command: LogActivity, code: str) -> str:
    count = command.outcomes.get(code, NOT_COUNTED)
    return "" if count.value is None else count.display()


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def amended(command: LogActivity, form: Mapping[str, str]) -> LogActivity:
    """The command with what was typed in its place; fields that were not sent stay. InvalidInput by field."""
    outcomes = dict(command.outcomes)
    errors: dict[str, list[str]] = {}
    for code, _label in _measures(command):
        name = f"outcomes.{code}"
        if name in form:
            _set_count(outcomes, code, form[name], errors)
    parts = tuple(_part(part, form, f"participations.{i}", errors) for i, part in enumerate(command.participations))
    if errors:
        raise InvalidInput(errors)
    findings = frozenset(outcomes) & frozenset(FINDINGS)
    something = any((outcomes[code].value or 0) > 0 for code in findings)
    words = {name: form.get(name, getattr(command, name)).strip() for name in WORDS}
    return replace(
        command,
        outcomes=outcomes,
        findings=findings,
        participations=parts,
        nothing_found=command.nothing_found and not something,
        **words,
    )


def _set_count(outcomes: dict[str, Count], code: str, text: str, errors: dict[str, list[str]]) -> None:
    """A measure that was never asked and stays empty is not put on the record."""
    try:
        count = Count.parse(text, f"outcomes.{code}")
    except InvalidInput as error:
        errors.update(error.errors)
        return
    if count.value is not None or code in outcomes:
        outcomes[code] = count


def _part(part: ParticipationIn, form: Mapping[str, str], path: str, errors: dict[str, list[str]]) -> ParticipationIn:
    officers, women, men = (_head(form, f"{path}.{head}", getattr(part, head), errors) for head in HEADS)
    return replace(part, officers=officers, women=women, men=men)


def _head(form: Mapping[str, str], name: str, stored: int | None, errors: dict[str, list[str]]) -> int | None:
    text = form.get(name)
    if text is None:
        return stored
    if not text.strip():
        return None
    if text.strip().isdecimal() and len(text.strip()) < 7:
        return int(text)
    errors[name] = ["Write a whole number, or nothing when it was not counted."]
    return stored
