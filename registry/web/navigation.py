"""Which places does the navigation have, with their words, icons and the rights they need?"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext

from registry.domain.permissions import Permission, Role

ROLE_WORDS = {
    Role.COORDINATOR: lazy_gettext("coordinator"),
    Role.LEAD_PARTNER: lazy_gettext("lead partner"),
    Role.FINANCE_OFFICER: lazy_gettext("finance officer"),
    Role.VERIFIER: lazy_gettext("verifier"),
    Role.OFFICER: lazy_gettext("officer"),
    Role.ANALYST: lazy_gettext("analyst"),
    Role.AUDITOR: lazy_gettext("auditor"),
    Role.DATA_PROTECTION_OFFICER: lazy_gettext("data protection officer"),
    Role.ADMINISTRATOR: lazy_gettext("administrator"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the navigation: its page in a project, its words, and the right it needs."""

    page: str
    label: object
    icon: str
    permission: Permission
    gap: bool = False
    on_bar: bool = False


_P = Permission
PLACES = (
    Place(page="today", label=lazy_gettext("Today"), icon="home", permission=_P.ACTIVITY_VIEW, on_bar=True),
    Place(page="log", label=lazy_gettext("Log"), icon="pencil-plus", permission=_P.ACTIVITY_LOG, on_bar=True),
    Place(
        page="activities",
        label=lazy_gettext("Activities"),
        icon="list-details",
        permission=_P.ACTIVITY_VIEW,
        gap=True,
        on_bar=True,
    ),
    Place(page="map", label=lazy_gettext("Map"), icon="map-2", permission=_P.ACTIVITY_VIEW, on_bar=True),
    Place(page="money", label=lazy_gettext("Money"), icon="coins", permission=_P.MONEY_VIEW, gap=True),
    Place(page="targets", label=lazy_gettext("Monitoring"), icon="target-arrow", permission=_P.TARGETS_VIEW),
    Place(page="reports", label=lazy_gettext("Reports"), icon="file-text", permission=_P.REPORT_VIEW, gap=True),
    Place(page="import", label=lazy_gettext("Import"), icon="file-upload", permission=_P.ACTIVITY_IMPORT),
    Place(page="rates", label=lazy_gettext("Exchange rates"), icon="coins", permission=_P.RATES_IMPORT),
)
ADMIN_PAGES = (
    ("/admin/people", _P.USERS_MANAGE),
    ("/admin/health", _P.HEALTH_VIEW),
    ("/admin/audit", _P.AUDIT_VIEW),
)
"""Where administration begins: the first of these pages that exists and that the viewer may open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of the rail or the bar, as the template draws it."""

    href: str
    label: object
    icon: str
    current: bool
    gap: bool = False
    on_bar: bool = False
    count: str = ""
    hot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchTo:
    """A project one can switch to."""

    href: str
    acronym: str
    title: str
    current: bool
