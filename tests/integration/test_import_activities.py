"""Do rows become records once, all or nothing, withdrawn whole and imported again, as precise as they were stated?"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.db.base import Base
from registry.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, ReadOnly, ReasonRequired
from registry.domain.permissions import SYSTEM, Role
from registry.ingest.import_check import check_activities
from registry.models.activities import (
    Activity,
    ActivityText,
    ActivityVersion,
    CrossBorderObservation,
    ImportBatch,
    Leg,
    OutcomeCount,
    Participation,
)
from registry.models.audit import AuditEvent
from registry.services import derive, import_activities, withdraw_import
from tests.factories import viewer_for
from tests.functional.import_steps import workbook

HEADER = "reference,kind,title,host_country,countries,starts_on,ends_on,place_name,longitude,latitude,arrests,note"
GOOD = (
    "A-1,JP,Patrol at the pass,SI,SI;IT,2026-05-04,2026-05-05,Škofije,13.81,45.57,2,",
    "A-2,WS,Workshop on forged papers,,IT;SI,2026-06,,,,,,",
    "A-3,JIT,Team Tartini,SI,SI;IT;US,2025,,,,,,",
)
MANY = ";".join([f"A{letter}" for letter in "DEFGILMOQRSTUWXZ"] + [f"B{letter}" for letter in "ABDEFGHIJLMNOQRSTVWYZ"])
MANY += ";CA;CC;CD;CF;CG;CH"


@pytest.fixture
def place(factories: Any) -> Any:
    """A project with two authorities, one of which imports."""
    for code in ("SI", "IT", "HR"):
        factories.country(code).iso3 = {"SI": "SVN", "IT": "ITA", "HR": "HRV"}[code]
    project = factories.project("ATHENA")
    owner = factories.organisation("SI-POL", country="SI")
    partner = factories.organisation("IT-POL", country="IT")
    for organisation in (owner, partner):
        factories.beneficiary(project, organisation)
    return project, owner, partner


def checked(session, place, *lines, header=HEADER):
    content = "\n".join((header, *lines)).encode()
    return check_activities(session, place[0], place[1], "spring.csv", content)


def run(session, place, clock, *lines, keep_good=False, actor=SYSTEM, header=HEADER):
    command = checked(session, place, *lines, header=header).command("ATHENA", "SI-POL", keep_good=keep_good)
    return import_activities.import_activities(session, command, actor=actor, clock=clock)


def activities(session):
    return {row.external_reference: row for row in session.scalars(select(Activity))}


def everything(session):
    """How many rows each table holds."""
    return {
        name: session.scalar(select(func.count()).select_from(table)) for name, table in Base.metadata.tables.items()
    }


def test_rows_become_records_of_the_organisation_in_one_batch(session, place, clock):
    done = run(session, place, clock, *GOOD)
    assert (done.written, done.known, done.refused) == (3, 0, 0)
    rows = activities(session)
    assert {row.import_batch_id for row in rows.values()} == {done.batch}
    assert [rows[key].reference for key in ("A-1", "A-2", "A-3")] == [
        "JP-SI-POL-2026-0001",
        "WS-SI-POL-2026-0001",
        "JIT-SI-POL-2025-0001",
    ]
    assert [rows[key].status for key in ("A-1", "A-2", "A-3")] == ["REPORTED", "REPORTED", "SIGNED"]
    assert derive.reconcile(session) == []


def test_what_lies_ahead_is_planned(session, place, clock):
    run(session, place, clock, "A-9,JP,Patrol to come,SI,SI;IT,2027-02-01,,,,,,")
    assert activities(session)["A-9"].status == "SCHEDULED"


def test_an_observation_is_recorded_as_ended_and_an_ordinary_one(session, place, clock):
    run(session, place, clock, "A-8,CBO,Observation to the coast,IT,SI;IT,2026-05-04,,,,,,")
    row = activities(session)["A-8"]
    assert row.status == "ENDED"
    assert session.get_one(CrossBorderObservation, row.id).mode == "ordinary"
    assert session.scalars(select(Leg.host_organisation_id)).all() == [place[2].id]


def test_partial_dates_keep_their_precision(session, place, clock):
    run(session, place, clock, *GOOD)
    row = activities(session)["A-2"]
    assert (row.from_on, row.until_on, row.date_precision) == (date(2026, 6, 1), date(2026, 7, 1), "month")
    year = activities(session)["A-3"]
    assert (year.from_on, year.until_on, year.date_precision) == (date(2025, 1, 1), date(2026, 1, 1), "year")


def test_the_owner_takes_part_and_other_countries_without_an_authority(session, place, clock):
    run(session, place, clock, *GOOD)
    row = activities(session)["A-1"]
    parts = session.scalars(select(Participation).where(Participation.activity_id == row.id)).all()
    assert {(part.organisation_id, part.country_iso2, part.role) for part in parts} == {
        (place[1].id, "SI", "HOST"),
        (None, "IT", "SECONDING"),
    }
    assert session.scalars(select(Leg.host_organisation_id).where(Leg.activity_id == row.id)).one() == place[1].id


def test_a_country_outside_the_list_stays_in_words_alone(session, place, clock):
    run(session, place, clock, *GOOD)
    row = activities(session)["A-3"]
    assert row.countries == "IT|SI|US"
    codes = session.scalars(select(Participation.country_iso2).where(Participation.activity_id == row.id))
    assert sorted(codes) == ["IT", "SI"]


def test_a_count_not_given_is_not_recorded_as_zero(session, place, clock):
    run(session, place, clock, *GOOD)
    counts = session.execute(select(OutcomeCount.measure, OutcomeCount.value, OutcomeCount.qualifier)).all()
    assert counts == [("arrests", 2, "exact")]


def test_a_place_is_searched_exactly_and_never_coarsely(session, place, clock):
    run(session, place, clock, *GOOD)
    text = session.get_one(ActivityText, activities(session)["A-1"].id)
    assert "skofije" in text.exact_text
    assert "skofije" not in text.coarse_text
    assert "pass" not in text.coarse_text


def test_the_same_file_twice_changes_nothing(session, place, clock):
    run(session, place, clock, *GOOD)
    before = everything(session)
    again = run(session, place, clock, *GOOD)
    assert (again.batch, again.written, again.known) == (None, 0, 3)
    assert everything(session) == before


def test_rows_without_a_reference_are_known_by_what_they_say(session, place, clock):
    line = ",JP,Patrol,SI,SI;IT,2026-05-04,,,,,,"
    assert run(session, place, clock, line).written == 1
    again = run(session, place, clock, line, ",JP,Patrol,SI,SI;IT,2026-05-05,,,,,,")
    assert (again.written, again.known) == (1, 1)


def test_the_same_words_twice_in_a_file_are_asked_back(session, place, clock):
    line = ",JP,Patrol,SI,SI;IT,2026-05-04,,,,,,"
    found = checked(session, place, line, line)
    assert [error.row for error in found.errors] == [3]
    assert "what row 2 says" in found.errors[0].sentence
    assert len(found.new) == 1


def test_a_known_reference_with_other_content_is_an_error_with_its_row(session, place, clock):
    run(session, place, clock, *GOOD)
    other = GOOD[0].replace("pass", "bridge")
    found = checked(session, place, GOOD[1], other)
    [error] = found.errors
    assert (error.row, error.column) == (3, "reference")
    assert "JP-SI-POL-2026-0001" in error.sentence
    assert "Amend that record" in error.sentence
    before = everything(session)
    with pytest.raises(Conflict, match="1 of 2 rows"):
        run(session, place, clock, GOOD[1], other)
    assert everything(session) == before


def test_one_bad_row_keeps_all_others_out(session, place, clock):
    before = everything(session)
    with pytest.raises(Conflict, match="Nothing was written: 1 of 2 rows"):
        run(session, place, clock, GOOD[0], "A-2,JP,,SI,SI;IT,2026-05-04,,,,,,")
    assert everything(session) == before
    assert derive.reconcile(session) == []


def test_the_good_rows_are_kept_when_asked_for(session, place, clock):
    done = run(session, place, clock, GOOD[0], "A-2,JP,,SI,SI;IT,2026-05-04,,,,,,", keep_good=True)
    assert (done.written, done.refused) == (1, 1)
    batch = session.get_one(ImportBatch, done.batch)
    assert (batch.rows_read, batch.rows_written, batch.rows_bad) == (2, 1, 1)


def test_apostrophes_that_guard_against_formulas_are_taken_off(session, place, clock):
    run(session, place, clock, "A-1,JP,'=Patrol,SI,SI;IT,2026-05-04,,'+13,,,,")
    row = activities(session)["A-1"]
    assert (row.title, row.place_text) == ("=Patrol", "+13")


@pytest.mark.parametrize(
    ("header", "line", "what"),
    [
        ("kind,title,starts_on,officers_total", "JP,Patrol,2026,99999999999", "more officers"),
        ("kind,title,starts_on,countries", f"JP,Patrol,2026,{MANY}", "at most 40"),
    ],
)
def test_what_the_registry_cannot_hold_is_said_before(session, place, header, line, what):
    found = checked(session, place, line, header=header)
    assert [error.row for error in found.errors] == [2]
    assert what in found.errors[0].sentence
    assert found.sound == ()


def test_a_nul_character_inside_a_workbook_is_an_error_and_no_crash(session, place):
    whole, packed = io.BytesIO(workbook(["kind", "title", "starts_on"], ["JP", "Pa_x0000_trol", "2026"])), io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"_x005F_x0000_", b"_x0000_"))
    found = check_activities(session, place[0], place[1], "spring.xlsx", packed.getvalue())
    assert [(error.row, error.column) for error in found.errors] == [(2, "title")]
    assert "NUL character" in found.errors[0].sentence


def test_the_whole_import_is_one_audited_event(session, place, clock):
    done = run(session, place, clock, *GOOD)
    [event] = session.scalars(select(AuditEvent))
    assert (event.action, event.subject, event.touched) == ("activity.import", f"batch {done.batch}", 3)
    assert event.content_hash == session.get_one(ImportBatch, done.batch).sha256


def test_an_import_is_withdrawn_whole_and_may_come_again(session, place, clock):
    done = run(session, place, clock, *GOOD)
    withdrawn = withdraw_import.withdraw(session, done.batch, "wrong year", actor=SYSTEM, clock=clock)
    session.expire_all()
    assert withdrawn == 3
    rows = session.scalars(select(Activity)).all()
    assert {(row.status, row.withdrawn_reason, row.version) for row in rows} == {("WITHDRAWN", "wrong year", 2)}
    versions = session.scalars(select(ActivityVersion)).all()
    assert {(kept.version, kept.content["status"], kept.reason) for kept in versions} == {
        (1, "REPORTED", "wrong year"),
        (1, "SIGNED", "wrong year"),
    }
    assert len(versions) == 3
    assert derive.reconcile(session) == []
    again = run(session, place, clock, *GOOD)
    assert (again.written, again.known) == (3, 0)
    assert derive.reconcile(session) == []
    assert activities(session)["A-1"].reference == "JP-SI-POL-2026-0002"


def test_what_was_withdrawn_singly_keeps_its_own_reason(session, place, clock):
    done = run(session, place, clock, *GOOD)
    row = activities(session)["A-1"]
    with derive.changing(session, [row.id]):
        row.status, row.withdrawn_at, row.withdrawn_reason = "WITHDRAWN", clock.now(), "a mistake"
    assert withdraw_import.withdraw(session, done.batch, "wrong year", actor=SYSTEM, clock=clock) == 2
    session.expire_all()
    assert session.get_one(Activity, row.id).withdrawn_reason == "a mistake"


def test_an_import_is_withdrawn_once_and_with_a_reason(session, place, clock):
    done = run(session, place, clock, *GOOD)
    with pytest.raises(ReasonRequired):
        withdraw_import.withdraw(session, done.batch, "  ", actor=SYSTEM, clock=clock)
    with pytest.raises(InvalidInput, match="mend"):
        withdraw_import.withdraw(session, done.batch, "x" * 401, actor=SYSTEM, clock=clock)
    withdraw_import.withdraw(session, done.batch, "wrong year", actor=SYSTEM, clock=clock)
    with pytest.raises(Conflict, match="already"):
        withdraw_import.withdraw(session, done.batch, "again", actor=SYSTEM, clock=clock)
    with pytest.raises(NotFound):
        withdraw_import.withdraw(session, done.batch + 1, "none", actor=SYSTEM, clock=clock)


def test_what_a_host_has_verified_is_not_withdrawn_whole(session, place, clock):
    done = run(session, place, clock, *GOOD)
    row = activities(session)["A-1"]
    session.scalars(select(Leg).where(Leg.activity_id == row.id)).one().verified_at = clock.now()
    session.flush()
    with pytest.raises(Conflict, match="JP-SI-POL-2026-0001"):
        withdraw_import.withdraw(session, done.batch, "wrong year", actor=SYSTEM, clock=clock)


def test_a_coordinator_imports_for_the_own_organisation_only(session, place, clock, factories):
    own = viewer_for(factories.user(place[0], place[1], Role.COORDINATOR))
    other = viewer_for(factories.user(place[0], place[2], Role.COORDINATOR))
    officer = viewer_for(factories.user(place[0], place[1], Role.OFFICER))
    with pytest.raises(NotAllowed):
        run(session, place, clock, *GOOD, actor=other)
    with pytest.raises(NotAllowed):
        run(session, place, clock, *GOOD, actor=officer)
    done = run(session, place, clock, *GOOD, actor=own)
    assert activities(session)["A-1"].logged_by == own.user_id
    with pytest.raises(NotFound):
        withdraw_import.withdraw(session, done.batch, "not mine", actor=other, clock=clock)


def test_an_unknown_organisation_and_a_project_for_reading_are_refused(session, place, clock, factories):
    with pytest.raises(InvalidInput, match="mend"):
        import_activities.owner_for(session, SYSTEM, place[0], "NOBODY")
    closed = factories.project(read_only=True)
    coordinator = viewer_for(factories.user(closed, place[1], Role.COORDINATOR))
    for actor in (SYSTEM, coordinator):
        with pytest.raises(ReadOnly):
            import_activities.owner_for(session, actor, closed, "SI-POL")


def test_two_thousand_rows_are_one_import(session, place, clock):
    lines = [f"B-{n},JP,Patrol {n},SI,SI;IT,2026-05-04,,,13.{n:04d},45.5,1," for n in range(2_000)]
    assert run(session, place, clock, *lines).written == 2_000
    assert activities(session)["B-1999"].reference == "JP-SI-POL-2026-2000"
    assert derive.reconcile(session) == []
