"""Can an installation without a demonstration get its project from a file, and work in it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.domain.permissions import Role
from registry.models.geography import Country
from registry.models.projects import Organisation, Project
from tests.factories import sign_in
from tests.functional.import_steps import assert_untouched, everything

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "project.json"


@pytest.fixture
def run(app, session):
    def run_command(*words):
        session.commit()
        done = app.test_cli_runner().invoke(args=["registry", "import", "project", *map(str, words)])
        session.expire_all()
        return done

    return run_command


@pytest.fixture
def changed(tmp_path):
    """The example after a change, as a file."""

    def write(change):
        body = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        change(body)
        path = tmp_path / "project.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        return path

    return write


def test_the_example_is_made_and_the_next_step_is_said(session, run):
    done = run(EXAMPLE)
    assert done.exit_code == 0, done.output
    assert (
        "Made: organisations 2, project 1, work packages 2, targets 2, beneficiaries 2, budget lines 4." in done.output
    )
    assert "Next: give people their roles in EXAMPLE-1 under /admin/people." in done.output
    assert session.get(Country, "RO").name == "Romania"


def test_twice_changes_nothing_and_a_change_is_said(session, run, changed):
    run(EXAMPLE)
    before = everything(session)
    again = run(EXAMPLE)
    assert again.exit_code == 0
    assert "Nothing changed: EXAMPLE-1 stands as in the file." in again.output
    assert_untouched(session, before)
    third = run(changed(lambda body: body["project"].update(title="Another title")))
    assert "Changed: project 1." in third.output
    assert session.scalar(select(Project.title)) == "Another title"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"project": ', "The file is not JSON: line 1, column 13"),
        (b'{"project": {"title": "\xe9"}}', "The file is not in UTF-8."),
        (b"[]", "Send a JSON object."),
        (b'{"project": {"title": "a", "title": "b"}}', "“title” stands twice in the same object."),
        (b"[" * 100_000, "The file is nested too deeply to be a project."),
        (b"{}", "organisations: This is missing. Add it."),
    ],
)
def test_a_file_that_is_no_project_is_refused_in_a_sentence(session, run, tmp_path, content, sentence):
    before = everything(session)
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    done = run(path)
    assert done.exit_code == 1
    assert sentence in done.output
    assert "Nothing was written. Mend the file and import it again." in done.output
    assert_untouched(session, before)


def test_an_unknown_country_or_category_is_named_by_its_path(session, run, changed):
    def change(body):
        body["organisations"][1]["country"] = "ZZ"
        body["beneficiaries"][1]["budget"][0]["category"] = "FOOD"

    before = everything(session)
    done = run(changed(change))
    assert done.exit_code == 1
    assert "organisations.1.country: This country is not known here. Choose one of AL, AT" in done.output
    assert "beneficiaries.1.budget.0.category: A budget category is one of PERS, SUBC, TRAV, EQUI, OTHR." in done.output
    assert_untouched(session, before)


def test_a_refusal_of_the_registry_leaves_everything_as_it_was(session, run, factories):
    factories.organisation("RO", country="IT", name="Roma")
    session.commit()
    before = everything(session)
    done = run(EXAMPLE)
    assert done.exit_code == 1
    assert "organisations.1.country: RO is Roma (IT) here. Choose another short code." in done.output
    assert_untouched(session, before)


def test_only_an_administrator_may_be_named(run, factories):
    factories.user(factories.project(), factories.organisation(), Role.COORDINATOR, email="lead@example.org")
    done = run(EXAMPLE, "--as", "lead@example.org")
    assert done.exit_code == 1
    assert "Projects are set up by an administrator of the installation." in done.output
    factories.user(None, None, Role.ADMINISTRATOR, email="admin@example.org")
    assert run(EXAMPLE, "--as", "admin@example.org").exit_code == 0


def test_an_administrator_without_a_project_is_told_how_one_is_made(session, client, page_client, factories):
    sign_in(client, session, factories.user(None, None, Role.ADMINISTRATOR))
    page = page_client.get("/projects")
    assert "flask --app wsgi registry import project FILE" in page.text


def test_a_coordinator_then_opens_the_log_and_every_page_of_the_project(session, run, client, page_client, factories):
    run(EXAMPLE)
    project = session.scalar(select(Project))
    police = session.scalar(select(Organisation).where(Organisation.short == "SI"))
    sign_in(client, session, factories.user(project, police, Role.COORDINATOR))
    assert "/p/EXAMPLE-1/log/joint-patrol" in page_client.get("/p/EXAMPLE-1/log").links()
    form = page_client.get("/p/EXAMPLE-1/log/joint-patrol")
    assert form.one("form", id="log-form").get("method") == "post"
    for name in ("today", "activities", "map", "targets", "money"):
        page_client.get(f"/p/EXAMPLE-1/{name}")
