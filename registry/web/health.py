"""Is this installation sound? The doctor's sentences, for the administrator."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from registry.domain.permissions import Permission
from registry.edge import clock, requires
from registry.edge.doctor import examine
from registry.extensions import db

bp = Blueprint("health", __name__)


@bp.get("/admin/health")
@requires(Permission.HEALTH_VIEW)
def health() -> str:
    """Every check of the installation, what is wrong first."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the checks need the application itself
    findings = list(examine(app, db.engine, clock()))
    return render_template(
        "admin/health.html",
        wrong=[finding.sentence for finding in findings if finding.wrong],
        well=[finding.sentence for finding in findings if not finding.wrong],
    )
