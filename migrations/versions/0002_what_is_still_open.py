"""Indexes of what is still open: the count beside Today must not read a million records that are done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UNVERIFIED = sa.text("verified_at IS NULL")
INCOMPLETE = sa.text("document_id IS NULL OR eur_minor IS NULL")
INDEXES = (
    ("ix_activity_unverified", "activity", ["project_id", "owner_organisation_id", "kind"], UNVERIFIED),
    ("ix_activity_changed", "activity", ["project_id", "updated_at"], None),
    ("ix_leg_unverified", "leg", ["host_organisation_id", "activity_id"], UNVERIFIED),
    ("ix_cost_line_incomplete", "cost_line", ["project_id", "beneficiary_id"], INCOMPLETE),
)


def upgrade() -> None:
    """Bring the schema forward, on SpatiaLite and PostGIS alike."""
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    """Take it back."""
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table_name=table)
