"""Is this password strong enough, and are recovery codes kept so that nobody can read them?

Passwords have 12 characters at least and are not made of common or local words (decision 47, ASVS 6.2).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
_WORDS = Path(__file__).parent.parent / "reference" / "weak_passwords.txt"
_LOOKALIKES = str.maketrans("013457@$", "oieastas")
_SHORTEST_WORD = 4
_LETTERS_THAT_MUST_REMAIN = 4
_FEWEST_DIFFERENT = 5
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**14, 8, 1


def normalised(password: str) -> str:
    """The password in Unicode form NFKC, so that the same keys give the same password on every device."""
    return unicodedata.normalize("NFKC", password)


def faults_of(password: str, own_words: Iterable[str] = ()) -> list[str]:
    """Sentences that say why a password is refused; an empty list accepts it.

    ``own_words`` are the person's own: mail address, name, service number.
    """
    if len(password) < MINIMUM_LENGTH:
        return [f"A password has at least {MINIMUM_LENGTH} characters. A sentence of four words is easy to keep."]
    if len(password) > MAXIMUM_LENGTH:
        return [f"A password has at most {MAXIMUM_LENGTH} characters."]
    if len(set(password.casefold())) < _FEWEST_DIFFERENT:
        return ["This password repeats too few characters."]
    if _is_made_of_known_words(password, own_words):
        return ["This password is made of a common or local word, or of your own name: choose other words."]
    return []


def _is_made_of_known_words(password: str, own_words: Iterable[str]) -> bool:
    """Whether hardly any letter remains once all known words, the longest first, digits and signs are taken away."""
    words = sorted({*_weak_words(), *_parts(own_words)}, key=lambda word: (-len(word), word))
    folded = password.casefold()
    for spelling in (folded, folded.translate(_LOOKALIKES)):
        letters = re.sub(r"[\W\d_]", "", spelling)
        remaining = letters
        for word in words:
            remaining = remaining.replace(word, " ")  # the gap keeps the two sides from making a new word
        if remaining != letters and len(remaining.replace(" ", "")) < _LETTERS_THAT_MUST_REMAIN:
            return True
    return re.fullmatch(r"[\W\d_]*", folded) is not None and len(set(folded)) < 2 * _FEWEST_DIFFERENT


def _parts(texts: Iterable[str]) -> set[str]:
    return {part for text in texts for part in re.split(r"[\W\d_]+", text.casefold()) if len(part) >= _SHORTEST_WORD}


@cache
def _weak_words() -> frozenset[str]:
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


def hashed_code(code: str) -> str:
    """A recovery code as it is stored: salt and scrypt digest in hexadecimal (ASVS 6.5.2)."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_digest(code, salt).hex()}"


def code_matches(code: str, stored: str) -> bool:
    """Whether a typed recovery code is the stored one; spaces and capitals do not matter."""
    salt, _, digest = stored.partition("$")
    return hmac.compare_digest(_digest(code, bytes.fromhex(salt)), bytes.fromhex(digest))


def _digest(code: str, salt: bytes) -> bytes:
    plain = code.strip().casefold().encode()
    return hashlib.scrypt(plain, salt=salt, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P, maxmem=64 * 1024 * 1024, dklen=32)
