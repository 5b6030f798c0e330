"""Which things can go wrong, in the registry's own words?

Each error is mapped once to a page and once to an RFC 9457 problem (``registry/edge/problems.py``); nothing below the
edge aborts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class RegistryError(Exception):
    """Base of every error the registry raises on purpose.

    ``slug`` is the stable last part of the problem's ``type``; ``status`` the HTTP status it maps to.
    """

    slug = "error"
    title = "Something went wrong"
    status = 500

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.title)
        self.message = message or self.title


class InvalidInput(RegistryError):
    """What was sent cannot be accepted; ``errors`` maps each field to sentences that say how to mend it."""

    slug = "invalid-input"
    title = "Please mend the marked fields"
    status = 422

    def __init__(self, errors: Mapping[str, Sequence[str]], message: str = "") -> None:
        super().__init__(message)
        self.errors: dict[str, list[str]] = {field: list(texts) for field, texts in errors.items()}


class NotFound(RegistryError):
    """There is no such thing, or this viewer may not know of it: the two look the same from outside."""

    slug = "not-found"
    title = "There is no such record"
    status = 404


class NotAllowed(RegistryError):
    """The viewer may see the thing but not do this with it."""

    slug = "not-allowed"
    title = "You may not do this"
    status = 403


class Conflict(RegistryError):
    """The state of the record does not allow it: somebody was faster, or the key is taken by another content."""

    slug = "conflict"
    title = "This does not fit what is already recorded"
    status = 409


class InvalidTransition(Conflict):
    """The verb is not legal in the record's present state (``registry/domain/workflows.py``)."""

    slug = "invalid-transition"
    title = "This step is not possible now"


class ReadOnly(Conflict):
    """The record belongs to a reference project, or to a frozen period."""

    slug = "read-only"
    title = "This record cannot be changed"


class StaleVersion(Conflict):
    """The record was changed since the sender read it (If-Match)."""

    slug = "stale-version"
    title = "The record has changed since you opened it"
    status = 412


class ReasonRequired(InvalidInput):
    """A dangerous verb or an export needs a reason in words."""

    slug = "reason-required"
    title = "Please give a reason"

    def __init__(self, message: str = "Say in a few words why.") -> None:
        super().__init__({"reason": [message]}, message)


class RateUnknown(RegistryError):
    """No exchange rate is known for the currency at the date; the amount is shown *not converted*, never 0."""

    slug = "rate-unknown"
    title = "No exchange rate is known"
    status = 422
