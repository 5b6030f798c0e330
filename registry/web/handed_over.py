"""What is written down when somebody reads as an auditor, or takes a file out?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from flask import Response, send_file

from registry.domain.permissions import Role
from registry.edge import clock, commits, current_project, viewer, write_unit
from registry.extensions import db
from registry.services import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A file that is ready to go, and what the audit log says about it."""

    file: IO[bytes]
    media_type: str
    name: str
    action: str
    rows: int
    content_hash: str
    reason: str
    details: Mapping[str, str]


def auditor_read(action: str, touched: int, details: Mapping[str, str], *, exact: int = 0) -> None:
    """Write down the read, if an auditor reads or so many exact places were shown: a protected read (decision 40)."""
    project = current_project()
    if Role.AUDITOR not in viewer().roles_in(project.id) and not exact:
        return
    with write_unit():
        audit.record(
            db.session(),
            actor=viewer(),
            action=action,
            subject=project.reference,
            project_id=project.id,
            clock=clock(),
            touched=touched,
            details=details,
        )


@commits
def hand_over(made: MadeFile) -> Response:
    """The file as an attachment, with its audit row: the writing begins only when the file is there."""
    project = current_project()
    audit.record(
        db.session(),
        actor=viewer(),
        action=made.action,
        subject=project.reference,
        project_id=project.id,
        clock=clock(),
        reason=made.reason,
        touched=made.rows,
        content_hash=made.content_hash,
        details=made.details,
    )
    response = send_file(made.file, mimetype=made.media_type, as_attachment=True, download_name=made.name)
    response.headers["X-Rows"] = str(made.rows)
    return response
