"""Who did or read what? The audit log for auditors and data protection officers; reading it is itself logged."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from registry.domain.errors import InvalidInput
from registry.domain.permissions import Permission
from registry.edge import clock, commits, requires, viewer
from registry.extensions import db
from registry.queries import audit_log
from registry.services import audit

bp = Blueprint("audit", __name__)


@bp.get("/admin/audit")
@requires(Permission.AUDIT_VIEW)
@commits
def log() -> str:
    """A page of the log, newest first, optionally only what has certain words."""
    words = request.args.get("q", "").strip()[:100]
    page = audit_log.events(db.session(), viewer(), before=_number("before"), words=words)
    audit.record(
        db.session(),
        actor=viewer(),
        action="audit.read",
        subject="audit log",
        clock=clock(),
        touched=len(page.rows),
        details={"words": words},
    )
    return render_template("admin/audit.html", page=page, words=words)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 18):
        raise InvalidInput({name: ["This is not the number of an event."]})
    return int(text) if text else None
