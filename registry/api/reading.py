"""Is a reading logged, and are the stored counts up to date before it? What every reading route of the API shares."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import g

from registry.domain.permissions import Role
from registry.domain.precision import View
from registry.edge import clock, viewer
from registry.edge.ticking import tick_if_overdue
from registry.extensions import db
from registry.services import audit

Route = TypeVar("Route", bound=Callable[..., Any])


def up_to_date(view: Route) -> Route:
    """Run the timer first where a release has come due: above ``commits``, since it commits on its own."""

    @functools.wraps(view)
    def ticked(*args: Any, **kwargs: Any) -> Any:
        tick_if_overdue()
        return view(*args, **kwargs)

    return ticked  # type: ignore[return-value]  # the wrapped view keeps its signature


def token_purpose() -> str:
    """The purpose stated when the token was made: the reason of what is exported with it (decision 40)."""
    return str(g.get("registry_token_purpose", "") or "")


def is_auditor() -> bool:
    """Whether the asker is an auditor anywhere: then every reading is logged."""
    return any(held.role is Role.AUDITOR for held in viewer().memberships)


def log_reading(
    action: str, subject: str, views: Iterable[View], *, project_id: int | None = None, asked: str = ""
) -> None:
    """Append one event when something was read exactly, or by an auditor: how many records, never the places."""
    shown = list(views)
    exact = sum(view.exact for view in shown)
    if not exact and not is_auditor():
        return
    audit.record(
        db.session(),
        actor=viewer(),
        action=action,
        subject=subject,
        project_id=project_id,
        clock=clock(),
        reason=token_purpose(),
        touched=len(shown),
        details={"exact": exact, "asked": asked, "by": "api"},
    )
