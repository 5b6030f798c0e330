"""Does the monitoring report lay out what was held, and refuse figures that do not add up?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from registry.domain.counts import NOT_COUNTED, Count, Qualifier, total
from registry.reports.heads import Head, Unbalanced
from registry.reports.monitoring import (
    Effort,
    HeldRow,
    MonitoringRows,
    OrganisationRow,
    OutcomeRow,
    TargetRow,
    build,
)
from registry.reports.tables import Chart, Paragraph, Report

ROWS = MonitoringRows(
    head=Head(
        reference="TEST-2", acronym="TEST-A", title="Patrols", from_on=date(2026, 1, 1), until_on=date(2026, 7, 1),
        marking="SENSITIVE", data_revision=7,
    ),
    targets=(
        TargetRow(
            item="D2.1", label="Joint patrols", unit="patrols", target=120, qualifier=Qualifier.MORE_THAN,
            held_every_kind=9, held_roots=7, planned=8, expected=None, evidence="signed reports",
        ),
    ),
    held=(
        HeldRow(kind="JP", kind_label="Joint patrol", quarter="2026-Q2", held=4),
        HeldRow(kind="JP", kind_label="Joint patrol", quarter="2026-Q1", held=3),
        HeldRow(kind="WS", kind_label="Workshop", quarter="2026-Q1", held=2),
    ),
    held_total=9,
    organisations=(OrganisationRow(organisation="Policija", country="SI", took_part=9, hosted=5),),
    outcomes=(OutcomeRow(measure="Persons checked", unit="persons", total=total([Count(500), NOT_COUNTED])),),
    effort=Effort(patrol_hours=Decimal("1234.5"), officers=431),
    unplaced=3,
    withheld=2,
)  # fmt: skip


def report(rows: MonitoringRows = ROWS) -> Report:
    return build(rows).report(generated_at=datetime(2026, 7, 2, tzinfo=UTC))


def test_activities_are_laid_out_by_quarter_and_kind() -> None:
    table = report().table("activities")
    assert table.rows == (("2026-Q1", 3, 2, 5), ("2026-Q2", 4, 0, 4))
    assert table.footer == ("All", 7, 2, 9)


@pytest.mark.parametrize("stated", [8, 10])
def test_a_total_that_is_not_the_sum_of_its_quarters_is_refused(stated: int) -> None:
    with pytest.raises(Unbalanced, match=f"total {stated}, by kind 9, by quarter 9"):
        build(replace(ROWS, held_total=stated))


def test_a_target_counts_each_kind_and_names_the_roots_beside_it() -> None:
    assert report().table("targets").display_rows == (
        ("D2.1", "Joint patrols", "patrols", "> 120", "9", "7.5 %", "7", "8", "–", "signed reports"),
    )


def test_outcomes_say_what_was_not_counted() -> None:
    assert report().table("outcomes").display_rows == (("Persons checked", "persons", "500 (1 n.c.)", "2", "1"),)


def test_organisations_effort_and_gaps_are_shown() -> None:
    assert report().table("organisations").rows == (("Policija", "SI", 9, 5),)
    assert report().table("effort").display_rows == (
        ("Hours on patrol", "1,234.5"),
        ("Officers, attendances", "431"),
        ("Activities held without a place", "3"),
        ("Activities held that are withheld", "2"),
    )


def test_officers_counted_by_number_are_called_distinct() -> None:
    distinct = replace(ROWS, effort=replace(ROWS.effort, officers_are_distinct=True))
    assert report(distinct).table("effort").rows[1] == ("Officers, distinct", 431)


def test_withheld_activities_are_one_number_in_words() -> None:
    assert [s.text for s in report().sections if isinstance(s, Paragraph)] == [
        "2 of the activities held are counted here and cannot be listed by the reader."
    ]
    assert not [s for s in report(replace(ROWS, withheld=0)).sections if isinstance(s, Paragraph)]


def test_the_charts_show_the_tables() -> None:
    charts = [section for section in report().sections if isinstance(section, Chart)]
    assert [(chart.kind, chart.table_key) for chart in charts] == [
        ("bars", "targets"),
        ("grouped_bars", "activities"),
    ]
    assert [series.values for series in charts[1].series] == [(3, 4), (2, 0)]


def test_a_project_without_targets_or_activities_has_empty_tables_and_no_charts() -> None:
    empty = report(replace(ROWS, targets=(), held=(), held_total=0))
    assert empty.table("targets").rows == ()
    assert empty.table("activities").rows == ()
    assert not [section for section in empty.sections if isinstance(section, Chart)]
