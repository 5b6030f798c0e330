"""Of which parts is a logged activity made? Who took part, where it was, what it cost, and what only its kind has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from registry.domain.activities import CheckBasis, Kind, ParticipationRole
from registry.domain.activity_checks import Faults
from registry.domain.errors import InvalidInput
from registry.domain.money import Money

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

PLACE_SOURCES = ("typed", "map", "device", "file", "crossing", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCount:
    """How many of an authority's officers had a function, by gender where it is known."""

    function: str
    number: int
    gender: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationIn:
    """One authority's part: its short code, role and head-counts. None is *not counted*, not zero."""

    organisation: str
    role: ParticipationRole
    officers: int | None = None
    women: int | None = None
    men: int | None = None
    functions: tuple[FunctionCount, ...] = ()
    officer_in_charge: str = ""

    def faults(self, path: str) -> Faults:
        """Head-counts are not negative, and their parts never exceed the number of officers."""
        numbers = {"officers": self.officers, "women": self.women, "men": self.men}
        result: Faults = {
            f"{path}.{name}": ["A number of officers is zero or more."]
            for name, number in numbers.items()
            if number is not None and number < 0
        }
        if self.officers is not None and (self.women or 0) + (self.men or 0) > self.officers:
            result[f"{path}.officers"] = ["Women and men together cannot be more than the officers."]
        named = sum(part.number for part in self.functions)
        if self.officers is not None and named > self.officers:
            result[f"{path}.functions"] = ["The functions together cannot have more officers than took part."]
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceIn:
    """Where, as it was given: a shape drawn or recorded, or words (a position or a crossing point) to be understood."""

    typed: str = ""
    shape: BaseGeometry | None = None
    source: str = "typed"
    uncertainty_m: float | None = None
    location_kind: str = ""

    def __post_init__(self) -> None:
        if self.shape is None and not self.typed.strip():
            raise InvalidInput({"place.text": ["Say where: a position, a crossing point, or draw it on the map."]})
        if self.source not in PLACE_SOURCES:
            raise InvalidInput({"place.source": [f"A place comes from one of {', '.join(PLACE_SOURCES)}."]})
        if self.uncertainty_m is not None and not 0 <= self.uncertainty_m <= 1_000_000:
            raise InvalidInput({"place.uncertainty_m": ["An uncertainty is a radius of 0 to 1,000,000 metres."]})


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem:
    """One cost: its type, amount, day and what proves it. ``receipt`` is the reference of a document, ``DOC-SI-…``."""

    cost_type: str
    amount: Money
    incurred_on: date
    paid_on: date | None = None
    description: str = ""
    supplier: str = ""
    invoice_number: str = ""
    receipt: str = ""
    organisation: str = ""
    """The beneficiary that bears it; the one who records it, when empty."""

    def __post_init__(self) -> None:
        if self.amount.minor == 0:
            raise InvalidInput({"amount": ["A cost is more than zero; a correction is below zero."]})


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolFacts:
    """What only a joint patrol has: the ground of its checks, the risk assessment, kilometres driven."""

    check_basis: CheckBasis | None = None
    risk_reference: str = ""
    km_driven: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFacts:
    """What only a cross-border observation has (CISA Article 40)."""

    mode: str = "ordinary"
    offence: str = ""
    request_reference: str = ""
    crossed_at: datetime | None = None
    authorised_at: datetime | None = None
    end_reason: str = ""

    def __post_init__(self) -> None:
        if self.mode not in ("ordinary", "urgent"):
            raise InvalidInput({"observation.mode": ["An observation is ordinary or urgent."]})
        if self.mode == "urgent" and not self.offence.strip():
            raise InvalidInput({"observation.offence": ["An urgent observation names its offence (Article 40(7))."]})


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """What only a joint investigation team has: its agreement and the Union agencies that support it."""

    signed_on: date | None = None
    agreement_until_on: date | None = None
    purpose: str = ""
    agencies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.signed_on and self.agreement_until_on and self.agreement_until_on <= self.signed_on:
            raise InvalidInput({"team.agreement_until_on": ["The agreement must end after it was signed."]})


KindFacts = PatrolFacts | ObservationFacts | TeamFacts
FACTS_OF: dict[Kind, type[Any]] = {
    Kind.JOINT_PATROL: PatrolFacts,
    Kind.CROSS_BORDER_OBSERVATION: ObservationFacts,
    Kind.JOINT_INVESTIGATION_TEAM: TeamFacts,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOverride:
    """The owner's word on release: later than the project's delay, or never, always with a reason."""

    reason: str
    never: bool = False
    delay_days: int | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InvalidInput({"release_reason": ["Say why it is released later or never."]})
        if self.delay_days is not None and not 0 <= self.delay_days <= 3650:
            raise InvalidInput({"release_delay_days": ["A release delay lies between 0 and 3,650 days."]})
