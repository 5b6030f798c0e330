"""Does the command line import, explain, refuse and undo as the page does?"""

from __future__ import annotations

import csv
from datetime import date

import pytest
from sqlalchemy import func, select

from registry import reference
from registry.domain.permissions import Role
from registry.models.activities import Activity, ImportBatch
from registry.models.audit import AuditEvent
from registry.models.costs import CostLine, ExchangeRate
from registry.models.projects import Project
from registry.services import derive
from tests.functional.import_steps import (
    BAD_TABLES,
    GOOD,
    MIXED,
    SAMPLES,
    assert_untouched,
    bad_files,
    everything,
    prepare,
)

TO_ATHENA = ("--project", "ATHENA", "--organisation", "SI-POL")
RATES = b"Date,USD,RSD,\n2026-10-05,1.1000,117.05,\n2026-10-02,N/A,117.10,\n"


@pytest.fixture
def importing(session, factories):
    return prepare(session, factories)


@pytest.fixture
def run(app, session):
    def run_command(*words: object):
        session.commit()
        done = app.test_cli_runner().invoke(args=["registry", "import", *map(str, words)])
        session.expire_all()
        return done

    return run_command


@pytest.fixture
def file(tmp_path):
    def write(content: bytes, name: str = "spring.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def number_of(session, model=Activity):
    return session.scalar(select(func.count()).select_from(model))


def test_a_file_is_imported_and_twice_changes_nothing(importing, session, run, file):
    done = run("activities", file(GOOD), *TO_ATHENA)
    assert done.exit_code == 0, done.output
    assert "Rows written: 3, known: 0, bad: 0." in done.output
    before = everything(session)
    again = run("activities", file(GOOD), *TO_ATHENA)
    assert again.exit_code == 0
    assert "Rows written: 0, known: 3, bad: 0." in again.output
    assert_untouched(session, before)


def test_a_bad_row_is_said_with_place_and_mending_and_nothing_is_written(importing, session, run, file):
    before = everything(session)
    done = run("activities", file(MIXED), *TO_ATHENA)
    assert done.exit_code == 1
    assert "Row 3, column “starts_on”: “May” is not a date. Write a year, a month or a day" in done.output
    assert "Row 3, column “arrests”: “two” is not a count." in done.output
    assert "Rows written: 0, known: 0, bad: 1." in done.output
    assert "Nothing was written." in done.output
    assert_untouched(session, before)


def test_the_good_rows_are_kept_and_the_others_handed_back(importing, session, run, file, tmp_path):
    done = run("activities", file(MIXED), *TO_ATHENA, "--keep-good")
    assert done.exit_code == 0, done.output
    assert "Rows written: 1, known: 0, bad: 1." in done.output
    text = (tmp_path / "spring.errors.csv").read_text(encoding="utf-8-sig")
    header, [row] = text.splitlines()[0].split(","), list(csv.DictReader(text.splitlines()))
    assert header[:4] == ["row", "column", "problem", "how to mend"]
    assert (row["row"], row["column"], row["reference"]) == ("3", "starts_on; arrests", "A-2")
    assert row["title"] == "'=Patrol"
    assert "“May” is not a date." in row["problem"]
    assert "2024-05-17" in row["how to mend"]


def test_the_file_of_bad_rows_can_be_mended_and_imported(importing, session, run, file, tmp_path):
    target = tmp_path / "mend.csv"
    run("activities", file(MIXED), *TO_ATHENA, "--keep-good", "--errors", target)
    mended = target.read_text(encoding="utf-8-sig").replace(",May,two", ",2026-05,2")
    done = run("activities", file(mended.encode(), "mended.csv"), *TO_ATHENA)
    assert done.exit_code == 0, done.output
    assert session.scalars(select(Activity.title).where(Activity.external_reference == "A-2")).one() == "=Patrol"


def test_rows_of_a_wrong_length_are_handed_back_as_they_came(importing, run, file, tmp_path):
    content = b"kind,title,starts_on\nJP,Patrol,2026\nJP,Pass, hill,2026\nJP,River\n"
    done = run("activities", file(content), *TO_ATHENA, "--keep-good", "--errors", tmp_path / "mend.csv")
    assert "Rows written: 1, known: 0, bad: 2." in done.output
    rows = list(csv.reader((tmp_path / "mend.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row[4:] for row in rows] == [
        ["kind", "title", "starts_on"],
        ["JP", "Pass", "hill", "2026"],
        ["JP", "River"],
    ]


def test_changed_content_under_a_known_reference_is_an_error(importing, run, file):
    run("activities", file(GOOD), *TO_ATHENA)
    done = run("activities", file(GOOD.replace(b"pass", b"hill")), *TO_ATHENA)
    assert done.exit_code == 1
    assert "Row 2, column “reference”: “A-1” is recorded already, as JP-SI-POL-2026-0001" in done.output
    assert "Rows written: 0, known: 2, bad: 1." in done.output


def test_every_bad_file_says_what_is_wrong_and_writes_nothing(importing, session, run, file):
    before = everything(session)
    for name, content in bad_files().items():
        done = run("activities", file(content, name), *TO_ATHENA)
        assert done.exit_code == 1, name
        assert isinstance(done.exception, SystemExit), name
        assert "Nothing was written" in done.output or "Error: " in done.output, name
        assert len(done.output) > 40, name
    assert_untouched(session, before)


if SAMPLES.is_dir():

    def test_a_table_of_another_program_is_told_which_columns_are_needed(importing, run):
        done = run("activities", SAMPLES / "wrong_line_length.csv", *TO_ATHENA)
        assert done.exit_code == 1
        assert "no column “kind”" in done.output
        assert "kind, title, starts_on are needed" in done.output

    def test_an_empty_file_is_said_to_be_empty(importing, run):
        done = run("activities", SAMPLES / "empty.csv", *TO_ATHENA)
        assert done.exit_code == 1
        assert "“empty.csv” is empty" in done.output


def test_the_published_activities_can_be_imported_into_a_project_of_ones_own(session, factories, run):
    importing = prepare(session, factories, whole=True)
    done = run("activities", reference.path("real_activities.csv"), *TO_ATHENA)
    assert done.exit_code == 0, done.output
    rows = session.scalars(select(Activity).where(Activity.project_id == importing.project.id)).all()
    assert len(rows) == 59
    assert {row.owner_organisation_id for row in rows} == {importing.owner.id}
    assert sum("fewer than two countries" in row.flags for row in rows) == 6
    assert {row.external_reference[:4] for row in rows} == {"PUB-"}
    assert derive.reconcile(session) == []


def test_the_published_record_is_loaded_once(session, run):
    assert "Published activities written: 59." in run("published").output
    assert "Published activities written: 0." in run("published").output
    assert session.scalars(select(Project.reference)).all() == ["PUBLISHED"]
    assert derive.reconcile(session) == []


def test_an_import_is_withdrawn_with_a_reason_and_may_come_again(importing, session, run, file):
    run("activities", file(GOOD), *TO_ATHENA)
    batch = session.scalars(select(ImportBatch.id)).one()
    assert run("withdraw", batch).exit_code == 2
    done = run("withdraw", batch, "--reason", "wrong year")
    assert "Activities withdrawn: 3." in done.output
    assert "Rows written: 3" in run("activities", file(GOOD), *TO_ATHENA).output
    assert derive.reconcile(session) == []


def test_the_command_acts_with_the_rights_of_the_person_named(importing, session, run, file, factories):
    person = factories.user(importing.project, importing.owner, Role.COORDINATOR, email="ana@police.example")
    factories.user(importing.project, importing.owner, Role.OFFICER, email="jan@police.example")
    refused = run("activities", file(GOOD), *TO_ATHENA, "--as", "jan@police.example")
    assert refused.exit_code == 1
    assert "does not include this" in refused.output
    done = run("activities", file(GOOD), *TO_ATHENA, "--as", "Ana@police.example", "--reason", "handed in late")
    assert done.exit_code == 0, done.output
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "activity.import")).one()
    assert (event.actor, event.reason) == (person.email, "handed in late")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--project", "NONE", "--organisation", "SI-POL"), "no project NONE"),
        (("--project", "ATHENA", "--organisation", "NONE"), "no organisation with the short code “NONE”"),
        (("--project", "ATHENA", "--organisation", "NONE"), "You can import for: "),
        ((*TO_ATHENA, "--as", "nobody@police.example"), "no account"),
    ],
)
def test_what_does_not_exist_is_said_in_a_sentence(importing, run, file, words, said):
    done = run("activities", file(GOOD), *words)
    assert done.exit_code == 1
    assert said in done.output


def test_rates_are_imported_once_and_convert_what_waits(importing, session, run, file, factories):
    beneficiary = factories.beneficiary(factories.project(), importing.owner)
    line = factories.cost_line(beneficiary, 11_705, currency="RSD", provisional=True)
    derive.rebuild(session)
    done = run("rates", file(RATES))
    assert done.exit_code == 0, done.output
    assert "Quotes written: 3, known: 0, bad: 0." in done.output
    assert "changed: 1." in done.output
    assert session.get_one(CostLine, line.id).eur_minor == 100
    assert "Quotes written: 0, known: 3, bad: 0." in run("rates", file(RATES)).output
    assert number_of(session, ExchangeRate) == 3
    assert session.scalars(select(ImportBatch.what)).all() == ["rates"]
    assert derive.reconcile(session) == []


def test_a_quote_that_contradicts_the_stored_one_is_an_error_with_its_row(importing, session, run, file, factories):
    factories.rate("RSD", date(2026, 10, 2), "117.20")
    before = everything(session)
    done = run("rates", file(RATES))
    assert done.exit_code == 1
    assert "Row 3, column “RSD”: “117.10” contradicts the RSD stored for 2026-10-02: 117.20, by ECB." in done.output
    assert_untouched(session, before)
    assert run("rates", file(RATES), "--source", "National bank").exit_code == 0


def test_bad_rates_are_explained_and_not_stored(session, run):
    before = everything(session)
    for path in BAD_TABLES.glob("rates*"):
        done = run("rates", path)
        assert done.exit_code == 1, path.name
        assert "Error: " in done.output, path.name
    assert_untouched(session, before)


def test_rates_are_imported_by_the_lead_partners_finance_officer(importing, session, run, file, factories):
    importing.project.lead_organisation_id = importing.owner.id
    factories.user(importing.project, importing.owner, Role.FINANCE_OFFICER, email="lead@police.example")
    factories.user(importing.project, importing.partner, Role.FINANCE_OFFICER, email="other@police.example")
    here = ("--project", "ATHENA")
    assert run("rates", file(RATES), "--as", "lead@police.example").exit_code == 1
    assert run("rates", file(RATES), *here, "--as", "other@police.example").exit_code == 1
    assert number_of(session, ExchangeRate) == 0
    assert run("rates", file(RATES), *here, "--as", "lead@police.example").exit_code == 0
    assert number_of(session, ExchangeRate) == 3
