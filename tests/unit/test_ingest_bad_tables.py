"""Does every bad table say what is wrong, where (row and column, where there are any) and how to mend it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.ingest.activities import Codes, read_activities
from registry.ingest.errors import BadFile
from registry.ingest.rates import read_rates
from registry.ingest.tables import read_table

FOLDER = Path(__file__).parent.parent / "data" / "bad_tables"
CODES = Codes(
    kinds=("JP", "JO", "JAD", "JIT"),
    countries={code: code[:2] for code in ("SI", "IT", "HR")} | {"SVN": "SI", "ITA": "IT", "HRV": "HR"},
    measures=("persons_checked", "arrests", "seizures"),
)

# file: (row, column, what is wrong, how to mend it)
EXPECTED: dict[str, tuple[int | None, str, str, str]] = {
    "nothing.csv": (None, "", "is empty", "header row"),
    "only_blank_lines.csv": (None, "", "is empty", "header row"),
    "only_separators.csv": (None, "", "not a single filled cell", "column names"),
    "only_a_header.csv": (1, "", "no rows below", "at least one row"),
    "no_header.csv": (1, "number 5", "not column names", "Insert a row"),
    "no_header_dates.csv": (1, "number 1", "not column names", "Insert a row"),
    "a_nameless_column.csv": (1, "number 2", "no name", "Name it"),
    "the_same_name_twice.csv": (1, "Kind", "Columns 1 and 3", "Rename"),
    "too_many_columns.csv": (1, "", "201 columns", "Remove columns"),
    "too_few_cells.csv": (3, "starts_on", "2 cells for 3 columns", "missing cells"),
    "too_many_cells.csv": (2, "", "4 cells for 3 columns", "quotation marks"),
    "too_many_cells_below_a_long_cell.csv": (5, "", "4 cells for 3 columns", "quotation marks"),
    "a_quotation_mark_left_open.csv": (3, "", "never closed", "Close each quoted cell"),
    "text_after_a_closing_mark.csv": (2, "", "Text follows", "twice"),
    "a_nul_character.csv": (2, "", "NUL character", "CSV UTF-8"),
    "utf_16_without_a_mark.csv": (1, "", "NUL character", "CSV UTF-8"),
    "utf_16_cut_off.csv": (2, "", "encoding", "CSV UTF-8"),
    "utf_32.csv": (None, "", "UTF-32", "CSV UTF-8"),
    "unknown_encoding.csv": (2, "", "byte 81", "CSV UTF-8"),
    "utf_8_mark_but_not_utf_8.csv": (2, "", "byte E8", "CSV UTF-8"),
    "a_cell_without_end.csv": (3, "title", "40000 characters", "Shorten"),
    "a_document.csv": (None, "", "PDF", "XLSX or as CSV"),
    "a_picture.csv": (None, "", "picture", "XLSX or as CSV"),
    "an_old_workbook.csv": (None, "", "old XLS", "save it again"),
    "half_an_archive.csv": (None, "", "damaged", "save it again"),
    "no_kind_and_no_start.csv": (1, "", "no column “kind” and none “starts_on”", "kind, title, starts_on"),
    "unknown_kind.csv": (3, "kind", "“PATROL”", "JP, JO, JAD, JIT"),
    "no_title.csv": (2, "title", "empty", "few words"),
    "unknown_country.csv": (3, "countries", "“CROATIA”", "SI;IT"),
    "a_date_in_words.csv": (3, "starts_on", "“last May”", "2024-05-17"),
    "a_day_with_slashes.csv": (3, "starts_on", "“04/05/2026”", "2024-05-17"),
    "thirtieth_of_february.csv": (2, "starts_on", "“2026-02-30”", "Write a day that exists, such as 2026-05-31"),
    "year_of_three_digits.csv": (2, "starts_on", "“208”", "2024-05-17"),
    "end_before_start.csv": (4, "ends_on", "before the start, 2026-05-05", "Exchange"),
    "longitude_in_metres.csv": (2, "longitude", "“5043000”", "13.89"),
    "latitude_alone.csv": (2, "longitude", "empty, but latitude is not", "both numbers"),
    "unknown_precision.csv": (2, "position_precision", "“roughly”", "exact, town, section, region"),
    "a_negative_count.csv": (2, "arrests", "“-1”", "whole number"),
    "a_count_in_words.csv": (2, "officers_total", "“several”", "whole number"),
    "half_a_person.csv": (2, "officers_total", "“4.5”", "whole number"),
    "unknown_qualifier.csv": (2, "value_qualifier", "“arrests=perhaps”", "arrests=approx"),
    "qualifier_of_no_column.csv": (2, "value_qualifier", "“dogs=approx”", "arrests=approx"),
    "a_script_for_a_source.csv": (2, "source_url", "not a web address", "https://"),
    "the_same_reference_twice.csv": (3, "reference", "reference of row 2", "its own"),
    "a_title_without_end.csv": (2, "title", "longer than 240", "Shorten"),
    "rates_without_currencies.csv": (None, "", "no exchange rates", "Date, USD"),
    "rates_with_a_word.csv": (3, "USD", "“dear”", "117.05"),
    "rates_of_zero.csv": (2, "units_per_eur", "above zero", "117.05"),
    "rates_of_an_unknown_currency.csv": (3, "currency", "“XYZ”", "RSD"),
    "rates_without_a_day.csv": (2, "date", "“2026-05”", "2026-11-24"),
    "rates_that_contradict.csv": (4, "units_per_eur", "second rate", "published"),
}


def test_every_bad_table_has_its_expectation() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_table_says_what_is_wrong_where_and_how_to_mend_it(name: str) -> None:
    row, column, what, how = EXPECTED[name]
    found_row, found_column, sentence = _refusal(name)
    assert (found_row, found_column) == (row, column)
    assert what in sentence
    assert how in sentence
    assert row is None or f"Row {row}" in sentence
    assert not column or f"“{column}”" in sentence


def _refusal(name: str) -> tuple[int | None, str, str]:
    try:
        table = read_table(name, (FOLDER / name).read_bytes())
        errors = (read_rates(table) if name.startswith("rates") else read_activities(table, CODES)).errors
    except BadFile as refusal:
        [sentence] = refusal.errors["file"]
        return refusal.row, refusal.column or "", sentence
    [error] = errors
    return error.row, error.column, error.sentence
