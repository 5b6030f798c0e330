"""Which counts are stored so that a million activities answer like a hundred? Kept by ``services/derive.py`` alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.db.base import Base
from registry.db.columns import UtcDateTime


class MapCell(Base):
    """Released activities per grid cell (EPSG:3035), level, kind and month; never observations or teams (39)."""

    __tablename__ = "map_cell"
    __table_args__ = (Index("ix_map_cell_box", "project_id", "level", "e", "n"),)

    project_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True)
    e: Mapped[int] = mapped_column(Integer, primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    month: Mapped[int] = mapped_column(Integer, primary_key=True)
    activities: Mapped[int] = mapped_column(Integer)


class ReleasedTally(Base):
    """Released activities per facet value, kind, status and month (YYYYMM, 0 unknown).

    ``dimension`` is all, country, organisation, border, section or unplaced; ``value`` the facet's key in it.
    """

    __tablename__ = "released_tally"

    project_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(24), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    status: Mapped[str] = mapped_column(String(24), primary_key=True)
    month: Mapped[int] = mapped_column(Integer, primary_key=True)
    activities: Mapped[int] = mapped_column(Integer)


class ProjectTally(Base):
    """All activities of a project, hidden ones too, for its unfiltered totals and targets only (decision 1).

    ``phase`` is held, planned or other; ``month`` that of ``counts_on``; ``root`` 1 when there is no parent.
    """

    __tablename__ = "project_tally"

    project_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    phase: Mapped[str] = mapped_column(String(8), primary_key=True)
    month: Mapped[int] = mapped_column(Integer, primary_key=True)
    root: Mapped[int] = mapped_column(Integer, primary_key=True)
    activities: Mapped[int] = mapped_column(Integer)
    attendances: Mapped[int] = mapped_column(BigInteger)
    attendances_unknown: Mapped[int] = mapped_column(Integer)
    verified: Mapped[int] = mapped_column(Integer)


class CostTally(Base):
    """Cost lines per beneficiary, category, work package, kind of activity, currency and month, in minor units."""

    __tablename__ = "cost_tally"

    project_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    beneficiary_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    category: Mapped[str] = mapped_column(String(8), primary_key=True)
    work_package_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    activity_kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    month: Mapped[int] = mapped_column(Integer, primary_key=True)
    lines: Mapped[int] = mapped_column(Integer)
    eur_minor: Mapped[int] = mapped_column(BigInteger)
    unconverted_lines: Mapped[int] = mapped_column(Integer)
    unconverted_minor: Mapped[int] = mapped_column(BigInteger)
    provisional_lines: Mapped[int] = mapped_column(Integer)


class TickState(Base):
    """When the one timer ran last (decision 3)."""

    __tablename__ = "tick_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)
