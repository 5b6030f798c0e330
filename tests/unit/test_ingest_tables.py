"""Are good tables read as they stand, whatever wrote them, and dangerous workbooks refused before they unpack?"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from registry.ingest import csv_files, workbooks
from registry.ingest import raw as raw_tables
from registry.ingest import tables as table_files
from registry.ingest.errors import BadFile, RowError, quoted
from registry.ingest.tables import original_text, read_table
from registry.reports.writers.cells import safe_text

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "samples" / "tables"


def workbook(*sheets: list[list[Any]], hidden: int | None = None) -> bytes:
    """An XLSX file with the given rows; a text that begins with = is a formula."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"Sheet {number + 1}")
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    formatted = (day,) if isinstance(cell, date | time) else ()
                    sheet.write(row, column, cell, *formatted)
        if hidden is not None:
            book.worksheets()[hidden].very_hidden()
            book.worksheets()[-1].activate()
    return packed.getvalue()


def repacked(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The archive with entries replaced, added, or taken away (None)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()} | changes
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return packed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook([["kind", "title"], ["JP", "Patrol"]])


def sheet_part(content: bytes = PLAIN) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(SHEET)


def cells(content: bytes, name: str = "table.csv") -> list[tuple[int, list[str]]]:
    return [(row.number, list(row.cells.values())) for row in read_table(name, content).rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_separator_encoding_and_line_end_gives_the_same_rows(
    separator: str, encoding: str, line_end: str
) -> None:
    lines = [["kind", "place"], ["JP", "Škofije – Rabuiese"], ["JO", f'"a {separator} b ""c"""']]
    content = line_end.join(separator.join(line) for line in lines).encode(encoding)
    assert cells(content) == [(2, ["JP", "Škofije – Rabuiese"]), (3, ["JO", f'a {separator} b "c"'])]


def test_windows_text_is_read_and_the_person_is_asked_to_look() -> None:
    table = read_table("t.csv", "kind,place\nJP,Škofije\n".encode("cp1252"))
    assert table.rows[0].cells["place"] == "Škofije"
    assert "Windows-1252" in table.notes[0]


def test_the_numbers_of_rows_are_the_lines_a_person_sees() -> None:
    content = b'kind,title\n\nJP,"one\ntwo\nthree"\n\n,\nJO,four\n'
    assert cells(content) == [(3, ["JP", "one\ntwo\nthree"]), (8, ["JO", "four"])]


def test_the_line_that_names_the_separator_is_not_a_row() -> None:
    assert cells(b"sep=;\nkind;title\nJP;a, b\n") == [(3, ["JP", "a, b"])]
    assert cells(b"sep=|\nkind;title\nJP;a, b\n") == [(3, ["JP", "a, b"])]


def test_empty_columns_at_the_end_are_left_out_and_said() -> None:
    table = read_table("t.csv", b"kind,title,,\nJP,Patrol,,\nJP,Patrol\n")
    assert table.columns == ("kind", "title")
    assert [row.cells for row in table.rows] == [{"kind": "JP", "title": "Patrol"}] * 2
    assert table.notes == ["Empty columns at the right end were left out."]


def test_all_bad_rows_are_named_and_the_good_ones_are_kept() -> None:
    table = read_table("t.csv", b"a,b\n1,2,3\n4,5\n6\n")
    assert [(error.row, error.column) for error in table.errors] == [(2, ""), (4, "b")]
    assert [row.number for row in table.rows] == [3]


def test_a_table_of_bad_rows_only_still_names_them() -> None:
    assert [error.row for error in read_table("t.csv", b"a,b\n1\n2\n").errors] == [2, 3]


@pytest.mark.parametrize("text", ["=1+1", "-5", "@x", "+386", "'=x", "''-", "plain", "'quoted'", "'"])
def test_what_an_export_marked_is_taken_off_again(text: str) -> None:
    assert original_text(safe_text(text)) == text
    assert cells(f"kind,title\nJP,{safe_text(text)}\n".encode()) == [(2, ["JP", text])]


def test_a_value_is_shortened_when_it_is_quoted() -> None:
    assert quoted("x" * 61) == "“" + "x" * 59 + "…”"
    error = RowError(row=5, column="", value="", problem="It is odd.", mend="Mend it.")
    assert error.sentence == "Row 5: It is odd. Mend it."
    assert BadFile("It is odd.", column="a").message == "Column “a”: It is odd."


def test_a_file_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MAX_BYTES", 20)
    with pytest.raises(BadFile, match="Split the table"):
        read_table("t.csv", b"kind,title\nJP,Patrol\n")


def test_a_table_of_too_many_rows_is_refused_with_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "MAX_ROWS", 2)
    with pytest.raises(BadFile) as refusal:
        read_table("t.csv", b"a\nx\ny\nz\n")
    assert refusal.value.row == 4
    assert str(raw_tables.MAX_ROWS) in refusal.value.message


def test_a_record_longer_than_any_cell_is_refused_where_it_begins() -> None:
    with pytest.raises(BadFile, match="longer than any cell") as refusal:
        read_table("t.csv", b'a,b\n1,2\n1,"' + b"x" * 200_000 + b'"\n')
    assert refusal.value.row == 3


def test_a_header_longer_than_any_cell_is_refused_too() -> None:
    with pytest.raises(BadFile, match="longer than any cell"):
        read_table("t.csv", b"x" * 200_000)


def test_a_workbook_gives_the_same_text_as_a_csv_file() -> None:
    rows = [
        ["kind", "day", "at", "both", "number", "decimal", "yes", "text"],
        ["JP", date(2026, 5, 4), time(8, 30), datetime(2026, 5, 4, 8, 30), 12, 45.62, True, "'=1"],  # noqa: DTZ001
        ["JO", "", "", "", 0, -0.5, False, " Škofije "],
    ]
    expected = [
        (2, ["JP", "2026-05-04", "08:30", "2026-05-04 08:30", "12", "45.62", "true", "=1"]),
        (3, ["JO", "", "", "", "0", "-0.5", "false", "Škofije"]),
    ]
    assert cells(workbook(rows), "t.xlsx") == expected


def test_the_numbers_of_rows_are_those_of_the_sheet() -> None:
    assert cells(workbook([[], ["kind", "title"], [], ["JP", "Patrol"]])) == [(4, ["JP", "Patrol"])]


def test_text_beside_the_columns_of_a_sheet_is_an_error_of_its_row() -> None:
    table = read_table("t.xlsx", workbook([["kind"], ["JP", "", "beside"], ["JO"]]))
    assert [(error.row, error.value) for error in table.errors] == [(2, "beside")]
    assert [row.number for row in table.rows] == [3]


def test_a_failed_formula_is_an_error_with_its_row_and_column() -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.add_worksheet("Notes").hide()
        sheet = book.add_worksheet("Table")
        sheet.activate()
        book.worksheets()[0].write_formula("A1", "=1/0", None, "#DIV/0!")
        sheet.write_row(0, 0, ["kind", "arrests"])
        sheet.write(1, 0, "JP")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_row(2, 0, ["JO", 2])
        sheet.write_formula(2, 2, "=1/0", None, "#N/A")
    table = read_table("t.xlsx", packed.getvalue())
    assert [(error.row, error.column) for error in table.errors] == [(2, "arrests"), (3, "")]
    assert "formula" in table.errors[0].sentence
    assert table.rows == []


def test_only_the_first_visible_sheet_is_read_and_the_others_are_named() -> None:
    content = workbook([["hidden"], ["x"]], [["kind"], ["JP"]], [["other"], ["y"]], hidden=0)
    table = read_table("t.xlsx", content)
    assert table.columns == ("kind",)
    assert table.notes == ["Only the sheet “Sheet 2” was read, not “Sheet 3”."]


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(BadFile, match="not a single filled cell"):
        read_table("t.xlsx", workbook([]))


def bomb(size: int) -> bytes:
    return repacked(PLAIN, {"xl/media/image1.png": b"\0" * size})


def lying_about_its_size() -> bytes:
    content = bytearray(repacked(PLAIN, {"xl/media/image1.png": b"x" * 100_000}))
    place = content.rindex(b"xl/media/image1.png") - 46  # its entry in the central directory
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def locked() -> bytes:
    content = bytearray(PLAIN)
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(magic, at + 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "what", "how"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
            "Remove the password",
        ),
        (b"PK\x05\x06" + b"\0" * 18, "not an XLSX workbook", "Open it in a spreadsheet"),
        (repacked(PLAIN, {"xl/workbook.xml": None}), "not an XLSX workbook", "Unpack it"),
        (PLAIN[: len(PLAIN) // 2], "damaged", "save it again"),
        (repacked(PLAIN, {"xl/workbook.xml": b"<workbook"}), "damaged", "save it again"),
        (repacked(PLAIN, {"xl/_rels/workbook.xml.rels": b"<Relations"}), "damaged", "save it again"),
        (repacked(PLAIN, {SHEET: b"<worksheet><sheetData><row><c"}), "damaged", "save it again"),
        (locked(), "encrypted", "save it again"),
        (lying_about_its_size(), "damaged", "save it again"),
        (bomb(101_000_000), "unpacks to more than 100 MB", "without pictures"),
        (repacked(PLAIN, {f"x/{n}": b"" for n in range(1001)}), "entries", "save it again"),
        (repacked(PLAIN, {SHEET: b"<!DOCTYPE x>" + sheet_part()}), "document type", "save it again"),
        (repacked(PLAIN, {SHEET: "<!ENTITY x>".encode("utf-16") + sheet_part()}), "document type", "save it again"),
        (repacked(PLAIN, {SHEET: sheet_part().decode().encode("utf-16")}), "not in UTF-8", "save it again"),
        (repacked(PLAIN, {"content.xml": b"<x/>"}), "not an XLSX workbook", "Unpack it"),
        (repacked(PLAIN, {SHEET: b'<sheetData><row><c r="XFD1048576"s="1"/></row></sheetData>'}), "rows", "Split"),
        (repacked(PLAIN, {"x/y": b"<sheetData><row a='>' r='99999'><c/></row></sheetData>"}), "rows", "Split"),
        (workbook([["a"], *[[]] * 60_000, ["b"]]), "beyond 50000 rows", "delete the empty rows"),
        (workbook([["a", *[""] * 300, "b"], ["c"]]), "column 302", "empty columns"),
        (workbook([["a", *[""] * 150, "b"], *[[]] * 20_000, ["c"]]), "row 20002", "empty rows"),
    ],
    ids=lambda part: part if isinstance(part, str) else "workbook",
)
def test_a_bad_workbook_is_refused_with_the_way_out(content: bytes, what: str, how: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read_table("t.xlsx", content)
    assert what in refusal.value.message
    assert how in refusal.value.message


def test_cells_without_places_are_counted_like_those_with() -> None:
    part = b"<worksheet><sheetData><row>" + b"<c/>" * 201 + b"</row></sheetData></worksheet>"
    with pytest.raises(BadFile, match="column 201 and row 1"):
        read_table("t.xlsx", repacked(PLAIN, {SHEET: part}))


def test_a_workbook_of_hidden_sheets_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        index = archive.read("xl/workbook.xml")
    with pytest.raises(BadFile, match="no visible sheet"):
        read_table("t.xlsx", repacked(PLAIN, {"xl/workbook.xml": index.replace(b"<sheet ", b'<sheet state="hidden" ')}))


def test_a_sheet_that_the_index_does_not_place_has_no_failed_cells() -> None:
    parts = workbooks._Parts(workbook=b"<workbook/>", relations=b"<relations/>")
    assert parts.failed("Sheet 1") == set()


def test_an_index_that_is_no_xml_is_said_to_be_damaged() -> None:
    for index in (b"<workbook", b"<?xml version='1.0' encoding='x-none'?><workbook/>"):
        with pytest.raises(BadFile, match="index cannot be read"):
            workbooks._Parts(workbook=index, relations=b"").failed("Sheet 1")


def test_a_picture_in_a_workbook_is_no_obstacle() -> None:
    assert cells(repacked(PLAIN, {"xl/media/image1.png": b"\x89PNG"})) == [(2, ["JP", "Patrol"])]


if SHARED.is_dir():

    def test_the_empty_sample_is_refused() -> None:
        with pytest.raises(BadFile, match="is empty"):
            read_table("empty.csv", (SHARED / "empty.csv").read_bytes())

    def test_the_sample_with_wrong_lengths_names_each_row() -> None:
        table = read_table("wrong_line_length.csv", (SHARED / "wrong_line_length.csv").read_bytes())
        assert [error.row for error in table.errors] == [2, 4, 5]
        assert [row.number for row in table.rows] == [3]

    def test_the_sample_with_dates_loses_only_the_rows_with_an_unquoted_separator() -> None:
        table = read_table("dates.csv", (SHARED / "dates.csv").read_bytes())
        assert len(table.columns) == 10
        assert [error.row for error in table.errors] == [4, 15]
        assert len(table.rows) == 14

    @pytest.mark.parametrize(
        ("name", "columns", "rows"),
        [
            ("valid_file.csv", 76, [2, 3, 4, 5, 6, 7]),
            ("multiline_comment_file.csv", 7, [2, 3, 5]),
            ("source_pk_file.csv", 7, [2, 3, 4, 5, 6]),
            ("utf8_file.csv", 2, [2]),
        ],
    )
    def test_the_other_samples_are_read_whole(name: str, columns: int, rows: list[int]) -> None:
        table = read_table(name, (SHARED / name).read_bytes())
        assert (len(table.columns), [row.number for row in table.rows]) == (columns, rows)
        assert table.errors == []
