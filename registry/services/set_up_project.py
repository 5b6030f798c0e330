"""How does a project come to stand in the registry, with its partners, promises and budget?

Rows are found by their keys and brought in step with the file: twice changes nothing, and nothing is ever deleted. What
the file leaves out stays as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import Clock
from registry.domain.errors import InvalidInput, NotAllowed, ReadOnly
from registry.domain.permissions import Permission, Viewer
from registry.domain.project_setup import BeneficiaryIn, SetUpProject
from registry.models.projects import Beneficiary, BudgetLine, Organisation, Project, Target, WorkPackage
from registry.services import audit, reference_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSetUp:
    """What was made and what was changed, by the part of the file; ``kept`` are organisations left as they are."""

    reference: str
    made: dict[str, int]
    changed: dict[str, int]
    kept: tuple[str, ...]

    @property
    def touched(self) -> int:
        """Rows written."""
        return sum(self.made.values()) + sum(self.changed.values())


@dataclass(slots=True)
class _Step:
    """Rows of one session brought in step with a file, counted."""

    session: Session
    made: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    def bring(self, part: str, model: type[Any], keys: dict[str, Any], **facts: Any) -> Any:
        """The row of these keys with these facts: found, changed or made."""
        row = self.session.scalar(select(model).filter_by(**keys))
        if row is None:
            row = model(**keys, **facts)
            self.session.add(row)
            self.session.flush()  # others refer to its number
            self.made[part] += 1
        elif any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            self.changed[part] += 1
        return row


def set_up_project(session: Session, command: SetUpProject, *, actor: Viewer, clock: Clock) -> ProjectSetUp:
    """Make the project or bring it in step. Countries and the other shipped tables are loaded first.

    NotAllowed for who does not administer the installation; ReadOnly for the published record; InvalidInput, by the
    path in the file, where a short code or a beneficiary's number already belongs to somebody else.
    """
    if not actor.may(Permission.USERS_MANAGE):
        raise NotAllowed("Projects are set up by an administrator of the installation.")
    reference_tables.load(session)
    step = _Step(session)
    organisations, kept = _organisations(step, command)
    project = _project(step, command, organisations[command.lead])
    packages = {
        row.code: step.bring(
            "work packages", WorkPackage, {"project_id": project.id, "code": row.code}, title=row.title
        )
        for row in command.work_packages
    }
    _targets(step, command, project)
    _check_beneficiaries(session, command, project, organisations)
    for line in command.beneficiaries:
        _beneficiary(step, line, project, organisations[line.organisation], packages)
    done = ProjectSetUp(reference=project.reference, made=dict(step.made), changed=dict(step.changed), kept=tuple(kept))
    _conclude(session, done, project, actor, clock)
    return done


def _organisations(step: _Step, command: SetUpProject) -> tuple[dict[str, Organisation], list[str]]:
    """The organisations by short code. One that is there serves other projects too: it is used as it stands."""
    found: dict[str, Organisation] = {}
    kept: list[str] = []
    refused: dict[str, list[str]] = {}
    for number, row in enumerate(command.organisations):
        there = step.session.scalar(select(Organisation).where(Organisation.short == row.short))
        if there is None:
            facts = {"name": row.name, "kind": row.kind, "country_iso2": row.country}
            there = step.bring("organisations", Organisation, {"short": row.short}, **facts)
        elif there.country_iso2 not in (row.country, None):
            sentence = f"{row.short} is {there.name} ({there.country_iso2}) here. Choose another short code."
            refused[f"organisations.{number}.country"] = [sentence]
        elif (there.name, there.kind) != (row.name, row.kind):
            kept.append(f"{row.short} is there as “{there.name}” ({there.kind}) and stays so.")
        found[row.short] = there
    if refused:
        raise InvalidInput(refused)
    return found, kept


def _project(step: _Step, command: SetUpProject, lead: Organisation) -> Project:
    there = step.session.scalar(select(Project).where(Project.reference == command.reference))
    if there is not None and there.read_only:
        raise ReadOnly(f"{command.reference} is kept for reading only. Choose another reference.")
    found: Project = step.bring(
        "project",
        Project,
        {"reference": command.reference},
        acronym=command.acronym,
        title=command.title,
        from_on=command.period.from_on,
        until_on=command.period.until_on,
        lead_organisation_id=lead.id,
        release_delay_days=command.release_delay_days,
    )
    return found


def _targets(step: _Step, command: SetUpProject, project: Project) -> None:
    for position, row in enumerate(command.targets):
        step.bring(
            "targets",
            Target,
            {"project_id": project.id, "indicator": row.indicator},
            label=row.label,
            kind=row.kind,
            unit=row.unit,
            value=row.value,
            qualifier=str(row.qualifier),
            source_url=row.source_url,
            from_on=project.from_on,
            until_on=project.until_on,
            position=position,
        )


def _check_beneficiaries(
    session: Session, command: SetUpProject, project: Project, organisations: dict[str, Organisation]
) -> None:
    """A beneficiary is never replaced, and a project never has two coordinators."""
    there = session.scalars(select(Beneficiary).where(Beneficiary.project_id == project.id)).all()
    by_number = {row.number: row for row in there}
    by_organisation = {row.organisation_id: row for row in there}
    refused: dict[str, list[str]] = {}
    for number, line in enumerate(command.beneficiaries):
        own = organisations[line.organisation].id
        if line.id in by_number and by_number[line.id].organisation_id != own:
            sentence = f"{line.id} is another organisation here. Give the new one a number of its own."
            refused[f"beneficiaries.{number}.id"] = [sentence]
        elif own in by_organisation and by_organisation[own].number != line.id:
            sentence = f"{line.organisation} is {by_organisation[own].number} here. Keep that number."
            refused[f"beneficiaries.{number}.id"] = [sentence]
    named = {organisations[line.organisation].id for line in command.beneficiaries}
    for row in there:
        if row.role == "coordinator" and row.organisation_id not in named:
            sentence = f"{row.number} is the coordinator here. Name it among the beneficiaries with its new role."
            refused["project.lead"] = [sentence]
    if refused:
        raise InvalidInput(refused)


def _beneficiary(
    step: _Step,
    line: BeneficiaryIn,
    project: Project,
    organisation: Organisation,
    packages: dict[str, WorkPackage],
) -> None:
    row = step.bring(
        "beneficiaries",
        Beneficiary,
        {"project_id": project.id, "organisation_id": organisation.id},
        number=line.id,
        role=line.role,
        accounting_currency=line.accounting_currency,
    )
    for planned in line.budget:
        package = packages[planned.work_package]
        keys = {"beneficiary_id": row.id, "category": planned.category, "work_package_id": package.id}
        step.bring("budget lines", BudgetLine, keys, amount_eur_minor=planned.amount.minor)


def _conclude(session: Session, done: ProjectSetUp, project: Project, actor: Viewer, clock: Clock) -> None:
    """What was changed moves the revision that reports print, and stands in the audit log; nothing, nothing."""
    if not done.touched:
        return
    if "project" not in done.made:
        project.data_revision = Project.data_revision + 1  # in the database: logs may move it at the same time
    audit.record(
        session,
        actor=actor,
        action="project.set_up",
        subject=project.reference,
        project_id=project.id,
        clock=clock,
        touched=done.touched,
        details={"made": done.made, "changed": done.changed},
    )
