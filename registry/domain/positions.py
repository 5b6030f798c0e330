"""Where on earth, and how is it read when a person types it? WGS 84, latitude first unless letters say otherwise.

Read are decimal degrees with point or comma, degrees and decimal minutes, and degrees, minutes and seconds.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from registry.domain.errors import InvalidInput

LONGEST_TEXT = 200
EXAMPLE = "Write latitude, then longitude, such as 45.62, 13.89 or 45°37'12\"N 13°53'24\"E."
_AMBIGUOUS = "A comma can be read here in two ways. Put a space or a semicolon between the two numbers: 45.62; 13.89."
_LETTER_O = "O means east in one language and west in another. Write N, S, E or W: 45.62 N 13.89 E."
_TWO_LETTERS = "Give both directions, one of N or S and one of E or W: 45.62 N 13.89 E."
_SIGN_AND_LETTER = "Write either a sign or a letter, not both: -0.13 or 0.13 W."
_SIXTY = "Minutes and seconds run from 0 to less than 60, and only the last number may have decimals."

# Telephones and word processors put typographic marks where a person meant plain ones.
_PLAIN = str.maketrans(
    dict.fromkeys("′’‘ʹʼ`´‵‛＇", "'")
    | dict.fromkeys("″“”„ʺ‟‶＂¨", '"')
    | dict.fromkeys("º˚ᵒ", "°")
    | dict.fromkeys("−–—‒‑", "-")
    | dict.fromkeys("/|；", ";")
    | dict.fromkeys("，‚", ",")
    | {":": " ", "\u200b": None, "\u200e": None, "\u200f": None, "\ufeff": None}
)
_NUMBERS_WITH_COMMAS = re.compile(r"[0-9]+(?:,[0-9]+)+")
_DECIMAL_POINT = re.compile(r"[0-9]\.[0-9]")
_PIECE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?|[NSEW°'\";]")
_ANGLE = re.compile(r"#°?(?:#'?(?:#\"?)?)?")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in WGS 84 degrees, longitude first as in every file; InvalidInput on ``place`` outside the globe."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lon) and math.isfinite(self.lat)):
            raise InvalidInput({"place": [EXAMPLE]})
        if abs(self.lat) > 90:
            hint = " Latitude comes first." if abs(self.lon) <= 90 else ""
            raise InvalidInput({"place": [f"A latitude lies between 90° south and 90° north.{hint} {EXAMPLE}"]})
        if abs(self.lon) > 180:
            raise InvalidInput({"place": [f"A longitude lies between 180° west and 180° east. {EXAMPLE}"]})

    def display(self, digits: int = 5) -> str:
        """``45.62000 N 13.89000 E``, which :func:`parse_position` reads back."""
        north, east = ("S" if self.lat < 0 else "N"), ("W" if self.lon < 0 else "E")
        return f"{abs(self.lat):.{digits}f} {north} {abs(self.lon):.{digits}f} {east}"


def parse_position(text: str) -> Position:
    """The place a person typed; InvalidInput on ``place`` with an example when it cannot be read, or in two ways.

    Without letters the latitude comes first. A comma is a decimal comma between two digits where no point is used,
    otherwise it separates: ``45,62 13,89``, ``45,62; 13,89``, ``45,62, 13,89`` and ``45.62,13.89`` are one place.
    """
    if len(text) > LONGEST_TEXT:
        raise _unread(f"This is too long for a place. {EXAMPLE}")
    plain = text.translate(_PLAIN).upper().replace("''", '"')
    lone_comma = len(_NUMBERS_WITH_COMMAS.findall(plain)) == 1
    pieces = _pieces(_without_commas(plain))
    if lone_comma and sum(_is_number(piece) for piece in pieces) == 1:
        raise _unread(_AMBIGUOUS)
    letters = [piece for piece in pieces if piece in "NSEW"]
    if letters:
        return _lettered(pieces, letters)
    first, second = _halves(pieces)
    return Position(lon=_degrees(second), lat=_degrees(first))


def _unread(sentence: str = EXAMPLE) -> InvalidInput:
    return InvalidInput({"place": [sentence]})


def _without_commas(plain: str) -> str:
    if _DECIMAL_POINT.search(plain):
        return plain.replace(",", ";")
    return _NUMBERS_WITH_COMMAS.sub(_decimal_commas, plain).replace(",", ";")


def _decimal_commas(found: re.Match[str]) -> str:
    parts = found[0].split(",")
    if len(parts) == 4:
        return f"{parts[0]}.{parts[1]};{parts[2]}.{parts[3]}"
    if len(parts) == 2:
        return ".".join(parts)
    raise _unread(_AMBIGUOUS)


def _pieces(plain: str) -> list[str]:
    unread = set(_PIECE.sub("", plain).split())
    if unread:
        raise _unread(_LETTER_O if unread == {"O"} else EXAMPLE)
    return _PIECE.findall(plain)


def _is_number(piece: str) -> bool:
    return piece[-1].isdigit()


def _lettered(pieces: list[str], letters: list[str]) -> Position:
    if len(letters) != 2 or (letters[0] in "NS") == (letters[1] in "NS"):
        raise _unread(_TWO_LETTERS)
    places = [index for index, piece in enumerate(pieces) if piece in "NSEW"]
    cut = places[1] if places[0] == 0 else places[0] + 1
    if places[0] != 0 and places[1] != len(pieces) - 1:
        raise _unread()
    values: dict[bool, float] = {}
    for letter, half in zip(letters, (pieces[:cut], pieces[cut:]), strict=True):
        angle = [piece for piece in half if piece not in "NSEW"]
        if any(piece[0] in "+-" for piece in angle):
            raise _unread(_SIGN_AND_LETTER)
        values[letter in "NS"] = _degrees(angle) * (-1 if letter in "SW" else 1)
    return Position(lon=values[False], lat=values[True])


def _halves(pieces: list[str]) -> tuple[list[str], list[str]]:
    if pieces.count(";") == 1:
        cut = pieces.index(";")
    elif pieces.count("°") == 2:
        cut = max(index for index, piece in enumerate(pieces) if piece == "°") - 1
    else:
        cut = len(pieces) // 2
        if not pieces or len(pieces) % 2 or not all(map(_is_number, pieces)):
            raise _unread()
    return pieces[:cut], pieces[cut:]


def _degrees(half: list[str]) -> float:
    """Degrees, with minutes and seconds if there are any, as one number."""
    pieces = [piece for piece in half if piece != ";"]
    numbers = [piece for piece in pieces if _is_number(piece)]
    if not _ANGLE.fullmatch("".join("#" if _is_number(piece) else piece for piece in pieces)):
        raise _unread()
    if any(piece[0] in "+-" for piece in numbers[1:]):
        raise _unread()
    sizes = [abs(float(piece)) for piece in numbers]
    if any(size >= 60 for size in sizes[1:]) or any("." in piece for piece in numbers[:-1]):
        raise _unread(_SIXTY)
    total = math.fsum(size / 60**power for power, size in enumerate(sizes))
    return -total if numbers[0][0] == "-" else total
