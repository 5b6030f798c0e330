"""Where does the demonstration take place? Spots along the real sections, near real towns and crossing points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import reference
from registry.models.geography import Border, BorderSection

SPOTS_PER_SECTION = 9
NAMED_WITHIN_KM = 45.0
NEAR_M = 2_500.0
FEW_TOWNS = 4
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place people keep going to: position, section, the two countries and the names it is known by."""

    lon: float
    lat: float
    names: tuple[str, ...]
    location_kind: str
    section_id: int | None = None
    border_id: int | None = None
    border_code: str = ""
    section_code: str = ""

    @property
    def typed(self) -> str:
        """The place as an officer types it: ``Pesek–Kozina``."""
        return "–".join(self.names[:2])

    def section_name(self, countries: Mapping[str, str]) -> str:
        """``Italy–Slovenia 3``; nothing away from borders."""
        if not self.section_code:
            return ""
        a, b, number = self.section_code.rsplit("-", 2)
        return f"{countries.get(a, a)}–{countries.get(b, b)} {int(number)}"


@dataclass(slots=True)
class Ground:
    """The spots of each border, the heaviest first, and the towns of each country for what happens indoors."""

    spots: dict[tuple[str, str], list[Spot]] = field(default_factory=dict)
    weights: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    towns: dict[str, list[Spot]] = field(default_factory=dict)

    def at_border(self, pair: tuple[str, str], rng: Random) -> Spot | None:
        """A spot of the pair's border, by a skewed choice; None where the two share none on land."""
        spots = self.spots.get(pair)
        return rng.choices(spots, cum_weights=self.weights[pair])[0] if spots else None

    def in_town(self, country: str, rng: Random) -> Spot | None:
        """A larger town of the country: where people meet and learn."""
        towns = self.towns.get(country)
        return towns[min(int(rng.expovariate(0.9)), len(towns) - 1)] if towns else None


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    lon: float
    lat: float
    kind: str


def ground(session: Session, pairs: Iterable[tuple[str, str]], rng: Random) -> Ground:
    """The ground of the given borders, from the sections in the database and the shipped names."""
    wanted = sorted(set(pairs))
    found = Ground(towns=_towns())
    crossings = _crossings()
    rows = session.execute(
        select(Border.a, Border.b, Border.id, Border.code, BorderSection.id, BorderSection.code, BorderSection.shape)
        .join(BorderSection, BorderSection.border_id == Border.id)
        .order_by(Border.code, BorderSection.number)
    ).all()
    for a, b, border_id, border_code, section_id, section_code, shape in rows:
        if (a, b) not in wanted:
            continue
        names = [
            *crossings.get((a, b), ()),
            *(_Name(t.names[0], t.lon, t.lat, "URBAN") for t in _near_towns(found, a, b)),
        ]
        for lon, lat in _along(shape, rng):
            near = _nearest(names, lon, lat)
            spot = Spot(
                lon=lon,
                lat=lat,
                names=tuple(dict.fromkeys(name.text for name in near)) or (f"{border_code} border",),
                location_kind=near[0].kind
                if near and _km(near[0], lon, lat) < 6
                else rng.choice(("GREEN", "ROAD", "ROAD")),
                section_id=section_id,
                border_id=border_id,
                border_code=border_code,
                section_code=section_code,
            )
            found.spots.setdefault((a, b), []).append(spot)
    _weigh(found, rng)
    return found


def _weigh(found: Ground, rng: Random) -> None:
    """A few spots get most of the work: the weight falls with the rank, as on real borders."""
    for pair, spots in found.spots.items():
        rng.shuffle(spots)
        spots.sort(key=lambda spot: spot.location_kind == "GREEN")
        total, sums = 0.0, []
        for rank in range(len(spots)):
            total += 1 / (rank + 1.5)
            sums.append(total)
        found.weights[pair] = sums


def _along(shape: BaseGeometry, rng: Random) -> Iterable[tuple[float, float]]:
    for _ in range(SPOTS_PER_SECTION):
        point = shape.interpolate(rng.random(), normalized=True)
        yield jittered(point.x, point.y, NEAR_M, rng)


def jittered(lon: float, lat: float, metres: float, rng: Random) -> tuple[float, float]:
    """A position within some metres of another, rounded to six decimals as devices give it."""
    degrees = metres / 1000 / _KM_PER_DEGREE
    return (
        round(lon + rng.gauss(0, degrees) / math.cos(math.radians(lat)), 6),
        round(lat + rng.gauss(0, degrees), 6),
    )


def _km(name: _Name, lon: float, lat: float) -> float:
    east = (name.lon - lon) * math.cos(math.radians(lat))
    return math.hypot(east, name.lat - lat) * _KM_PER_DEGREE


def _nearest(names: Sequence[_Name], lon: float, lat: float) -> list[_Name]:
    near = sorted((_km(name, lon, lat), name.text, name) for name in names)
    return [name for distance, _, name in near[:2] if distance < NAMED_WITHIN_KM]


_LOCATION_OF = {"road": "FORMER_BCP", "rail": "RAIL", "river": "RIVER", "sea port": "PORT", "airport": "AIRPORT"}


def _crossings() -> dict[tuple[str, str], list[_Name]]:
    found: dict[tuple[str, str], list[_Name]] = {}
    for row in reference.table("crossing_points"):
        kind = _LOCATION_OF.get(row["kind"], "ROAD")
        if row["status"] == "active" and kind == "FORMER_BCP":
            kind = "BCP"
        name = _Name(row["name"], float(row["lon"]), float(row["lat"]), kind)
        found.setdefault((row["a"], row["b"]), []).append(name)
    return found


def _towns() -> dict[str, list[Spot]]:
    """Towns of each country, the largest first; ports and airports stand where a country has no land border."""
    features = sorted(reference.geojson("towns")["features"], key=lambda f: -(f["properties"]["population"] or 0))
    features = [f for f in features if not f["properties"]["name"].startswith("Sector ")]  # quarters of Bucharest
    found: dict[str, list[Spot]] = {}
    for feature in features:
        lon, lat = feature["geometry"]["coordinates"]
        facts = feature["properties"]
        spot = Spot(lon=lon, lat=lat, names=(facts["name"],), location_kind="URBAN")
        found.setdefault(facts["iso2"], []).append(spot)
    for (a, b), names in _crossings().items():
        if not b and len(found.get(a, ())) < FEW_TOWNS:
            found.setdefault(a, []).extend(
                Spot(lon=name.lon, lat=name.lat, names=(name.text,), location_kind=name.kind) for name in names
            )
    return found


def _near_towns(found: Ground, a: str, b: str) -> list[Spot]:
    return [*found.towns.get(a, ()), *found.towns.get(b, ())]
