"""Which countries, borders, sections and crossing points are there, and what status did a border have on a date?"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db.base import Base
from registry.db.columns import geometry


class Country(Base):
    """A country by its two-letter code (XK is user-assigned and carries the status footnote)."""

    __tablename__ = "country"

    iso2: Mapped[str] = mapped_column(String(2), primary_key=True)
    iso3: Mapped[str] = mapped_column(String(3), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    currency: Mapped[str] = mapped_column(String(3), default="")
    euro_from: Mapped[date | None] = mapped_column(Date)


class Border(Base):
    """The border of two countries, in alphabetical order of their codes, land or sea."""

    __tablename__ = "border"
    __table_args__ = (CheckConstraint("a < b", name="pair_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    a: Mapped[str] = mapped_column(ForeignKey("country.iso2"))
    b: Mapped[str] = mapped_column(ForeignKey("country.iso2"))
    kind: Mapped[str] = mapped_column(String(32))
    waters: Mapped[str] = mapped_column(String(200), default="")
    statuses: Mapped[list[BorderStatus]] = relationship(order_by="BorderStatus.id", lazy="raise")


class BorderStatus(Base):
    """What a border was from a date on: internal, external, EU but not lifted, or third (dates as published)."""

    __tablename__ = "border_status"
    __table_args__ = (
        CheckConstraint("status IN ('internal', 'external', 'eu_unlifted', 'third')", name="status_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    border_id: Mapped[int] = mapped_column(ForeignKey("border.id"), index=True)
    status: Mapped[str] = mapped_column(String(16))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    trust: Mapped[str] = mapped_column(String(8), default="")


class BorderSection(Base):
    """A numbered stretch of a border; ``ours`` while no official sections have been imported (decision 7)."""

    __tablename__ = "border_section"
    __table_args__ = (UniqueConstraint("border_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    border_id: Mapped[int] = mapped_column(ForeignKey("border.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    length_km: Mapped[float] = mapped_column(Float)
    ours: Mapped[bool] = mapped_column(default=True)
    shape: Mapped[Any] = mapped_column(geometry("GEOMETRY"))
    mid_lon: Mapped[float] = mapped_column(Float)
    mid_lat: Mapped[float] = mapped_column(Float)
    border: Mapped[Border] = relationship(lazy="raise")


class CrossingPoint(Base):
    """A border crossing point, or a former one, by its names in every alphabet (decision 49)."""

    __tablename__ = "crossing_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    other_names: Mapped[str] = mapped_column(String(300), default="")
    search: Mapped[str] = mapped_column(String(420), index=True)
    border_code: Mapped[str] = mapped_column(String(16), default="")
    kind: Mapped[str] = mapped_column(String(32))
    lon: Mapped[float] = mapped_column(Float)
    lat: Mapped[float] = mapped_column(Float)
    position_precision: Mapped[str] = mapped_column(String(16))
    trust: Mapped[str] = mapped_column(String(8))


class ControlEpisode(Base):
    """A period of temporary control at internal borders, as published, with its gaps (decision 46)."""

    __tablename__ = "control_episode"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(ForeignKey("country.iso2"))
    starts_on: Mapped[str] = mapped_column(String(10), default="")
    ends_on: Mapped[str] = mapped_column(String(10), default="")
    border_scope: Mapped[str] = mapped_column(String(240))
    reason: Mapped[str] = mapped_column(String(400))
    source_url: Mapped[str] = mapped_column(String(400))
