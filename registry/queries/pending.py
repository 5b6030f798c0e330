"""Which records and cost lines wait for somebody, and for whom? The statements behind the Today page.

Each returns a select with the same first columns: at, kind, reference, title; oldest first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, not_, or_, select

from registry.domain.activities import HELD, PLANNED, Kind, Status
from registry.domain.permissions import GRANTS, Permission, Role, Viewer
from registry.models.activities import Activity, Draft, Leg, OutcomeCount
from registry.models.costs import CostLine
from registry.models.projects import Beneficiary, Organisation
from registry.queries.visibility import exact_for, takes_part, visible_to

COMING_DAYS = 14
COUNTING_KINDS = (Kind.JOINT_PATROL, Kind.JOINT_OPERATION, Kind.JOINT_ACTION_DAY)
ANY_HELD = frozenset[Status]().union(*HELD.values())
_COST_KEEPERS = (Role.COORDINATOR, Role.FINANCE_OFFICER)


def to_verify(viewer: Viewer, project_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    """Held records with a leg that the viewer's organisation hosts and that nobody has verified (decision 17)."""
    hosts = _organisations_with(viewer, project_id, Permission.ACTIVITY_VERIFY)
    open_legs = select(Leg.activity_id).where(Leg.verified_at.is_(None), Leg.host_organisation_id.in_(hosts))
    return _over(viewer, project_id, now, ANY_HELD).where(Activity.id.in_(open_legs))


def without_results(viewer: Viewer, project_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    """Unverified field records of the viewer's organisation that are over and have every result *not counted* still.

    A plan whose day has passed is one of them: somebody has to say what came of it.
    """
    own = _organisations_with(viewer, project_id, Permission.ACTIVITY_AMEND)
    counted = select(OutcomeCount.id).where(OutcomeCount.activity_id == Activity.id, OutcomeCount.value.is_not(None))
    statement = _over(viewer, project_id, now, ANY_HELD | PLANNED).where(
        Activity.kind.in_(COUNTING_KINDS),
        Activity.owner_organisation_id.in_(own),
        Activity.nothing_found.is_(False),
        Activity.verified_at.is_(None),
        ~counted.exists(),
    )
    if not viewer.organisations_in(project_id, Role.COORDINATOR):
        statement = statement.where(Activity.logged_by == viewer.user_id)
    return statement


def unfinished_drafts(viewer: Viewer, project_id: int, _now: datetime) -> Select[*tuple[Any, ...]]:
    """What the viewer began to log and has not sent."""
    return (
        select(
            Draft.saved_at.label("at"),
            Draft.kind.label("kind"),
            literal("").label("reference"),
            Draft.content["title"].as_string().label("title"),
            Draft.client_uuid.label("key"),
        )
        .where(Draft.user_id == viewer.user_id, Draft.project_id == project_id)
        .order_by(Draft.saved_at, Draft.id)
    )


def incomplete_costs(viewer: Viewer, project_id: int, _now: datetime) -> Select[*tuple[Any, ...]]:
    """Cost lines without a receipt or without a rate: those of the organisation, or for an officer the own ones."""
    return (
        select(
            CostLine.recorded_at.label("at"),
            CostLine.activity_kind.label("kind"),
            CostLine.reference.label("key"),
            func.coalesce(Activity.reference, "").label("reference"),
            CostLine.description.label("title"),
            CostLine.amount_minor.label("amount_minor"),
            CostLine.currency.label("currency"),
            CostLine.document_id.is_(None).label("no_receipt"),
            CostLine.eur_minor.is_(None).label("no_rate"),
        )
        .outerjoin(Activity, Activity.id == CostLine.activity_id)
        .where(
            CostLine.project_id == project_id,
            CostLine.withdrawn_at.is_(None),
            or_(CostLine.document_id.is_(None), CostLine.eur_minor.is_(None)),
            _keeps_costs(viewer, project_id),
        )
        .order_by(CostLine.recorded_at, CostLine.id)
    )


def waiting_for_others(viewer: Viewer, project_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    """Held records of the viewer's organisation that another host has not verified yet."""
    own = _organisations_with(viewer, project_id, Permission.ACTIVITY_LOG, Permission.ACTIVITY_VERIFY)
    return (
        _over(viewer, project_id, now, ANY_HELD)
        .add_columns(Organisation.name.label("waits_for"))
        .join(Leg, Leg.activity_id == Activity.id)
        .join(Organisation, Organisation.id == Leg.host_organisation_id)
        .where(
            Activity.verified_at.is_(None),
            Leg.verified_at.is_(None),
            Leg.host_organisation_id.not_in(own),
            takes_part(own) if own else false(),
        )
    )


def coming_up(viewer: Viewer, project_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    """Agreed or scheduled activities the viewer may list that begin in the next 14 days."""
    until = now + timedelta(days=COMING_DAYS)
    exact = exact_for(viewer, frozenset({project_id}))
    begins = Activity.sort_key.between(int(now.timestamp()) + 1, int(until.timestamp()))
    # By the day alone for who sees the day: the instant at which a line appears, goes or passes another tells the hour.
    on_a_day = Activity.from_on.between(now.date(), until.date())
    statement = _rows(viewer, project_id, now, at=Activity.starts_at)
    statement = statement.where(or_(and_(exact, begins), and_(not_(exact), on_a_day)))
    order = (Activity.from_on, case((exact, Activity.sort_key), else_=0), Activity.id)
    return statement.where(Activity.status.in_(PLANNED)).order_by(*order)


def changes_since(viewer: Viewer, project_id: int, since: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    """Records the viewer may list that were logged, amended, verified or withdrawn since the last visit."""
    return (
        visible_to(
            select(
                Activity.updated_at.label("at"),
                Activity.kind.label("kind"),
                Activity.reference.label("reference"),
                Activity.title.label("title"),
                Activity.version.label("version"),
                Activity.created_at.label("created_at"),
                Activity.verified_at.label("verified_at"),
                Activity.withdrawn_at.label("withdrawn_at"),
                exact_for(viewer, frozenset({project_id})).label("exact"),
            ),
            viewer,
            now,
        )
        .where(Activity.project_id == project_id, Activity.updated_at > since)
        .order_by(Activity.updated_at.desc(), Activity.id.desc())
    )


def _organisations_with(viewer: Viewer, project_id: int, *permissions: Permission) -> frozenset[int]:
    roles = [role for role, granted in GRANTS.items() if granted.intersection(permissions)]
    return viewer.organisations_in(project_id, *roles)


def _keeps_costs(viewer: Viewer, project_id: int) -> ColumnElement[bool]:
    if not viewer.may(Permission.COST_RECORD, project_id):
        return false()
    organisations = viewer.organisations_in(project_id, *_COST_KEEPERS)
    theirs = select(Beneficiary.id).where(
        Beneficiary.project_id == project_id, Beneficiary.organisation_id.in_(organisations)
    )
    return or_(CostLine.recorded_by == viewer.user_id, CostLine.beneficiary_id.in_(theirs))


def _rows(viewer: Viewer, project_id: int, now: datetime, *, at: Any = None) -> Select[*tuple[Any, ...]]:
    """Records with what a line of Today shows; ``at`` is their end, unless said otherwise."""
    ended_at = func.coalesce(Activity.ends_at, Activity.starts_at)
    statement = select(
        (ended_at if at is None else at).label("at"),
        Activity.starts_at.label("starts_at"),
        Activity.from_on.label("from_on"),
        Activity.kind.label("kind"),
        Activity.reference.label("reference"),
        Activity.title.label("title"),
        Activity.sort_key.label("sort_key"),
        exact_for(viewer, frozenset({project_id})).label("exact"),
    ).where(Activity.project_id == project_id, Activity.withdrawn_at.is_(None))
    return visible_to(statement, viewer, now)


def _over(viewer: Viewer, project_id: int, now: datetime, states: frozenset[Status]) -> Select[*tuple[Any, ...]]:
    """Records in one of the states whose end, or start where no end is known, lies behind us; oldest first."""
    ended_at = func.coalesce(Activity.ends_at, Activity.starts_at)
    return (
        _rows(viewer, project_id, now)
        .where(
            Activity.status.in_(states),
            Activity.sort_key <= int(now.timestamp()),
            or_(ended_at.is_(None), ended_at <= now),
        )
        .order_by(Activity.sort_key, Activity.id)
    )
