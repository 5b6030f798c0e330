"""Running an installation from the command line: the doctor, backups, reconciliation, the timer, the audit log."""

from __future__ import annotations

import tarfile
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from registry import create_app
from registry.db.engine import engine_options
from registry.models.activities import Activity
from registry.models.aggregates import ProjectTally, ReleasedTally
from registry.models.audit import AuditEvent
from registry.services import derive
from tests.factories import NOW, Factories


@pytest.fixture
def run(app):
    def invoke(*words):
        return app.test_cli_runner().invoke(args=["registry", *words])

    return invoke


def installation(database, folder):
    """An application of its own, on a database where commits are real."""
    folder.mkdir()
    return create_app(
        {
            "TESTING": True,
            "INSTANCE": str(folder),
            "SQLALCHEMY_DATABASE_URI": database.engine.url.render_as_string(hide_password=False),
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database.url),
            "SECRET_KEY": "x" * 40,
        }
    )


def invoke(app, *words):
    result = app.test_cli_runner().invoke(args=["registry", *words])
    with app.app_context():
        from registry.extensions import db

        db.engine.dispose()
    return result


def test_the_doctor_finds_a_migrated_database_of_the_right_revision(run):
    answer = run("doctor")
    assert "The schema is up to date (" in answer.output
    assert "driver" in answer.output
    assert "no virus scanner is connected" in answer.output


def test_the_doctor_names_a_database_without_tables_and_fails(bare_database, tmp_path):
    app = installation(bare_database, tmp_path / "instance")
    answer = invoke(app, "doctor")
    assert answer.exit_code == 1
    assert "The database is empty, the program needs" in answer.output
    assert "flask --app wsgi db upgrade" in answer.output


def test_reconcile_agrees_with_what_the_services_keep(run, factories, session):
    project = factories.project()
    factories.activity(project, factories.organisation())
    derive.rebuild(session)
    session.commit()
    answer = run("reconcile")
    assert (answer.exit_code, answer.output) == (0, "All stored counts agree.\n")


def test_reconcile_names_the_drift_and_fails(run, session):
    session.add(
        ProjectTally(
            project_id=1,
            kind="JP",
            phase="held",
            month=202611,
            root=1,
            activities=3,
            attendances=0,
            attendances_unknown=0,
            verified=0,
        )
    )
    session.commit()
    answer = run("reconcile")
    assert answer.exit_code == 1
    assert "project_tally" in answer.output
    assert "1 stored counts differ" in answer.output


def test_the_timer_releases_what_has_come_due_and_says_so_in_the_audit_log(run, factories, session):
    activity = factories.activity(factories.project(), factories.organisation(), verified=True)
    activity.released_at = NOW - timedelta(minutes=5)
    session.commit()
    assert run("tick").output == "1 records released.\n"
    assert session.scalar(select(Activity.tallied).execution_options(populate_existing=True)) is True
    assert session.scalar(select(ReleasedTally.activities).where(ReleasedTally.dimension == "all")) == 1
    assert session.scalars(select(AuditEvent.action)).all() == ["tick.release"]
    assert run("tick").output == "0 records released.\n"
    assert len(session.scalars(select(AuditEvent.id)).all()) == 1


def test_the_audit_chain_is_walked_and_a_change_is_found(run, factories, session):
    activity = factories.activity(factories.project(), factories.organisation(), verified=True)
    activity.released_at = NOW - timedelta(minutes=5)
    session.commit()
    run("tick")
    assert run("audit", "verify").output == "1 events read, 0 faults.\n"
    session.execute(text("UPDATE audit_event SET actor = 'somebody else'"))
    session.commit()
    answer = run("audit", "verify")
    assert answer.exit_code == 1
    assert "was changed after it was written" in answer.output


@pytest.fixture
def saved(own_database, tmp_path):
    """A filled installation, and its archive with one receipt."""
    from sqlalchemy.orm import Session

    with own_database.engine.connect().execution_options(write=True) as connection, Session(connection) as session:
        made = Factories(session)
        made.activity(made.project("KEPT"), made.organisation("KEPT"))
        session.commit()
    app = installation(own_database, tmp_path / "instance")
    (tmp_path / "instance" / "documents").mkdir()
    (tmp_path / "instance" / "documents" / "abc").write_bytes(b"a receipt")
    archive = tmp_path / "saved.tar"
    answer = invoke(app, "backup", str(archive))
    assert answer.exit_code == 0, answer.output
    return archive


def test_an_archive_brings_database_and_receipts_back(saved, bare_database, tmp_path):
    other = installation(bare_database, tmp_path / "other")
    answer = invoke(other, "restore", str(saved))
    assert answer.exit_code == 0, answer.output
    assert (tmp_path / "other" / "documents" / "abc").read_bytes() == b"a receipt"
    with bare_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT reference FROM project")) == "KEPT"
        assert connection.execute(text("SELECT action FROM audit_event ORDER BY id")).scalars().all() == [
            "backup.save",
            "backup.restore",
        ]


def test_an_archive_is_for_its_owner_only_and_says_what_it_holds(saved):
    assert saved.stat().st_mode & 0o777 == 0o600
    with tarfile.open(saved) as tar:
        assert {"manifest.json", "database", "documents/abc"} <= set(tar.getnames())


def test_a_restore_into_a_database_in_use_is_refused(saved, own_database, tmp_path):
    app = installation(own_database, tmp_path / "again")
    answer = invoke(app, "restore", str(saved))
    assert answer.exit_code == 1
    assert "not empty" in answer.output
    assert invoke(app, "restore", str(saved), "--force").exit_code == 0


def test_what_is_no_archive_is_refused(bare_database, tmp_path):
    (tmp_path / "letter.tar").write_text("not a tar")
    app = installation(bare_database, tmp_path / "other")
    answer = invoke(app, "restore", str(tmp_path / "letter.tar"))
    assert answer.exit_code == 1
    assert "is not a backup of the registry" in answer.output
