"""What of one record does this viewer get to read? Title, place and time at the precision of the view, never finer.

Everything that leaves a query passes here: titles, typed places and routes only where the place is exact, otherwise
the centre of the cell or the section, and the hour or the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from registry.domain.activities import Kind, is_held
from registry.domain.counts import NOT_COUNTED, Count, Qualifier
from registry.domain.geo import Cell, rounded_length_km
from registry.domain.precision import Precision, TimePrecision, View


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The time as it is shown: days always, instants only as fine as ``precision`` allows.

    With hours ``starts_at`` is the hour's beginning and ``ends_at`` the end of the last hour.
    """

    from_on: date | None
    until_on: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    precision: TimePrecision

    @property
    def duration(self) -> timedelta | None:
        """How long it lasted, only where the time is exact."""
        if self.precision is not TimePrecision.EXACT or self.starts_at is None or self.ends_at is None:
            return None
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place as it is shown. ``lon``/``lat`` is the point itself or its cell's centre; nothing by section."""

    precision: Precision
    label: str
    text: str = ""
    lon: float | None = None
    lat: float | None = None
    cell: str = ""
    border: str = ""
    section: str = ""
    section_label: str = ""
    host_country: str = ""
    uncertainty_m: float | None = None
    length_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Names that rows are written with: countries by code."""

    countries: Mapping[str, str]

    def country(self, iso2: str | None) -> str:
        """The country's name, or its code when it has none."""
        return self.countries.get(iso2 or "", iso2 or "")

    def border(self, code: str | None) -> str:
        """``Italy–Slovenia`` for ``IT-SI``; nothing for none."""
        return "–".join(self.country(part) for part in code.split("-")[:2]) if code else ""


def section_label(row: Any, labels: Labels) -> str:
    """``Italy–Slovenia 3``, else the border, else the host country (decision 7)."""
    border = labels.border(row["border"])
    if row["section_number"] is not None:
        return f"{border} {row['section_number']}"
    return border or labels.country(row["host_country"])


def shown_title(row: Any, view: View, labels: Labels) -> str:
    """The record's own title where the viewer sees it exactly, otherwise its kind and its section's name."""
    if view.exact:
        return str(row["title"])
    where = section_label(row, labels)
    kind = Kind(row["kind"]).label
    name = kind[0].upper() + kind[1:]
    return f"{name}, {where}" if where else name


def shown_when(row: Any, view: View) -> When:
    """The time at the view's precision."""
    starts_at, ends_at, zone = row["starts_at"], row["ends_at"], row["zone"] or "UTC"
    if view.time is TimePrecision.HOUR:
        starts_at, ends_at = _hour(starts_at, zone), _hour_after(ends_at, zone)
    elif view.time is not TimePrecision.EXACT:
        starts_at = ends_at = None
    return When(
        from_on=row["from_on"],
        until_on=row["until_on"],
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        precision=view.time,
    )


def _hour(instant: datetime | None, zone: str) -> datetime | None:
    if instant is None:
        return None
    local = instant.astimezone(ZoneInfo(zone))
    return instant - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def _hour_after(instant: datetime | None, zone: str) -> datetime | None:
    begun = _hour(instant, zone)
    return begun if begun is None or begun == instant else begun + timedelta(hours=1)


def shown_where(row: Any, view: View, labels: Labels) -> Where:
    """The place at the view's precision."""
    section = section_label(row, labels)
    coarse: dict[str, Any] = {
        "precision": view.place,
        "border": row["border"] or "",
        "section": row["section"] or "",
        "section_label": section,
        "host_country": row["host_country"] or "",
    }
    if row["length_m"] is not None and view.place is not Precision.SECTION:
        coarse["length_km"] = rounded_length_km(row["length_m"], view.place)
    if view.exact:
        fine = {name: row[name] for name in ("lon", "lat", "uncertainty_m")}
        return Where(**coarse, **fine, text=row["place_text"], label=row["place_text"] or section)
    if view.place is Precision.CELL and row["cell_e"] is not None:
        cell = Cell(0, row["cell_e"], row["cell_n"])
        centre = cell.centre()
        return Where(**coarse, cell=cell.code, lon=round(centre.lon, 5), lat=round(centre.lat, 5), label=section)
    return Where(**coarse, label=section)


Stored = tuple[int | None, str]
"""A count as its table has it: value and qualifier."""

NO_VALUE: Stored = (None, Qualifier.NOT_COUNTED)


def shown_count(stored: Stored, kind: str, status: str) -> Count | None:
    """A count as it is shown: *not yet* (None) before the activity is held, *not counted* afterwards."""
    value, qualifier = stored
    if value is not None:
        return Count(value, Qualifier(qualifier))
    return NOT_COUNTED if is_held(kind, status) else None
