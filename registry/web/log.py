"""The Log pages: what happened? One form per kind, kept while one types, sent once however often it is sent."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    flash,
    get_template_attribute,
    jsonify,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from registry.domain.commands import SaveDraft
from registry.domain.errors import InvalidInput
from registry.domain.periods import utc_to_local
from registry.domain.permissions import Permission
from registry.edge import clock, commits, current_project, requires, viewer
from registry.extensions import db
from registry.queries import log_form as queries
from registry.services import drafts, log_activity
from registry.services.documents import store
from registry.web import log_begin, log_place
from registry.web.log_kinds import CHOICES, OBSERVATION, PATROL, TEAM, LogForm, common_form, form_of
from registry.web.log_options import measures
from registry.web.log_page import LogPage
from registry.web.log_requests import command_of, copied, opened, own_zone, page_of, sent
from registry.web.log_typed import Typed, field_errors

bp = Blueprint("log", __name__)
Answer = str | tuple[str, int] | Response | tuple[Response, int]

RECEIPT = "-receipt_file"


@bp.get("/p/<project_ref>/log")
@requires(Permission.ACTIVITY_LOG)
def choose(project_ref: str) -> Answer:
    """The kinds to choose from, and what was begun and not sent."""
    begun = queries.drafts(db.session(), viewer(), current_project().id)
    kinds = [(f"/p/{project_ref}/log/{form.path}", str(form.kind), form.help) for form in CHOICES]
    paths = {str(form.kind): form.path for form in CHOICES}
    return render_template("log/choose.html", project_ref=project_ref, drafts=begun, kinds=kinds, paths=paths)


@bp.get("/p/<project_ref>/log/joint-patrol")
@requires(Permission.ACTIVITY_LOG)
def joint_patrol(project_ref: str) -> Answer:
    """The form of a joint patrol; a draft of another kind leads to its own form."""
    found = queries.draft(db.session(), viewer(), current_project().id, request.args.get("draft", ""))
    if found is not None and found.kind != PATROL.kind:
        return redirect(f"/p/{project_ref}/log/{form_of(found.kind).path}?draft={found.key}")
    return _shown(PATROL, opened(PATROL))


@bp.post("/p/<project_ref>/log/joint-patrol")
@requires(Permission.ACTIVITY_LOG)
@commits
def log_joint_patrol(project_ref: str) -> Answer:
    """Log a joint patrol, or one of the steps of its form without script."""
    return _received(PATROL)


@bp.get("/p/<project_ref>/log/observation")
@requires(Permission.ACTIVITY_LOG)
def observation(project_ref: str) -> Answer:
    """The form of a cross-border observation."""
    return _shown(OBSERVATION, opened(OBSERVATION))


@bp.post("/p/<project_ref>/log/observation")
@requires(Permission.ACTIVITY_LOG)
@commits
def log_observation(project_ref: str) -> Answer:
    """Log a cross-border observation."""
    return _received(OBSERVATION)


@bp.get("/p/<project_ref>/log/team")
@requires(Permission.ACTIVITY_LOG)
def team(project_ref: str) -> Answer:
    """The form of a joint investigation team."""
    return _shown(TEAM, opened(TEAM))


@bp.post("/p/<project_ref>/log/team")
@requires(Permission.ACTIVITY_LOG)
@commits
def log_team(project_ref: str) -> Answer:
    """Log a joint investigation team."""
    return _received(TEAM)


@bp.get("/p/<project_ref>/log/activity/<kind>")
@requires(Permission.ACTIVITY_LOG)
def activity(project_ref: str, kind: str) -> Answer:
    """The common form: joint operation, joint action day, meeting, workshop, training, exchange."""
    form = common_form(kind)
    return _shown(form, opened(form))


@bp.post("/p/<project_ref>/log/activity/<kind>")
@requires(Permission.ACTIVITY_LOG)
@commits
def log_common(project_ref: str, kind: str) -> Answer:
    """Log an activity of one of the common kinds."""
    return _received(common_form(kind))


@bp.post("/p/<project_ref>/log/drafts/<uuid:key>")
@requires(Permission.ACTIVITY_LOG)
@commits
def keep(project_ref: str, key: object) -> Answer:
    """Keep typed work; answers when it was kept, on the clock of the person."""
    body = request.get_json()
    typed = Typed.from_draft(body if isinstance(body, dict) else {})
    saved_at = _kept(form_of(str(body.get("kind", ""))), typed.with_values({"client_uuid": str(key)}))
    return jsonify(saved_at=saved_at)


@bp.post("/p/<project_ref>/log/place")
@requires(Permission.ACTIVITY_LOG)
@commits
def place(project_ref: str) -> Answer:
    """What a typed, drawn or recorded place means, for the form to show at once."""
    try:
        typed, _ = sent()
    except InvalidInput as refusal:
        return jsonify(problem=" ".join(refusal.errors.get("track_file", [refusal.message]))), 422
    answer = log_place.answer_for(db.session(), typed)
    html = str(get_template_attribute("log/_parts.html", "understood")(answer))
    return jsonify(html=html, **(answer.as_json() if answer else {}))


def _received(form: LogForm) -> Answer:
    """A form that was sent: a step of it, or the whole to be logged."""
    typed = Typed.of(request.form.items(multi=True))
    try:
        typed, files = sent()
        step = request.form.get("do", "")
        if step:
            return _step(form, typed, step)
        return _logged(form, typed, files)
    except InvalidInput as refusal:
        errors = field_errors(refusal.errors)
        db.session.rollback()
        return _shown(form, page_of(form, typed, errors=errors)), 422


def _logged(form: LogForm, typed: Typed, files: dict[str, FileStorage]) -> Answer:
    """Log what was sent and lead to the record."""
    project, now = current_project(), clock().now()
    if form is PATROL:
        typed = log_begin.with_end_now(typed, now, typed.get("zone") or own_zone())
    command_of(form, typed)  # refuses before any file is stored
    for name, file in sorted(files.items()):
        if name.endswith(RECEIPT):
            reference = _stored(name, file, typed.get("organisation"))
            typed = typed.with_values({name.removesuffix("_file"): reference})
    done = log_activity.log(db.session(), command_of(form, typed), actor=viewer(), clock=clock())
    drafts.discard(db.session(), typed.get("client_uuid"), actor=viewer())
    flash(gettext("Logged as %(reference)s.", reference=done.reference), "success")
    for sentences in done.warnings.values():
        flash(" ".join(sentences), "warn")
    target = f"/p/{project.reference}/activities/{done.reference}"
    if request.headers.get("X-Requested-With"):
        return jsonify(location=target), 201
    return redirect(target, 303)


def _stored(name: str, file: FileStorage, organisation: str) -> str:
    """Store a receipt, once however often it is sent; its reference. A bad file is said at its field."""
    content, project = file.read(), current_project()
    known = queries.own_document(db.session(), viewer(), project.id, sha256(content).hexdigest())
    if known:
        return known
    instance = Path(current_app.config["INSTANCE"])
    try:
        return store(
            db.session(),
            project.reference,
            file.filename or "",
            content,
            instance=instance,
            actor=viewer(),
            clock=clock(),
            organisation=organisation,
        ).reference
    except InvalidInput as refusal:
        raise InvalidInput({name: [text for texts in refusal.errors.values() for text in texts]}) from None


def _step(form: LogForm, typed: Typed, step: str) -> Answer:
    """One of the steps a form offers beside sending it; everything typed stays."""
    if step == "copy":
        return _shown(form, copied(form, typed))
    if step == "nothing-found":
        findings = tuple(measure.name for measure in measures() if measure.finding)
        typed = log_begin.with_nothing_found(typed, findings)
    if step == "keep":
        _kept(form, typed)
        flash(gettext("Kept as a draft. You find it under Log and on Today."), "success")
        return redirect(f"/p/{current_project().reference}/log", 303)
    more = (int(step == "add-part"), int(step == "add-cost"))
    return _shown(form, page_of(form, typed, more_parts=more[0], more_costs=more[1]))


def _kept(form: LogForm, typed: Typed) -> str:
    """Keep a form as a draft; the time of day at which it was kept."""
    command = SaveDraft(
        project=current_project().reference,
        kind=str(form.kind),
        client_uuid=typed.get("client_uuid"),
        content=typed.as_draft(),
    )
    drafts.save(db.session(), command, actor=viewer(), clock=clock())
    return f"{utc_to_local(clock().now(), own_zone()):%H:%M}"


def _shown(form: LogForm, page: LogPage) -> str:
    return render_template(form.template, page=page, errors=page.errors, labels=page.labels)
