"""May the right people read the audit log, is the reading logged, and does a change behind its back show?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.permissions import SYSTEM, Role
from registry.models.audit import AuditEvent
from registry.services import audit
from tests.factories import Factories, sign_in


def _event(session: Session, clock: FixedClock, project_id: int | None, subject: str) -> AuditEvent:
    return audit.record(
        session, actor=SYSTEM, action="activity.read", subject=subject, clock=clock, project_id=project_id
    )


def test_an_auditor_reads_the_log_of_the_own_project_only(
    page_client: Any, session: Session, factories: Factories, clock: FixedClock
) -> None:
    own, other = factories.project(), factories.project()
    auditor = factories.user(own, factories.organisation(), Role.AUDITOR)
    _event(session, clock, own.id, "JP-SI-2026-0001")
    _event(session, clock, other.id, "JP-IT-2026-0002")
    sign_in(page_client.client, session, auditor)
    page = page_client.get("/admin/audit")
    assert "JP-SI-2026-0001" in page.text
    assert "JP-IT-2026-0002" not in page.text


def test_reading_the_log_is_logged(page_client: Any, session: Session, factories: Factories, clock: FixedClock) -> None:
    project = factories.project()
    officer = factories.user(project, factories.organisation(), Role.DATA_PROTECTION_OFFICER)
    sign_in(page_client.client, session, officer)
    page_client.get("/admin/audit?q=activity")
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.action, event.actor) == ("audit.read", officer.email)
    assert event.details == {"words": "activity"}


def test_words_find_events_and_older_ones_follow(
    page_client: Any, session: Session, factories: Factories, clock: FixedClock
) -> None:
    project = factories.project()
    sign_in(page_client.client, session, factories.user(project, factories.organisation(), Role.AUDITOR))
    for number in range(103):
        _event(session, clock, project.id, f"JP-SI-2026-{number:04d}")
    first = page_client.get("/admin/audit?q=JP-SI")
    assert "JP-SI-2026-0102" in first.text
    assert "JP-SI-2026-0002" not in first.text
    older = next(link for link in first.links() if "before=" in link)
    assert "JP-SI-2026-0002" in page_client.get(older).text
    assert "No event has these words." in page_client.get("/admin/audit?q=nonesuch").text
    page_client.get("/admin/audit?before=x", status=422)


def test_an_officer_may_not_read_the_log(page_client: Any, session: Session, factories: Factories) -> None:
    sign_in(page_client.client, session, factories.user(factories.project(), factories.organisation(), Role.OFFICER))
    page_client.get("/admin/audit", status=403)


def test_the_chain_holds_until_somebody_changes_an_event(
    session: Session, factories: Factories, clock: FixedClock
) -> None:
    events = [_event(session, clock, None, f"record {number}") for number in range(5)]
    session.expire_all()
    assert audit.verify(session) == (5, [])
    session.execute(update(AuditEvent).where(AuditEvent.id == events[2].id).values(subject="another"))
    session.expire_all()
    count, faults = audit.verify(session)
    assert count == 5
    assert faults == [f"Event {events[2].id} (activity.read another) was changed after it was written."]


def test_a_removed_event_breaks_the_chain(session: Session, factories: Factories, clock: FixedClock) -> None:
    events = [_event(session, clock, None, f"record {number}") for number in range(3)]
    session.delete(events[1])
    session.flush()
    session.expire_all()
    count, faults = audit.verify(session)
    assert count == 2
    assert any("does not continue" in fault for fault in faults)
    assert any("3 written, 2 found" in fault for fault in faults)
