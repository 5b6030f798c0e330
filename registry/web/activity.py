"""One activity: what is this, what may be done with it, how did it become what it is, and who can see it?"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from registry.domain.commands import VerifyActivity, WithdrawActivity
from registry.domain.errors import InvalidInput, NotFound
from registry.domain.permissions import Permission, Role
from registry.edge import clock, commits, current_project, requires, viewer, write_unit
from registry.extensions import db
from registry.models.activities import Activity
from registry.queries.activity import ActivityPage, activity_page
from registry.queries.activity_costs import ActivityCosts, activity_costs, may_read
from registry.queries.history import history, old_version
from registry.queries.readers import readers
from registry.services import access, audit, verify_activity, withdraw_activity
from registry.web.activity_verbs import verbs_of

bp = Blueprint("activity", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/p/<project_ref>/activities/<reference>")
@requires(Permission.ACTIVITY_VIEW)
def page(project_ref: str, reference: str) -> Answer:
    """The activity as the viewer may see it; a protected read is written down."""
    found = page_of(reference)
    project, now, session = current_project(), clock().now(), db.session()
    past = history(session, found.row, now)
    shown = render_template(
        "activity/page.html",
        project_ref=project_ref,
        page=found,
        history=past,
        costs=_costs(found),
        verbs=verbs_of(found.row, past.legs, viewer(), project),
        now=now,
        map_setup=_map_setup(found),
        kosovo="XK" in found.row.countries,
    )
    _log_read(found, "activity.read")
    return shown


def _costs(found: ActivityPage) -> ActivityCosts | None:
    """The costs, where the viewer may read some or could be expected to."""
    project, now = current_project(), clock().now()
    if not may_read(viewer(), project.id):
        return None
    lead = project.lead_organisation_id
    costs = activity_costs(db.session(), viewer(), project.id, found.row.id, lead_organisation_id=lead, now=now)
    expected = found.row.view.exact and not found.row.published
    return costs if costs.lines or expected or viewer().may(Permission.MONEY_VIEW, project.id) else None


def page_of(reference: str) -> ActivityPage:
    """The activity in this project at the viewer's precision; NotFound alike for none and for one not to be seen."""
    found = activity_page(db.session(), viewer(), current_project().id, reference, clock().now())
    if found is None:
        raise NotFound(f"There is no activity {reference} in {current_project().acronym}, or you may not see it.")
    return found


def record_of(reference: str, permission: Permission = Permission.ACTIVITY_VIEW) -> Activity:
    """The record through the door; NotFound also when it belongs to another project than the address names."""
    activity, _ = access.activity_for(db.session(), viewer(), reference, permission, now=clock().now())
    if activity.project_id != current_project().id:
        raise NotFound(f"There is no activity {reference} in {current_project().acronym}, or you may not see it.")
    return activity


def _log_read(found: ActivityPage, action: str, **details: Any) -> None:
    """A protected read: an exact place that is not published, or an auditor's eye (decision 40)."""
    project = current_project()
    auditor = Role.AUDITOR in viewer().roles_in(project.id)
    if found.row.published or not (found.row.view.exact or auditor):
        return
    with write_unit():
        audit.record(
            db.session(),
            actor=viewer(),
            action=action,
            subject=found.row.reference,
            project_id=project.id,
            clock=clock(),
            details={"place": found.row.view.place.value, **details},
        )


def _map_setup(found: ActivityPage) -> dict[str, Any] | None:
    """What the small map draws: the shape at the viewer's precision, and where its base map comes from."""
    if found.shape is None:
        return None
    return {
        "shape": found.shape,
        "kind": found.row.kind,
        "precision": found.row.view.place.value,
        "base": url_for("map.base", name="NAME"),
        "language": str(get_locale() or "en"),
    }


@bp.get("/p/<project_ref>/activities/<reference>/versions/<number>")
@requires(Permission.ACTIVITY_VIEW)
def version(project_ref: str, reference: str, number: str) -> Answer:
    """An older version as it stood, for who sees the record exactly."""
    found = page_of(reference)
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0
    old = old_version(db.session(), found.row, wanted)
    if old is None:
        raise NotFound(f"There is no version {number} of {reference} that you may see.")
    shown = render_template("activity/version.html", project_ref=project_ref, page=found, old=old)
    _log_read(found, "activity.read", version=wanted)
    return shown


@bp.get("/p/<project_ref>/activities/<reference>/visibility")
@requires(Permission.ACTIVITY_VIEW)
def visibility(project_ref: str, reference: str) -> Answer:
    """Who can see this record, and why: every role and organisation of the project."""
    found = page_of(reference)
    seen_by = readers(db.session(), found.row.id, clock().now())
    shown = render_template("activity/visibility.html", project_ref=project_ref, page=found, readers=seen_by)
    _log_read(found, "activity.read", page="visibility")
    return shown


@bp.get("/p/<project_ref>/activities/<reference>/verify")
@requires(Permission.ACTIVITY_VERIFY)
def ask_to_verify(project_ref: str, reference: str) -> Answer:
    """What the host confirms: the record with its results, and the open legs."""
    return _verb_page("verify", reference, Permission.ACTIVITY_VERIFY)


@bp.post("/p/<project_ref>/activities/<reference>/verify")
@requires(Permission.ACTIVITY_VERIFY)
@commits
def verify(project_ref: str, reference: str) -> Answer:
    """Confirm the record for the legs the viewer's organisation hosts."""
    record_of(reference)
    done = verify_activity.verify(db.session(), VerifyActivity(reference=reference), actor=viewer(), clock=clock())
    if done.waiting:
        flash(gettext("Verified. Another host has still to verify its leg."), "success")
    else:
        flash(gettext("Verified."), "success")
    return back_to(project_ref, reference)


@bp.get("/p/<project_ref>/activities/<reference>/withdraw")
@requires(Permission.ACTIVITY_WITHDRAW)
def ask_to_withdraw(project_ref: str, reference: str) -> Answer:
    """Why is the record taken back?"""
    return _verb_page("withdraw", reference, Permission.ACTIVITY_WITHDRAW)


@bp.post("/p/<project_ref>/activities/<reference>/withdraw")
@requires(Permission.ACTIVITY_WITHDRAW)
@commits
def withdraw(project_ref: str, reference: str) -> Answer:
    """Take the record back, with a reason; it stays readable."""
    record_of(reference)
    try:
        command = WithdrawActivity(reference=reference, reason=request.form.get("reason", ""))
        withdraw_activity.withdraw(db.session(), command, actor=viewer(), clock=clock())
    except InvalidInput as error:
        return _verb_page("withdraw", reference, Permission.ACTIVITY_WITHDRAW, error.errors), 422
    flash(gettext("Withdrawn. The record stays readable and counts nowhere."), "success")
    return back_to(project_ref, reference)


def _verb_page(verb: str, reference: str, permission: Permission, errors: dict[str, list[str]] | None = None) -> str:
    """The page of a verb, only for who may do it with this record."""
    found = page_of(reference)
    access.activity_for(db.session(), viewer(), reference, permission, now=clock().now())
    return render_template(
        f"activity/{verb}.html",
        project_ref=current_project().reference,
        page=found,
        history=history(db.session(), found.row, clock().now()),
        own=viewer().organisations_in(current_project().id, Role.VERIFIER, Role.COORDINATOR),
        values=request.form,
        errors=errors or {},
    )


def back_to(project_ref: str, reference: str) -> Response:
    """To the page of the activity."""
    return redirect(f"/p/{quote(project_ref)}/activities/{quote(reference)}", 303)
