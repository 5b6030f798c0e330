"""What did it cost, in which currency, converted at which rate, and where is the receipt?"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db.base import Base
from registry.db.columns import UtcDateTime, open_only


class CostLine(Base):
    """One cost: amount in minor units of its currency; EUR cents converted once, on write, with the rate kept.

    ``eur_minor`` is empty while no rate is known: *not converted* is shown, never 0 (decision 25).
    """

    __tablename__ = "cost_line"
    __table_args__ = (
        CheckConstraint("(eur_minor IS NULL) = (rate IS NULL)", name="converted_with_its_rate"),
        Index("ix_cost_line_matrix", "project_id", "beneficiary_id", "category", "work_package_id", "eur_minor"),
        Index("ix_cost_line_latest", "project_id", "incurred_on", "id"),
        open_only(
            "ix_cost_line_incomplete", "project_id", "beneficiary_id", where="document_id IS NULL OR eur_minor IS NULL"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)
    activity_kind: Mapped[str] = mapped_column(String(8))
    beneficiary_id: Mapped[int] = mapped_column(ForeignKey("beneficiary.id"))
    work_package_id: Mapped[int | None] = mapped_column(ForeignKey("work_package.id"))
    cost_type: Mapped[str] = mapped_column(String(24))
    category: Mapped[str] = mapped_column(String(8))
    description: Mapped[str] = mapped_column(String(400), default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    incurred_on: Mapped[date] = mapped_column(Date)
    paid_on: Mapped[date | None] = mapped_column(Date)
    supplier: Mapped[str] = mapped_column(String(160), default="")
    invoice_number: Mapped[str] = mapped_column(String(80), default="")
    eur_minor: Mapped[int | None] = mapped_column(BigInteger)
    rate: Mapped[str | None] = mapped_column(String(32))
    rate_on: Mapped[date | None] = mapped_column(Date)
    rate_source: Mapped[str] = mapped_column(String(80), default="")
    provisional: Mapped[bool] = mapped_column(default=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(400), default="")


class ExchangeRate(Base):
    """A published quote: units of the currency for one euro on a day, with its source and the file it came from."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "rate_on", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    rate_on: Mapped[date] = mapped_column(Date)
    units_per_eur: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(80))
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class Document(Base):
    """A receipt or other file, stored by content hash outside the web root and served as an attachment only."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    original_sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(60))
    size_bytes: Mapped[int] = mapped_column(Integer)
    file_name: Mapped[str] = mapped_column(String(160))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
