"""Which projects may the token's owner see?"""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from registry.api.problem_api import ApiBlueprint
from registry.domain.permissions import Permission
from registry.edge import requires, viewer
from registry.extensions import db
from registry.queries.shell import projects_of

bp = ApiBlueprint("api_projects", __name__, description="The projects you belong to, and the published record.")


class ProjectOut(ma.Schema):
    """A project: its reference stands in addresses, its acronym on pages."""

    reference = ma.fields.String()
    acronym = ma.fields.String()
    title = ma.fields.String()
    read_only = ma.fields.Boolean(metadata={"description": "The published record: everybody reads, nobody writes."})
    own = ma.fields.Boolean(metadata={"description": "Whether you hold a role in it."})


class ProjectsOut(ma.Schema):
    """All projects, none left out."""

    items = ma.fields.List(ma.fields.Nested(ProjectOut))
    total = ma.fields.Integer()
    shown = ma.fields.Integer()


@bp.get("/projects")
@requires(Permission.SIGNED_IN)
@bp.answers(200, ProjectsOut)
def list_projects() -> dict[str, Any]:
    """List projects."""
    lines = projects_of(db.session(), viewer())
    return {"items": lines, "total": len(lines), "shown": len(lines)}
