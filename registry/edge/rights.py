"""May the viewer use this route? Every route declares one permission; a test walks the URL map."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for

from registry.domain.errors import NotAllowed
from registry.domain.permissions import Permission
from registry.edge.context import ProjectHead, viewer
from registry.extensions import db
from registry.services import access

View = TypeVar("View", bound=Callable[..., Any])

_READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare and check the one permission of a route; a ``project_ref`` in its URL is resolved through the door."""

    def declare(view: View) -> View:
        @functools.wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if permission is not Permission.PUBLIC:
                answer = _signed_out_answer()
                if answer is not None:
                    return answer
                _check(permission, kwargs.get("project_ref"))
            return view(*args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]  # read by the walk over the URL map
        return checked  # type: ignore[return-value]  # the wrapped view keeps its signature

    return declare


def _signed_out_answer() -> Any:
    if viewer().user_id is not None:
        return None
    if request.path.startswith("/api/") or request.headers.get("X-Requested-With") or request.method != "GET":
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _check(permission: Permission, project_ref: str | None) -> None:
    person = viewer()
    if person.token_scopes is not None:
        needed = "read" if request.method in _READ_METHODS else "write"
        if needed not in person.token_scopes:
            raise NotAllowed(f"This token has no {needed} scope.")
    if project_ref is not None:
        project = access.project_for(db.session, person, project_ref)  # type: ignore[arg-type]  # a scoped session
        g.project = ProjectHead.of(project)
        access.check_project_right(person, project, permission)
    elif not person.may(permission):
        raise NotAllowed("Your role does not include this.")
