"""How does an empty database become the demonstration? In one unit of work, in portions, from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from registry.db.bulk import copy_rows, roomy
from registry.db.engine import analyse
from registry.db.search import sync_search
from registry.domain.clock import Clock
from registry.domain.errors import Conflict, InvalidInput
from registry.domain.imported import ActivityRow
from registry.domain.permissions import SYSTEM
from registry.models import activities as models
from registry.models.accounts import User
from registry.models.aggregates import TickState
from registry.models.costs import CostLine, Document
from registry.models.geography import Border, BorderStatus, Country
from registry.models.projects import Beneficiary, Project, WorkPackage
from registry.services import audit, derive, published_record, reference_tables
from registry.services.demo.accounts import add_accounts
from registry.services.demo.activities import Costable, Drawer, Numbers, Rows, Setting
from registry.services.demo.authorities import AUTHORITIES, PLANS, Plan
from registry.services.demo.costs import Cashier, Purse, Spending
from registry.services.demo.projects import RELEASE_DELAY_DAYS, add_budget, add_organisations, add_project
from registry.services.demo.rates import Quotes
from registry.services.demo.receipts import Receipts, write_files
from registry.services.demo.spots import ground

PORTION = 5_000
LEAN_FROM = 2_000
MOST_ACTIVITIES = 1_000_000
MOST_COST_LINES = 5_000_000
_BY_TABLE: tuple[tuple[str, Any], ...] = (
    ("activities", models.Activity),
    ("participations", models.Participation),
    ("head_counts", models.HeadCount),
    ("legs", models.Leg),
    ("places", models.Place),
    ("outcomes", models.OutcomeCount),
    ("patrols", models.JointPatrol),
    ("observations", models.CrossBorderObservation),
    ("teams", models.JointInvestigationTeam),
    ("versions", models.ActivityVersion),
    ("texts", models.ActivityText),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillDemo:
    """How much to make and from which seed; ``password_hash`` is that of the demo's password."""

    seed: int
    activities: int
    cost_lines: int
    password_hash: str

    def __post_init__(self) -> None:
        faults = {}
        if not 1 <= self.activities <= MOST_ACTIVITIES:
            faults["activities"] = [f"Give a number between 1 and {MOST_ACTIVITIES:,}."]
        if not 0 <= self.cost_lines <= MOST_COST_LINES:
            faults["cost_lines"] = [f"Give a number between 0 and {MOST_COST_LINES:,}."]
        if faults:
            raise InvalidInput(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How much was made."""

    activities: int
    cost_lines: int


def holds_anything(session: Session) -> bool:
    """Whether the database holds a project of its own or an account: then it is not for the demonstration."""
    some = select(Project.id).where(Project.read_only.is_(False)).limit(1)
    return session.scalar(some) is not None or session.scalar(select(User.id).limit(1)) is not None


def fill(
    session: Session, command: FillDemo, published: Sequence[ActivityRow], *, instance: Path, clock: Clock
) -> Filled:
    """Make the demonstration beside the published record; Conflict where there is anything already: it never mixes."""
    if holds_anything(session):
        raise Conflict(
            "This database holds projects or accounts already: the demonstration goes into an empty one only."
        )
    rng = Random(command.seed)  # noqa: S311  # invented records, no secret
    now = clock.now().replace(microsecond=0)
    reference_tables.load(session)
    published_record.load(session, published, clock=clock)
    write_files(instance)
    organisations = add_organisations(session)
    plans = [(plan, add_project(session, plan, organisations, now.date())) for plan in PLANS]
    loggers = add_accounts(
        session,
        {plan.reference: project.id for plan, project in plans},
        organisations,
        password_hash=command.password_hash,
        now=now,
        rng=rng,
    )
    quotes = Quotes(session)
    numbers = Numbers(
        activity=_last(session, models.Activity.id), participation=_last(session, models.Participation.id)
    )
    first = numbers.activity
    made_lines = 0
    with roomy(session.connection()):
        for plan, project in plans:
            filler = _Filler(
                session=session,
                command=command,
                plan=plan,
                project=project,
                organisations=organisations,
                loggers=loggers,
                quotes=quotes,
                numbers=numbers,
                now=now,
                rng=rng,
            )
            made_lines += filler.run()
        _finish(session, numbers, organisations, now)
    audit.record(
        session,
        actor=SYSTEM,
        action="demo.fill",
        subject="demo",
        clock=clock,
        touched=numbers.activity - first,
        details={"seed": command.seed, "cost_lines": made_lines},
    )
    return Filled(activities=numbers.activity - first, cost_lines=made_lines)


def _last(session: Session, key: Any) -> int:
    return session.scalar(select(func.max(key))) or 0


def _finish(session: Session, numbers: Numbers, organisations: Mapping[str, int], now: datetime) -> None:
    """References continue where the demonstration ends; stored counts, search and statistics follow."""
    for (kind, owner, year), last in numbers.references.items():
        session.add(models.ReferenceCounter(kind=kind, organisation_id=organisations[owner], year=year, last=last))
    session.merge(TickState(id=1, ran_at=now))
    session.flush()
    derive.rebuild(session)
    sync_search(session, None)
    analyse(session)


class _Filler:
    """Fills one project in portions, so that a million activities need no more memory than a thousand."""

    def __init__(
        self,
        *,
        session: Session,
        command: FillDemo,
        plan: Plan,
        project: Project,
        organisations: Mapping[str, int],
        loggers: Mapping[str, int],
        quotes: Quotes,
        numbers: Numbers,
        now: datetime,
        rng: Random,
    ) -> None:
        self.session, self.plan, self.rng = session, plan, rng
        self.activities = round(command.activities * plan.share)
        self.lines = round(command.cost_lines * plan.share)
        authorities = {authority.short: authority for authority in AUTHORITIES}
        packages = _packages(session, project.id)
        setting = Setting(
            plan=plan,
            project_id=project.id,
            first_on=project.from_on or now.date(),
            now=now,
            delay_days=RELEASE_DELAY_DAYS,
            organisations=organisations,
            authorities=authorities,
            packages=packages,
            loggers=loggers,
            border_status=_border_status(session, now),
            country_names={iso2: name for iso2, name in session.execute(select(Country.iso2, Country.name))},  # noqa: C416  # rows unpack, dict() does not type them
            lean=command.activities > LEAN_FROM,
        )
        self.drawer = Drawer(setting, ground(session, plan.pairs, rng), numbers, rng)
        self.spending = Spending()
        self.purse = Purse(
            plan=plan,
            project_id=project.id,
            beneficiaries=_beneficiaries(session, project.id, organisations),
            authorities=authorities,
            packages=packages,
            loggers=loggers,
            receipts=Receipts(project_id=project.id, last=_last(session, Document.id)),
            now=now,
            lean=command.activities > LEAN_FROM,
        )
        self.cashier = Cashier(self.purse, quotes, numbers, self.spending, rng)

    def run(self) -> int:
        """Make activities and their costs; returns the number of cost lines."""
        lines = 0
        for done, rows in self._portions():
            self.drawer.number(rows)
            for name, model in _BY_TABLE:
                copy_rows(self.session.connection(), model.__table__, getattr(rows, name))
            due = round(self.lines * done / max(1, self.activities)) - lines
            lines += self._spend(rows.costable, due)
        add_budget(self.session, self.spending.cents, self.purse.beneficiaries, self.purse.packages, self.rng)
        return lines

    def _portions(self) -> Iterator[tuple[int, Rows]]:
        rows, done = Rows(), 0
        for kind, phase in self.drawer.kinds(self.activities):
            self.drawer.draw(kind, phase, rows)
            done += 1
            if len(rows.activities) == PORTION:
                yield done, rows
                rows = Rows()
        yield done, rows

    def _spend(self, costable: list[Costable], due: int) -> int:
        # Drawn before they are copied: a rate that is asked for uses the connection that COPY holds.
        lines = [self.cashier.draw(costable) for _ in range(due)]
        copy_rows(self.session.connection(), cast(Table, Document.__table__), self.purse.receipts.taken())
        return copy_rows(self.session.connection(), cast(Table, CostLine.__table__), lines)


def _packages(session: Session, project_id: int) -> dict[str, int]:
    rows = session.execute(select(WorkPackage.code, WorkPackage.id).where(WorkPackage.project_id == project_id))
    return {code: number for code, number in rows}  # noqa: C416  # rows unpack, dict() does not type them


def _beneficiaries(session: Session, project_id: int, organisations: Mapping[str, int]) -> dict[str, int]:
    rows = session.execute(
        select(Beneficiary.organisation_id, Beneficiary.id).where(Beneficiary.project_id == project_id)
    )
    by_organisation = {organisation: number for organisation, number in rows}  # noqa: C416  # ditto
    return {short: by_organisation[number] for short, number in organisations.items() if number in by_organisation}


def _border_status(session: Session, now: datetime) -> dict[int, str]:
    """What each border is today."""
    rows = session.execute(
        select(Border.id, BorderStatus.status, BorderStatus.valid_from, BorderStatus.valid_until)
        .join(BorderStatus, BorderStatus.border_id == Border.id)
        .order_by(BorderStatus.id)
    )
    today = now.date()
    return {
        border_id: status
        for border_id, status, valid_from, valid_until in rows
        if (valid_from is None or valid_from <= today) and (valid_until is None or today < valid_until)
    }
