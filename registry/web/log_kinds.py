"""Which form has which kind of activity: its address, template, schema, and the words that help to choose it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext

from registry.domain.activities import Kind
from registry.domain.errors import NotFound
from registry.schemas.activities import COMMON_KINDS, ActivitySchema, LogActivityIn
from registry.schemas.observations import LogObservationIn
from registry.schemas.patrols import LogJointPatrolIn
from registry.schemas.teams import LogTeamIn


@dataclass(frozen=True, slots=True, kw_only=True)
class LogForm:
    """The form of one kind; ``path`` is its address below ``/p/<project>/log/``."""

    kind: Kind
    path: str
    schema: type[ActivitySchema]
    help: object
    template: str = "log/activity.html"


_COMMON_HELP = {
    Kind.JOINT_OPERATION: lazy_gettext("an operation of several days or places, with its results"),
    Kind.JOINT_ACTION_DAY: lazy_gettext("one action on the same days in several countries"),
    Kind.MEETING: lazy_gettext("two sides at one table"),
    Kind.WORKSHOP: lazy_gettext("one subject, several authorities"),
    Kind.TRAINING: lazy_gettext("a course and who took part"),
    Kind.EXCHANGE: lazy_gettext("officers who work with another authority for a while"),
}
PATROL = LogForm(
    kind=Kind.JOINT_PATROL,
    path="joint-patrol",
    schema=LogJointPatrolIn,
    help=lazy_gettext("on foot, by car, train or boat, together on one side of the border"),
    template="log/joint_patrol.html",
)
OBSERVATION = LogForm(
    kind=Kind.CROSS_BORDER_OBSERVATION,
    path="observation",
    schema=LogObservationIn,
    help=lazy_gettext("a person under observation crosses the border, CISA Article 40"),
)
TEAM = LogForm(
    kind=Kind.JOINT_INVESTIGATION_TEAM,
    path="team",
    schema=LogTeamIn,
    help=lazy_gettext("an agreement, its parties and who supports them"),
)
CHOICES = (
    PATROL,
    OBSERVATION,
    TEAM,
    *(
        LogForm(kind=kind, path=f"activity/{kind.value.lower()}", schema=LogActivityIn, help=_COMMON_HELP[kind])
        for kind in COMMON_KINDS
    ),
)
"""In the order of the page."""

_BY_KIND = {form.kind.value: form for form in CHOICES}


def form_of(kind: str) -> LogForm:
    """The form of a kind by its code in either case; NotFound when there is none."""
    found = _BY_KIND.get(kind.upper())
    if found is None:
        raise NotFound(f"There is no form for {kind}.")
    return found


def common_form(kind: str) -> LogForm:
    """The common form of a kind; NotFound for kinds that have a form of their own."""
    found = form_of(kind)
    if found.kind not in COMMON_KINDS:
        raise NotFound(f"{found.kind.label.capitalize()} has a form of its own.")
    return found
