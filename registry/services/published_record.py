"""What has been published of joint activities? The read-only project that every user may read (decision 5)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.imported import ActivityRow
from registry.models.activities import Activity
from registry.models.projects import Project
from registry.services import derive
from registry.services.imported_rows import RowBuilder

REFERENCE = "PUBLISHED"


def load(session: Session, rows: Sequence[ActivityRow], *, clock: Clock) -> int:
    """Write the published activities that are not there yet; returns how many. Twice changes nothing."""
    project = session.scalar(select(Project).where(Project.reference == REFERENCE)) or _project(session)
    there = set(session.scalars(select(Activity.reference).where(Activity.project_id == project.id)))
    missing = [row for row in rows if row.reference not in there]
    builder = RowBuilder(session, project=project, owner=None, clock=clock)
    with derive.changing(session) as ids:
        for row in missing:
            activity = builder.activity(row)
            activity.verified_at = activity.released_at = clock.now()
            activity.tallied = True
        ids.extend(builder.stored())
    return len(missing)


def _project(session: Session) -> Project:
    project = Project(
        reference=REFERENCE,
        acronym="Published record",
        title="Joint activities as their sources published them",
        read_only=True,
        note="Facts from public pages; each record names its source.",
    )
    session.add(project)
    session.flush()  # its id is written into every record
    return project
