"""Which projects are there, who takes part, what was promised and with which money?"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db.base import Base


class Organisation(Base):
    """An authority: police, border police, customs, regional body (SELEC); several per country."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    short: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(32), default="police")
    country_iso2: Mapped[str | None] = mapped_column(ForeignKey("country.iso2"))


class Project(Base):
    """A funded project; ``read_only`` marks the reference project *Published record* (decision 5)."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR from_on IS NULL OR until_on > from_on", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    acronym: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(240))
    from_on: Mapped[date | None] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    lead_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    release_delay_days: Mapped[int] = mapped_column(Integer, default=7)
    read_only: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(400), default="")
    data_revision: Mapped[int] = mapped_column(Integer, default=0)


class WorkPackage(Base):
    """A part of the project's work, by its number."""

    __tablename__ = "work_package"
    __table_args__ = (UniqueConstraint("project_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))


class Target(Base):
    """What was promised: an indicator with its baseline, target, unit and period."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("project_id", "indicator"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str | None] = mapped_column(String(8))
    unit: Mapped[str] = mapped_column(String(32))
    baseline: Mapped[int] = mapped_column(Integer, default=0)
    value: Mapped[int] = mapped_column(Integer)
    qualifier: Mapped[str] = mapped_column(String(16), default="exact")
    from_on: Mapped[date | None] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    source_url: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)


class Beneficiary(Base):
    """An organisation that receives the project's money, with the currency of its accounts."""

    __tablename__ = "beneficiary"
    __table_args__ = (UniqueConstraint("project_id", "number"), UniqueConstraint("project_id", "organisation_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(String(8))
    role: Mapped[str] = mapped_column(String(32), default="beneficiary")
    accounting_currency: Mapped[str] = mapped_column(String(3), default="EUR")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class BudgetLine(Base):
    """Planned money: beneficiary × budget category × work package, in EUR cents."""

    __tablename__ = "budget_line"
    __table_args__ = (UniqueConstraint("beneficiary_id", "category", "work_package_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    beneficiary_id: Mapped[int] = mapped_column(ForeignKey("beneficiary.id"), index=True)
    category: Mapped[str] = mapped_column(String(8))
    work_package_id: Mapped[int] = mapped_column(ForeignKey("work_package.id"))
    amount_eur_minor: Mapped[int] = mapped_column(BigInteger)
