"""Which project does one work in? The start page, the list of projects, and what *More* holds on a phone."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from registry.domain.permissions import Permission
from registry.edge import requires, viewer
from registry.extensions import db
from registry.queries.shell import projects_of
from registry.web.shell import administration, front_page

bp = Blueprint("projects", __name__)


@bp.get("/")
@requires(Permission.SIGNED_IN)
def start() -> str | Response:
    """Straight into the only project; with several, the choice; for an administrator without one, administration."""
    lines = projects_of(db.session(), viewer())
    own = [line for line in lines if line.own]
    if len(own) == 1:
        return redirect(front_page(own[0], viewer()))
    if not own and administration(viewer()):
        return redirect(administration(viewer()))
    return chooser()


@bp.get("/projects")
@requires(Permission.SIGNED_IN)
def choose() -> str:
    """All projects the viewer may enter."""
    return chooser()


@bp.get("/p/<project_ref>/more")
@requires(Permission.SIGNED_IN)
def more(project_ref: str) -> str:
    """The places that do not fit on the bar of a phone."""
    return render_template("projects/more.html", project_ref=project_ref)


@bp.get("/more")
@requires(Permission.SIGNED_IN)
def more_without_project() -> str:
    """The same outside a project: account, administration, projects."""
    return render_template("projects/more.html", project_ref=None)


def chooser() -> str:
    """The list of projects, each leading to its front page."""
    lines = projects_of(db.session(), viewer())
    choices = [(line, front_page(line, viewer())) for line in lines]
    return render_template("projects/choose.html", choices=choices, administers=administration(viewer()))
