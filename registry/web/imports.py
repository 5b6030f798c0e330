"""Import page: which rows of this file are new, known, changed or bad, and which imports were there before?"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from registry.domain.errors import Conflict, NotFound, RegistryError
from registry.domain.permissions import Permission, Role
from registry.edge import clock, commits, current_project, requires, viewer
from registry.extensions import db
from registry.ingest.errors import BadFile
from registry.ingest.import_check import CheckedActivities, check_activities
from registry.ingest.mending import to_mend
from registry.queries import imports as queries
from registry.reports.writers.mending_file import mending_csv
from registry.services import access, withdraw_import
from registry.services.import_activities import import_activities, owner_for
from registry.web import kept_uploads
from registry.web.kept_uploads import KeptUpload

bp = Blueprint("imports", __name__)
SHOWN_ROWS = 50
CSV = "text/csv; charset=utf-8"


@bp.get("/p/<project_ref>/import")
@requires(Permission.ACTIVITY_IMPORT)
def choose(project_ref: str) -> str:
    """Choose a file and the organisation whose records it holds; below, what was imported before."""
    return _choose_page(project_ref, {})


@bp.post("/p/<project_ref>/import")
@requires(Permission.ACTIVITY_IMPORT)
@commits
def upload(project_ref: str) -> BaseResponse | tuple[str, int]:
    """Keep the file for its preview; nothing is written into the registry."""
    sent = request.files.get("file")
    organisation = request.form.get("organisation", "")
    errors = {}
    if sent is None or not sent.filename:
        errors["file"] = [gettext("Choose a file.")]
    if organisation not in dict(_organisations()):
        errors["organisation"] = [gettext("Choose the organisation whose records these are.")]
    if errors or sent is None:
        return _choose_page(project_ref, errors), 422
    key = _keep(project_ref, organisation, kept_uploads.tidy_name(sent.filename), sent.read(), "activities")
    return redirect(url_for("imports.preview", project_ref=project_ref, key=key))


@bp.get("/p/<project_ref>/import/<key>")
@requires(Permission.ACTIVITY_IMPORT)
def preview(project_ref: str, key: str) -> str | tuple[str, int]:
    """What an import of the kept file would do, row by row."""
    kept = _kept(project_ref, key)
    try:
        checked = _checked(kept)
    except BadFile as refusal:
        page = render_template("imports/refused.html", project_ref=project_ref, kept=kept, sentence=refusal.message)
        return page, refusal.status
    return render_template(
        "imports/preview.html", project_ref=project_ref, key=key, kept=kept, checked=checked, most=SHOWN_ROWS
    )


@bp.post("/p/<project_ref>/import/<key>")
@requires(Permission.ACTIVITY_IMPORT)
@commits
def confirm(project_ref: str, key: str) -> BaseResponse:
    """Write the file's new rows: all or nothing, or the good ones alone."""
    kept = _kept(project_ref, key)
    checked = _checked(kept)
    command = checked.command(project_ref, kept.organisation, keep_good=request.form.get("rows") == "good")
    try:
        done = import_activities(db.session(), command, actor=viewer(), clock=clock())
    except Conflict as refusal:
        flash(refusal.message, "danger")
        return redirect(url_for("imports.preview", project_ref=project_ref, key=key))
    kept_uploads.discard(_folder(), key)
    written = ngettext("%(num)s activity written.", "%(num)s activities written.", done.written)
    flash(f"{written} {gettext('%(known)s were recorded already.', known=done.known)}", "success")
    mend = ""
    if checked.errors:
        rows = mending_csv(*to_mend(kept.content, checked.errors))
        mend = _keep(project_ref, kept.organisation, kept.file_name, rows, "errors")
    return redirect(url_for("imports.choose", project_ref=project_ref, mend=mend or None))


@bp.get("/p/<project_ref>/import/<key>/rows-to-mend.csv")
@requires(Permission.ACTIVITY_IMPORT)
def rows_to_mend(project_ref: str, key: str) -> Response:
    """The bad rows of a kept file as they came, with where each is wrong and how it is mended."""
    kept = _kept(project_ref, key, "activities", "errors")
    content = kept.content
    if kept.what == "activities":
        content = mending_csv(*to_mend(kept.content, _checked(kept).errors))
    answer = Response(content, content_type=CSV)
    answer.headers.set("Content-Disposition", "attachment", filename="rows-to-mend.csv")
    return answer


@bp.post("/p/<project_ref>/import/withdrawals")
@requires(Permission.ACTIVITY_IMPORT)
@commits
def withdraw(project_ref: str) -> BaseResponse | tuple[str, int]:
    """Withdraw a whole import with a reason."""
    number = request.form.get("batch", "")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise NotFound("There is no such import.")
    try:
        withdrawn = withdraw_import.withdraw(
            db.session(), int(number), request.form.get("reason", ""), actor=viewer(), clock=clock()
        )
    except (Conflict, NotFound):
        raise
    except RegistryError as refusal:
        flash(refusal.message, "danger")
        return _choose_page(project_ref, {}), refusal.status
    flash(ngettext("%(num)s activity withdrawn.", "%(num)s activities withdrawn.", withdrawn), "success")
    return redirect(url_for("imports.choose", project_ref=project_ref))


def _choose_page(project_ref: str, errors: dict[str, list[str]]) -> str:
    own = viewer().organisations_in(current_project().id, Role.COORDINATOR)
    lines, total = queries.batches(db.session(), current_project().id, own)
    mend = request.args.get("mend", "")
    kept = kept_uploads.fetch(_folder(), mend, project=project_ref, sender=viewer().user_id) if mend else None
    return render_template(
        "imports/choose.html",
        project_ref=project_ref,
        organisations=_organisations(),
        chosen=request.form.get("organisation", ""),
        batches=lines,
        total=total,
        errors=errors,
        mend=mend if kept else "",
    )


def _organisations() -> list[tuple[str, str]]:
    """The organisations whose coordinator the viewer is in this project."""
    own = viewer().organisations_in(current_project().id, Role.COORDINATOR)
    return queries.organisation_choices(db.session(), own)


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]) / "imports"


def _keep(project_ref: str, organisation: str, file_name: str, content: bytes, what: str) -> str:
    upload = KeptUpload(
        project=project_ref,
        sender=viewer().user_id or 0,
        organisation=organisation,
        file_name=file_name,
        content=content,
        what=what,
    )
    return kept_uploads.keep(_folder(), upload, clock().now())


def _kept(project_ref: str, key: str, *whats: str) -> KeptUpload:
    found = kept_uploads.fetch(_folder(), key, project=project_ref, sender=viewer().user_id)
    if found is None or found.what not in (whats or ("activities",)):
        raise NotFound("This file is no longer kept: it was imported, or a day has passed. Choose it again.")
    return found


def _checked(kept: KeptUpload) -> CheckedActivities:
    project = access.project_for(db.session(), viewer(), kept.project)
    owner = owner_for(db.session(), viewer(), project, kept.organisation)
    return check_activities(db.session(), project, owner, kept.file_name, kept.content)
