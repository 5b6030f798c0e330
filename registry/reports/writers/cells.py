"""When is a text safe in a spreadsheet? A text that would be read as a formula gets an apostrophe before it.

The marking is reversible: reading it back with :func:`original_text` gives exactly what was written.
"""

from __future__ import annotations

import re

_READ_AS_A_FORMULA = re.compile(r"'*[=+\-@\t\r\0]")
_MARKED = re.compile(r"'+[=+\-@\t\r\0]")


def safe_text(text: str) -> str:
    """The text with an apostrophe before it if it begins with = + - @, a tab, a carriage return or NUL."""
    return f"'{text}" if _READ_AS_A_FORMULA.match(text) else text


def original_text(text: str) -> str:
    """The text without the apostrophe that :func:`safe_text` put before it."""
    return text[1:] if _MARKED.match(text) else text
