"""Exchange rates: which quotes are stored, and how does the lead partner's finance officer bring in more?"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from registry.domain.errors import NotAllowed
from registry.domain.permissions import Permission
from registry.edge import clock, commits, current_project, requires, viewer
from registry.extensions import db
from registry.ingest.errors import BadFile, RowError
from registry.ingest.import_check import check_rates
from registry.ingest.rates import SOURCE
from registry.queries.imports import stored_quotes
from registry.services import access
from registry.services.import_rates import ImportRates, import_rates, may_import
from registry.web.kept_uploads import tidy_name

bp = Blueprint("rates", __name__)
LONGEST_SOURCE = 80
SHOWN_ERRORS = 50


@bp.get("/p/<project_ref>/rates")
@requires(Permission.RATES_IMPORT)
def show(project_ref: str) -> str:
    """What is stored, and the form for who keeps the rates."""
    return _page(project_ref, {})


@bp.post("/p/<project_ref>/rates")
@requires(Permission.RATES_IMPORT)
@commits
def bring_in(project_ref: str) -> BaseResponse | tuple[str, int]:
    """Import the quotes of a file: all of them, or nothing when one is wrong."""
    if not _may():
        raise NotAllowed("Exchange rates are imported by the lead partner's finance officer.")
    sent = request.files.get("file")
    source = " ".join(request.form.get("source", "").split()) or SOURCE
    if sent is None or not sent.filename:
        return _page(project_ref, {"file": [gettext("Choose a file.")]}), 422
    if len(source) > LONGEST_SOURCE:
        return _page(project_ref, {"source": [gettext("Name the source in 80 characters at most.")]}), 422
    name, content = tidy_name(sent.filename), sent.read()
    try:
        checked = check_rates(db.session(), source, name, content)
    except BadFile as refusal:
        return _page(project_ref, refusal.errors), refusal.status
    if checked.errors:
        return _page(project_ref, {}, checked.errors), 422
    command = ImportRates(source=source, file_name=name, content=content, rates=checked.rates, project=project_ref)
    done = import_rates(db.session(), command, actor=viewer(), clock=clock())
    written = ngettext("%(num)s quote stored.", "%(num)s quotes stored.", done.written)
    known = gettext("%(known)s were stored already.", known=done.known)
    flash(f"{written} {known}", "success")
    return redirect(url_for("rates.show", project_ref=project_ref))


def _may() -> bool:
    return may_import(viewer(), access.project_for(db.session(), viewer(), current_project().reference))


def _page(project_ref: str, errors: dict[str, list[str]], bad: tuple[RowError, ...] = ()) -> str:
    return render_template(
        "imports/rates.html",
        project_ref=project_ref,
        may=_may(),
        lines=stored_quotes(db.session()),
        source=request.form.get("source", SOURCE),
        errors=errors,
        bad=bad,
        most=SHOWN_ERRORS,
    )
