"""How exactly may this viewer know where and when an activity was? The table of the access chapter, as a pure function.

Observations and joint investigation teams are never finer than section and day for who does not take part (decision 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.domain.permissions import Role, Viewer

SECTION_AT_MOST = frozenset({"CBO", "JIT"})


class Precision(StrEnum):
    """How a place is shown, from the point itself to not at all."""

    EXACT = "exact"
    CELL = "cell"
    SECTION = "section"
    HIDDEN = "hidden"


class TimePrecision(StrEnum):
    """How a time is shown."""

    EXACT = "exact"
    HOUR = "hour"
    DAY = "day"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a viewer gets of one activity, with the sentence that says why."""

    place: Precision
    time: TimePrecision
    why: str

    @property
    def listed(self) -> bool:
        """Whether the activity appears in lists, maps, facets and files of this viewer at all."""
        return self.place is not Precision.HIDDEN

    @property
    def exact(self) -> bool:
        """Whether free text, typed places and routes are shown: they can be finer than a cell."""
        return self.place is Precision.EXACT


HIDDEN = View(place=Precision.HIDDEN, time=TimePrecision.HIDDEN, why="Outside your projects, or not yet released.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFacts:
    """The facts about an activity that decide its precision."""

    project_id: int
    kind: str
    owner_organisation_id: int | None
    participating_organisation_ids: frozenset[int]
    released_at: datetime | None
    sensitive: bool = False
    published: bool = False


def view_of(facts: ActivityFacts, viewer: Viewer, now: datetime) -> View:
    """The precision of one activity for one viewer at an instant.

    The best of what the viewer's roles in the project grant. ``published`` marks records of the read-only reference
    project, which every user may read as published.
    """
    if viewer.unmasked:
        return View(place=Precision.EXACT, time=TimePrecision.EXACT, why="The installation itself: unmasked, audited.")
    if facts.published:
        return View(place=Precision.EXACT, time=TimePrecision.EXACT, why="Published by its source.")
    views = [_role_view(role, organisation, facts, now) for role, organisation in _parts(facts.project_id, viewer)]
    best = min(views, key=lambda view: list(Precision).index(view.place), default=HIDDEN)
    if best.place is Precision.CELL and facts.kind in SECTION_AT_MOST:
        why = "Observations and investigation teams are shown by section and day to who does not take part."
        return View(place=Precision.SECTION, time=TimePrecision.DAY, why=why)
    return best


def _parts(project_id: int, viewer: Viewer) -> list[tuple[Role, int | None]]:
    return [(m.role, m.organisation_id) for m in viewer.memberships if m.project_id == project_id]


NO_CONTENT_ROLES = frozenset({Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR})


def _role_view(role: Role, organisation_id: int | None, facts: ActivityFacts, now: datetime) -> View:
    if role in NO_CONTENT_ROLES:
        return HIDDEN
    takes_part = organisation_id is not None and (
        organisation_id == facts.owner_organisation_id or organisation_id in facts.participating_organisation_ids
    )
    if role is Role.AUDITOR:
        return View(
            place=Precision.SECTION,
            time=TimePrecision.DAY,
            why="Auditors see section and day; the exact place only inside the evidence of a cost line.",
        )
    if takes_part and role is not Role.ANALYST:
        return View(place=Precision.EXACT, time=TimePrecision.EXACT, why="Your organisation owns it or takes part.")
    return _bystander_view(role, facts, now)


def _bystander_view(role: Role, facts: ActivityFacts, now: datetime) -> View:
    if facts.released_at is not None and facts.released_at <= now:
        hour = role in (Role.LEAD_PARTNER, Role.ANALYST)
        time = TimePrecision.HOUR if hour else TimePrecision.DAY
        return View(place=Precision.CELL, time=time, why=f"Released: 10 km cell and {time.value}.")
    if role is Role.LEAD_PARTNER and not facts.sensitive:
        return View(
            place=Precision.SECTION, time=TimePrecision.DAY, why="Not released: the lead partner sees section and day."
        )
    return HIDDEN
