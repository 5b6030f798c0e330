"""How is a project written in a file? The promise of ``docs/examples/project.json``; each part by its path."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from registry import reference
from registry.domain.counts import Qualifier
from registry.domain.errors import InvalidInput
from registry.domain.money import Money
from registry.domain.project_setup import (
    BeneficiaryIn,
    BudgetLineIn,
    OrganisationIn,
    SetUpProject,
    TargetIn,
    WorkPackageIn,
)
from registry.schemas.fields import Currency, Day, Words, sentences
from registry.schemas.whole import CommandSchema

Messages = dict[str, Any]
PLAIN: Messages = {
    "required": "This is missing. Add it.",
    "null": "This is empty. Fill it in, or leave it out where that is allowed.",
    "invalid": "Write this as text in quotation marks.",
}
NUMBER: Messages = {**PLAIN, "invalid": "Write a whole number without quotation marks, such as 270."}
LIST: Messages = {**PLAIN, "invalid": "Write a list in square brackets.", "type": "Write a list in square brackets."}
OBJECT: dict[str, str] = {"type": "Write an object in curly brackets.", "unknown": "Unknown field."}


def _words(longest: int, *checks: Any) -> Words:
    present = validate.Length(min=1, error=PLAIN["null"])
    return Words(longest, required=True, error_messages=PLAIN, validate=(present, *checks))


def _one_of(table: str, key: str, sentence: str) -> validate.OneOf:
    known = [row[key] for row in reference.table(table)]
    return validate.OneOf(known, error=f"{sentence} {', '.join(known)}.")


def _parts(part: type[Schema], **options: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(part, error_messages=PLAIN), error_messages=LIST, **options)


class _Part(Schema):
    """A part of the file; what it does not know is an error."""

    error_messages = OBJECT


class OrganisationSchema(_Part):
    """An authority."""

    short, name, kind = _words(12), _words(160), _words(32)
    country = _words(2, _one_of("countries", "iso2", "This country is not known here. Choose one of"))

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> OrganisationIn:
        """The organisation as a value."""
        return OrganisationIn(**values)


class HeadSchema(_Part):
    """The project itself; ``end`` is its last day."""

    reference, acronym, title, lead = _words(32), _words(60), _words(240), _words(12)
    from_on = Day(required=True, data_key="start", error_messages=PLAIN)
    last_on = Day(required=True, data_key="end", error_messages=PLAIN)
    release_delay_days = fields.Integer(load_default=7, strict=True, error_messages=NUMBER)


class WorkPackageSchema(_Part):
    """A work package."""

    code, title = _words(12), _words(200)

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> WorkPackageIn:
        """The work package as a value."""
        return WorkPackageIn(**values)


class TargetSchema(_Part):
    """A promise."""

    indicator, label, unit = _words(64), _words(160), _words(32)
    kind = Words(8, load_default=None, allow_none=True, error_messages=PLAIN)
    value = fields.Integer(required=True, strict=True, error_messages=NUMBER)
    qualifier = fields.Enum(
        Qualifier,
        by_value=True,
        load_default=Qualifier.EXACT,
        error_messages={**PLAIN, "unknown": "A qualifier is one of {choices}."},
    )
    source_url = Words(300, load_default="", error_messages=PLAIN)

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> TargetIn:
        """The promise as a value."""
        return TargetIn(**values)


class BudgetLineSchema(_Part):
    """Planned money in euro, as text: a JSON number has passed through binary fractions."""

    category = _words(8, _one_of("budget_categories", "code", "A budget category is one of"))
    work_package = _words(12)
    amount = fields.Raw(required=True, error_messages=PLAIN)

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> BudgetLineIn:
        """The budget line, its amount read to the cent."""
        typed = values.pop("amount")
        if isinstance(typed, bool) or not isinstance(typed, str | int):
            raise ValidationError("Write the amount as text, such as “1234.50”.", "amount")
        try:
            return BudgetLineIn(amount=Money.parse(str(typed), "EUR"), **values)
        except InvalidInput as refusal:
            raise ValidationError(sentences(refusal), "amount") from None


class BeneficiarySchema(_Part):
    """Who receives money, with its budget."""

    id, organisation, role = _words(8), _words(12), _words(32)
    accounting_currency = Currency(required=True, error_messages=PLAIN)
    budget = _parts(BudgetLineSchema, load_default=list)

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> BeneficiaryIn:
        """The beneficiary as a value."""
        return BeneficiaryIn(budget=tuple(values.pop("budget")), **values)


class SetUpProjectIn(CommandSchema):
    """The whole file."""

    error_messages = OBJECT
    organisations = _parts(OrganisationSchema, required=True)
    head = fields.Nested(HeadSchema, required=True, data_key="project", error_messages=PLAIN)
    work_packages = _parts(WorkPackageSchema, load_default=list)
    targets = _parts(TargetSchema, load_default=list)
    beneficiaries = _parts(BeneficiarySchema, required=True)

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> SetUpProject:
        """The command."""
        head = values.pop("head")
        lists: dict[str, Any] = {name: tuple(rows) for name, rows in values.items()}
        return SetUpProject(**head, **lists)
