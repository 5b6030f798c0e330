"""What did this activity cost, as far as this viewer may read it? Lines of one activity with their rates and proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from registry.domain.money import Money
from registry.domain.permissions import Permission, Viewer
from registry.models.activities import Activity
from registry.models.costs import CostLine, Document
from registry.models.projects import Beneficiary, Organisation
from registry.queries import cost_lines
from registry.queries.visibility import own_organisations
from registry.reference import table


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCost:
    """One line. ``eur`` None is *not converted*; words and the document are empty where they are masked."""

    reference: str
    what: str
    bearer: str
    incurred_on: date
    amount: Money
    eur: Money | None
    rate: Decimal | None
    rate_on: date | None
    rate_source: str
    provisional: bool
    has_receipt: bool
    document: str
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCosts:
    """The lines the viewer may read, their sum in EUR and how many of them are not converted."""

    lines: tuple[ActivityCost, ...]
    eur: Money
    not_converted: int
    provisional: bool

    @property
    def documents(self) -> tuple[ActivityCost, ...]:
        """The lines whose receipt the viewer may open, each receipt once."""
        return tuple({line.document: line for line in self.lines if line.document}.values())


def may_read(viewer: Viewer, project_id: int) -> bool:
    """Whether costs are shown at all: to who sees the project's money, and to members of a paying organisation."""
    return viewer.may(Permission.MONEY_VIEW, project_id) or bool(own_organisations(project_id, viewer))


def activity_costs(
    session: Session,
    viewer: Viewer,
    project_id: int,
    activity_id: int,
    *,
    lead_organisation_id: int | None,
    now: datetime,
) -> ActivityCosts:
    """The activity's lines, oldest first."""
    own = sorted(own_organisations(project_id, viewer))
    scope = cost_lines.Scope(project_id=project_id, lead_organisation_id=lead_organisation_id, viewer=viewer, now=now)
    rules: list[ColumnElement[bool]] = [Beneficiary.organisation_id.in_(own)]
    if viewer.may(Permission.MONEY_VIEW, project_id):
        rules.append(cost_lines.readable(scope))
    paid_by_own: Any = case((Beneficiary.organisation_id.in_(own), 1), else_=0)
    query = (
        select(CostLine, Organisation.name, Document.reference, Document.file_name, paid_by_own)
        .join(Beneficiary, Beneficiary.id == CostLine.beneficiary_id)
        .join(Organisation, Organisation.id == Beneficiary.organisation_id)
        .join(Activity, Activity.id == CostLine.activity_id)
        .outerjoin(Document, Document.id == CostLine.document_id)
        .where(CostLine.activity_id == activity_id, CostLine.withdrawn_at.is_(None), or_(*rules))
        .order_by(CostLine.incurred_on, CostLine.id)
    )
    everything = cost_lines.reads_every_line(scope)
    evidence = viewer.may(Permission.EVIDENCE_VIEW, project_id)
    lines = tuple(
        _line(line, name, (document, file_name), own=bool(paid), evidence=evidence and (bool(paid) or everything))
        for line, name, document, file_name, paid in session.execute(query)
    )
    converted = [line.eur.minor for line in lines if line.eur is not None]
    return ActivityCosts(
        lines=lines,
        eur=Money(sum(converted), "EUR"),
        not_converted=len(lines) - len(converted),
        provisional=any(line.provisional for line in lines if line.eur is not None),
    )


def _line(
    line: CostLine, name: str, document: tuple[str | None, str | None], *, own: bool, evidence: bool
) -> ActivityCost:
    label = next((row["label"] for row in table("cost_types") if row["code"] == line.cost_type), line.cost_type)
    return ActivityCost(
        reference=line.reference,
        what=_what(label, line.description) if own else label,
        bearer=name,
        incurred_on=line.incurred_on,
        amount=Money(line.amount_minor, line.currency),
        eur=None if line.eur_minor is None else Money(line.eur_minor, "EUR"),
        rate=None if line.rate is None else Decimal(line.rate),
        rate_on=line.rate_on,
        rate_source=line.rate_source,
        provisional=line.provisional,
        has_receipt=line.document_id is not None,
        document=(document[0] or "") if evidence else "",
        file_name=(document[1] or "") if evidence and own else "",
    )


def _what(label: str, description: str) -> str:
    """The type, then the words of the line, not saying the type twice."""
    if not description or description.startswith(label):
        return description or label
    return f"{label}, {description}"
