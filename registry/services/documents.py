"""Where is the receipt? Kept by the hash of its content outside the web root, given only to who may see evidence."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.errors import InvalidInput, NotFound, ReasonRequired
from registry.domain.permissions import GRANTS, Permission, Role, Viewer
from registry.models.costs import CostLine, Document
from registry.models.projects import Beneficiary, Organisation, Project
from registry.services import access, audit
from registry.services.receipt_files import clean
from registry.services.references import DOCUMENT, next_reference

FOLDER = "documents"
_RECORDERS = tuple(role for role in Role if Permission.COST_RECORD in GRANTS[role])


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A receipt as it is kept; ``path`` is for the edge to send as an attachment."""

    reference: str
    file_name: str
    media_type: str
    size_bytes: int
    path: Path


def store(
    session: Session,
    project_ref: str,
    file_name: str,
    content: bytes,
    *,
    instance: Path,
    actor: Viewer,
    clock: Clock,
    organisation: str = "",
) -> StoredDocument:
    """Keep a receipt without its metadata, with the hash of the original; InvalidInput on ``receipt``."""
    project = access.project_for(session, actor, project_ref)
    access.check_project_right(actor, project, Permission.COST_RECORD)
    owner = _owner(session, organisation, project, actor)
    file = clean(file_name, content)
    digest = hashlib.sha256(file.content).hexdigest()
    row = Document(
        project_id=project.id,
        reference=next_reference(session, DOCUMENT, owner, clock.now().year),
        sha256=digest,
        original_sha256=hashlib.sha256(content).hexdigest(),
        media_type=file.media_type,
        size_bytes=len(file.content),
        file_name=file.file_name,
        added_by=actor.user_id,
        added_at=clock.now(),
    )
    session.add(row)
    session.flush()  # a row that is refused leaves no file behind
    _keep(instance / FOLDER, digest, file.content)
    audit.record(
        session,
        actor=actor,
        action="document.add",
        subject=row.reference,
        project_id=project.id,
        clock=clock,
        content_hash=row.original_sha256,
    )
    return _stored(row, instance)


def open_document(
    session: Session, reference: str, *, instance: Path, actor: Viewer, clock: Clock, reason: str = ""
) -> StoredDocument:
    """A receipt for who may see it; every opening is logged. NotFound otherwise; auditors give a reason."""
    row = session.scalar(select(Document).where(Document.reference == reference))
    ground = _ground(session, row, actor) if row is not None else None
    if row is None or ground is None or not (instance / FOLDER / row.sha256).is_file():
        raise NotFound(f"There is no receipt {reference}, or you may not see it.")
    if ground is Role.AUDITOR and not reason.strip():
        raise ReasonRequired("Say for which check you open this receipt.")
    audit.record(
        session,
        actor=actor,
        action="document.open",
        subject=row.reference,
        project_id=row.project_id,
        clock=clock,
        reason=reason.strip()[:400],
    )
    return _stored(row, instance)


def _owner(session: Session, short: str, project: Project, actor: Viewer) -> Organisation:
    acting = actor.organisations_in(project.id, *_RECORDERS)
    if not short:
        if len(acting) != 1:
            raise InvalidInput({"organisation": ["Say for which organisation you keep this receipt."]})
        return session.get_one(Organisation, next(iter(acting)))
    found = session.scalar(select(Organisation).where(Organisation.short == short))
    if found is None or (found.id not in acting and not actor.unmasked):
        raise InvalidInput({"organisation": ["You keep receipts of your own organisation only."]})
    return found


def _ground(session: Session, row: Document, actor: Viewer) -> Role | None:
    """As what the actor may open it: own organisation's evidence, the lead's finance officer, or an auditor."""
    if not actor.may(Permission.EVIDENCE_VIEW, row.project_id):
        return None
    owners = _owners(session, row)
    seeing = tuple(role for role in Role if Permission.EVIDENCE_VIEW in GRANTS[role] and role is not Role.AUDITOR)
    if actor.unmasked or actor.organisations_in(row.project_id, *seeing) & owners:
        return Role.OFFICER
    lead = session.scalar(select(Project.lead_organisation_id).where(Project.id == row.project_id))
    if lead is not None and lead in actor.organisations_in(row.project_id, Role.FINANCE_OFFICER):
        return Role.FINANCE_OFFICER
    return Role.AUDITOR if Role.AUDITOR in actor.roles_in(row.project_id) else None


def may_prove_with(session: Session, row: Document, actor: Viewer) -> bool:
    """Whether the actor may put a receipt under a cost line: then the line's beneficiary may open it ever after."""
    if actor.unmasked:
        return True
    own = _owners(session, row) & actor.organisations_in(row.project_id, *_RECORDERS)
    return bool(own) or (actor.user_id is not None and row.added_by == actor.user_id)


def _owners(session: Session, row: Document) -> set[int]:
    """The organisations whose evidence it is: that of its number, and the beneficiaries of its cost lines."""
    bearers = (
        select(Beneficiary.organisation_id)
        .join(CostLine, CostLine.beneficiary_id == Beneficiary.id)
        .where(CostLine.document_id == row.id)
    )
    short = row.reference.removeprefix(f"{DOCUMENT}-").rsplit("-", 2)[0]
    own = select(Organisation.id).where(Organisation.short == short)
    return {*session.scalars(bearers), *session.scalars(own)}


def _keep(folder: Path, digest: str, content: bytes) -> None:
    """Write once, whole or not at all; the same content is kept once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / digest).is_file():
        return
    number, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(number)
    Path(name).replace(folder / digest)


def _stored(row: Document, instance: Path) -> StoredDocument:
    return StoredDocument(
        reference=row.reference,
        file_name=row.file_name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        path=instance / FOLDER / row.sha256,
    )
