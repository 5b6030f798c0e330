"""What has somebody begun to write? Kept on the server for its writer alone, until it is logged (decision 45)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.commands import SaveDraft
from registry.domain.errors import Conflict, InvalidInput, NotFound
from registry.domain.permissions import Permission, Viewer
from registry.models.activities import Draft
from registry.models.projects import Project
from registry.services import access

MAX_BYTES = 200_000
MOST_DRAFTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One draft with what was typed; ``project`` is its reference."""

    project: str
    kind: str
    client_uuid: str
    content: Mapping[str, Any]
    saved_at: datetime


def save(session: Session, command: SaveDraft, *, actor: Viewer, clock: Clock) -> DraftRow:
    """Keep what is typed so far; the newest content replaces the one before. Drafts are no records: not audited."""
    project = access.project_for(session, actor, command.project)
    access.check_project_right(actor, project, Permission.ACTIVITY_LOG)
    _check(command)
    row = session.scalar(_own(actor).where(Draft.client_uuid == command.client_uuid).with_for_update())
    if row is None:
        _check_number(session, actor)
        row = Draft(user_id=_user(actor), client_uuid=command.client_uuid)
        session.add(row)
    row.project_id, row.kind = project.id, command.kind
    row.content, row.saved_at = dict(command.content), clock.now()
    session.flush()  # the next keystroke finds it
    return _shown(row, project.reference)


def listed(session: Session, *, actor: Viewer, project_id: int) -> tuple[DraftRow, ...]:
    """The actor's own drafts of a project, the newest first."""
    statement = _own(actor).where(Draft.project_id == project_id).order_by(Draft.saved_at.desc(), Draft.id.desc())
    reference = session.scalar(select(Project.reference).where(Project.id == project_id)) or ""
    return tuple(_shown(row, reference) for row in session.scalars(statement))


def draft(session: Session, client_uuid: str, *, actor: Viewer) -> DraftRow:
    """One of the actor's own drafts; NotFound for anybody else's."""
    row = session.scalar(_own(actor).where(Draft.client_uuid == client_uuid))
    if row is None:
        raise NotFound("There is no such draft.")
    return _shown(row, session.get_one(Project, row.project_id).reference)


def discard(session: Session, client_uuid: str, *, actor: Viewer) -> bool:
    """Throw the actor's draft away; False when there was none."""
    own = session.scalar(_own(actor).where(Draft.client_uuid == client_uuid))
    if own is None:
        return False
    session.execute(delete(Draft).where(Draft.id == own.id))
    return True


def _own(actor: Viewer) -> Any:
    return select(Draft).where(Draft.user_id == actor.user_id)


def _user(actor: Viewer) -> int:
    if actor.user_id is None:
        raise InvalidInput({"form": ["Drafts are kept for people who are signed in."]})
    return actor.user_id


def _check(command: SaveDraft) -> None:
    if not command.client_uuid or len(command.client_uuid) > 36:
        raise InvalidInput({"client_uuid": ["Every draft carries a UUID made where it was written."]})
    if not command.kind or len(command.kind) > 8:
        raise InvalidInput({"kind": ["Choose what kind of activity it is."]})
    if len(json.dumps(dict(command.content), ensure_ascii=False).encode()) > MAX_BYTES:
        raise InvalidInput({"content": [f"A draft keeps at most {MAX_BYTES // 1000} kB. Send it, or shorten it."]})


def _check_number(session: Session, actor: Viewer) -> None:
    count = session.scalar(select(func.count()).select_from(Draft).where(Draft.user_id == actor.user_id)) or 0
    if count >= MOST_DRAFTS:
        raise Conflict(f"You keep {MOST_DRAFTS} drafts already. Send some, or throw some away.")


def _shown(row: Draft, project: str) -> DraftRow:
    return DraftRow(
        project=project, kind=row.kind, client_uuid=row.client_uuid, content=row.content, saved_at=row.saved_at
    )
