"""Are activities and rates taken from a table as they were published: partial, qualified, flagged, never completed?"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from registry import reference
from registry.domain.counts import Count, Qualifier
from registry.domain.geo import Position
from registry.domain.periods import DatePrecision
from registry.ingest.activities import ActivitiesFile, ActivityRow, Codes, Flag, read_activities
from registry.ingest.errors import BadFile
from registry.ingest.rates import read_rates
from registry.ingest.tables import TableFile, read_table

SHARED = Path(__file__).parents[2].parent / "shared"
CODES = Codes(
    kinds=[row["code"] for row in reference.table("activity_kinds")],
    countries={row[key]: row["iso2"] for row in reference.table("countries") for key in ("iso2", "iso3")},
    measures=[row["code"] for row in reference.table("measures")],
)


def activities(*lines: str) -> ActivitiesFile:
    return read_activities(read_table("t.csv", "\n".join(lines).encode()), CODES)


def one(header: str, line: str) -> ActivityRow:
    found = activities(f"kind;title;starts_on;{header}", f"JP;Patrol;2026-05-04;{line}")
    assert found.errors == []
    return found.rows[0]


def test_names_of_columns_are_found_whatever_their_case_and_by_their_other_names() -> None:
    found = activities(
        "Type,TITLE,Start date,Until,Lon,LAT,Officers,Remarks", 'jp,Patrol,2026-05,2026,"13,89",45.62,6,"x"'
    )
    [row] = found.rows
    assert (row.kind, row.title, row.note, row.officers) == ("JP", "Patrol", "x", Count(6))
    assert row.starts_on is not None
    assert row.starts_on.precision is DatePrecision.MONTH
    assert row.position == Position(13.89, 45.62)
    assert found.notes == []


def test_the_exact_name_of_a_column_wins_over_its_other_name() -> None:
    found = activities("kind,type,title,starts_on", "JP,walk,Patrol,2026")
    assert found.rows[0].kind == "JP"
    assert found.notes == ["Columns that are not known were not read: “type”."]


def test_an_unknown_column_is_a_note_and_no_error() -> None:
    found = activities("kind,title,starts_on,weather", "JP,Patrol,2026,rain")
    assert found.errors == []
    assert found.notes == ["Columns that are not known were not read: “weather”."]


@pytest.mark.parametrize("stated", ["SI;HR", "SI|HR", "svn; hrv", "SVN|HRV|SI", "SI, HR"])
def test_countries_are_read_with_every_separator_and_both_codes(stated: str) -> None:
    found = activities("kind,title,starts_on,countries,host", f'JP,Patrol,2026,"{stated}",HRV')
    assert found.rows[0].countries == ("HR", "SI")
    assert found.rows[0].host_country == "HR"


def test_fewer_than_two_countries_are_flagged_and_kept() -> None:
    assert one("countries", "HR").flags == (Flag.FEW_COUNTRIES,)
    assert one("countries", '""').countries == ()


def test_a_country_beyond_the_list_is_kept_apart_and_flagged() -> None:
    row = one("countries", '"SI;US"')
    assert (row.countries, row.other_countries, row.flags) == (("SI",), ("US",), (Flag.OTHER_COUNTRY,))


@pytest.mark.parametrize("stated", ["EU", "ZZ", "001"])
def test_a_group_of_countries_is_no_country(stated: str) -> None:
    [error] = activities("kind,title,starts_on,countries", f"JP,Patrol,2026,{stated}").errors
    assert error.column == "countries"


def test_an_unknown_host_is_an_error() -> None:
    [error] = activities("kind,title,starts_on,host_country", "JP,Patrol,2026,Slovenia").errors
    assert (error.column, error.value) == ("host_country", "Slovenia")


@pytest.mark.parametrize(
    ("note", "flags"),
    [
        ("series: 4 patrols a week", {Flag.SERIES}),
        ("210 patrols in the period; one row stands for a series", {Flag.SERIES}),
        ("31 countries; year inferred", {Flag.DATE_INFERRED}),
        ("mixed patrols agreed in principle", set()),
    ],
)
def test_what_the_note_says_of_the_row_is_flagged(note: str, flags: set[Flag]) -> None:
    assert set(one("countries;note", f'"SI;IT";"{note}"').flags) == flags


def test_an_unknown_start_is_kept_and_flagged() -> None:
    row = activities("kind,title,starts_on,ends_on,countries", "JIT,Team,,2014,SI|IT").rows[0]
    assert row.starts_on is None
    assert row.flags == (Flag.START_UNKNOWN,)


def test_a_day_with_points_has_the_day_first() -> None:
    row = activities("kind,title,starts_on", "JP,Patrol,4.5.2026").rows[0]
    assert row.starts_on is not None
    assert row.starts_on.from_on == date(2026, 5, 4)


def test_a_year_may_end_in_itself() -> None:
    assert activities("kind,title,starts_on,ends_on", "JP,Patrol,2026-07,2026").errors == []


def test_what_was_not_counted_is_not_zero() -> None:
    row = one("officers_total;arrests;persons_checked;hits", ";0;n.c.;3")
    assert row.officers.value is None
    assert row.counts == {"arrests": Count(0), "hits": Count(3)}


def test_qualifiers_belong_to_their_counts_and_a_plan_is_no_result() -> None:
    row = one(
        "officers_total;persons_checked;arrests;value_qualifier",
        '100;516000;;"officers_total=planned;persons_checked=approx;arrests=almost"',
    )
    assert row.counts == {"persons_checked": Count(516_000, Qualifier.APPROXIMATE)}
    assert row.planned == {"officers_total": 100}
    assert row.officers.value is None
    assert Flag.PLANNED_FIGURE in row.flags


def test_a_qualifier_in_the_cell_itself_is_read() -> None:
    assert one("arrests", "almost 500").counts == {"arrests": Count(500, Qualifier.ALMOST)}


def test_seizures_in_words_stay_words_and_in_figures_are_a_count() -> None:
    words, figures = one("seizures", '"51 weapons; 47 kg drugs"'), one("seizures", "12")
    assert (words.seized, words.counts) == ("51 weapons; 47 kg drugs", {})
    assert (figures.seized, figures.counts) == ("", {"seizures": Count(12)})


def test_every_wrong_cell_of_a_row_is_named_and_the_row_left_out() -> None:
    found = activities("kind,title,starts_on,latitude", "XX,,May,north", "JP,Patrol,2026,")
    assert [error.column for error in found.errors] == ["starts_on", "latitude", "longitude", "kind", "title"]
    assert [row.number for row in found.rows] == [3]


def test_a_row_of_a_wrong_length_is_among_the_errors() -> None:
    assert [error.row for error in activities("kind,title,starts_on", "JP,x,2026,1", "JP,Patrol,2026").errors] == [2]


def test_rows_without_a_reference_are_not_doubles() -> None:
    assert len(activities("ref,kind,title,starts_on", ",JP,a,2026", ",JP,b,2026").rows) == 2


def test_a_missing_column_is_said_of_the_row_where_the_header_stands() -> None:
    with pytest.raises(BadFile) as refusal:
        activities("", "", "title", "Patrol")
    assert refusal.value.row == 3


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(BadFile, match="no rows"):
        read_activities(TableFile(columns=("kind", "title", "starts_on"), rows=[]), CODES)


def test_the_published_record_is_read_whole_and_flagged_where_it_must_be() -> None:
    content = reference.path("real_activities.csv").read_bytes()
    found = read_activities(read_table("real_activities.csv", content), CODES)
    assert (len(found.rows), found.errors, found.notes) == (59, [], [])
    flags = Counter(flag for row in found.rows for flag in row.flags)
    assert flags[Flag.FEW_COUNTRIES] == 6
    assert {row.reference for row in found.rows if Flag.SERIES in row.flags} == {"PUB-JP-011", "PUB-JP-017"}
    assert flags[Flag.START_UNKNOWN] == 10
    assert [row.planned for row in found.rows if row.planned] == [{"officers_total": 100}]


def test_the_history_of_the_ecb_is_read_a_column_per_currency() -> None:
    content = b'Date,USD,RSD,ZZZ,\n2026-05-05,1.08,N/A,1,\n2026-05-04,1.07,"117,05",1,\n'
    found = read_rates(read_table("eurofxref-hist.csv", content))
    quotes = [(rate.currency, rate.rate_on, rate.units_per_eur) for rate in found.rates]
    assert quotes == [
        ("USD", date(2026, 5, 5), Decimal("1.08")),
        ("USD", date(2026, 5, 4), Decimal("1.07")),
        ("RSD", date(2026, 5, 4), Decimal("117.05")),
    ]
    assert found.notes[-1] == "Columns of no currency known here were not read: ZZZ."
    assert found.errors == []


def test_the_history_says_nothing_of_columns_when_all_are_known() -> None:
    assert read_rates(read_table("t.csv", b"Date,USD\n2026-05-04,1.07\n")).notes == []


def test_a_day_that_the_calendar_does_not_have_is_an_error() -> None:
    [error] = read_rates(read_table("t.csv", b"Date,USD\n2026-02-30,1.07\n")).errors
    assert (error.row, error.column, error.value) == (2, "Date", "2026-02-30")


if SHARED.is_dir():

    def test_the_list_of_quotes_is_read_whole() -> None:
        found = read_rates(read_table("ecb_quotes.csv", (SHARED / "oracle" / "ecb_quotes.csv").read_bytes()))
        assert found.errors == []
        assert len(found.rates) == 2026
        assert found.rates[0].units_per_eur == Decimal("1.9558")

    def test_the_published_record_that_is_shipped_is_the_one_that_was_given() -> None:
        given = (SHARED / "data" / "real_activities.csv").read_bytes()
        assert reference.path("real_activities.csv").read_bytes() == given
