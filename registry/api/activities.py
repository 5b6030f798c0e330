"""Which activities may the asker see, and what does one of them say? Read again only when it changed."""

from __future__ import annotations

from typing import Any

from flask import request

from registry.api.problem_api import ApiBlueprint
from registry.api.reading import log_reading, up_to_date
from registry.domain.errors import InvalidInput
from registry.domain.filters import LISTS, SCALARS, ActivityFilters
from registry.domain.permissions import Permission
from registry.edge import clock, commits, requires, viewer
from registry.extensions import db
from registry.queries import activities
from registry.schemas.activity_out import ActivitiesOut
from registry.schemas.filters import filters_from
from registry.services import access

bp = ApiBlueprint("api_activities", __name__, description="Activities of every kind, at the precision you may see.")

MOST_SHOWN = 500
PAGING = ("project", "cursor", "limit")
_MEANINGS = {
    "from": "First day on which it begins: 2026-05-17, or 2026-05, or 2026.",
    "to": "Last day on which it begins, included.",
    "q": "Every word, in any alphabet: reference, place, organisation, text.",
    "result": "with a finding, or without: looked for and nothing found.",
    "verified": "yes or no: whether every host has verified it.",
    "parent": "The reference of the activity it belongs to.",
    "project": "A project's reference; without it, all you may see.",
    "cursor": "The last reference of the page before; next carries it.",
    "limit": f"How many, {MOST_SHOWN} at most; 50 without it.",
}


def _parameter(name: str) -> dict[str, Any]:
    scalar: dict[str, Any] = {"type": "integer" if name == "limit" else "string"}
    many = name in LISTS
    meaning = "May be repeated: any of the values." if many else _MEANINGS[name]
    shape: dict[str, Any] = {"type": "array", "items": scalar} if many else scalar
    return {"name": name, "in": "query", "description": meaning, "schema": shape}


@bp.get("/activities")
@requires(Permission.ACTIVITY_VIEW)
@up_to_date
@commits
@bp.parameters([_parameter(name) for name in (*LISTS, *SCALARS, *PAGING)])
@bp.may_answer(422, "A parameter is not known, given twice, or cannot be read.")
@bp.answers(200, ActivitiesOut)
def search_activities() -> dict[str, Any]:
    """Search activities, newest day first, in all projects you may see."""
    filters, paging = filters_from(request.args.items(multi=True), also=PAGING)
    limit = _limit(paging.get("limit", ""))
    asked_project = paging.get("project", "")
    project_id = access.project_for(db.session(), viewer(), asked_project).id if asked_project else None
    found = _page(project_id, filters, paging.get("cursor", ""), limit)
    log_reading(
        "activity.list",
        asked_project or "activities",
        [row.view for row in found.rows if not row.published],
        project_id=project_id,
        asked=filters.query_string()[:400],
    )
    more = filters.query_string(project=asked_project, cursor=found.older, limit=str(limit))
    return {
        "items": found.rows,
        "total": found.matching,
        "shown": found.shown,
        "next": f"{request.path}?{more}" if found.older else None,
    }


def _page(project_id: int | None, filters: ActivityFilters, cursor: str, limit: int) -> activities.Listing:
    try:
        return activities.listing(
            db.session(), viewer(), project_id, filters, now=clock().now(), after=cursor, limit=limit
        )
    except InvalidInput as error:
        raise InvalidInput({"cursor": error.errors["after"]} if "after" in error.errors else error.errors) from error


def _limit(text: str) -> int:
    if not text:
        return activities.PAGE
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST_SHOWN):
        raise InvalidInput({"limit": [f"Write a whole number from 1 to {MOST_SHOWN}."]})
    return int(text)
