"""Where is the receipt? Sent as an attachment to who may see the evidence; every opening is written down."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from flask import Blueprint, current_app, render_template, request, send_file
from werkzeug.wrappers import Response

from registry.domain.errors import ReasonRequired
from registry.domain.permissions import Permission
from registry.edge import clock, commits, requires, viewer
from registry.extensions import db
from registry.services import documents

bp = Blueprint("documents", __name__)
Answer = Response | tuple[str, int]


@bp.get("/p/<project_ref>/documents/<reference>")
@requires(Permission.EVIDENCE_VIEW)
@commits
def document(project_ref: str, reference: str) -> Answer:
    """A receipt as a file to keep; auditors are asked for their check first."""
    return _sent(reference, "")


@bp.post("/p/<project_ref>/documents/<reference>")
@requires(Permission.EVIDENCE_VIEW)
@commits
def document_with_reason(project_ref: str, reference: str) -> Answer:
    """The same, with the reason an auditor gives."""
    return _sent(reference, request.form.get("reason", ""))


def _sent(reference: str, reason: str) -> Answer:
    try:
        found = documents.open_document(
            db.session(),
            reference,
            instance=Path(current_app.config["INSTANCE"]),
            actor=viewer(),
            clock=clock(),
            reason=reason,
        )
    except ReasonRequired as refusal:
        errors = refusal.errors if request.method == "POST" else {}
        page = render_template("documents/reason.html", reference=reference, errors=errors)
        return page, 422 if request.method == "POST" else 200
    answer = send_file(
        BytesIO(found.path.read_bytes()), mimetype=found.media_type, as_attachment=True, download_name=found.file_name
    )
    # Even opened by itself an upload can do nothing (ASVS 3.2.1).
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
