"""What kinds of joint activity are there, in which states are they, and when does one count?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.domain.errors import InvalidInput


class Kind(StrEnum):
    """The kinds of activity (decision 14); later ones come as rows of the code list."""

    JOINT_PATROL = "JP"
    CROSS_BORDER_OBSERVATION = "CBO"
    JOINT_INVESTIGATION_TEAM = "JIT"
    JOINT_OPERATION = "JO"
    JOINT_ACTION_DAY = "JAD"
    MEETING = "MEET"
    WORKSHOP = "WS"
    TRAINING = "TR"
    EXCHANGE = "EX"

    @property
    def label(self) -> str:
        """The kind in words: ``joint patrol``."""
        return {
            Kind.JOINT_PATROL: "joint patrol",
            Kind.CROSS_BORDER_OBSERVATION: "cross-border observation",
            Kind.JOINT_INVESTIGATION_TEAM: "joint investigation team",
            Kind.JOINT_OPERATION: "joint operation",
            Kind.JOINT_ACTION_DAY: "joint action day",
            Kind.MEETING: "bilateral meeting",
            Kind.WORKSHOP: "thematic workshop",
            Kind.TRAINING: "training",
            Kind.EXCHANGE: "staff exchange",
        }[self]


class Status(StrEnum):
    """The states of every life; which of them a kind has is said by ``workflows.STATES``."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    AWAITING_PARTNER = "AWAITING_PARTNER"
    AGREED = "AGREED"
    SCHEDULED = "SCHEDULED"
    POSTPONED = "POSTPONED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    RUNNING = "RUNNING"
    INTERRUPTED = "INTERRUPTED"
    DONE = "DONE"
    REPORTED = "REPORTED"
    SIGNED_BY_ALL = "SIGNED_BY_ALL"
    REQUESTED = "REQUESTED"
    AUTHORISED = "AUTHORISED"
    REFUSED = "REFUSED"
    CROSSED = "CROSSED"
    NOTIFIED = "NOTIFIED"
    HANDED_OVER = "HANDED_OVER"
    CEASED_BY_HOST = "CEASED_BY_HOST"
    CEASED_TIME_LIMIT = "CEASED_TIME_LIMIT"
    ENDED = "ENDED"
    REPORT_SENT = "REPORT_SENT"
    NEED = "NEED"
    PREPARATION = "PREPARATION"
    DRAFT_AGREEMENT = "DRAFT_AGREEMENT"
    SIGNED = "SIGNED"
    OPERATIONAL = "OPERATIONAL"
    EXTENDED = "EXTENDED"
    AMENDED = "AMENDED"
    CLOSING = "CLOSING"
    ABANDONED = "ABANDONED"
    PLANNED = "PLANNED"
    OPEN = "OPEN"
    SELECTED = "SELECTED"
    DELIVERED = "DELIVERED"
    EVALUATED_L1 = "EVALUATED_L1"
    EVALUATED_L2 = "EVALUATED_L2"
    EVALUATED_L3 = "EVALUATED_L3"
    EVALUATED = "EVALUATED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


class Phase(StrEnum):
    """How the targets board sees an activity."""

    HELD = "held"
    PLANNED = "planned"
    OTHER = "other"


class ParticipationRole(StrEnum):
    """The part an authority plays in an activity."""

    HOST = "HOST"
    SECONDING = "SECONDING"
    OBSERVER = "OBSERVER"
    SUPPORT_AGENCY = "SUPPORT_AGENCY"


class CheckBasis(StrEnum):
    """On what ground a patrol at an internal border controls (Schengen Borders Code, Article 23(a))."""

    POLICE_INFORMATION = "POLICE_INFORMATION"
    EXPERIENCE = "EXPERIENCE"
    RISK_ASSESSMENT = "RISK_ASSESSMENT"
    SPECIFIC_LEAD = "SPECIFIC_LEAD"
    HEALTH = "HEALTH"


FIELD_KINDS = frozenset({Kind.JOINT_PATROL, Kind.JOINT_OPERATION, Kind.JOINT_ACTION_DAY, Kind.MEETING, Kind.WORKSHOP})
"""Kinds that live the life of a patrol: plan, carry out, report, sign."""

BETWEEN_COUNTRIES = frozenset(set(Kind) - {Kind.WORKSHOP, Kind.TRAINING, Kind.EXCHANGE})
"""Kinds that need at least two countries; a workshop or a training may be one country's own."""

PROJECT_COST_KINDS: dict[str, str] = {"MGT": "management", "DIS": "dissemination"}
"""What a cost may belong to besides an activity (decision 14)."""

_S = Status
HELD: dict[Kind, frozenset[Status]] = dict.fromkeys(
    FIELD_KINDS, frozenset({_S.DONE, _S.REPORTED, _S.SIGNED_BY_ALL, _S.EVALUATED, _S.CLOSED})
) | {
    Kind.CROSS_BORDER_OBSERVATION: frozenset({_S.ENDED, _S.REPORT_SENT, _S.CLOSED}),
    Kind.JOINT_INVESTIGATION_TEAM: frozenset(
        {_S.SIGNED, _S.OPERATIONAL, _S.EXTENDED, _S.AMENDED, _S.CLOSING, _S.EVALUATED, _S.CLOSED}
    ),
    **dict.fromkeys(
        (Kind.TRAINING, Kind.EXCHANGE),
        frozenset({_S.DELIVERED, _S.EVALUATED_L1, _S.EVALUATED_L2, _S.EVALUATED_L3, _S.CLOSED}),
    ),
}
"""The states in which an activity counts as held, per kind (decision 38)."""

PLANNED = frozenset(
    {_S.AGREED, _S.SCHEDULED, _S.RUNNING, _S.AUTHORISED, _S.PREPARATION, _S.DRAFT_AGREEMENT}
    | {_S.PLANNED, _S.OPEN, _S.SELECTED}
)
"""Agreed or scheduled and not yet held; one that is running stays planned until it is held."""

_REFERENCE = re.compile(
    r"(?P<kind>[A-Z]{2,8})-(?P<organisation>[A-Z0-9]+(?:-[A-Z0-9]+)*)-(?P<year>\d{4})-(?P<number>\d{4,9})", re.ASCII
)


def is_held(kind: str, status: str) -> bool:
    """Whether an activity of the kind counts as held in that state."""
    return status in HELD[Kind(kind)]


def is_planned(status: str) -> bool:
    """Whether the state means agreed or scheduled, and not yet held."""
    return status in PLANNED


def phase(kind: str, status: str) -> Phase:
    """Held, planned or neither."""
    if is_held(kind, status):
        return Phase.HELD
    return Phase.PLANNED if is_planned(status) else Phase.OTHER


def counts_on(kind: str, starts_on: date | None, ends_on: date | None, signed_on: date | None = None) -> date | None:
    """The local day on which it counts: a team's signature, otherwise the end, or the start when no end is known."""
    if kind == Kind.JOINT_INVESTIGATION_TEAM:
        return signed_on
    return ends_on if ends_on is not None else starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """``JP-SI-2026-0042``: kind, the owner organisation's short code, year, number (decision 6)."""

    kind: Kind
    organisation: str
    year: int
    number: int

    @classmethod
    def parse(cls, text: str, field: str = "reference") -> Reference:
        """Read a reference in either case; InvalidInput on ``field`` otherwise."""
        found = _REFERENCE.fullmatch(text.strip().upper())
        if found is None or found["kind"] not in set(Kind):
            raise InvalidInput({field: ["Write a reference such as JP-SI-2026-0042."]})
        return cls(
            kind=Kind(found["kind"]),
            organisation=found["organisation"],
            year=int(found["year"]),
            number=int(found["number"]),
        )

    def __str__(self) -> str:
        return f"{self.kind}-{self.organisation}-{self.year:04d}-{self.number:04d}"
