"""Which authorities, projects and promises does the demonstration show?

The authorities exist, what they do here is invented. The targets of ATHENA 2 are its
published ones; everything else about the two projects is made up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An authority by the short code that stands in its references; ``accounts_in`` is its accounting currency."""

    short: str
    name: str
    kind: str
    country: str
    accounts_in: str = "EUR"


def _authority(short: str, name: str, kind: str, country: str, accounts_in: str = "EUR") -> Authority:
    return Authority(short=short, name=name, kind=kind, country=country, accounts_in=accounts_in)


AUTHORITIES: tuple[Authority, ...] = (
    _authority("SI", "Police, Slovenia", "police", "SI"),
    _authority("IT", "Border police, Italy", "border_police", "IT"),
    _authority("IT-CC", "Carabinieri, Italy", "police", "IT"),
    _authority("BG", "Border police, Bulgaria", "border_police", "BG"),
    _authority("RO", "Border police, Romania", "border_police", "RO", "RON"),
    _authority("LV", "State Border Guard, Latvia", "border_guard", "LV"),
    _authority("MT", "Police Force, Malta", "police", "MT"),
    _authority("SELEC", "Southeast European Law Enforcement Center", "regional_body", "RO"),
    _authority("HR", "Police, Croatia", "police", "HR"),
    _authority("HU", "National police, Hungary", "police", "HU", "HUF"),
    _authority("AT", "Federal police, Austria", "police", "AT"),
    _authority("GR", "Hellenic police, Greece", "police", "GR"),
    _authority("RS", "Border police, Serbia", "border_police", "RS", "RSD"),
    _authority("BA-GP", "Border police, Bosnia and Herzegovina", "border_police", "BA", "BAM"),
    _authority("BA-SIPA", "State Investigation and Protection Agency, Bosnia and Herzegovina", "police", "BA", "BAM"),
    _authority("AL", "State police, Albania", "police", "AL", "ALL"),
    _authority("ME", "Police, Montenegro", "police", "ME"),
    _authority("MK", "Border police, North Macedonia", "border_police", "MK", "MKD"),
    _authority("MD", "Border police, Moldova", "border_police", "MD", "MDL"),
    _authority("XK", "Police, Kosovo*", "police", "XK"),
    _authority("LT", "State Border Guard Service, Lithuania", "border_guard", "LT"),
)
REGIONAL = frozenset({"SELEC"})
"""Bodies that stand for no single country."""

ZONES: dict[str, str] = {
    "SI": "Europe/Ljubljana",
    "IT": "Europe/Rome",
    "BG": "Europe/Sofia",
    "RO": "Europe/Bucharest",
    "LV": "Europe/Riga",
    "MT": "Europe/Malta",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "AT": "Europe/Vienna",
    "GR": "Europe/Athens",
    "RS": "Europe/Belgrade",
    "BA": "Europe/Sarajevo",
    "AL": "Europe/Tirane",
    "ME": "Europe/Podgorica",
    "MK": "Europe/Skopje",
    "MD": "Europe/Chisinau",
    "XK": "Europe/Belgrade",
    "LT": "Europe/Vilnius",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One target: indicator, words, kind, unit, number, qualifier and where it was published."""

    indicator: str
    label: str
    kind: str | None
    unit: str
    value: int
    qualifier: str = "exact"
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """How many activities of a kind were held, are planned and came to nothing."""

    kind: str
    held: int
    planned: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A demonstration project: its people, its promises, the borders it works at and its first activities.

    ``share`` is its part of the activities; ``pairs`` weighs the two countries of an activity.
    """

    reference: str
    acronym: str
    title: str
    lead: str
    beneficiaries: tuple[str, ...]
    promises: tuple[Promise, ...]
    board: tuple[Board, ...]
    pairs: dict[tuple[str, str], int]
    share: float


WORK_PACKAGES: tuple[tuple[str, str], ...] = (
    ("WP1", "Management and coordination"),
    ("WP2", "Joint patrols and operations"),
    ("WP3", "Cross-border observations and investigations"),
    ("WP4", "Workshops, training and exchange"),
    ("WP5", "Evaluation and dissemination"),
)
PACKAGE_OF_KIND: dict[str, str] = {
    "JP": "WP2",
    "JO": "WP2",
    "JAD": "WP2",
    "MEET": "WP1",
    "CBO": "WP3",
    "JIT": "WP3",
    "WS": "WP4",
    "TR": "WP4",
    "EX": "WP4",
    "MGT": "WP1",
    "DIS": "WP5",
}


def _promise(indicator: str, label: str, kind: str | None, value: int, unit: str = "activities") -> Promise:
    return Promise(indicator=indicator, label=label, kind=kind, unit=unit, value=value)


def _board(kind: str, held: int, planned: int = 0, lost: int = 0) -> Board:
    return Board(kind=kind, held=held, planned=planned, lost=lost)


ATHENA = Plan(
    reference="ATHENA-2",
    acronym="ATHENA 2",
    title="Addressing threat assessment through a European network of law enforcement agencies",
    lead="SI",
    beneficiaries=("SI", "IT", "RO", "BG", "LV", "MT", "SELEC"),
    promises=(),
    board=(
        _board("CBO", 11, 6, 2),
        _board("JO", 15, 5, 2),
        _board("JIT", 4, 2),
        _board("JP", 19, 7, 8),
        _board("WS", 3, 2, 1),
        _board("MEET", 13, 6, 3),
        _board("JAD", 2, 0, 1),
        _board("TR", 4, 1),
        _board("EX", 2, 1),
    ),
    pairs={
        ("IT", "SI"): 30,
        ("BG", "RO"): 22,
        ("HR", "SI"): 14,
        ("HU", "SI"): 5,
        ("HU", "RO"): 6,
        ("RO", "RS"): 5,
        ("MD", "RO"): 5,
        ("BG", "MK"): 3,
        ("BG", "GR"): 4,
        ("BG", "RS"): 3,
        ("AT", "IT"): 5,
        ("AT", "SI"): 4,
        ("LT", "LV"): 3,
        ("IT", "MT"): 4,
        ("AL", "IT"): 2,
    },
    share=0.83,
)
WESTERN_BALKANS = Plan(
    reference="CSC-WB",
    acronym="CSC WB",
    title="Countering serious crime in the Western Balkans: meetings, training and joint action days",
    lead="IT-CC",
    beneficiaries=("IT-CC", "AT", "BA-GP", "AL", "ME", "MK"),
    promises=(
        _promise("joint_action_days", "Joint action days", "JAD", 6),
        _promise("thematic_workshops", "Thematic workshops", "WS", 8, "workshops"),
        _promise("trainings", "Trainings", "TR", 6, "trainings"),
        _promise("staff_exchanges", "Staff exchanges", "EX", 4, "exchanges"),
        _promise("bilateral_meetings", "Bilateral meetings", "MEET", 12, "meetings"),
    ),
    board=(
        _board("JAD", 3),
        _board("MEET", 6, 2, 1),
        _board("WS", 4, 1),
        _board("TR", 3, 1),
        _board("EX", 2),
        _board("JO", 2),
    ),
    pairs={
        ("AL", "ME"): 12,
        ("BA", "ME"): 10,
        ("AL", "MK"): 12,
        ("AL", "XK"): 8,
        ("MK", "XK"): 8,
        ("BA", "HR"): 6,
        ("BA", "RS"): 6,
        ("MK", "RS"): 6,
        ("ME", "RS"): 5,
        ("AL", "IT"): 6,
        ("AT", "IT"): 4,
    },
    share=0.17,
)
PLANS = (ATHENA, WESTERN_BALKANS)
PUBLISHED_TARGETS: dict[str, tuple[str, str, str | None]] = {
    "cross_border_observations": ("cross_border_observations", "Cross-border observations", "CBO"),
    "joint_operations": ("joint_operations", "Joint operations", "JO"),
    "joint_investigations": ("joint_investigations", "Joint investigations", "JIT"),
    "joint_patrols": ("joint_patrols", "Joint patrols", "JP"),
    "thematic_workshops": ("thematic_workshops", "Thematic workshops", "WS"),
    "officers_involved": ("officers_involved", "Officers involved", None),
    "bilateral_meetings_planning_coordination_evaluation": ("bilateral_meetings", "Bilateral meetings", "MEET"),
}
"""The items of ATHENA 2's published targets: our indicator, its words, the kind that counts."""
