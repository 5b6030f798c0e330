"""The Today page: what needs me?"""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from registry.domain.permissions import Permission
from registry.edge import clock, current_project, requires, viewer
from registry.extensions import db
from registry.queries import today as queries
from registry.web.handed_over import auditor_read

bp = Blueprint("today", __name__)


@bp.get("/p/<project_ref>/today")
@requires(Permission.ACTIVITY_VIEW)
def page(project_ref: str) -> str | Response:
    """What needs the viewer, what waits for others, what is coming and what changed since the last visit."""
    now = clock().now()
    project = current_project()
    found = queries.today(db.session(), viewer(), project.id, now)
    shown = render_template(
        "today/page.html",
        now=now,
        today=found,
        project_ref=project_ref,
        may_log=not project.read_only and viewer().may(Permission.ACTIVITY_LOG, project.id),
    )
    auditor_read("today.read", len(found.changes) + sum(len(group.tasks) for group in found.groups), {})
    return shown
