"""How do the rows of a file become activities? One batch, all or nothing or the good rows; twice changes nothing.

A row is known again by its reference, or by its whole content where it has none (decision 22).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.commands import fingerprint
from registry.domain.errors import Conflict, InvalidInput, NotAllowed, ReadOnly
from registry.domain.imported import ActivityRow
from registry.domain.permissions import Permission, Role, Viewer
from registry.models.activities import Activity, ImportBatch
from registry.models.projects import Beneficiary, Organisation, Project
from registry.services import access, audit, derive
from registry.services.imported_rows import RowBuilder

T = TypeVar("T")
CHUNK = 500
"""Rows written at a time: fewer than the parameters that SQLite takes in one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportActivities:
    """The good rows of one file to be written for an organisation of a project; ``bad`` counts the others."""

    project: str
    organisation: str
    file_name: str
    content: bytes
    rows: tuple[ActivityRow, ...]
    bad: int = 0
    keep_good: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The rows of a file by what the registry knows of them already.

    ``changed`` rows say something else than the record of their reference, here with that record's; ``repeated`` ones
    say word for word what an earlier row of the file says, here with its number, and have no reference to tell them
    apart.
    """

    new: tuple[ActivityRow, ...]
    known: tuple[ActivityRow, ...]
    changed: tuple[tuple[ActivityRow, str], ...]
    repeated: tuple[tuple[ActivityRow, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: its batch (None when nothing was new) and how many rows were written, known and refused."""

    batch: int | None
    written: int
    known: int
    refused: int = 0


def identity(row: ActivityRow) -> str:
    """What the row is known by again: its reference, or the hash of what it says."""
    return row.reference or f"row:{_said(row)[:32]}"


def _said(row: ActivityRow) -> str:
    """The hash of what a row says, wherever in the file it stands."""
    return fingerprint(replace(row, number=0))


def owner_for(session: Session, viewer: Viewer, project: Project, short: str) -> Organisation:
    """The organisation that will own the records; the viewer must be its coordinator in the project."""
    access.check_project_right(viewer, project, Permission.ACTIVITY_IMPORT)
    if project.read_only:
        raise ReadOnly("The published record is loaded from its own table, not by an import.")
    owner = session.scalar(select(Organisation).where(Organisation.short == short))
    if owner is None:
        use = ", ".join(_codes_for(session, viewer, project)) or "none: ask your coordinator"
        says = f"There is no organisation with the short code “{short}”. You can import for: {use}."
        raise InvalidInput({"organisation": [says]})
    if not viewer.unmasked and owner.id not in viewer.organisations_in(project.id, Role.COORDINATOR):
        raise NotAllowed("You can import only for the organisation whose coordinator you are.")
    return owner


def _codes_for(session: Session, viewer: Viewer, project: Project) -> list[str]:
    """Short codes of the organisations the viewer can import for: those they coordinate; all of the project."""
    found = select(Organisation.short).order_by(Organisation.short)
    if viewer.unmasked:
        found = found.join(Beneficiary).where(Beneficiary.project_id == project.id).distinct()
    else:
        found = found.where(Organisation.id.in_(viewer.organisations_in(project.id, Role.COORDINATOR)))
    return list(session.scalars(found))


def sort_rows(session: Session, project: Project, owner: Organisation, rows: Sequence[ActivityRow]) -> Sorted:
    """Which rows are new, which are recorded already as they are, which say something else under their reference?"""
    recorded = _recorded(session, project, owner, [identity(row) for row in rows])
    new: dict[str, ActivityRow] = {}
    known: list[ActivityRow] = []
    changed: list[tuple[ActivityRow, str]] = []
    repeated: list[tuple[ActivityRow, int]] = []
    for row in rows:
        key = identity(row)
        reference, said = recorded.get(key, ("", ""))
        if reference:
            if said == _said(row):
                known.append(row)
            else:
                changed.append((row, reference))
        elif key in new:
            repeated.append((row, new[key].number))
        else:
            new[key] = row
    return Sorted(new=tuple(new.values()), known=tuple(known), changed=tuple(changed), repeated=tuple(repeated))


def _recorded(
    session: Session, project: Project, owner: Organisation, keys: list[str]
) -> dict[str, tuple[str, str | None]]:
    """By what a row is known again: the record's reference and the hash of what the row said that made it."""
    found: dict[str, tuple[str, str | None]] = {}
    for part in _chunks(keys):
        statement = select(Activity.external_reference, Activity.reference, Activity.body_hash).where(
            Activity.project_id == project.id,
            Activity.owner_organisation_id == owner.id,
            Activity.external_reference.in_(part),
        )
        found.update({str(key): (reference, said) for key, reference, said in session.execute(statement)})
    return found


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def import_activities(session: Session, command: ImportActivities, *, actor: Viewer, clock: Clock) -> Imported:
    """Write the new rows as one batch.

    Raises Conflict when rows are bad, or say something else than recorded, and not the good ones alone are wanted.
    """
    project = access.project_for(session, actor, command.project)
    owner = owner_for(session, actor, project, command.organisation)
    # Two imports for one organisation come one after the other: the second finds what the first has written.
    session.execute(select(Organisation.id).where(Organisation.id == owner.id).with_for_update())
    rows = sort_rows(session, project, owner, command.rows)
    refused = command.bad + len(rows.changed) + len(rows.repeated)
    if refused and not command.keep_good:
        raise Conflict(f"Nothing was written: {refused} of {command.bad + len(command.rows)} rows need mending first.")
    if not rows.new:
        return Imported(batch=None, written=0, known=len(rows.known), refused=refused)
    batch = _batch(command, rows, project=project, owner=owner, refused=refused, actor=actor, clock=clock)
    session.add(batch)
    session.flush()  # its number is written into every record
    builder = RowBuilder(session, project=project, owner=owner, batch=batch, clock=clock, logged_by=actor.user_id)
    for part in _chunks(rows.new):
        _write(session, builder, part)
    audit.record(
        session,
        actor=actor,
        action="activity.import",
        subject=f"batch {batch.id}",
        project_id=project.id,
        clock=clock,
        reason=command.reason,
        touched=len(rows.new),
        content_hash=batch.sha256,
        details={"file": batch.file_name, "organisation": owner.short, "known": len(rows.known), "bad": refused},
    )
    return Imported(batch=batch.id, written=len(rows.new), known=len(rows.known), refused=refused)


def _write(session: Session, builder: RowBuilder, rows: Sequence[ActivityRow]) -> None:
    with derive.changing(session) as ids:
        for row in rows:
            activity = builder.activity(row)
            activity.external_reference, activity.body_hash = identity(row), _said(row)
        ids.extend(builder.stored())


def _batch(
    command: ImportActivities,
    rows: Sorted,
    *,
    project: Project,
    owner: Organisation,
    refused: int,
    actor: Viewer,
    clock: Clock,
) -> ImportBatch:
    return ImportBatch(
        project_id=project.id,
        organisation_id=owner.id,
        what="activities",
        file_name=command.file_name[-240:],
        sha256=hashlib.sha256(command.content).hexdigest(),
        rows_read=len(command.rows) + command.bad,
        rows_written=len(rows.new),
        rows_known=len(rows.known),
        rows_bad=refused,
        imported_at=clock.now(),
        imported_by=actor.email,
    )
