"""Is typed work kept for its writer alone, replaced by the newest, and bounded?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.commands import SaveDraft
from registry.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from registry.domain.permissions import SYSTEM
from registry.services import drafts
from tests.factories import Factories
from tests.factories.logging import Field, field_of


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy."""
    return field_of(factories)


def command(stage: Field, key: str = "k1", **content: Any) -> SaveDraft:
    """A patrol half typed."""
    return SaveDraft(project=stage.project.reference, kind="JP", client_uuid=key, content=content)


def test_the_newest_content_replaces_the_one_before(session: Session, stage: Field, clock: FixedClock) -> None:
    """One draft per key, the latest first in the list."""
    later = FixedClock(clock.now() + timedelta(minutes=1))
    drafts.save(session, command(stage, title="a"), actor=stage.officer, clock=clock)
    drafts.save(session, command(stage, "k2", title="b"), actor=stage.officer, clock=clock)
    drafts.save(session, command(stage, title="c"), actor=stage.officer, clock=later)
    rows = drafts.listed(session, actor=stage.officer, project_id=stage.project.id)
    assert [(row.client_uuid, row.content) for row in rows] == [("k1", {"title": "c"}), ("k2", {"title": "b"})]
    assert drafts.draft(session, "k1", actor=stage.officer).saved_at == later.now()


def test_a_draft_is_its_writers_alone(session: Session, stage: Field, clock: FixedClock) -> None:
    """A colleague neither reads nor throws it away, and may use the same key."""
    drafts.save(session, command(stage, title="mine"), actor=stage.officer, clock=clock)
    with pytest.raises(NotFound):
        drafts.draft(session, "k1", actor=stage.coordinator)
    assert not drafts.discard(session, "k1", actor=stage.coordinator)
    drafts.save(session, command(stage, title="theirs"), actor=stage.coordinator, clock=clock)
    assert drafts.draft(session, "k1", actor=stage.officer).content == {"title": "mine"}
    assert drafts.discard(session, "k1", actor=stage.officer)
    assert drafts.listed(session, actor=stage.officer, project_id=stage.project.id) == ()


def test_drafts_are_bounded(session: Session, stage: Field, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """In size and in number."""
    with pytest.raises(InvalidInput):
        drafts.save(session, command(stage, facts="x" * 200_001), actor=stage.officer, clock=clock)
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)
    drafts.save(session, command(stage), actor=stage.officer, clock=clock)
    with pytest.raises(Conflict):
        drafts.save(session, command(stage, "k2"), actor=stage.officer, clock=clock)


@pytest.mark.parametrize(("key", "kind"), [("", "JP"), ("k" * 37, "JP"), ("k", ""), ("k", "PATROLLING")])
def test_a_draft_without_key_or_kind_is_refused(
    session: Session, stage: Field, clock: FixedClock, key: str, kind: str
) -> None:
    """Both are needed to find it again."""
    wrong = SaveDraft(project=stage.project.reference, kind=kind, client_uuid=key, content={})
    with pytest.raises(InvalidInput):
        drafts.save(session, wrong, actor=stage.officer, clock=clock)


def test_who_may_not_log_keeps_no_draft(session: Session, stage: Field, clock: FixedClock) -> None:
    """And the installation itself types nothing."""
    with pytest.raises(NotAllowed):
        drafts.save(session, command(stage), actor=stage.verifier, clock=clock)
    with pytest.raises(InvalidInput):
        drafts.save(session, command(stage), actor=SYSTEM, clock=clock)
