"""What did it cost, and how much is that in euro? Converted once, on write, with the rate kept (decision 25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import reference
from registry.domain.clock import Clock
from registry.domain.commands import CostItem, RecordCost
from registry.domain.errors import InvalidInput, NotAllowed, RateUnknown
from registry.domain.money import Money, Rate, convert_to_eur
from registry.domain.permissions import GRANTS, Permission, Role, Viewer
from registry.models.activities import Activity
from registry.models.costs import CostLine, Document
from registry.models.projects import Beneficiary, Organisation, Project
from registry.services import access, audit, derive, rates
from registry.services.activity_content import work_package_id
from registry.services.documents import may_prove_with
from registry.services.references import COST, next_reference

_RECORDERS = tuple(role for role in Role if Permission.COST_RECORD in GRANTS[role])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The reference of a new cost line and its euro; None is *not converted*."""

    reference: str
    eur: Money | None


def record(session: Session, command: RecordCost, *, actor: Viewer, clock: Clock) -> Recorded:
    """Record one cost of an activity or of the project itself. InvalidInput by field; NotAllowed for others' books."""
    project = access.project_for(session, actor, command.project)
    access.check_project_right(actor, project, Permission.COST_RECORD)
    activity = None
    if command.activity:
        activity, _ = access.activity_for(session, actor, command.activity, Permission.COST_RECORD, now=clock.now())
    kind = activity.kind if activity else command.activity_kind
    owner = activity.owner_organisation_id if activity else None
    line = new_line(session, command.item, project, owner, path="cost", actor=actor, clock=clock)
    line.activity_id, line.activity_kind = activity.id if activity else None, kind
    line.work_package_id = work_package_id(session, project, command.work_package)
    if line.work_package_id is None and activity is not None:
        line.work_package_id = activity.work_package_id
    add(session, [line])
    _link_receipts(session, [line])
    audit.record(session, actor=actor, action="cost.record", subject=line.reference, project_id=project.id, clock=clock)
    eur = None if line.eur_minor is None else Money(line.eur_minor, "EUR")
    return Recorded(reference=line.reference, eur=eur)


def add_to_activity(
    session: Session,
    activity: Activity,
    items: Sequence[CostItem],
    project: Project,
    *,
    actor: Viewer,
    clock: Clock,
) -> list[CostLine]:
    """The costs that were logged together with an activity; InvalidInput by ``costs.0.amount``."""
    lines = []
    for number, item in enumerate(items):
        path, owner = f"costs.{number}", activity.owner_organisation_id
        line = new_line(session, item, project, owner, path=path, actor=actor, clock=clock)
        line.activity_id, line.activity_kind = activity.id, activity.kind
        line.work_package_id = activity.work_package_id
        lines.append(line)
    if lines:
        access.check_project_right(actor, project, Permission.COST_RECORD)
        add(session, lines)
        _link_receipts(session, lines)
    return lines


def _link_receipts(session: Session, lines: Sequence[CostLine]) -> None:
    """A receipt that was kept before its record existed belongs to the record now."""
    for line in lines:
        if line.document_id is not None:
            document = session.get_one(Document, line.document_id)
            document.activity_id = document.activity_id or line.activity_id


def add(session: Session, lines: list[CostLine]) -> None:
    """Store new lines together with what follows from them."""
    with derive.changing_costs(session) as ids:
        session.add_all(lines)
        session.flush()  # the ids are needed for the stored totals
        ids.extend(line.id for line in lines)


def new_line(
    session: Session,
    item: CostItem,
    project: Project,
    owner_id: int | None,
    *,
    path: str,
    actor: Viewer,
    clock: Clock,
) -> CostLine:
    """A cost line, not stored yet; ``path`` is where its form stands, ``costs.0``."""
    beneficiary, organisation = _beneficiary(session, item, project, owner_id, path=path, actor=actor)
    receipt = _receipt(session, item.receipt, project, path, actor)
    line = CostLine(
        project_id=project.id,
        reference=next_reference(session, COST, organisation, item.incurred_on.year),
        beneficiary_id=beneficiary.id,
        cost_type=item.cost_type,
        category=category_of(item.cost_type, path),
        description=item.description,
        amount_minor=item.amount.minor,
        currency=item.amount.currency,
        incurred_on=item.incurred_on,
        paid_on=item.paid_on,
        supplier=item.supplier,
        invoice_number=item.invoice_number,
        document_id=receipt,
        recorded_by=actor.user_id,
        recorded_at=clock.now(),
    )
    convert(session, line)
    return line


def convert(session: Session, line: CostLine) -> None:
    """Fill in the euro of a line by the quote of its day; empty, not zero, while none is known."""
    try:
        rate: Rate | None = rates.quote(session, line.currency, line.incurred_on)
    except RateUnknown:
        rate = None
    if rate is None:
        line.eur_minor = line.rate = line.rate_on = None
        line.rate_source, line.provisional = "", True
        return
    line.eur_minor = convert_to_eur(Money(line.amount_minor, line.currency), rate).minor
    line.rate, line.rate_on, line.rate_source = str(rate.units_per_eur), rate.rate_on, rate.source
    # A euro stays a euro; every other figure waits for the mean of its period.
    line.provisional = line.currency != "EUR"


def reconvert(session: Session, currency: str, *, since: date | None = None) -> int:
    """Convert the provisional lines of a currency again after new quotes. Returns how many figures changed."""
    condition = [
        CostLine.currency == currency,
        CostLine.provisional.is_(True),
        *([CostLine.incurred_on >= since] if since else []),
    ]
    ids = session.scalars(select(CostLine.id).where(*condition)).all()
    changed = 0
    with derive.changing_costs(session, ids):
        for line in session.scalars(select(CostLine).where(*condition)):
            before = line.eur_minor
            convert(session, line)
            changed += line.eur_minor != before
    return changed


def category_of(cost_type: str, path: str = "cost") -> str:
    """The budget category of a cost type (decision 15); InvalidInput when there is no such type."""
    for row in reference.table("cost_types"):
        if row["code"] == cost_type:
            return row["category"]
    raise InvalidInput({f"{path}.cost_type": ["Choose the type of cost from the list."]})


def _beneficiary(
    session: Session, item: CostItem, project: Project, owner_id: int | None, *, path: str, actor: Viewer
) -> tuple[Beneficiary, Organisation]:
    """The beneficiary that bears a cost: the one named, the activity's owner, or the only one of the recorder."""
    acting = actor.organisations_in(project.id, *_RECORDERS)
    statement = (
        select(Beneficiary, Organisation)
        .join(Organisation, Organisation.id == Beneficiary.organisation_id)
        .where(Beneficiary.project_id == project.id)
    )
    if item.organisation:
        statement = statement.where(Organisation.short == item.organisation)
    elif owner_id is not None:
        statement = statement.where(Organisation.id == owner_id)
    else:
        statement = statement.where(Organisation.id.in_(sorted(acting)))
    found = session.execute(statement.limit(2)).all()
    if len(found) != 1:
        raise InvalidInput({f"{path}.organisation": ["Choose the beneficiary that bears this cost."]})
    beneficiary, organisation = found[0]
    if not actor.unmasked and organisation.id not in acting:
        raise NotAllowed("You record costs of your own organisation only.")
    return beneficiary, organisation


def _receipt(session: Session, reference_text: str, project: Project, path: str, actor: Viewer) -> int | None:
    """The receipt of one's own books; the same words whether it is unknown or another's: nothing is probed."""
    if not reference_text:
        return None
    found = session.scalar(
        select(Document).where(Document.reference == reference_text, Document.project_id == project.id)
    )
    if found is None or not may_prove_with(session, found, actor):
        raise InvalidInput({f"{path}.receipt": ["There is no such receipt. Add the file again."]})
    return found.id
