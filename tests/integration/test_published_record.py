"""Is the published record loaded as it was published: 59 rows, flagged, as precise as stated, once?"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.cli.imports import load_published
from registry.domain.imported import Flag
from registry.models.activities import UNKNOWN_SORT_KEY, Activity, ActivityText, OutcomeCount, Participation, Place
from registry.models.projects import Project
from registry.services import derive
from registry.services.published_record import REFERENCE

ROWS = 59


@pytest.fixture
def published(session: Any, clock: Any) -> dict[str, Activity]:
    assert load_published(session, clock) == ROWS
    session.commit()
    return {row.reference: row for row in session.scalars(select(Activity))}


def test_every_published_activity_is_there_in_a_project_for_reading(session, published):
    project = session.scalars(select(Project)).one()
    assert (project.reference, project.read_only) == (REFERENCE, True)
    assert len(published) == ROWS
    assert {row.owner_organisation_id for row in published.values()} == {None}
    assert all(row.source_url.startswith("http") for row in published.values())


def test_loading_twice_changes_nothing(session, clock, published):
    counts = [session.scalar(select(func.count()).select_from(model)) for model in (Activity, Participation, Place)]
    revision = session.scalars(select(Project.data_revision)).one()
    assert load_published(session, clock) == 0
    assert [
        session.scalar(select(func.count()).select_from(model)) for model in (Activity, Participation, Place)
    ] == counts
    assert session.scalars(select(Project.data_revision)).one() == revision


def test_stored_counts_agree_with_the_records(session, published):
    assert derive.reconcile(session) == []


def test_series_and_single_countries_stay_flagged_and_are_not_completed(session, published):
    flags = Counter(flag for row in published.values() for flag in row.flags.split("|") if flag)
    assert flags[Flag.FEW_COUNTRIES] == 6
    assert flags[Flag.SERIES] > 0
    few = [row for row in published.values() if Flag.FEW_COUNTRIES in row.flags.split("|")]
    for row in few:
        parts = session.scalars(select(Participation).where(Participation.activity_id == row.id)).all()
        assert len(parts) == len([code for code in row.countries.split("|") if code]) < 2


def test_partial_dates_keep_their_bounds_and_their_precision(published):
    year = published["PUB-JP-002"]
    assert (year.from_on, year.until_on, year.date_precision) == (date(2012, 1, 1), date(2013, 1, 1), "year")
    days = published["PUB-JP-001"]
    assert (days.from_on, days.until_on, days.date_precision) == (date(2011, 6, 17), date(2011, 9, 16), "day")
    ended = published["PUB-JIT-010"]
    assert (ended.from_on, ended.until_on, ended.date_precision) == (None, date(2021, 8, 1), "month")
    assert ended.sort_key == UNKNOWN_SORT_KEY


def test_a_start_nobody_knows_is_unknown(published):
    row = published["PUB-JP-022"]
    assert (row.from_on, row.until_on, row.date_precision, row.counts_on) == (None, None, "unknown", None)


def test_a_country_outside_the_list_is_named_and_is_no_participation(session, published):
    elsewhere = [row for row in published.values() if Flag.OTHER_COUNTRY in row.flags.split("|")]
    assert elsewhere
    listed = set(session.scalars(select(Participation.country_iso2)))
    named = {code for row in elsewhere for code in row.countries.split("|")}
    assert named - listed


def test_figures_stay_as_counted_and_plans_are_no_results(session, published):
    planned = [row for row in published.values() if Flag.PLANNED_FIGURE in row.flags.split("|")]
    assert planned
    assert all("planned " in row.note for row in planned)
    assert session.scalars(select(OutcomeCount).where(OutcomeCount.value.is_(None))).all() == []


def test_every_published_activity_can_be_searched(session, published):
    texts = session.scalars(select(ActivityText)).all()
    assert len(texts) == ROWS
    ruse = next(text for text in texts if text.activity_id == published["PUB-JP-001"].id)
    assert "ruse" in ruse.exact_text
    assert "ruse" not in ruse.coarse_text
