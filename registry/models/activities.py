"""What happened, where, by whom and with what result? The umbrella record and the parts that every kind shares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db.base import Base
from registry.db.columns import Json, UtcDateTime, geometry, open_only

UNVERIFIED = "verified_at IS NULL"
UNKNOWN_SORT_KEY = -(2**53)  # an unknown start sorts last in newest-first order (decision 21)


class Activity(Base):
    """One joint activity of any kind: shared facts; kinds with facts of their own have a joined table.

    ``sort_key`` is the start in seconds since 1970; ``counts_on`` the day on which the activity counts (decision 16);
    ``cell_e``/``cell_n`` its 10 km cell in units of 10 km; ``tallied`` says that the stored aggregates hold it.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("until_on IS NULL OR from_on IS NULL OR until_on > from_on", name="days_in_order"),
        CheckConstraint("uncertainty_m IS NULL OR uncertainty_m >= 0", name="uncertainty_not_negative"),
        UniqueConstraint("project_id", "owner_organisation_id", "external_reference"),
        Index("ix_activity_newest", "project_id", "sort_key", "id", "kind", "status", "released_at"),
        # Lists are in order of days: an order by instants would tell who sees the day alone which was earlier.
        Index("ix_activity_listed", "project_id", "from_on", "id", "kind", "status", "released_at"),
        Index("ix_activity_position", "project_id", "lon", "lat"),
        Index("ix_activity_pending", "project_id", "tallied", "released_at"),
        Index("ix_activity_counts", "project_id", "kind", "status", "counts_on"),
        Index("ix_activity_changed", "project_id", "updated_at"),
        open_only("ix_activity_unverified", "project_id", "owner_organisation_id", "kind", where=UNVERIFIED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str] = mapped_column(String(8))
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    external_reference: Mapped[str | None] = mapped_column(String(80))
    owner_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    client_uuid: Mapped[str | None] = mapped_column(String(36), unique=True)
    body_hash: Mapped[str | None] = mapped_column(String(64))
    logged_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)
    work_package_id: Mapped[int | None] = mapped_column(ForeignKey("work_package.id"))

    status: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(240))
    aim: Mapped[str] = mapped_column(String(1000), default="")
    crime_areas: Mapped[str] = mapped_column(String(200), default="")
    legal_basis: Mapped[str] = mapped_column(String(240), default="")
    facts: Mapped[str] = mapped_column(Text, default="")
    assessment: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(String(400), default="")
    flags: Mapped[str] = mapped_column(String(120), default="")
    nothing_found: Mapped[bool] = mapped_column(default=False)

    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    starts_offset_min: Mapped[int | None] = mapped_column(Integer)
    ends_offset_min: Mapped[int | None] = mapped_column(Integer)
    from_on: Mapped[date | None] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    date_precision: Mapped[str] = mapped_column(String(8), default="instant")
    sort_key: Mapped[int] = mapped_column(BigInteger, default=UNKNOWN_SORT_KEY)
    counts_on: Mapped[date | None] = mapped_column(Date)

    host_country: Mapped[str | None] = mapped_column(ForeignKey("country.iso2"))
    countries: Mapped[str] = mapped_column(String(120), default="")
    border_id: Mapped[int | None] = mapped_column(ForeignKey("border.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("border_section.id"), index=True)
    border_status: Mapped[str] = mapped_column(String(16), default="")
    location_kind: Mapped[str] = mapped_column(String(16), default="")
    place_text: Mapped[str] = mapped_column(String(240), default="")
    place_precision: Mapped[str] = mapped_column(String(16), default="")
    uncertainty_m: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    cell_e: Mapped[int | None] = mapped_column(Integer)
    cell_n: Mapped[int | None] = mapped_column(Integer)
    length_m: Mapped[float | None] = mapped_column(Float)

    officers: Mapped[int | None] = mapped_column(Integer)
    officers_qualifier: Mapped[str] = mapped_column(String(16), default="not_counted")

    sensitive: Mapped[bool] = mapped_column(default=False)
    release_delay_days: Mapped[int | None] = mapped_column(Integer)
    release_never: Mapped[bool] = mapped_column(default=False)
    release_reason: Mapped[str] = mapped_column(String(400), default="")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tallied: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(400), default="")

    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    participations: Mapped[list[Participation]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", lazy="raise", order_by="Participation.id"
    )
    legs: Mapped[list[Leg]] = relationship(cascade="all, delete-orphan", lazy="raise", order_by="Leg.number")
    outcomes: Mapped[list[OutcomeCount]] = relationship(
        cascade="all, delete-orphan", lazy="raise", order_by="OutcomeCount.id"
    )
    place: Mapped[Place | None] = relationship(cascade="all, delete-orphan", lazy="raise", uselist=False)
    joint_patrol: Mapped[JointPatrol | None] = relationship(cascade="all, delete-orphan", lazy="raise", uselist=False)
    observation: Mapped[CrossBorderObservation | None] = relationship(
        cascade="all, delete-orphan", lazy="raise", uselist=False
    )
    team: Mapped[JointInvestigationTeam | None] = relationship(
        cascade="all, delete-orphan", lazy="raise", uselist=False
    )


class Participation(Base):
    """One authority's part in an activity: role and head-counts. Published records name the country alone."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("activity_id", "organisation_id"),
        Index("ix_participation_organisation", "organisation_id", "activity_id"),
        CheckConstraint("officers IS NULL OR officers >= 0", name="officers_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    country_iso2: Mapped[str | None] = mapped_column(ForeignKey("country.iso2"))
    role: Mapped[str] = mapped_column(String(16))
    officers: Mapped[int | None] = mapped_column(Integer)
    women: Mapped[int | None] = mapped_column(Integer)
    men: Mapped[int | None] = mapped_column(Integer)
    officer_in_charge: Mapped[str] = mapped_column(String(32), default="")
    activity: Mapped[Activity] = relationship(back_populates="participations", lazy="raise")
    functions: Mapped[list[HeadCount]] = relationship(cascade="all, delete-orphan", lazy="raise")


class HeadCount(Base):
    """How many officers of one function (leader, driver, dog handler, …) and gender took part."""

    __tablename__ = "head_count"
    __table_args__ = (
        UniqueConstraint("participation_id", "function", "gender"),
        CheckConstraint("number >= 0", name="number_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id", ondelete="CASCADE"))
    function: Mapped[str] = mapped_column(String(24))
    gender: Mapped[str] = mapped_column(String(8), default="unknown")
    number: Mapped[int] = mapped_column(Integer)


class Leg(Base):
    """A leg of an activity on one country's soil: one host, which verifies it (decision 17)."""

    __tablename__ = "leg"
    __table_args__ = (
        UniqueConstraint("activity_id", "number"),
        open_only("ix_leg_unverified", "host_organisation_id", "activity_id", where=UNVERIFIED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer, default=1)
    host_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[str] = mapped_column(String(255), default="")


class Place(Base):
    """Where: a point, track or area with the text as typed and the radius of uncertainty (EUROSUR asks for it)."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), unique=True)
    form: Mapped[str] = mapped_column(String(8))
    typed: Mapped[str] = mapped_column(String(240), default="")
    source: Mapped[str] = mapped_column(String(16), default="typed")
    shape: Mapped[Any] = mapped_column(geometry("GEOMETRY"))


class OutcomeCount(Base):
    """One result as a count with its qualifier; not counted is not zero (decision 13)."""

    __tablename__ = "outcome_count"
    __table_args__ = (
        UniqueConstraint("activity_id", "measure"),
        CheckConstraint("(qualifier = 'not_counted') = (value IS NULL)", name="not_counted_has_no_value"),
        CheckConstraint("value IS NULL OR value >= 0", name="value_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    measure: Mapped[str] = mapped_column(String(32))
    value: Mapped[int | None] = mapped_column(BigInteger)
    qualifier: Mapped[str] = mapped_column(String(16), default="exact")


class JointPatrol(Base):
    """What only a joint patrol has: check basis and risk reference (internal borders), kilometres."""

    __tablename__ = "joint_patrol"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    check_basis: Mapped[str] = mapped_column(String(24), default="")
    risk_reference: Mapped[str] = mapped_column(String(120), default="")
    km_driven: Mapped[int | None] = mapped_column(Integer)


class CrossBorderObservation(Base):
    """What only a cross-border observation has: mode, offence, crossing, authorisation, how it ended."""

    __tablename__ = "cross_border_observation"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    mode: Mapped[str] = mapped_column(String(12))
    offence: Mapped[str] = mapped_column(String(40), default="")
    request_reference: Mapped[str] = mapped_column(String(80), default="")
    crossed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    authorised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(24), default="")


class JointInvestigationTeam(Base):
    """What only a joint investigation team has: its agreement and the Union agencies that support it."""

    __tablename__ = "joint_investigation_team"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    signed_on: Mapped[date | None] = mapped_column(Date)
    agreement_until_on: Mapped[date | None] = mapped_column(Date)
    purpose: Mapped[str] = mapped_column(String(400), default="")
    agencies: Mapped[str] = mapped_column(String(80), default="")


class ActivityVersion(Base):
    """A version as it stood before an amendment, with the reason: the old one stays readable."""

    __tablename__ = "activity_version"
    __table_args__ = (UniqueConstraint("activity_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(400))
    amended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    amended_by: Mapped[str] = mapped_column(String(255))


class ActivityText(Base):
    """Folded text for search: everything for who sees the exact place, the coarse part for everybody else."""

    __tablename__ = "activity_text"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    exact_text: Mapped[str] = mapped_column(Text)
    coarse_text: Mapped[str] = mapped_column(Text)


class ReferenceCounter(Base):
    """The last number given per kind, owner and year, so that a gap tells nothing about others (decision 6)."""

    __tablename__ = "reference_counter"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer, default=0)


class Draft(Base):
    """Typed work kept on the server while one types (decision 45)."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "client_uuid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str] = mapped_column(String(8))
    client_uuid: Mapped[str] = mapped_column(String(36))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportBatch(Base):
    """One imported file: what it was, who brought it, what it made; it can be withdrawn whole (decision 22)."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    what: Mapped[str] = mapped_column(String(24))
    file_name: Mapped[str] = mapped_column(String(240))
    sha256: Mapped[str] = mapped_column(String(64))
    rows_read: Mapped[int] = mapped_column(Integer)
    rows_written: Mapped[int] = mapped_column(Integer)
    rows_known: Mapped[int] = mapped_column(Integer, default=0)
    rows_bad: Mapped[int] = mapped_column(Integer, default=0)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str] = mapped_column(String(255))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(400), default="")
