"""How does a record live? Tables of (from, verb, to, permission) per kind; decisions 18 and 38.

``None`` as *from* is a record that does not exist yet. The tables hold the whole life of each kind; ``OFFERED`` names
the verbs that have a use-case today.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.domain.activities import FIELD_KINDS, HELD, Kind, Status
from registry.domain.errors import InvalidInput, InvalidTransition
from registry.domain.permissions import Permission


class Verb(StrEnum):
    """What can be done to an activity."""

    DRAFT = "draft"
    LOG = "log"
    PLAN = "plan"
    RECORD = "record"
    REPORT = "report"
    AMEND = "amend"
    VERIFY = "verify"
    WITHDRAW = "withdraw"
    PROPOSE = "propose"
    SUBMIT = "submit"
    AGREE = "agree"
    SCHEDULE = "schedule"
    START = "start"
    FINISH = "finish"
    SIGN = "sign"
    EVALUATE = "evaluate"
    CLOSE = "close"
    DECLINE = "decline"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    INTERRUPT = "interrupt"
    REQUEST = "request"
    AUTHORISE = "authorise"
    REFUSE = "refuse"
    CROSS = "cross"
    NOTIFY = "notify"
    HAND_OVER = "hand_over"
    CEASE_BY_HOST = "cease_by_host"
    CEASE_TIME_LIMIT = "cease_time_limit"
    END = "end"
    SEND_REPORT = "send_report"
    PREPARE = "prepare"
    DRAFT_AGREEMENT = "draft_agreement"
    SIGN_AGREEMENT = "sign_agreement"
    EXTEND = "extend"
    AMEND_AGREEMENT = "amend_agreement"
    RESUME = "resume"
    WIND_UP = "wind_up"
    ABANDON = "abandon"
    OPEN = "open"
    SELECT = "select"


OFFERED = frozenset(
    {Verb.LOG, Verb.PLAN, Verb.RECORD, Verb.REPORT, Verb.SIGN_AGREEMENT, Verb.AMEND, Verb.VERIFY, Verb.WITHDRAW}
)
"""Verbs that have a use-case; the others wait for the plans and the clocks."""

TERMINAL = frozenset(
    {Status.CLOSED, Status.WITHDRAWN, Status.DECLINED, Status.CANCELLED, Status.INTERRUPTED}
    | {Status.REFUSED, Status.ABANDONED}
)
"""Ends of a life, marked as such. What was interrupted is never held, so it is not closed either (decision 16)."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal step and the permission it asks for."""

    from_status: Status | None
    verb: Verb
    to_status: Status
    permission: Permission


_FIELD_LIFE = """
- draft DRAFT | - log REPORTED | - plan SCHEDULED | DRAFT propose PROPOSED | PROPOSED submit AWAITING_PARTNER
AWAITING_PARTNER agree AGREED | AGREED schedule SCHEDULED | SCHEDULED start RUNNING | RUNNING finish DONE
PROPOSED,AWAITING_PARTNER decline DECLINED | AGREED,SCHEDULED postpone POSTPONED | POSTPONED schedule SCHEDULED
DRAFT,PROPOSED,AWAITING_PARTNER,AGREED,SCHEDULED,POSTPONED cancel CANCELLED | RUNNING interrupt INTERRUPTED
AGREED,SCHEDULED,RUNNING,DONE report REPORTED | REPORTED sign SIGNED_BY_ALL | SIGNED_BY_ALL evaluate EVALUATED
EVALUATED close CLOSED
"""
# REQUESTED is shared by both modes: that the time limit ends only an urgent observation is checked with its mode.
_OBSERVATION_LIFE = """
- draft DRAFT | - plan AUTHORISED | - record ENDED | - cross CROSSED | DRAFT request REQUESTED
REQUESTED authorise AUTHORISED | REQUESTED refuse REFUSED | AUTHORISED start RUNNING
CROSSED notify NOTIFIED | CROSSED,NOTIFIED request REQUESTED
CROSSED,NOTIFIED,REQUESTED,AUTHORISED,RUNNING hand_over HANDED_OVER
CROSSED,NOTIFIED,REQUESTED,AUTHORISED,RUNNING cease_by_host CEASED_BY_HOST
CROSSED,NOTIFIED,REQUESTED cease_time_limit CEASED_TIME_LIMIT
CROSSED,NOTIFIED,REQUESTED,AUTHORISED,RUNNING,HANDED_OVER,CEASED_BY_HOST,CEASED_TIME_LIMIT end ENDED
AUTHORISED,RUNNING report ENDED | ENDED send_report REPORT_SENT | REPORT_SENT close CLOSED
"""
_TEAM_LIFE = """
- draft NEED | - plan PREPARATION | - record SIGNED | NEED prepare PREPARATION
PREPARATION draft_agreement DRAFT_AGREEMENT | PREPARATION,DRAFT_AGREEMENT sign_agreement SIGNED
SIGNED start OPERATIONAL | OPERATIONAL extend EXTENDED | OPERATIONAL amend_agreement AMENDED
EXTENDED,AMENDED resume OPERATIONAL
SIGNED,OPERATIONAL,EXTENDED,AMENDED wind_up CLOSING | CLOSING evaluate EVALUATED | EVALUATED close CLOSED
NEED,PREPARATION,DRAFT_AGREEMENT abandon ABANDONED
"""
_TRAINING_LIFE = """
- plan PLANNED | - record DELIVERED | PLANNED open OPEN | OPEN select SELECTED | SELECTED start RUNNING
RUNNING finish DELIVERED | PLANNED,OPEN,SELECTED,RUNNING report DELIVERED | DELIVERED evaluate EVALUATED_L1
EVALUATED_L1 evaluate EVALUATED_L2 | EVALUATED_L2 evaluate EVALUATED_L3
DELIVERED,EVALUATED_L1,EVALUATED_L2,EVALUATED_L3 close CLOSED | PLANNED,OPEN,SELECTED cancel CANCELLED
"""

_PERMISSIONS: dict[Verb, Permission] = dict.fromkeys(
    (Verb.DRAFT, Verb.LOG, Verb.PLAN, Verb.RECORD, Verb.REPORT, Verb.CROSS), Permission.ACTIVITY_LOG
) | {
    Verb.VERIFY: Permission.ACTIVITY_VERIFY,
    Verb.SIGN: Permission.ACTIVITY_VERIFY,
    Verb.WITHDRAW: Permission.ACTIVITY_WITHDRAW,
}


def permission_for(verb: Verb) -> Permission:
    """The right a verb asks for. A coordinator or a verifier signs a record (decision 17)."""
    return _PERMISSIONS.get(verb, Permission.ACTIVITY_AMEND)


def _life(kind: Kind, text: str) -> tuple[Transition, ...]:
    """A life as a table: its own steps, then the steps every record has."""
    steps: list[tuple[Status | None, Verb, Status]] = []
    for step in text.strip().replace("\n", "|").split("|"):
        froms, verb, to = step.split()
        steps += [(None if name == "-" else Status(name), Verb(verb), Status(to)) for name in froms.split(",")]
    alive = list(dict.fromkeys(to for _, _, to in steps))
    steps += [(status, Verb.AMEND, status) for status in alive]
    steps += [(status, Verb.VERIFY, status) for status in alive if status in HELD[kind]]
    steps += [(status, Verb.WITHDRAW, Status.WITHDRAWN) for status in alive]
    return tuple(Transition(start, verb, to, permission_for(verb)) for start, verb, to in steps)


LIVES: dict[Kind, tuple[Transition, ...]] = {kind: _life(kind, _FIELD_LIFE) for kind in sorted(FIELD_KINDS)} | {
    Kind.CROSS_BORDER_OBSERVATION: _life(Kind.CROSS_BORDER_OBSERVATION, _OBSERVATION_LIFE),
    Kind.JOINT_INVESTIGATION_TEAM: _life(Kind.JOINT_INVESTIGATION_TEAM, _TEAM_LIFE),
    Kind.TRAINING: _life(Kind.TRAINING, _TRAINING_LIFE),
    Kind.EXCHANGE: _life(Kind.EXCHANGE, _TRAINING_LIFE),
}
"""The life of each kind."""

STATES: dict[Kind, tuple[Status, ...]] = {
    kind: tuple(dict.fromkeys(step.to_status for step in life)) for kind, life in LIVES.items()
}
"""The states of each kind, in the order of its life."""


def entry_verb(kind: str, *, ahead: bool) -> Verb:
    """How a new record enters: planned when its period lies ahead, otherwise logged (field kinds) or recorded."""
    if ahead:
        return Verb.PLAN
    return Verb.LOG if kind in FIELD_KINDS else Verb.RECORD


def status_of(kind: str, text: str, field: str = "status") -> Status:
    """A state as a file names it; InvalidInput on ``field`` when the kind has no such state."""
    name = text.strip().upper().replace(" ", "_").replace("-", "_")
    for status in STATES[Kind(kind)]:
        if status == name:
            return status
    raise InvalidInput({field: [f"A {Kind(kind).label} has no state “{text}”."]})


def next_verbs(kind: str, status: str | None) -> tuple[Verb, ...]:
    """The verbs offered in a state (None: for a new record), in the order of the life."""
    return tuple(step.verb for step in LIVES[Kind(kind)] if step.from_status == status and step.verb in OFFERED)


def apply(kind: str, status: str | None, verb: str) -> Status:
    """The state after the verb; InvalidTransition, with what is possible instead, when it is not legal."""
    for step in LIVES[Kind(kind)]:
        if step.from_status == status and step.verb == verb:
            return step.to_status
    label, wanted = Kind(kind).label, verb.replace("_", " ")
    which = f"A new {label}" if status is None else f"A {label} that is {_words(status)}"
    possible = ", ".join(_words(other) for other in next_verbs(kind, status)) or "nothing"
    raise InvalidTransition(f"{which} does not allow “{wanted}”. Possible now: {possible}.")


def _words(name: str) -> str:
    return name.replace("_", " ").lower()
