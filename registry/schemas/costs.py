"""What did it cost, as it comes over the wire? Amount as typed, currency, day, supplier, receipt."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from registry import reference
from registry.domain.activities import PROJECT_COST_KINDS
from registry.domain.command_parts import CostItem
from registry.domain.commands import RecordCost
from registry.domain.errors import InvalidInput
from registry.domain.money import Money
from registry.schemas.fields import Currency, Day, Words, sentences
from registry.schemas.whole import CommandSchema


class CostSchema(Schema):
    """One cost: ``costs-0-cost_type``, ``-amount``, ``-currency``, ``-incurred_on``, ``-receipt``, …"""

    cost_type = Words(24, required=True, error_messages={"required": "Choose what it was spent on."})
    amount = fields.Raw(required=True, error_messages={"required": "Write the amount, such as 1234.50."})
    currency = Currency(load_default="EUR")
    incurred_on = Day(required=True, error_messages={"required": "Write the day of the cost."})
    paid_on = Day(load_default=None, allow_none=True)
    description = Words(400, load_default="")
    supplier = Words(160, load_default="")
    invoice_number = Words(80, load_default="")
    receipt = Words(40, load_default="")
    organisation = Words(12, load_default="")

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> CostItem:
        """The cost as a value, its amount read in its currency."""
        known = [row["code"] for row in reference.table("cost_types")]
        if values["cost_type"] not in known:
            raise ValidationError(f"A cost is one of {', '.join(known)}.", "cost_type")
        typed, currency = values.pop("amount"), values.pop("currency")
        # A JSON number has passed through binary fractions: money comes as text.
        if isinstance(typed, bool) or not isinstance(typed, str | int):
            raise ValidationError("Send the amount as text, such as “1234.50”.", "amount")
        try:
            return CostItem(amount=Money.parse(str(typed), currency), **values)
        except InvalidInput as refusal:
            raise ValidationError(sentences(refusal), "amount") from None


class RecordCostIn(CommandSchema):
    """A cost with its own form: of an activity, or of the project's management or dissemination."""

    activity = Words(40, load_default="")
    activity_kind = Words(8, load_default="")
    work_package = Words(12, load_default="")
    cost = fields.Nested(CostSchema, required=True)

    @post_load
    def build(self, values: dict[str, Any], **_: object) -> RecordCost:
        """The command; what the cost belongs to is said one way."""
        if bool(values["activity"]) == bool(values["activity_kind"]):
            raise ValidationError("Name the activity, or choose management or dissemination.", "activity")
        if values["activity_kind"] and values["activity_kind"] not in PROJECT_COST_KINDS:
            raise ValidationError(f"Choose one of {', '.join(PROJECT_COST_KINDS)}.", "activity_kind")
        return RecordCost(project=self.project, item=values.pop("cost"), **values)
