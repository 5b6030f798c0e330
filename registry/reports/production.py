"""Which reports are there, who may read which, and how is one made from the records?

Pages, files and the command line all call :func:`produce`, so that the same figures carry the same hash everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.domain.activities import Kind
from registry.domain.clock import Clock
from registry.domain.errors import InvalidInput, NotAllowed, NotFound
from registry.domain.indicators import CountingRule
from registry.domain.periods import DatePeriod
from registry.domain.permissions import Permission, Role, Viewer
from registry.models.projects import Project
from registry.queries import cost_lines, expenditure, monitoring
from registry.reference import table
from registry.reports import expenditure as expenditure_report
from registry.reports import monitoring as monitoring_report
from registry.reports.heads import Head
from registry.reports.tables import Report

MARKING = "SENSITIVE NON-CLASSIFIED"
"""The highest marking that may stand in the registry; what is classified is kept elsewhere."""

MOST_LINES = 5_000
"""With more cost lines than this, a report holds the latest and says so; the lines have a file of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which project's report, for whom, over which period, at which instant."""

    project: Project
    viewer: Viewer
    period: DatePeriod
    now: datetime

    @property
    def whole(self) -> bool:
        """Whether the period is the project's own."""
        own = (self.project.from_on, self.project.until_on)
        return own == (self.period.from_on, self.period.until_on)

    def head(self, *particulars: tuple[str, str]) -> Head:
        """What stands over the report."""
        return Head(
            reference=self.project.reference,
            acronym=self.project.acronym,
            title=self.project.title,
            from_on=self.period.from_on,
            until_on=self.period.until_on,
            marking=MARKING,
            data_revision=self.project.data_revision,
            particulars=particulars,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One report of the registry: its name, the right it needs, and how it is made."""

    name: str
    permission: Permission
    make: Callable[[Session, Order], Report]


def produce(
    session: Session, name: str, *, project: Project, viewer: Viewer, period: DatePeriod | None, clock: Clock
) -> Report:
    """The report of that name; without a period over the project's own.

    Raises NotFound for an unknown name, NotAllowed without the right, InvalidInput when the project has no dates.
    """
    kept = REPORTS.get(name)
    if kept is None:
        raise NotFound(f"There is no report called {name}.")
    if not viewer.may(kept.permission, project.id):
        raise NotAllowed(f"Your role in {project.acronym} does not include the {name} report.")
    now = clock.now()
    return kept.make(session, Order(project=project, viewer=viewer, period=period or period_of(project), now=now))


def period_of(project: Project, from_on: date | None = None, until_on: date | None = None) -> DatePeriod:
    """The period asked for; what is not given is the project's. InvalidInput where neither says."""
    begin, end = from_on or project.from_on, until_on or project.until_on
    if begin is None or end is None:
        raise InvalidInput({"from": ["This project has no dates: give the first and the last day of the report."]})
    return DatePeriod(from_on=begin, until_on=end)


def readable(viewer: Viewer, project_id: int) -> tuple[str, ...]:
    """The names of the reports the viewer may read."""
    return tuple(name for name, kept in REPORTS.items() if viewer.may(kept.permission, project_id))


def needs_reason(name: str, viewer: Viewer, project_id: int) -> bool:
    """Whether a file of the report is a protected export: it holds cost lines, or an auditor takes it."""
    return name == "expenditure" or Role.AUDITOR in viewer.roles_in(project_id)


def _monitoring(session: Session, order: Order) -> Report:
    found = monitoring.figures(session, order.viewer, order.project.id, order.period, whole=order.whole, now=order.now)
    labels = {str(kind): kind.label for kind in Kind}
    months = sorted(found.held.items(), key=lambda item: (list(labels).index(item[0][0]), item[0][1]))
    rows = monitoring_report.MonitoringRows(
        head=order.head(*_coverage(found)),
        targets=tuple(_target(count, order) for count in found.targets),
        held=tuple(
            monitoring_report.HeldRow(kind=kind, kind_label=labels[kind], quarter=_quarter(month), held=number)
            for (kind, month), number in months
        ),
        held_total=found.held_total,
        organisations=tuple(
            monitoring_report.OrganisationRow(
                organisation=row.organisation, country=row.country, took_part=row.took_part, hosted=row.hosted
            )
            for row in found.organisations
        ),
        outcomes=tuple(
            monitoring_report.OutcomeRow(measure=row["label"], unit=row["unit"], total=found.outcomes[row["code"]])
            for row in table("measures")
            if row["code"] in found.outcomes
        ),
        effort=monitoring_report.Effort(patrol_hours=found.patrol_hours, officers=found.attendances),
        unplaced=found.unplaced,
        withheld=found.withheld,
    )
    return monitoring_report.build(rows).report(generated_at=order.now)


def _coverage(found: monitoring.Figures) -> tuple[tuple[str, str], ...]:
    if not found.whole:
        return (
            ("Counted", "records the reader may list: the period is not the project's own"),
            ("Hours on patrol", "of patrols whose times the reader does not see: from five on, rounded to 10 hours"),
        )
    if found.withheld:
        return (("Counted", "all records; organisations, outcomes and effort: those the reader may list"),)
    return (("Counted", "all records of the project"),)


def _target(count: monitoring.TargetCount, order: Order) -> monitoring_report.TargetRow:
    promised = count.target.target.value or 0
    counted = count.every_kind
    return monitoring_report.TargetRow(
        item=next(iter(count.target.kinds), "PERS"),
        label=count.target.label,
        unit=count.target.unit if count.target.kinds else "attendances",
        target=promised,
        qualifier=count.target.target.qualifier,
        held_every_kind=count.held(CountingRule.EVERY_KIND),
        held_roots=count.held(CountingRule.ROOTS),
        planned=count.planned,
        expected=round(promised * order.period.elapsed_share(order.now.date())) if order.whole else None,
        evidence=f"{counted.evidence:,} of {counted.held:,} verified",
    )


def _quarter(month: int) -> str:
    return f"{month // 100}-Q{(month % 100 + 2) // 3}"


def _expenditure(session: Session, order: Order) -> Report:
    project = order.project
    scope = cost_lines.Scope(
        project_id=project.id, lead_organisation_id=project.lead_organisation_id, viewer=order.viewer, now=order.now
    )
    period = None if order.whole else order.period
    found = expenditure.spending(session, project.id, period, cost_lines.readable(scope))
    asked = cost_lines.LineFilter(period=period)
    shown = cost_lines.page(session, scope, asked, size=MOST_LINES)
    rows = expenditure_report.ExpenditureRows(
        head=order.head(),
        lines=tuple(_cost(line) for line in shown.lines),
        budget=tuple(
            expenditure_report.BudgetRow(
                beneficiary=line.beneficiary, category=line.category, amount_minor=line.minor,
                work_package=line.work_package,
            )
            for line in found.budget
        ),
        groups=tuple(_group(group) for group in found.groups),
        left_out=_left_out(len(shown.lines), cost_lines.count(session, scope, asked).value or 0, found.lines),
    )  # fmt: skip
    return expenditure_report.build(rows).report(generated_at=order.now)


def _left_out(shown: int, readable_lines: int, every: int) -> str:
    if shown == every:
        return ""
    kept = f" The reader may not read {every - readable_lines:,} of them." if readable_lines < every else ""
    rest = " All lines stand in the file of cost lines." if shown < readable_lines else ""
    return f"Shown: {shown:,} of {every:,} lines. The sums above are of all lines.{kept}{rest}"


def _cost(line: cost_lines.Line) -> expenditure_report.CostRow:
    return expenditure_report.CostRow(
        beneficiary=line.beneficiary,
        category=line.category,
        work_package=line.work_package or expenditure.NO_PACKAGE,
        kind=line.kind,
        currency=line.amount.currency,
        amount_minor=line.amount.minor,
        eur_minor=None if line.eur is None else line.eur.minor,
        rate=line.rate,
        rate_on=line.rate_on,
        rate_source=line.rate_source,
        reference=line.reference,
        incurred_on=line.incurred_on,
        provisional=line.provisional,
    )


def _group(group: expenditure.CostGroup) -> expenditure_report.CostGroup:
    return expenditure_report.CostGroup(
        **{name: getattr(group, name) for name in expenditure_report.CostGroup.__slots__}
    )


REPORTS = {
    kept.name: kept
    for kept in (
        Kept(name="monitoring", permission=Permission.REPORT_VIEW, make=_monitoring),
        Kept(name="expenditure", permission=Permission.MONEY_VIEW, make=_expenditure),
    )
}
