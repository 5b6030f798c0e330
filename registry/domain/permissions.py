"""Who may do what? Roles and permissions as data; the default policy of the access chapter.

A role is held in a project for an organisation. An administrator and a data protection officer see no operational
content; an auditor writes nothing (separation of duties).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The part a person plays in a project for an organisation."""

    OFFICER = "officer"
    VERIFIER = "verifier"
    COORDINATOR = "coordinator"
    LEAD_PARTNER = "lead_partner"
    FINANCE_OFFICER = "finance_officer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a route, a command or a verb asks for. PUBLIC and SIGNED_IN are granted to nobody: the edge knows them."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ACTIVITY_VIEW = "activity.view"
    ACTIVITY_LOG = "activity.log"
    ACTIVITY_AMEND = "activity.amend"
    ACTIVITY_VERIFY = "activity.verify"
    ACTIVITY_WITHDRAW = "activity.withdraw"
    ACTIVITY_IMPORT = "activity.import"
    ACTIVITY_EXPORT = "activity.export"
    TARGETS_VIEW = "targets.view"
    MONEY_VIEW = "money.view"
    COST_RECORD = "cost.record"
    EVIDENCE_VIEW = "evidence.view"
    RATES_IMPORT = "rates.import"
    REPORT_VIEW = "report.view"
    AUDIT_VIEW = "audit.view"
    USERS_MANAGE = "users.manage"
    HEALTH_VIEW = "health.view"


_P = Permission
_CONTENT = frozenset({_P.ACTIVITY_VIEW, _P.TARGETS_VIEW, _P.REPORT_VIEW, _P.ACTIVITY_EXPORT})
_LOGGING = frozenset({_P.ACTIVITY_LOG, _P.ACTIVITY_AMEND, _P.ACTIVITY_WITHDRAW, _P.COST_RECORD, _P.EVIDENCE_VIEW})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: _CONTENT | _LOGGING,
    Role.VERIFIER: _CONTENT | {_P.ACTIVITY_VERIFY, _P.EVIDENCE_VIEW},
    Role.COORDINATOR: _CONTENT | _LOGGING | {_P.ACTIVITY_VERIFY, _P.ACTIVITY_IMPORT, _P.MONEY_VIEW},
    Role.LEAD_PARTNER: _CONTENT | {_P.MONEY_VIEW},
    Role.FINANCE_OFFICER: _CONTENT | {_P.MONEY_VIEW, _P.COST_RECORD, _P.EVIDENCE_VIEW, _P.RATES_IMPORT},
    Role.ANALYST: _CONTENT,
    Role.AUDITOR: _CONTENT | {_P.MONEY_VIEW, _P.EVIDENCE_VIEW, _P.AUDIT_VIEW},
    Role.DATA_PROTECTION_OFFICER: frozenset({_P.AUDIT_VIEW}),
    Role.ADMINISTRATOR: frozenset({_P.USERS_MANAGE, _P.HEALTH_VIEW}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One role of one person in one project for one organisation; an administrator's has no project."""

    role: Role
    project_id: int | None
    organisation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who is asking: the facts about a signed-in person that rights and precision depend on.

    ``unmasked`` is the command line's *system* (decision 11); ``token_scopes`` narrows a bearer token.
    """

    user_id: int | None
    email: str
    memberships: tuple[Membership, ...] = ()
    service_number: str = ""
    unmasked: bool = False
    token_scopes: frozenset[str] | None = None

    def roles_in(self, project_id: int | None) -> frozenset[Role]:
        """The roles held in a project (None: the installation)."""
        return frozenset(m.role for m in self.memberships if m.project_id == project_id)

    def organisations_in(self, project_id: int, *roles: Role) -> frozenset[int]:
        """The organisations this person acts for in the project, optionally only in the given roles."""
        return frozenset(
            m.organisation_id
            for m in self.memberships
            if m.project_id == project_id and m.organisation_id is not None and (not roles or m.role in roles)
        )

    def project_ids(self) -> frozenset[int]:
        """The projects this person belongs to: nothing outside them is visible."""
        return frozenset(m.project_id for m in self.memberships if m.project_id is not None)

    def may(self, permission: Permission, project_id: int | None = None) -> bool:
        """Whether any role held in the project (or, for installation rights, anywhere) grants the permission."""
        if self.unmasked or permission is Permission.PUBLIC:
            return True
        if permission is Permission.SIGNED_IN:
            return self.user_id is not None
        return any(
            permission in GRANTS[m.role]
            for m in self.memberships
            if project_id is None or m.project_id in (project_id, None)
        )


SYSTEM = Viewer(user_id=None, email="system", unmasked=True)
