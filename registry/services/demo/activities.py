"""Which rows does one demonstration activity consist of? Drawn one after the other, from a seed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shapely.geometry import LineString

from registry.domain.activities import Kind, Phase
from registry.domain.geo import Position, cell_of
from registry.domain.text import fold
from registry.services import places
from registry.services.demo import lives, parts, results, wording
from registry.services.demo.authorities import PACKAGE_OF_KIND, REGIONAL, ZONES, Authority, Plan
from registry.services.demo.spots import Ground, Spot, jittered

UNPLACED_SHARE = 0.02
TRACK_SHARE = 0.25
_MIX = (("JP", 55), ("MEET", 14), ("CBO", 8), ("JO", 8), ("WS", 4), ("TR", 4), ("JAD", 3), ("EX", 2), ("JIT", 2))
_KINDS = [kind for kind, _ in _MIX]
_KIND_WEIGHTS = [weight for _, weight in _MIX]
_MANY = {"WS": (3, 5), "TR": (2, 4), "JAD": (3, 5), "JO": (2, 3), "JIT": (2, 3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is the same for all activities of one project."""

    plan: Plan
    project_id: int
    first_on: date
    now: datetime
    delay_days: int
    organisations: Mapping[str, int]
    authorities: Mapping[str, Authority]
    packages: Mapping[str, int]
    loggers: Mapping[str, int]
    border_status: Mapping[int, str]
    country_names: Mapping[str, str]
    lean: bool


@dataclass(slots=True)
class Rows:
    """Rows by table, in the order in which they may be written."""

    activities: list[dict[str, Any]] = field(default_factory=list)
    participations: list[dict[str, Any]] = field(default_factory=list)
    head_counts: list[dict[str, Any]] = field(default_factory=list)
    legs: list[dict[str, Any]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    patrols: list[dict[str, Any]] = field(default_factory=list)
    observations: list[dict[str, Any]] = field(default_factory=list)
    teams: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    unnumbered: list[tuple[dict[str, Any], Sequence[Authority], Spot | None]] = field(default_factory=list)
    costable: list[Costable] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Costable:
    """A held activity that may have cost something, and the beneficiaries that took part."""

    activity_id: int
    kind: str
    from_on: date
    last_on: date
    bearers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Parent:
    activity_id: int
    starts_at: datetime
    ends_at: datetime
    pair: tuple[str, str]
    phase: Phase


@dataclass(slots=True)
class Numbers:
    """The numbers given so far: rows, and references per kind, owner and year (decision 6)."""

    activity: int
    participation: int
    references: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def reference(self, kind: str, owner: str, year: int) -> str:
        """The next reference of this owner and year."""
        key = (kind, owner, year)
        self.references[key] = self.references.get(key, 0) + 1
        return f"{kind}-{owner}-{year}-{self.references[key]:04d}"


class Drawer:
    """Draws the activities of one project."""

    def __init__(self, setting: Setting, ground: Ground, numbers: Numbers, rng: Random) -> None:
        self.setting, self.ground, self.numbers, self.rng = setting, ground, numbers, rng
        self._by_country: dict[str, list[Authority]] = {}
        for authority in setting.authorities.values():
            if authority.short not in REGIONAL:
                self._by_country.setdefault(authority.country, []).append(authority)
        self._parents: dict[str, deque[_Parent]] = {"JO": deque(maxlen=40), "JIT": deque(maxlen=40)}
        self._zones = {country: ZoneInfo(zone) for country, zone in ZONES.items()}
        self._pairs = list(setting.plan.pairs)
        self._pair_weights = list(setting.plan.pairs.values())

    def kinds(self, number: int) -> Iterator[tuple[str, Phase]]:
        """The board of the plan first, larger activities before their parts; then a skewed mix."""
        board = [
            (row.kind, phase)
            for row in self.setting.plan.board
            for phase, count in ((Phase.HELD, row.held), (Phase.PLANNED, row.planned), (Phase.OTHER, row.lost))
            for _ in range(count)
        ]
        self.rng.shuffle(board)
        board.sort(key=lambda entry: ("JIT", "JO").index(entry[0]) if entry[0] in ("JIT", "JO") else 2)
        yield from board[:number]
        for _ in range(number - len(board)):
            draw = self.rng.random()
            phase = Phase.HELD if draw < 0.975 else Phase.PLANNED if draw < 0.98 else Phase.OTHER
            yield self.rng.choices(_KINDS, _KIND_WEIGHTS)[0], phase

    def draw(self, kind: str, phase: Phase, rows: Rows) -> None:
        """Append the rows of one activity."""
        rng, setting = self.rng, self.setting
        pair = rng.choices(self._pairs, self._pair_weights)[0]
        parent = self._parent_of(kind, phase)
        pair = parent.pair if parent else pair
        members = self._members(kind, pair)
        owner = members[0]
        zone = self._zones[owner.country]
        when = self._when(kind, phase, zone, parent)
        life = lives.life(kind, phase, when, now=setting.now, delay_days=setting.delay_days, lean=setting.lean, rng=rng)
        self.numbers.activity += 1
        activity_id = self.numbers.activity
        spot = self._spot(kind, pair, owner)
        row = self._row(
            activity_id=activity_id,
            kind=kind,
            phase=phase,
            owner=owner,
            members=members,
            when=when,
            life=life,
            spot=spot,
        )
        row["parent_id"] = parent.activity_id if parent else None
        if kind in self._parents and phase is not Phase.OTHER:
            self._parents[kind].append(_Parent(activity_id, when.starts_at, when.ends_at, pair, phase))
        counted: list[dict[str, Any]] = []
        nothing = False
        held = phase is Phase.HELD
        if held:
            internal = row["border_status"] == "internal"
            counted, nothing = results.outcomes(kind, rng, internal=internal, lean=setting.lean)
        row["nothing_found"] = nothing
        rows.outcomes.extend({"activity_id": activity_id, **count} for count in counted)
        parts.participate(rows, self, row, members, life, held=held)
        self._place(rows, row, spot, held=held)
        parts.of_kind(rows, row, when, life, rng)
        rows.activities.append(row)
        rows.unnumbered.append((row, members, spot))
        bearers = tuple(a.short for a in members if a.short in setting.plan.beneficiaries)
        if held and bearers:
            rows.costable.append(Costable(activity_id, kind, when.from_on, when.last_on, bearers))

    def number(self, rows: Rows) -> None:
        """Give the references of a portion in the order of time, and write the search texts, which hold them."""
        for row, members, spot in sorted(rows.unnumbered, key=lambda drawn: drawn[0]["sort_key"]):
            row["reference"] = self.numbers.reference(row["kind"], members[0].short, row["from_on"].year)
            rows.texts.append(_texts(row, members, spot, self.setting.country_names))

    def _when(self, kind: str, phase: Phase, zone: ZoneInfo, parent: _Parent | None) -> lives.Span:
        setting = self.setting
        if parent is None:
            return lives.span(
                kind, phase, zone, first_on=setting.first_on, now=setting.now, lean=setting.lean, rng=self.rng
            )
        latest = timedelta(hours=-8) if phase is Phase.HELD else timedelta(days=lives.PLANNED_DAYS)
        until = min(parent.ends_at, setting.now + latest)
        room = max(timedelta(hours=1), until - parent.starts_at)
        lasts = min(timedelta(hours=6 if kind in ("JP", "CBO") else 48), room)
        starts = parent.starts_at + (room - lasts) * self.rng.random()
        return lives.spanning(starts.astimezone(zone).replace(minute=0, second=0, microsecond=0), lasts)

    def _parent_of(self, kind: str, phase: Phase) -> _Parent | None:
        wanted = {"JP": ("JO", 0.16), "CBO": ("JO", 0.22), "JO": ("JIT", 0.12)}.get(kind)
        if wanted is None or phase is Phase.OTHER or self.rng.random() >= wanted[1]:
            return None
        possible = [parent for parent in self._parents[wanted[0]] if parent.phase is phase]
        return self.rng.choice(possible) if possible else None

    def _members(self, kind: str, pair: tuple[str, str]) -> list[Authority]:
        """The owner first, always a beneficiary of the project where the pair has one, then its partners."""
        rng, plan = self.rng, self.setting.plan
        sides = [rng.choice(self._by_country[country]) for country in rng.sample(pair, 2)]
        own = {self.setting.authorities[short].country: short for short in plan.beneficiaries if short not in REGIONAL}
        sides = [
            self.setting.authorities[own[side.country]] if side.country in own and rng.random() < 0.9 else side
            for side in sides
        ]
        sides.sort(key=lambda side: side.short not in plan.beneficiaries)
        low, high = _MANY.get(kind, (2, 2))
        for _ in range(rng.randint(low, high) - 2):
            sides.append(rng.choice(self._by_country[rng.choice(rng.choice(self._pairs))]))
        if kind in ("JO", "JAD", "MEET", "WS", "TR") and "SELEC" in plan.beneficiaries and rng.random() < 0.3:
            sides.append(self.setting.authorities["SELEC"])
        return list({side.short: side for side in sides}.values())

    def _spot(self, kind: str, pair: tuple[str, str], owner: Authority) -> Spot | None:
        if kind == "JIT" or self.rng.random() < UNPLACED_SHARE:
            return None
        if kind in lives.INDOORS:
            return self.ground.in_town(owner.country, self.rng)
        return self.ground.at_border(pair, self.rng) or self.ground.in_town(owner.country, self.rng)

    def _row(
        self,
        *,
        activity_id: int,
        kind: str,
        phase: Phase,
        owner: Authority,
        members: Sequence[Authority],
        when: lives.Span,
        life: lives.Life,
        spot: Spot | None,
    ) -> dict[str, Any]:
        rng, setting = self.rng, self.setting
        aim = int(rng.random() * len(wording.AIMS))
        held = phase is Phase.HELD
        names = spot.names if spot else (_city(owner),)
        withdrawn = life.status == "WITHDRAWN"
        return {
            "id": activity_id,
            "project_id": setting.project_id,
            "kind": kind,
            "reference": "",
            "external_reference": None,
            "owner_organisation_id": setting.organisations[owner.short],
            "client_uuid": str(UUID(int=rng.getrandbits(128), version=4)),
            "body_hash": None,
            "logged_by": setting.loggers.get(owner.short),
            "import_batch_id": None,
            "work_package_id": setting.packages[PACKAGE_OF_KIND[kind]],
            "status": life.status,
            "title": wording.title(kind, names, rng, planned=phase is Phase.PLANNED),
            "aim": wording.AIMS[aim],
            "crime_areas": wording.AREA_OF_AIM[aim],
            "legal_basis": "",
            "facts": wording.facts(rng) if held else wording.SYNTHETIC,
            "assessment": wording.assessment(rng) if held else "",
            "note": "",
            "source_url": "",
            "flags": "",
            "starts_at": when.starts_at,
            "ends_at": when.ends_at,
            "zone": ZONES[owner.country],
            "starts_offset_min": when.starts_offset_min,
            "ends_offset_min": when.ends_offset_min,
            "from_on": when.from_on,
            "until_on": when.last_on + timedelta(days=1),
            "date_precision": "instant",
            "sort_key": int(when.starts_at.timestamp()),
            "counts_on": life.counts_on,
            "host_country": owner.country,
            "countries": "|".join(sorted({m.country for m in members if m.short not in REGIONAL})),
            **self._where(spot),
            "length_m": None,
            "sensitive": rng.random() < (0.3 if kind in ("CBO", "JIT") else 0.02),
            "release_delay_days": None,
            "release_never": False,
            "release_reason": "",
            "verified_at": life.verified_at,
            "released_at": life.released_at,
            "tallied": life.released_at is not None and life.released_at <= setting.now,
            "withdrawn_at": life.entered_at if withdrawn else None,
            "withdrawn_reason": "Logged twice." if withdrawn else "",
            "version": 1,
            "created_at": life.entered_at,
            "updated_at": life.verified_at or life.entered_at,
        }

    def _where(self, spot: Spot | None) -> dict[str, Any]:
        where: dict[str, Any] = dict.fromkeys(
            ("border_id", "section_id", "uncertainty_m", "lon", "lat", "cell_e", "cell_n")
        )
        where.update(border_status="", location_kind="", place_text="", place_precision="")
        if spot is None:
            return where
        lon, lat = jittered(spot.lon, spot.lat, 900, self.rng)
        where.update(
            border_id=spot.border_id,
            section_id=spot.section_id,
            border_status=self.setting.border_status.get(spot.border_id or 0, ""),
            location_kind=spot.location_kind,
            place_text=spot.typed,
            place_precision="exact",
            uncertainty_m=100.0 if spot.section_id else 1000.0,
            **_position(Position(lon, lat)),
        )
        return where

    def _place(self, rows: Rows, row: dict[str, Any], spot: Spot | None, *, held: bool) -> None:
        """The point as clicked on a map, or for some patrols the way as a device recorded it."""
        if spot is None:
            return
        lon, lat = row["lon"], row["lat"]
        share = TRACK_SHARE / 5 if self.setting.lean else TRACK_SHARE
        form, outline, source = "point", f"POINT({lon} {lat})", "map"
        if row["kind"] == "JP" and held and self.rng.random() < share:
            way = LineString(parts.walk(lon, lat, self.rng))
            form, outline, source = "track", way.wkt, "gpx"
            row["length_m"] = places.way_length_m(way)
            row.update(_position(places.point_of(way)))
        rows.places.append(
            {"activity_id": row["id"], "form": form, "typed": spot.typed, "source": source, "shape": outline}
        )


def _position(position: Position) -> dict[str, Any]:
    cell = cell_of(position)
    return {"lon": position.lon, "lat": position.lat, "cell_e": cell.e, "cell_n": cell.n}


def _city(owner: Authority) -> str:
    return owner.name.rpartition(", ")[2]


def _texts(
    row: dict[str, Any], members: Sequence[Authority], spot: Spot | None, countries: Mapping[str, str]
) -> dict[str, Any]:
    """Folded text as ``activity_texts`` writes it: what all may search, and what only who sees the exact record may."""
    codes = row["countries"].split("|")
    coarse = " ".join(
        _folded(word)
        for word in (
            row["reference"],
            row["kind"],
            Kind(row["kind"]).label,
            *codes,
            *(countries.get(code, code) for code in codes),
            *(word for member in members for word in (member.short, member.name)),
            spot.section_name(countries) if spot else "",
            spot.section_code if spot else "",
        )
        if word
    )
    own = ("title", "place_text", "aim", "crime_areas", "facts", "assessment")
    exact = " ".join(_folded(row[name]) for name in own if row[name])
    return {"activity_id": row["id"], "exact_text": f"{coarse} {exact}", "coarse_text": coarse}


_folded = lru_cache(maxsize=50_000)(fold)
