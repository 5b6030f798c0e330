"""How are words compared across alphabets? Folded: plain Latin letters, lower case, single spaces."""

from __future__ import annotations

from unidecode import unidecode


def fold(text: str) -> str:
    """The text without accents and case, in Latin letters: ``Škofije`` and ``SKOFIJE`` fold alike.

    >>> fold("  Škofije – Rabuiese ")
    'skofije - rabuiese'
    """
    return " ".join(unidecode(text).lower().split())
