"""What has the project done, measured against what it promised?

The figures are those of the stored counts; here they are only laid out, and checked to add up: activities by kind,
by quarter and in all are one number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.domain.counts import Count
from registry.reports.figures import Column, percentage
from registry.reports.heads import must_balance
from registry.reports.monitoring_rows import (
    Effort,
    HeldRow,
    MonitoringRows,
    OrganisationRow,
    OutcomeRow,
    TargetRow,
)
from registry.reports.tables import Paragraph, Report, Row, Section, Table, chart_of

__all__ = [
    "Effort", "HeldRow", "MonitoringReport", "MonitoringRows", "OrganisationRow", "OutcomeRow", "TargetRow", "build",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringReport:
    """Raises Unbalanced unless activities by kind, by quarter and in all are the same number."""

    rows: MonitoringRows
    kinds: Mapping[str, str]
    quarters: tuple[str, ...]
    by_kind: Mapping[str, int]
    by_quarter: Mapping[str, int]
    by_kind_and_quarter: Mapping[tuple[str, str], int]

    def __post_init__(self) -> None:
        must_balance(
            "activities held",
            total=self.rows.held_total,
            by_kind=sum(self.by_kind.values()),
            by_quarter=sum(self.by_quarter.values()),
            by_kind_and_quarter=sum(self.by_kind_and_quarter.values()),
        )

    def report(self, *, generated_at: datetime) -> Report:
        """The report as tables and charts."""
        sections: list[Section] = [
            *self._targets(),
            *self._activities(),
            self._organisations(),
            self._outcomes(),
            self._effort(),
        ]
        if self.rows.withheld:
            number = f"{self.rows.withheld:,}"
            text = f"{number} of the activities held are counted here and cannot be listed by the reader."
            sections.append(Paragraph(title="Withheld", text=text))
        return self.rows.head.report(
            name="monitoring", title="Monitoring report", sections=tuple(sections), generated_at=generated_at
        )

    def _targets(self) -> tuple[Section, ...]:
        table = Table(
            key="targets",
            title="Targets",
            columns=_TARGET_COLUMNS,
            rows=tuple(_target(row) for row in self.rows.targets),
            footnotes=(
                "Held: each activity counts under its own kind, also inside another one; the promise was made by kind.",
                "Share: held, in per cent of the promise.",
                "Roots only: without activities inside another one that counts in the same period.",
            ),
        )
        if not self.rows.targets:
            return (table,)
        drawn = chart_of(table, kind="bars", title="Share of the promise held", category="label",
                         series=["share"], unit="%")  # fmt: skip
        return drawn, table

    def _activities(self) -> tuple[Section, ...]:
        kinds = tuple(Column(key=kind, label=kind, kind="int") for kind in self.kinds)
        rows: list[Row] = []
        for quarter in self.quarters:
            cells = [self.by_kind_and_quarter.get((kind, quarter), 0) for kind in self.kinds]
            rows.append((quarter, *cells, self.by_quarter[quarter]))
        table = Table(
            key="activities",
            title="Activities held, by quarter and kind",
            columns=(Column(key="quarter", label="Quarter"), *kinds, Column(key="all", label="All", kind="int")),
            rows=tuple(rows),
            footer=("All", *(self.by_kind[kind] for kind in self.kinds), self.rows.held_total),
            footnotes=(" · ".join(f"{kind} {label}" for kind, label in self.kinds.items()),) if self.kinds else (),
        )
        if not self.quarters:
            return (table,)
        drawn = chart_of(table, kind="grouped_bars", title="Activities held", category="quarter",
                         series=list(self.kinds), unit="number")  # fmt: skip
        return drawn, table

    def _organisations(self) -> Table:
        return Table(
            key="organisations",
            title="Activities by organisation",
            columns=(
                Column(key="organisation", label="Organisation"),
                Column(key="country", label="Country"),
                Column(key="took_part", label="Took part", kind="int"),
                Column(key="hosted", label="Hosted", kind="int"),
            ),
            rows=tuple((row.organisation, row.country, row.took_part, row.hosted) for row in self.rows.organisations),
            footnotes=("An activity counts once for each organisation in it, so this column has no sum.",),
        )

    def _outcomes(self) -> Table:
        return Table(
            key="outcomes",
            title="Outcomes",
            columns=(
                Column(key="measure", label="Measure"),
                Column(key="unit", label="Unit"),
                Column(key="total", label="Total", kind="count"),
                Column(key="reports", label="Reports", kind="int"),
                Column(key="not_counted", label="Of these not counted", kind="int"),
            ),
            rows=tuple(
                (row.measure, row.unit, row.total, row.total.parts, row.total.not_counted) for row in self.rows.outcomes
            ),
            footnotes=("n.c.: not counted, which is not zero; ≈ about, > more than.",),
        )

    def _effort(self) -> Table:
        effort = self.rows.effort
        officers = "Officers, distinct" if effort.officers_are_distinct else "Officers, attendances"
        return Table(
            key="effort",
            title="Effort and completeness",
            columns=(Column(key="measure", label="Measure"), Column(key="value", label="Value", align="right")),
            rows=(
                ("Hours on patrol", effort.patrol_hours),
                (officers, effort.officers),
                ("Activities held without a place", self.rows.unplaced),
                ("Activities held that are withheld", self.rows.withheld),
            ),
        )


def build(rows: MonitoringRows) -> MonitoringReport:
    """The balanced figures of the rows; kinds in the order they come, quarters in the order of time."""
    kinds: dict[str, str] = {}
    cells: dict[tuple[str, str], int] = defaultdict(int)
    by_kind: dict[str, int] = defaultdict(int)
    by_quarter: dict[str, int] = defaultdict(int)
    for row in rows.held:
        kinds.setdefault(row.kind, row.kind_label)
        cells[row.kind, row.quarter] += row.held
        by_kind[row.kind] += row.held
        by_quarter[row.quarter] += row.held
    return MonitoringReport(
        rows=rows,
        kinds=kinds,
        quarters=tuple(sorted(by_quarter)),
        by_kind=dict(by_kind),
        by_quarter=dict(by_quarter),
        by_kind_and_quarter=dict(cells),
    )


_TARGET_COLUMNS = (
    Column(key="item", label="Item", width=8),
    Column(key="label", label="Target", width=36),
    Column(key="unit", label="Unit", width=14),
    Column(key="target", label="Promised", kind="count"),
    Column(key="held", label="Held", kind="int"),
    Column(key="share", label="Share", kind="percent"),
    Column(key="held_roots", label="Roots only", kind="int"),
    Column(key="planned", label="Planned", kind="int"),
    Column(key="expected", label="Expected", kind="int"),
    Column(key="evidence", label="Evidence"),
)


def _target(row: TargetRow) -> Row:
    return (row.item, row.label, row.unit, Count(row.target, row.qualifier), row.held_every_kind,
            percentage(row.held_every_kind, row.target), row.held_roots, row.planned, row.expected,
            row.evidence)  # fmt: skip
