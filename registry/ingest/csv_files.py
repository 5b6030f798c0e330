"""Which records does a CSV file hold, whatever separator and encoding its writer used?

The separator is the one of comma, semicolon and tab that gives the header the most columns. Without a byte order mark
the text is UTF-8, and only if it cannot be, Windows-1252, which is then said.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from registry.ingest.errors import BadFile, quoted
from registry.ingest.raw import MAX_ROWS, RawTable, too_many_rows

SEPARATORS = (",", ";", "\t")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_UTF_8_PLEASE = "Save it again as CSV UTF-8 (in a spreadsheet: Save as, CSV UTF-8)."
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(content: bytes) -> RawTable:
    """The records of the file; BadFile for an unknown encoding, NUL characters and quotation marks left open."""
    text, notes = _decoded(content)
    if "\0" in text:
        raise BadFile(
            "There is a NUL character, which no text contains.",
            row=text.count("\n", 0, text.index("\0")) + 1,
            how=_UTF_8_PLEASE,
        )
    first_line = 1
    said = _SEP_LINE.match(text)
    if said is not None:
        text, first_line = text[said.end() :], 2
    separator = said[1] if said is not None and said[1] in SEPARATORS else _separator(text)
    records: list[tuple[int, list[str]]] = []
    for number, record in _records(text, separator, first_line):
        if len(records) > MAX_ROWS:
            raise too_many_rows(number)
        if any(cell.strip() for cell in record):
            records.append((number, record))
    if separator != ",":
        notes.append(f"The cells are separated by {_NAMES[separator]}.")
    return RawTable(records=records, notes=notes)


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith(_UTF_32):
        raise BadFile("The text is in UTF-32, which is not read.", how=_UTF_8_PLEASE)
    marked = content.startswith((*_UTF_16, codecs.BOM_UTF8))
    plain = content.removeprefix(codecs.BOM_UTF8)
    try:
        if content.startswith(_UTF_16):
            return content.decode("utf-16"), ["The text was read as UTF-16."]
        return plain.decode("utf-8"), []
    except UnicodeDecodeError as refusal:
        if not marked:
            return _windows(content)
        raise _undecodable(plain, refusal.start) from None


def _windows(content: bytes) -> tuple[str, list[str]]:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as refusal:
        raise _undecodable(content, refusal.start) from None
    return text, ["The text is not UTF-8 and was read as Windows-1252: check letters such as č, š, ž and ș."]


def _undecodable(content: bytes, place: int) -> BadFile:
    return BadFile(
        f"The encoding of the text is unknown: the byte {content[place]:02X} has no meaning here.",
        row=content.count(b"\n", 0, place) + 1,
        how=_UTF_8_PLEASE,
    )


def _separator(text: str) -> str:
    def columns(separator: str) -> int:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            return len(next((record for record in reader if record), []))
        except csv.Error:
            return 0

    return max(SEPARATORS, key=columns)


def _records(text: str, separator: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    starts_at = first_line
    while True:
        try:
            record = next(reader, None)
        except csv.Error as refusal:
            raise _broken(text, starts_at - first_line, starts_at, refusal) from None
        if record is None:
            return
        yield starts_at, record
        starts_at = reader.line_num + first_line


def _broken(text: str, line: int, number: int, refusal: csv.Error) -> BadFile:
    beginning = text.splitlines()[line] if line < len(text.splitlines()) else ""
    reason = str(refusal)
    if "field larger" in reason:
        message = "A cell of the record that begins here is longer than any cell may be"
    elif "unexpected end" in reason:
        message = "A quotation mark opened in the record that begins here is never closed"
    else:
        message = "Text follows a closing quotation mark in the record that begins here"
    return BadFile(
        f"{message}: {quoted(beginning)}.",
        row=number,
        how="Close each quoted cell, and write a quotation mark inside it twice.",
    )
