"""Who did or read what? Appends to the hash-chained audit log, inside the writing transaction; verifies the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.permissions import Viewer
from registry.models.audit import AuditEvent, AuditHead

GENESIS = "0" * 64
FRESH = {"populate_existing": True}


def record(
    session: Session,
    *,
    actor: Viewer,
    action: str,
    subject: str,
    clock: Clock,
    project_id: int | None = None,
    reason: str = "",
    touched: int = 1,
    content_hash: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append one event. The head row is locked, so that two writers cannot continue from the same link."""
    head = session.scalar(select(AuditHead).where(AuditHead.id == 1).with_for_update(), execution_options=FRESH)
    if head is None:
        head = AuditHead(id=1, hash=GENESIS, events=0)
        session.add(head)
    event = AuditEvent(
        at=clock.now(),
        actor=actor.email,
        action=action,
        subject=subject,
        project_id=project_id,
        reason=reason,
        touched=touched,
        content_hash=content_hash,
        details=dict(details or {}),
        previous_hash=head.hash,
    )
    event.hash = link_hash(event)
    head.hash = event.hash
    head.events += 1
    session.add(event)
    session.flush()  # the next event of this transaction continues from here
    return event


def link_hash(event: AuditEvent) -> str:
    """The hash of an event's content chained to the hash of the one before (SHA-256 over canonical JSON)."""
    content = {
        "at": _iso(event.at),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "project": event.project_id,
        "reason": event.reason,
        "touched": event.touched,
        "content_hash": event.content_hash,
        "details": event.details,
        "previous": event.previous_hash,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds")


def verify(session: Session) -> tuple[int, list[str]]:
    """Walk the whole chain: the number of events read and one sentence per broken link."""
    expected, count, faults = GENESIS, 0, []
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)).yield_per(2000):
        count += 1
        if event.previous_hash != expected:
            faults.append(f"Event {event.id} does not continue from the one before it.")
        if link_hash(event) != event.hash:
            faults.append(f"Event {event.id} ({event.action} {event.subject}) was changed after it was written.")
        expected = event.hash
    head = session.get(AuditHead, 1)
    if head is not None and (head.hash != expected or head.events != count):
        faults.append(f"The chain ends at another event than recorded: {head.events} written, {count} found.")
    return count, faults
