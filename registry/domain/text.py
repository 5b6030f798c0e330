"""How are words compared across alphabets? Folded: plain Latin letters, lower case, single spaces."""

from __future__ import annotations

from unidecode import unidecode

_LETTERS = str.maketrans(
    {"ј": "j", "Ј": "j", "ђ": "dj", "Ђ": "dj", "đ": "dj", "Đ": "dj", "ћ": "c", "Ћ": "c", "ц": "c", "Ц": "c"}
)
_HUSHING = (("sh", "s"), ("zh", "z"), ("ch", "c"))
"""unidecode writes Cyrillic hushing letters as English does; people write them so, or as Latin letters with a caron,
or plainly: all three fold to the plain letter, in stored texts and searched words alike."""


def fold(text: str) -> str:
    """The text without accents and case, in Latin letters: ``Škofije``, ``Шкофије``, ``SHKOFIJE`` fold alike.

    >>> fold("  Škofije – Rabuiese ")
    'skofije - rabuiese'
    """
    plain = unidecode(text.translate(_LETTERS)).lower()
    for pair, letter in _HUSHING:
        plain = plain.replace(pair, letter)
    return " ".join(plain.split())
