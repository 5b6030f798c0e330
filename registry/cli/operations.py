"""flask --app wsgi registry doctor | backup | restore | reconcile | tick | audit verify: running an installation."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.cli import archives
from registry.db.migrations import migration_url
from registry.domain.errors import RegistryError
from registry.domain.permissions import SYSTEM
from registry.edge import clock, write_unit
from registry.edge.doctor import examine
from registry.extensions import db
from registry.services import audit as audit_log
from registry.services import derive
from registry.services.documents import FOLDER


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say whether this installation is sound, in sentences; exit 1 when something is wrong."""
    wrong = 0
    for finding in examine(current_app, db.engine, clock()):
        wrong += finding.wrong
        click.echo(f"{'WRONG' if finding.wrong else 'fine '}  {finding.sentence}")
    click.echo(f"{wrong} to mend." if wrong else "Nothing to mend.")
    raise SystemExit(1 if wrong else 0)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Save database and receipts into the new archive FILE (tar), while the registry is in use."""
    with write_unit():  # before the copy is made, so that the copy tells of it
        audit_log.record(db.session(), actor=SYSTEM, action="backup.save", subject=file.name[:80], clock=clock())
    try:
        counts = archives.save(_url(), _documents(), file.absolute(), clock().now())
    except RegistryError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Saved {sum(counts.values()):,} rows of {len(counts)} tables, and the receipts, into {file}.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
@with_appcontext
def restore(file: Path, force: bool) -> None:
    """Bring database and receipts back from the archive FILE. Stop the server first."""
    db.session.remove()
    db.engine.dispose()
    try:
        counts = archives.bring_back(_url(), _documents(), file.absolute(), force=force)
    except RegistryError as error:
        raise click.ClickException(error.message) from error
    with write_unit():
        audit_log.record(
            db.session(),
            actor=SYSTEM,
            action="backup.restore",
            subject=file.name[:80],
            clock=clock(),
            touched=sum(counts.values()),
        )
    click.echo(f"Restored {sum(counts.values()):,} rows of {len(counts)} tables, and the receipts, from {file}.")


@click.command("reconcile")
@with_appcontext
def reconcile() -> None:
    """Recompute every stored count from the records; print each drift and exit 1 when there is one."""
    drifts = derive.reconcile(db.session())
    for drift in drifts:
        click.echo(drift)
    click.echo(f"{len(drifts)} stored counts differ from the records." if drifts else "All stored counts agree.")
    raise SystemExit(1 if drifts else 0)


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Run the one timer: move what has come due into the released counts. For a timer, every minute."""
    with write_unit():
        moved = derive.tick(db.session(), clock())
        if moved:
            audit_log.record(
                db.session(), actor=SYSTEM, action="tick.release", subject="releases", clock=clock(), touched=moved
            )
    click.echo(f"{moved:,} records released.")


@click.group("audit")
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@with_appcontext
def verify() -> None:
    """Walk the chain of hashes; print each broken link and exit 1 when there is one."""
    count, faults = audit_log.verify(db.session())
    for fault in faults:
        click.echo(fault)
    click.echo(f"{count:,} events read, {len(faults):,} faults.")
    raise SystemExit(1 if faults else 0)


def _url() -> str:
    # The owner role, where there is one: the application's own may not make tables (decision 43).
    return migration_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).render_as_string(hide_password=False)


def _documents() -> Path:
    return Path(current_app.config["INSTANCE"]) / FOLDER
