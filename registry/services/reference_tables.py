"""How do the shipped tables get into the database? Row by row by their keys; twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from shapely.geometry import Point, shape
from shapely.ops import nearest_points
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import reference
from registry.domain.text import fold
from registry.models.geography import (
    Border,
    BorderSection,
    BorderStatus,
    ControlEpisode,
    Country,
    CrossingPoint,
)

SEA = "sea"
LONGEST_SEARCH = 420


def load(session: Session) -> None:
    """Countries, borders with their status by date, sections, crossing points and recent border controls.

    A row that is there is brought in step; sections and crossing points that were imported instead of ours are left.
    The published record has a loader of its own.
    """
    _countries(session)
    borders = _borders(session)
    _statuses(session, borders)
    _sections(session, borders)
    _crossing_points(session)
    _control_episodes(session)
    session.flush()  # activities are placed at these rows


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _set(row: Any, **values: Any) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _by(session: Session, model: Any, key: Any) -> dict[Any, Any]:
    return {getattr(row, key.key): row for row in session.scalars(select(model))}


def _countries(session: Session) -> None:
    there = _by(session, Country, Country.iso2)
    for row in reference.table("countries"):
        facts = {"name": row["name"], "currency": row["currency"], "euro_from": _day(row["euro_from"])}
        if row["iso2"] in there:
            _set(there[row["iso2"]], iso3=row["iso3"], **facts)
        else:
            session.add(Country(iso2=row["iso2"], iso3=row["iso3"], **facts))
    session.flush()  # borders point at them


def border_code(row: dict[str, str]) -> str:
    """``IT-SI`` by land, river or lake; ``IT-SI-SEA`` by sea."""
    return f"{row['a']}-{row['b']}" + ("-SEA" if row["kind"] == SEA else "")


def _borders(session: Session) -> dict[str, Border]:
    there: dict[str, Border] = _by(session, Border, Border.code)
    for row in reference.table("borders"):
        code = border_code(row)
        if code not in there:
            there[code] = Border(code=code, a=row["a"], b=row["b"])
            session.add(there[code])
        # A tripartite water stands in several rows: the later ones say the same.
        _set(there[code], kind=row["kind"], waters=row["waters"])
    session.flush()  # statuses and sections need the ids
    return there


def _statuses(session: Session, borders: dict[str, Border]) -> None:
    there = {(row.border_id, row.valid_from): row for row in session.scalars(select(BorderStatus))}
    for row in reference.table("borders"):
        border_id, valid_from, last = borders[border_code(row)].id, _day(row["valid_from"]), _day(row["valid_to"])
        valid_until = last + timedelta(days=1) if last else None
        facts = {"status": row["status"], "valid_until": valid_until, "trust": row["trust"]}
        known = there.get((border_id, valid_from))
        if known is None:
            session.add(BorderStatus(border_id=border_id, valid_from=valid_from, **facts))
        else:
            _set(known, **facts)


def _sections(session: Session, borders: dict[str, Border]) -> None:
    there = set(session.scalars(select(BorderSection.code)))
    official = set(session.scalars(select(BorderSection.border_id).where(BorderSection.ours.is_(False))))
    for feature in reference.geojson("sections")["features"]:
        facts, line = feature["properties"], shape(feature["geometry"])
        border = borders.get(f"{facts['a']}-{facts['b']}")
        if border is None or border.id in official or facts["code"] in there:
            continue
        # The label stands on the line itself, whatever the rounding of its coordinates did.
        middle = nearest_points(line, Point(facts["mid_lon"], facts["mid_lat"]))[0]
        section = BorderSection(code=facts["code"], border_id=border.id, number=facts["number"], shape=line)
        _set(section, length_km=facts["length_km"], ours=facts["ours"], mid_lon=middle.x, mid_lat=middle.y)
        session.add(section)


def search_words(names: Iterable[str]) -> str:
    """The names in plain letters, each between bars, so that a name can be told from a part of another."""
    return "|".join(dict.fromkeys(fold(name) for name in names if name.strip()))[:LONGEST_SEARCH]


def _crossing_points(session: Session) -> None:
    there = _by(session, CrossingPoint, CrossingPoint.name)
    for row in reference.table("crossing_points"):
        names = [row["name"], *row["other_names"].split("|")]
        facts = {
            "other_names": row["other_names"],
            "search": search_words(names),
            "border_code": f"{row['a']}-{row['b']}",
            "kind": row["kind"],
            "lon": float(row["lon"]),
            "lat": float(row["lat"]),
            "position_precision": row["position_precision"],
            "trust": row["trust"],
        }
        if row["name"] in there:
            _set(there[row["name"]], **facts)
        else:
            there[row["name"]] = CrossingPoint(name=row["name"], **facts)
            session.add(there[row["name"]])


def _control_episodes(session: Session) -> None:
    episodes = session.scalars(select(ControlEpisode))
    there = {(row.state, row.starts_on, row.ends_on, row.border_scope) for row in episodes}
    for row in reference.table("temporary_controls_recent_examples"):
        key = (row["state"], row["start"], row["end"], row["border_scope"])
        if key not in there:
            episode = ControlEpisode(state=row["state"], starts_on=row["start"], ends_on=row["end"])
            _set(episode, border_scope=row["border_scope"], reason=row["reason_short"], source_url=row["source_url"])
            session.add(episode)
