"""How does a whole command come over the wire? One schema for form and JSON; its refusals name every field by path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from marshmallow import RAISE, Schema, ValidationError

from registry.domain.errors import InvalidInput
from registry.schemas.fields import MultiItems, flat_errors, from_form

UNKNOWN = "This field is not known here."


class CommandSchema(Schema):
    """Base of the schemas that build a command; unknown fields are errors, refusals are ``InvalidInput``."""

    LISTS: tuple[str, ...] = ()
    """Names that a form may repeat."""

    class Meta:
        """Nothing passes unread."""

        unknown = RAISE

    def __init__(self, *, project: str = "", zone: str = "UTC", **options: Any) -> None:
        super().__init__(**options)
        self.project, self.default_zone = project, zone

    def load_form(self, form: MultiItems) -> Any:
        """The command in a form that was sent."""
        return self.load_json(from_form(form, self.LISTS))

    def load_json(self, body: object) -> Any:
        """The command in a JSON body; what is not an object is refused like any other input."""
        if not isinstance(body, Mapping):
            raise InvalidInput({"form": ["Send a JSON object."]})
        return self.load(body)

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: object) -> NoReturn:
        """Every message by the path of its field."""
        raise InvalidInput(
            {
                path: [UNKNOWN if text == "Unknown field." else text for text in texts]
                for path, texts in flat_errors(error.messages).items()
            }
        ) from None
