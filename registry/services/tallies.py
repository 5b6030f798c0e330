"""How much does each activity or cost line add to each stored count? As selects that a total is grown or checked by.

Every stored count is a sum over rows of the record tables; the same select builds it, moves it and reconciles it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, func, literal, select
from sqlalchemy import Integer as SqlInteger
from sqlalchemy import String as SqlString
from sqlalchemy.orm import Session

from registry.db.upsert import add_selected
from registry.domain.activities import Status
from registry.domain.geo import LEVELS
from registry.domain.precision import SECTION_AT_MOST
from registry.models.activities import Activity, Participation
from registry.models.aggregates import CostTally, MapCell, ProjectTally, ReleasedTally
from registry.models.costs import CostLine
from registry.models.geography import Border, BorderSection
from registry.queries.phases import held, month_of, planned

Condition = ColumnElement[bool]
Rows = Select[*tuple[Any, ...]]
Contributions = Callable[[Condition, int], list[Rows]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """One stored count: its table, its key, its sums and the selects that it is the sum of."""

    model: Any
    keys: Sequence[str]
    sums: Sequence[str]
    contributions: Contributions
    gate: Condition

    def add(self, session: Session, rows: Condition, sign: int) -> None:
        """Add (or with -1 take away) what the record rows under the condition contribute."""
        self.add_ungated(session, and_(rows, self.gate), sign)

    def add_ungated(self, session: Session, rows: Condition, sign: int) -> None:
        """The same for rows that are about to pass the gate."""
        for part in self.contributions(rows, sign):
            add_selected(session, self.model.__table__, part, self.keys, self.sums)

    def recomputed(self) -> list[Rows]:
        """What the stored counts should be, from all records."""
        return self.contributions(self.gate, +1)


def phase() -> ColumnElement[str]:
    """Held, planned or other, as everywhere else it is asked (``queries/phases.py``)."""
    return case((held(), "held"), (planned(), "planned"), else_="other")


def _project(rows: Condition, sign: int) -> list[Rows]:
    root = case((Activity.parent_id.is_(None), 1), else_=0)
    keys = [Activity.project_id, Activity.kind, phase().label("phase"), month_of(Activity.counts_on).label("month")]
    grouped = select(
        *keys,
        root.label("root"),
        (sign * func.count()).label("activities"),
        (sign * func.sum(func.coalesce(Activity.officers, 0))).label("attendances"),
        (sign * func.sum(case((Activity.officers.is_(None), 1), else_=0))).label("attendances_unknown"),
        (sign * func.sum(case((Activity.verified_at.is_not(None), 1), else_=0))).label("verified"),
    )
    return [grouped.where(rows).group_by(Activity.project_id, Activity.kind, "phase", "month", "root")]


def _released(rows: Condition, sign: int) -> list[Rows]:
    text = SqlString(24)

    def counted(dimension: str, value: Any) -> Rows:
        return select(
            Activity.project_id,
            literal(dimension, SqlString(12)).label("dimension"),
            cast(value, text).label("value"),
            Activity.kind,
            Activity.status,
            month_of(Activity.from_on).label("month"),
            (sign * func.count(Activity.id.distinct())).label("activities"),
        ).group_by(Activity.project_id, "value", Activity.kind, Activity.status, "month")

    everything = counted("all", literal("", text)).where(rows)
    placed = case((Activity.cell_e.is_(None), "unplaced"), else_="placed")
    places = counted("placed", placed).where(rows)
    joined = Participation.activity_id == Activity.id
    countries = counted("country", Participation.country_iso2).join(Participation, joined)
    organisations = counted("organisation", Participation.organisation_id).join(Participation, joined)
    borders = counted("border", Border.code).join(Border, Border.id == Activity.border_id)
    sections = counted("section", BorderSection.code).join(BorderSection, BorderSection.id == Activity.section_id)
    return [
        everything,
        places,
        countries.where(rows, Participation.country_iso2.is_not(None)),
        organisations.where(rows, Participation.organisation_id.is_not(None)),
        borders.where(rows),
        sections.where(rows),
    ]


def _cells(rows: Condition, sign: int) -> list[Rows]:
    placed = and_(Activity.cell_e.is_not(None), Activity.kind.not_in(sorted(SECTION_AT_MOST)))
    shown = and_(rows, placed, Activity.status != Status.WITHDRAWN)  # lists leave withdrawn records out
    parts = []
    for level in range(LEVELS):
        e, n = (cast(column // (2**level), SqlInteger) for column in (Activity.cell_e, Activity.cell_n))
        grouped = select(
            Activity.project_id,
            literal(level, SqlInteger).label("level"),
            e.label("e"),
            n.label("n"),
            Activity.kind,
            month_of(Activity.from_on).label("month"),
            (sign * func.count()).label("activities"),
        )
        parts.append(grouped.where(shown).group_by(Activity.project_id, "e", "n", Activity.kind, "month"))
    return parts


def _costs(rows: Condition, sign: int) -> list[Rows]:
    unconverted = CostLine.eur_minor.is_(None)
    grouped = select(
        CostLine.project_id,
        CostLine.beneficiary_id,
        CostLine.category,
        func.coalesce(CostLine.work_package_id, 0).label("work_package_id"),
        CostLine.activity_kind,
        CostLine.currency,
        month_of(CostLine.incurred_on).label("month"),
        (sign * func.count()).label("lines"),
        (sign * func.coalesce(func.sum(CostLine.eur_minor), 0)).label("eur_minor"),
        (sign * func.sum(case((unconverted, 1), else_=0))).label("unconverted_lines"),
        (sign * func.sum(case((unconverted, CostLine.amount_minor), else_=0))).label("unconverted_minor"),
        (sign * func.sum(case((CostLine.provisional, 1), else_=0))).label("provisional_lines"),
    )
    counted = grouped.where(rows)
    keys = (CostLine.project_id, CostLine.beneficiary_id, CostLine.category, "work_package_id")
    return [counted.group_by(*keys, CostLine.activity_kind, CostLine.currency, "month")]


PROJECT = Keeper(
    model=ProjectTally,
    keys=("project_id", "kind", "phase", "month", "root"),
    sums=("activities", "attendances", "attendances_unknown", "verified"),
    contributions=_project,
    gate=Activity.id > 0,  # every record; a WHERE of its own for SQLite's upsert
)
RELEASED = Keeper(
    model=ReleasedTally,
    keys=("project_id", "dimension", "value", "kind", "status", "month"),
    sums=("activities",),
    contributions=_released,
    gate=Activity.tallied.is_(True),
)
CELLS = Keeper(
    model=MapCell,
    keys=("project_id", "level", "e", "n", "kind", "month"),
    sums=("activities",),
    contributions=_cells,
    gate=Activity.tallied.is_(True),
)
COSTS = Keeper(
    model=CostTally,
    keys=("project_id", "beneficiary_id", "category", "work_package_id", "activity_kind", "currency", "month"),
    sums=("lines", "eur_minor", "unconverted_lines", "unconverted_minor", "provisional_lines"),
    contributions=_costs,
    gate=CostLine.withdrawn_at.is_(None),
)
OF_ACTIVITIES = (PROJECT, RELEASED, CELLS)
EVERY_KEEPER = (*OF_ACTIVITIES, COSTS)
