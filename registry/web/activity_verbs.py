"""Which verbs does the head of an activity offer this viewer now? The most useful one first."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import lazy_gettext

from registry.domain.permissions import Permission, Role, Viewer
from registry.domain.workflows import Verb, next_verbs
from registry.edge import ProjectHead
from registry.extensions import db
from registry.models.activities import Activity
from registry.queries.activity_rows import ActivityRow
from registry.queries.history import LegState
from registry.services.verify_activity import wrote
from registry.web.log_kinds import form_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One verb: its address and its word; ``first`` is drawn filled."""

    href: str
    label: object
    first: bool = False


def verbs_of(row: ActivityRow, legs: tuple[LegState, ...], viewer: Viewer, project: ProjectHead) -> tuple[Offer, ...]:
    """Verify where the viewer's organisation hosts an open leg, amend, copy, withdraw: what is legal and allowed."""
    if project.read_only or not row.view.exact:
        return ()
    legal = set(next_verbs(row.kind, row.status))
    base = f"/p/{quote(project.reference)}/activities/{quote(row.reference)}"
    own = _is_own(row, viewer, project.id)
    offers = []
    if Verb.VERIFY in legal and _hosts_open_leg(row, legs, viewer, project.id):
        offers.append(Offer(href=f"{base}/verify", label=lazy_gettext("Verify"), first=True))
    if Verb.AMEND in legal and own and viewer.may(Permission.ACTIVITY_AMEND, project.id):
        offers.append(Offer(href=f"{base}/amend", label=lazy_gettext("Amend"), first=not offers))
    if viewer.may(Permission.ACTIVITY_LOG, project.id):
        copy = f"/p/{quote(project.reference)}/log/{form_of(row.kind).path}?copy={quote(row.reference)}"
        offers.append(Offer(href=copy, label=lazy_gettext("Copy")))
    if Verb.WITHDRAW in legal and own and viewer.may(Permission.ACTIVITY_WITHDRAW, project.id):
        offers.append(Offer(href=f"{base}/withdraw", label=lazy_gettext("Withdraw")))
    return tuple(offers)


def _hosts_open_leg(row: ActivityRow, legs: tuple[LegState, ...], viewer: Viewer, project_id: int) -> bool:
    """Four eyes: never the one who logged it or amended it last."""
    hosting = viewer.organisations_in(project_id, Role.VERIFIER, Role.COORDINATOR)
    open_leg = any(leg.host_id in hosting and not leg.verified for leg in legs)
    return open_leg and not wrote(db.session(), db.session.get_one(Activity, row.id), viewer)


def _is_own(row: ActivityRow, viewer: Viewer, project_id: int) -> bool:
    """Officers what they logged, coordinators what their organisation owns."""
    activity = db.session.get_one(Activity, row.id)
    owner = activity.owner_organisation_id
    if owner in viewer.organisations_in(project_id, Role.COORDINATOR):
        return True
    return owner in viewer.organisations_in(project_id, Role.OFFICER) and activity.logged_by == viewer.user_id
