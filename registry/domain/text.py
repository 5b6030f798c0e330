"""How are words compared across alphabets? Folded: plain Latin letters, lower case, single spaces."""

from __future__ import annotations

from unidecode import unidecode

_PLAIN = dict(zip("шжчћцј", "szcccj", strict=True))
_SOUTH_SLAVIC = _PLAIN | {"џ": "dz", "љ": "lj", "њ": "nj", "ђ": "dj", "đ": "dj"}
_LETTERS = str.maketrans(_SOUTH_SLAVIC | {letter.upper(): latin for letter, latin in _SOUTH_SLAVIC.items()})
"""Cyrillic letters as the Latin spelling of the same language writes them, without its accents: ``Шкофије``,
``Škofije``; unidecode alone would write them as English does (``Shkofije``)."""


def fold(text: str) -> str:
    """The text without accents and case, in Latin letters: ``Škofije``, ``SKOFIJE`` and ``Шкофије`` fold alike.

    >>> fold("  Škofije – Rabuiese ")
    'skofije - rabuiese'
    """
    return " ".join(unidecode(text.translate(_LETTERS)).lower().split())
