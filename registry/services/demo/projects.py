"""Which projects stand in the demonstration, with whom, what was promised and with how much money?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

from sqlalchemy.orm import Session

from registry import reference
from registry.models.projects import Beneficiary, BudgetLine, Organisation, Project, Target, WorkPackage
from registry.services.demo.authorities import AUTHORITIES, PUBLISHED_TARGETS, WORK_PACKAGES, Plan, Promise
from registry.services.demo.wording import SYNTHETIC

RELEASE_DELAY_DAYS = 7
MONTHS_BEHIND = 13
_QUALIFIERS = {"approx": "approximate"}


def project_dates(today: date) -> tuple[date, date]:
    """Two years, of which the past thirteen months and the present one have their content."""
    months = today.year * 12 + today.month - 1 - MONTHS_BEHIND
    first_on = date(months // 12, months % 12 + 1, 1)
    return first_on, first_on.replace(year=first_on.year + 2)


def add_organisations(session: Session) -> dict[str, int]:
    """The authorities; their numbers by short code."""
    rows = [Organisation(short=a.short, name=a.name, kind=a.kind, country_iso2=a.country) for a in AUTHORITIES]
    session.add_all(rows)
    session.flush()
    return {row.short: row.id for row in rows}


def add_project(session: Session, plan: Plan, organisations: Mapping[str, int], today: date) -> Project:
    """The project with its work packages, beneficiaries and targets."""
    from_on, until_on = project_dates(today)
    project = Project(
        reference=plan.reference,
        acronym=plan.acronym,
        title=plan.title,
        from_on=from_on,
        until_on=until_on,
        lead_organisation_id=organisations[plan.lead],
        release_delay_days=RELEASE_DELAY_DAYS,
        is_demo=True,
        note=SYNTHETIC,
    )
    session.add(project)
    session.flush()
    session.add_all(WorkPackage(project_id=project.id, code=code, title=title) for code, title in WORK_PACKAGES)
    currencies = {authority.short: authority.accounts_in for authority in AUTHORITIES}
    session.add_all(
        Beneficiary(
            project_id=project.id,
            organisation_id=organisations[short],
            number=f"P{number}",
            role="coordinator" if short == plan.lead else "beneficiary",
            accounting_currency=currencies[short],
        )
        for number, short in enumerate(plan.beneficiaries, start=1)
    )
    for position, promise in enumerate(plan.promises or published_promises()):
        session.add(_target(project.id, promise, position, from_on, until_on))
    session.flush()
    return project


def published_promises() -> tuple[Promise, ...]:
    """ATHENA 2's published targets, as shipped with their source; its duration is no target."""
    found = []
    for row in reference.table("athena2_published_targets"):
        if row["item"] not in PUBLISHED_TARGETS:
            continue
        indicator, label, kind = PUBLISHED_TARGETS[row["item"]]
        found.append(
            Promise(
                indicator=indicator,
                label=label,
                kind=kind,
                unit=row["unit"],
                value=int(row["value"]),
                qualifier=_QUALIFIERS.get(row["qualifier"], row["qualifier"]),
                source_url=row["source_url"],
            )
        )
    return tuple(found)


def _target(project_id: int, promise: Promise, position: int, from_on: date, until_on: date) -> Target:
    return Target(
        project_id=project_id,
        indicator=promise.indicator,
        label=promise.label,
        kind=promise.kind,
        unit=promise.unit,
        value=promise.value,
        qualifier=promise.qualifier,
        source_url=promise.source_url,
        from_on=from_on,
        until_on=until_on,
        position=position,
    )


def add_budget(
    session: Session,
    spent_cents: Mapping[tuple[str, str, str], int],
    beneficiaries: Mapping[str, int],
    packages: Mapping[str, int],
    rng: Random,
) -> None:
    """A budget in whole hundreds of euro of which somewhat more than half is spent, here and there too much."""
    for (bearer, category, package), cents in sorted(spent_cents.items()):
        share = rng.choice((0.42, 0.5, 0.55, 0.6, 0.66, 0.72, 0.8, 1.04))
        session.add(
            BudgetLine(
                beneficiary_id=beneficiaries[bearer],
                category=category,
                work_package_id=packages[package],
                amount_eur_minor=max(10_000, round(cents / share / 10_000) * 10_000),
            )
        )
    session.flush()
