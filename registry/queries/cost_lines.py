"""Which cost lines may this viewer read, and how much of each?

The lead partner's finance officers, auditors and the command line read every line of the project. Lead partner and
coordinators read those of their own organisation, those of no activity and those of activities that they may list.
Other finance officers read their own organisation's. What the line says in words (description, supplier) can name a
place: it is shown to who sees the activity exactly, and to the organisation that paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from registry.domain.counts import Count, Qualifier
from registry.domain.money import Money
from registry.domain.periods import DatePeriod
from registry.domain.permissions import Role, Viewer
from registry.models.activities import Activity
from registry.models.costs import CostLine
from registry.models.projects import Beneficiary, Organisation, WorkPackage
from registry.queries.visibility import listable_in, own_organisations, takes_part

PAGE = 50
STATES = ("not_converted", "provisional", "no_receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """In which project the lines are, who reads them, and when."""

    project_id: int
    lead_organisation_id: int | None
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which lines are asked for; empty words ask for all."""

    beneficiary: str = ""
    category: str = ""
    work_package: str = ""
    state: str = ""
    period: DatePeriod | None = None


EVERYTHING = LineFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One cost line. ``eur`` is None while no rate is known; activity, words and supplier are empty where masked."""

    reference: str
    incurred_on: date
    beneficiary: str
    short: str
    cost_type: str
    category: str
    work_package: str
    kind: str
    activity: str
    description: str
    supplier: str
    amount: Money
    eur: Money | None
    rate: Decimal | None
    rate_on: date | None
    rate_source: str
    provisional: bool
    has_receipt: bool
    masked: bool

    @property
    def quotient(self) -> Decimal | None:
        """The amount divided by its rate, to six decimals: what was rounded half-up to the cent."""
        if self.rate is None:
            return None
        return (self.amount.decimal() / self.rate).quantize(Decimal("0.000001"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """Lines, newest first, and the reference of the last one when there are more."""

    lines: tuple[Line, ...]
    after: str | None


def reads_every_line(scope: Scope) -> bool:
    """Whether no line of the project is kept from the viewer."""
    roles = scope.viewer.roles_in(scope.project_id)
    finance = scope.viewer.organisations_in(scope.project_id, Role.FINANCE_OFFICER)
    return scope.viewer.unmasked or Role.AUDITOR in roles or scope.lead_organisation_id in finance


def readable(scope: Scope) -> ColumnElement[bool]:
    """The condition on a select over ``CostLine`` joined to its ``Beneficiary``, with ``Activity`` outer-joined."""
    if reads_every_line(scope):
        return true()
    viewer, project_id = scope.viewer, scope.project_id
    own = viewer.organisations_in(project_id, Role.COORDINATOR, Role.FINANCE_OFFICER)
    rules: list[ColumnElement[bool]] = [Beneficiary.organisation_id.in_(sorted(own))] if own else []
    if viewer.roles_in(project_id) & {Role.LEAD_PARTNER, Role.COORDINATOR}:
        rules += [CostLine.activity_id.is_(None), listable_in(project_id, viewer, scope.now)]
    return or_(false(), *rules)


def page(session: Session, scope: Scope, asked: LineFilter = EVERYTHING, after: str = "", size: int = PAGE) -> LinePage:
    """One page of lines behind the line ``after``; an unknown reference begins at the newest."""
    statement = _lines(scope, asked).order_by(CostLine.incurred_on.desc(), CostLine.id.desc())
    key = (
        after
        and session.execute(
            # Through the same door as the lines: the place of a line that is kept from the viewer tells its day.
            _joined(select(CostLine.incurred_on, CostLine.id), scope, EVERYTHING).where(CostLine.reference == after)
        ).one_or_none()
    )
    if key:
        statement = statement.where(tuple_(CostLine.incurred_on, CostLine.id) < tuple_(key.incurred_on, key.id))
    found = session.execute(statement.limit(size + 1)).mappings().all()
    lines = tuple(_line(row) for row in found[:size])
    more = lines[-1].reference if len(found) > size else None
    return LinePage(lines=lines, after=more)


def count(session: Session, scope: Scope, asked: LineFilter = EVERYTHING, up_to: int | None = None) -> Count:
    """How many lines fit the filter and may be read; with ``up_to`` *more than* that number is all it says."""
    if up_to is None:
        return Count(int(session.scalar(_joined(select(func.count()), scope, asked)) or 0))
    some = _joined(select(CostLine.id), scope, asked).limit(up_to + 1).subquery()
    number = int(session.scalar(select(func.count()).select_from(some)) or 0)
    return Count(up_to, Qualifier.MORE_THAN) if number > up_to else Count(number)


def stream(session: Session, scope: Scope, asked: LineFilter = EVERYTHING) -> Iterator[Line]:
    """Every line that may be read, in the order in which costs were incurred, a few at a time."""
    statement = _lines(scope, asked).order_by(CostLine.incurred_on, CostLine.id)
    with session.execute(statement.execution_options(yield_per=1000)) as found:  # closed also when the reader stops
        for row in found.mappings():
            yield _line(row)


def _joined(statement: Select[*tuple[Any, ...]], scope: Scope, asked: LineFilter) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(CostLine)
        .join(Beneficiary, Beneficiary.id == CostLine.beneficiary_id)
        .outerjoin(Activity, Activity.id == CostLine.activity_id)
        .outerjoin(WorkPackage, WorkPackage.id == CostLine.work_package_id)
        .where(CostLine.project_id == scope.project_id, CostLine.withdrawn_at.is_(None), readable(scope))
        .where(*_conditions(asked))
    )


def _conditions(asked: LineFilter) -> Iterator[ColumnElement[bool]]:
    if asked.beneficiary:
        yield Beneficiary.number == asked.beneficiary
    if asked.category:
        yield CostLine.category == asked.category
    if asked.work_package:
        yield WorkPackage.code == asked.work_package
    if asked.state == "not_converted":
        yield CostLine.eur_minor.is_(None)
    if asked.state == "provisional":
        yield CostLine.provisional.is_(True)
    if asked.state == "no_receipt":
        yield CostLine.document_id.is_(None)
    if asked.period is not None:
        yield CostLine.incurred_on >= asked.period.from_on
        yield CostLine.incurred_on < asked.period.until_on


def _lines(scope: Scope, asked: LineFilter) -> Select[*tuple[Any, ...]]:
    exact, listed = _sight(scope)
    chosen = select(
        CostLine.reference, CostLine.incurred_on, CostLine.cost_type, CostLine.category, CostLine.activity_kind,
        CostLine.description, CostLine.supplier, CostLine.amount_minor, CostLine.currency, CostLine.eur_minor,
        CostLine.rate, CostLine.rate_on, CostLine.rate_source, CostLine.provisional,
        CostLine.document_id.is_not(None).label("has_receipt"), Beneficiary.number,
        Organisation.name.label("organisation"), Organisation.short, WorkPackage.code.label("package"),
        Activity.reference.label("activity"), case((exact, 1), else_=0).label("exact"),
        case((listed, 1), else_=0).label("listed"),
    )  # fmt: skip
    return _joined(chosen, scope, asked).join(Organisation, Organisation.id == Beneficiary.organisation_id)


def _sight(scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether the words of a line are shown, and whether its activity is named."""
    viewer, project_id = scope.viewer, scope.project_id
    if viewer.unmasked:
        return true(), true()
    rules: list[ColumnElement[bool]] = [CostLine.activity_id.is_(None)]
    paying = viewer.organisations_in(project_id, Role.COORDINATOR, Role.FINANCE_OFFICER)
    if paying:
        rules.append(Beneficiary.organisation_id.in_(sorted(paying)))
    own = own_organisations(project_id, viewer)
    if own:
        rules.append(and_(Activity.id.is_not(None), takes_part(own)))
    return or_(false(), *rules), listable_in(project_id, viewer, scope.now)


def _line(row: Any) -> Line:
    eur, rate, exact = row["eur_minor"], row["rate"], bool(row["exact"])
    return Line(
        reference=row["reference"],
        incurred_on=row["incurred_on"],
        beneficiary=f"{row['number']} {row['organisation']}",
        short=row["short"],
        cost_type=row["cost_type"],
        category=row["category"],
        work_package=row["package"] or "",
        kind=row["activity_kind"],
        activity=(row["activity"] or "") if row["listed"] else "",
        description=row["description"] if exact else "",
        supplier=row["supplier"] if exact else "",
        amount=Money(row["amount_minor"], row["currency"]),
        eur=None if eur is None else Money(eur, "EUR"),
        rate=None if rate is None else Decimal(rate),
        rate_on=row["rate_on"],
        rate_source=row["rate_source"],
        provisional=bool(row["provisional"]),
        has_receipt=bool(row["has_receipt"]),
        masked=not exact,
    )
