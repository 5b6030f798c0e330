"""How is a record corrected? Its own log form, filled as it stands; a new version with a reason, the old one kept."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.domain.commands import AmendActivity, LogActivity
from registry.domain.errors import InvalidInput, ReasonRequired, StaleVersion
from registry.domain.permissions import Permission
from registry.domain.workflows import Verb, apply
from registry.edge import clock, commits, current_project, requires, viewer
from registry.extensions import db
from registry.models.activities import Activity
from registry.queries.recorded import recorded
from registry.services import amend_activity
from registry.services.activity_texts import generic_title
from registry.services.places import understand_place
from registry.web.activity import back_to, page_of, record_of
from registry.web.log_amended import changes_of, completed, with_place_meant
from registry.web.log_kinds import LogForm, form_of
from registry.web.log_recorded import filled
from registry.web.log_requests import page_of as form_page
from registry.web.log_requests import sent
from registry.web.log_typed import Typed, field_errors

bp = Blueprint("activity_amend", __name__)
Answer = str | Response | tuple[str, int]
COUNTED = ("JP", "CBO", "JO", "JAD")
"""Kinds whose form asks for counts; another shows them when its record has some."""
_FIELDS = {"starts_on": "starts_day", "ends_on": "ends_day", "starts_at": "starts_time", "ends_at": "ends_time"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A record that may be amended: its form, what it says, and how the form is filled with it."""

    activity: Activity
    form: LogForm
    content: LogActivity
    stands: Typed


@bp.get("/p/<project_ref>/activities/<reference>/amend")
@requires(Permission.ACTIVITY_AMEND)
def ask_to_amend(project_ref: str, reference: str) -> Answer:
    """The whole form of the record as it stands, to be corrected."""
    standing = _standing(reference)
    return _shown(standing, standing.stands.with_values({"version": str(standing.activity.version)}))


@bp.post("/p/<project_ref>/activities/<reference>/amend")
@requires(Permission.ACTIVITY_AMEND)
@commits
def amend(project_ref: str, reference: str) -> Answer:
    """Write a new version, with a reason; or one of the steps of the form without script."""
    standing, typed = _standing(reference), Typed.of(request.form.items(multi=True))
    try:
        typed = completed(sent()[0], standing.stands)
        typed = with_place_meant(typed, standing.stands, standing.content, _is_place)
        if request.form.get("do"):
            return _shown(standing, typed, more_parts=int(request.form["do"] == "add-part"))
        command = _command(standing, typed)
        done = amend_activity.amend(db.session(), command, actor=viewer(), clock=clock())
    except InvalidInput as refusal:
        db.session.rollback()
        return _shown(standing, typed, errors=_errors(refusal)), 422
    except StaleVersion:
        db.session.rollback()
        return _shown(standing, typed, stale=True), StaleVersion.status
    flash(gettext("Amended: version %(number)s.", number=done.version), "success")
    for sentences in done.warnings.values():
        flash(" ".join(sentences), "warn")
    return back_to(project_ref, reference)


def _standing(reference: str) -> Standing:
    """The record for who may amend it; NotFound, NotAllowed, InvalidTransition when it is withdrawn."""
    activity = record_of(reference, Permission.ACTIVITY_AMEND)
    apply(activity.kind, activity.status, Verb.AMEND)
    content = recorded(db.session(), activity.id)
    made = activity.title == generic_title(db.session(), activity)
    return Standing(
        activity=activity,
        form=form_of(activity.kind),
        content=content,
        stands=filled(content, made_title=made),
    )


def _command(standing: Standing, typed: Typed) -> AmendActivity:
    """The command in the form; StaleVersion before anything is read from a form that is out of date."""
    version = typed.get("version")
    expected = int(version) if version.isascii() and version.isdecimal() and len(version) < 7 else 0
    if expected != standing.activity.version:
        raise StaleVersion
    reason = typed.get("reason")
    try:
        changes = changes_of(standing.form, typed, standing.stands, standing.content)
    except InvalidInput as refusal:
        missing = {} if reason.strip() else ReasonRequired().errors
        raise InvalidInput({**refusal.errors, **missing}) from None
    return AmendActivity(
        reference=standing.activity.reference, expected_version=expected, reason=reason, changes=changes
    )


def _is_place(words: str) -> bool:
    try:
        understand_place(db.session(), words)
    except InvalidInput:
        return False
    return True


def _errors(refusal: InvalidInput) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, sentences in field_errors(refusal.errors).items():
        found.setdefault(_FIELDS.get(name, name), []).extend(sentences)
    return found


def _shown(
    standing: Standing,
    typed: Typed,
    *,
    errors: dict[str, list[str]] | None = None,
    stale: bool = False,
    more_parts: int = 0,
) -> str:
    """The form with what was typed."""
    reference, project_ref = standing.activity.reference, current_project().reference
    base = f"/p/{quote(project_ref)}/activities/{quote(reference)}"
    page = form_page(standing.form, typed, errors=errors, action=f"{base}/amend", amending=True, more_parts=more_parts)
    return render_template(
        "activity/amend.html",
        record=page_of(reference),
        page=page,
        base=base,
        errors=page.errors,
        labels=page.labels,
        counted=standing.form.kind.value in COUNTED or bool(standing.content.outcomes),
        newest=standing.activity.version if stale else None,
    )
