"""Which records does the first sheet of an XLSX workbook hold? It is looked through before anything unpacks it whole.

A workbook is a ZIP archive of XML: a small one can unpack to gigabytes, or claim a cell in the last row of the last
column. Both are counted while reading (rule 5.2.3), and XML with a document type is refused (rule 1.5.1).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from registry.ingest.errors import BadFile, RowError, quoted
from registry.ingest.raw import MAX_COLUMNS, MAX_ROWS, RawTable, too_many_rows

MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_CELLS = 2_000_000
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20
_ELEMENT = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,8})(\d{0,12})[\"']")
_AN_ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_SAVE_AGAIN = "Open it in a spreadsheet program and save it again as XLSX, or as CSV (UTF-8)."


def is_workbook(content: bytes) -> bool:
    """Whether the content begins like a workbook of either kind, or like another archive."""
    return content.startswith((_ZIP, _OLE))


def read(content: bytes) -> RawTable:
    """The records of the first visible sheet; BadFile when it is no sound workbook, protected, or unpacks too far."""
    if content.startswith(_OLE):
        raise _protected_or_old(content)
    parts = _look_through(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            name, others = _first_sheet(workbook)
            sheet = workbook.get_sheet_by_name(name)
            values = sheet.to_python(skip_empty_area=False)
    except CalamineError:
        raise BadFile("The workbook is damaged and cannot be read.", how=_SAVE_AGAIN) from None
    records = [
        (number, [_text(value) for value in row])
        for number, row in enumerate(values, start=1)
        if any(value not in ("", None) for value in row)
    ]
    notes = [f"Only the sheet {quoted(name)} was read, not {', '.join(map(quoted, others))}."] if others else []
    return RawTable(records=records, notes=notes, errors=_failed(records, parts.failed(name)), padded=True)


def _protected_or_old(content: bytes) -> BadFile:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return BadFile("The workbook is protected by a password.", how="Remove the password and save it again as XLSX.")
    return BadFile("This is a workbook in the old XLS format, or another old document.", how=_SAVE_AGAIN)


def _first_sheet(workbook: CalamineWorkbook) -> tuple[str, list[str]]:
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not names:
        raise BadFile("The workbook has no visible sheet.", how="Put the table on the first sheet.")
    return names[0], names[1:]


@dataclass(slots=True)
class _Parts:
    """What looking through the archive found: its index, and per sheet the cells whose formula has failed."""

    workbook: bytes = b""
    relations: bytes = b""
    failed_by_part: dict[str, set[tuple[int, int]]] = field(default_factory=dict)

    def failed(self, sheet_name: str) -> set[tuple[int, int]]:
        """The places (row, column) of the failed cells of a sheet; the index says which part holds it."""
        try:
            sheets = [element.attrib for element in fromstring(self.workbook).iter() if element.tag.endswith("}sheet")]
            targets = {element.get("Id"): element.get("Target", "") for element in fromstring(self.relations)}
        except (ParseError, LookupError, ValueError):
            raise BadFile("The workbook is damaged: its index cannot be read.", how=_SAVE_AGAIN) from None
        numbers = [number for sheet in sheets if sheet.get("name") == sheet_name for number in sheet.values()]
        parts = [targets[number].rpartition("/")[2].lower() for number in numbers if number in targets]
        return self.failed_by_part.get(parts[0], set()) if parts else set()


def _look_through(content: bytes) -> _Parts:
    """Unpack every entry once, counting, and measure the sheets."""
    found = _Parts()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise BadFile(
                    f"The archive has {len(entries)} entries; at most {MAX_ENTRIES} are opened.", how=_SAVE_AGAIN
                )
            names = {entry.filename.lower().lstrip("/") for entry in entries}
            # An archive that is two kinds of workbook at once would be read as the kind that nobody has looked through.
            if "xl/workbook.xml" not in names or names & {"xl/workbook.bin", "content.xml"}:
                raise BadFile("This is an archive, but not an XLSX workbook.", how=_unpack(entries))
            left = MAX_UNPACKED_BYTES
            for entry in entries:
                part = _unpacked(archive, entry, left)
                left -= len(part)
                _keep(found, entry.filename.lower().lstrip("/"), part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise BadFile("The workbook is damaged: its archive cannot be unpacked.", how=_SAVE_AGAIN) from None
    except (NotImplementedError, RuntimeError):
        raise BadFile("The workbook is packed or encrypted in a way that is not read.", how=_SAVE_AGAIN) from None
    return found


def _keep(found: _Parts, name: str, part: bytes) -> None:
    """Check a part by its content, since any name may be given to a sheet; keep what is asked for later."""
    plain = part.replace(b"\0", b"")  # UTF-16 hides nothing
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BadFile("The workbook contains an XML document type, which no spreadsheet writes.", how=_SAVE_AGAIN)
    if b"sheetData" in plain:
        if plain != part:
            raise BadFile("A sheet of the workbook is not in UTF-8.", how=_SAVE_AGAIN)
        found.failed_by_part[name.rpartition("/")[2]] = _measured(part)
    elif name == "xl/workbook.xml":
        found.workbook = part
    elif name == "xl/_rels/workbook.xml.rels":
        found.relations = part


def _unpack(entries: list[zipfile.ZipInfo]) -> str:
    return f"Unpack it and choose the table inside: it holds {quoted(entries[0].filename)}." if entries else _SAVE_AGAIN


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    part = bytearray()
    with archive.open(entry) as packed:
        while chunk := packed.read(_CHUNK):
            part += chunk
            if len(part) > left:
                raise BadFile(
                    f"The workbook unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB.",
                    how="Save the table alone, without pictures, as XLSX or CSV (UTF-8).",
                )
    return bytes(part)


def _measured(part: bytes) -> set[tuple[int, int]]:
    """The error cells of a sheet's XML; BadFile when its cells reach further than is read."""
    row = column = last_row = last_column = 0
    failed: set[tuple[int, int]] = set()
    unplaced = False
    for found in _ELEMENT.finditer(part):
        place = _PLACE.search(found[2])
        if found[1] == b"row":
            row, column = int(place[2]) if place and place[2] else row + 1, 0
            continue
        column += 1
        if place and place[1] and place[2]:
            row, column = int(place[2]), _column_number(place[1])
        else:
            unplaced = True
        last_row, last_column = max(last_row, row), max(last_column, column)
        if _AN_ERROR.search(found[2]):
            failed.add((row, column))
    # Whatever looks like a place counts as well, so that no odd spelling of an element hides a far cell.
    for place in _PLACE.finditer(part):
        if place[2] and (place[1] or unplaced):
            last_row, last_column = max(last_row, int(place[2])), max(last_column, _column_number(place[1]))
    if last_row > MAX_ROWS + 1:
        raise too_many_rows(last_row)
    if last_column > MAX_COLUMNS or last_row * last_column > MAX_CELLS:
        raise BadFile(
            f"The sheet reaches to column {last_column} and row {last_row}; at most {MAX_COLUMNS} columns and "
            f"{MAX_CELLS} cells are read.",
            how="Delete the empty columns beside and the empty rows below the table.",
        )
    return failed


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _failed(records: list[tuple[int, list[str]]], cells: set[tuple[int, int]]) -> list[RowError]:
    header = records[0][1] if records else []
    return [
        RowError(
            row=row,
            column=header[column - 1] if column <= len(header) else "",
            value="",
            problem="The formula in this cell has failed, so it has no value.",
            mend="Mend the formula, or write the value itself.",
        )
        for row, column in sorted(cells)
    ]


def _text(value: object) -> str:
    """The cell as a CSV file would hold it: numbers without .0, days and times in ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat() if isinstance(value, date) else value.isoformat(timespec="minutes")
    return str(value)
