"""The first schema: projects, activities, costs, geography, accounts, audit, stored counts, text search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask_security import AsaList

from registry.db import columns
from registry.db.search import create_search, drop_search

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward, on SpatiaLite and PostGIS alike."""
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "cost_tally",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("beneficiary_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("work_package_id", sa.Integer(), nullable=False),
        sa.Column("activity_kind", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("eur_minor", sa.BigInteger(), nullable=False),
        sa.Column("unconverted_lines", sa.Integer(), nullable=False),
        sa.Column("unconverted_minor", sa.BigInteger(), nullable=False),
        sa.Column("provisional_lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "project_id",
            "beneficiary_id",
            "category",
            "work_package_id",
            "activity_kind",
            "currency",
            "month",
            name=op.f("pk_cost_tally"),
        ),
    )
    op.create_table(
        "country",
        sa.Column("iso2", sa.String(length=2), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("euro_from", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("iso2", name=op.f("pk_country")),
        sa.UniqueConstraint("iso3", name=op.f("uq_country_iso3")),
    )
    op.create_table(
        "crossing_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("other_names", sa.String(length=300), nullable=False),
        sa.Column("search", sa.String(length=420), nullable=False),
        sa.Column("border_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("position_precision", sa.String(length=16), nullable=False),
        sa.Column("trust", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crossing_point")),
        sa.UniqueConstraint("name", name=op.f("uq_crossing_point_name")),
    )
    op.create_index(op.f("ix_crossing_point_search"), "crossing_point", ["search"], unique=False)
    op.create_table(
        "map_cell",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("e", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "level", "e", "n", "kind", "month", name=op.f("pk_map_cell")),
    )
    op.create_index("ix_map_cell_box", "map_cell", ["project_id", "level", "e", "n"], unique=False)
    op.create_table(
        "project_tally",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("root", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("attendances", sa.BigInteger(), nullable=False),
        sa.Column("attendances_unknown", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "kind", "phase", "month", "root", name=op.f("pk_project_tally")),
    )
    op.create_table(
        "released_tally",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "project_id", "dimension", "value", "kind", "status", "month", name=op.f("pk_released_tally")
        ),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("permissions", AsaList(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "tick_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ran_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tick_state")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("service_number", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("invited_at", columns.UtcDateTime(), nullable=True),
        sa.Column("mf_recovery_codes", AsaList(), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("tf_phone_number", sa.String(length=128), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("create_datetime", columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_fs_uniquifier")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=240), nullable=False),
        sa.Column("scopes", sa.String(length=120), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", columns.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_token_expires_after_creation")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_token_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"], unique=False)
    op.create_table(
        "border",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("a", sa.String(length=2), nullable=False),
        sa.Column("b", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("waters", sa.String(length=200), nullable=False),
        sa.CheckConstraint("a < b", name=op.f("ck_border_pair_in_order")),
        sa.ForeignKeyConstraint(["a"], ["country.iso2"], name=op.f("fk_border_a")),
        sa.ForeignKeyConstraint(["b"], ["country.iso2"], name=op.f("fk_border_b")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border")),
        sa.UniqueConstraint("code", name=op.f("uq_border_code")),
    )
    op.create_table(
        "control_episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("border_scope", sa.String(length=240), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["state"], ["country.iso2"], name=op.f("fk_control_episode_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_episode")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("short", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=True),
        sa.ForeignKeyConstraint(["country_iso2"], ["country.iso2"], name=op.f("fk_organisation_country_iso2")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("short", name=op.f("uq_organisation_short")),
    )
    op.create_table(
        "roles_users",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_roles_users_role_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_roles_users_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_roles_users")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("seen_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_user_session_key_hash")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_geospatial_table(
        "border_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("border_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("length_km", sa.Float(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("shape", columns.geometry("GEOMETRY", nullable=False), nullable=False),
        sa.Column("mid_lon", sa.Float(), nullable=False),
        sa.Column("mid_lat", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["border_id"], ["border.id"], name=op.f("fk_border_section_border_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_section")),
        sa.UniqueConstraint("border_id", "number", name=op.f("uq_border_section_border_id_number")),
        sa.UniqueConstraint("code", name=op.f("uq_border_section_code")),
    )
    op.create_index(op.f("ix_border_section_border_id"), "border_section", ["border_id"], unique=False)
    op.create_table(
        "border_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("border_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("trust", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "status IN ('internal', 'external', 'eu_unlifted', 'third')", name=op.f("ck_border_status_status_known")
        ),
        sa.ForeignKeyConstraint(["border_id"], ["border.id"], name=op.f("fk_border_status_border_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_status")),
    )
    op.create_index(op.f("ix_border_status_border_id"), "border_status", ["border_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("acronym", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=240), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lead_organisation_id", sa.Integer(), nullable=True),
        sa.Column("release_delay_days", sa.Integer(), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("data_revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR from_on IS NULL OR until_on > from_on", name=op.f("ck_project_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"], ["organisation.id"], name=op.f("fk_project_lead_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("reference", name=op.f("uq_project_reference")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reference_counter_organisation_id")
        ),
        sa.PrimaryKeyConstraint("kind", "organisation_id", "year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("granted_at", columns.UtcDateTime(), nullable=False),
        sa.Column("granted_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_assignment_organisation_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_assignment_project_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assignment_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "user_id",
            "project_id",
            "organisation_id",
            "role",
            name=op.f("uq_assignment_user_id_project_id_organisation_id_role"),
        ),
    )
    op.create_index(op.f("ix_assignment_project_id"), "assignment", ["project_id"], unique=False)
    op.create_index(op.f("ix_assignment_user_id"), "assignment", ["user_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("touched", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("details", columns.Json, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_audit_event_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_event_hash")),
    )
    op.create_index("ix_audit_event_project", "audit_event", ["project_id", "id"], unique=False)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject", "id"], unique=False)
    op.create_table(
        "beneficiary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("accounting_currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_beneficiary_organisation_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_beneficiary_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiary")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_beneficiary_project_id_number")),
        sa.UniqueConstraint("project_id", "organisation_id", name=op.f("uq_beneficiary_project_id_organisation_id")),
    )
    op.create_index(op.f("ix_beneficiary_project_id"), "beneficiary", ["project_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("client_uuid", sa.String(length=36), nullable=False),
        sa.Column("content", columns.Json, nullable=False),
        sa.Column("saved_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_draft_project_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_draft_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("user_id", "client_uuid", name=op.f("uq_draft_user_id_client_uuid")),
    )
    op.create_index(op.f("ix_draft_user_id"), "draft", ["user_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.String(length=240), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_written", sa.Integer(), nullable=False),
        sa.Column("rows_known", sa.Integer(), nullable=False),
        sa.Column("rows_bad", sa.Integer(), nullable=False),
        sa.Column("imported_at", columns.UtcDateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=255), nullable=False),
        sa.Column("withdrawn_at", columns.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_import_batch_organisation_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_import_batch_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_project_id"), "import_batch", ["project_id"], unique=False)
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("qualifier", sa.String(length=16), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_target_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("project_id", "indicator", name=op.f("uq_target_project_id_indicator")),
    )
    op.create_index(op.f("ix_target_project_id"), "target", ["project_id"], unique=False)
    op.create_table(
        "work_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_work_package_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_package")),
        sa.UniqueConstraint("project_id", "code", name=op.f("uq_work_package_project_id_code")),
    )
    op.create_index(op.f("ix_work_package_project_id"), "work_package", ["project_id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("external_reference", sa.String(length=80), nullable=True),
        sa.Column("owner_organisation_id", sa.Integer(), nullable=True),
        sa.Column("client_uuid", sa.String(length=36), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("logged_by", sa.Integer(), nullable=True),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("work_package_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=240), nullable=False),
        sa.Column("aim", sa.String(length=1000), nullable=False),
        sa.Column("crime_areas", sa.String(length=200), nullable=False),
        sa.Column("legal_basis", sa.String(length=240), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=False),
        sa.Column("flags", sa.String(length=120), nullable=False),
        sa.Column("nothing_found", sa.Boolean(), nullable=False),
        sa.Column("starts_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_offset_min", sa.Integer(), nullable=True),
        sa.Column("ends_offset_min", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("date_precision", sa.String(length=8), nullable=False),
        sa.Column("sort_key", sa.BigInteger(), nullable=False),
        sa.Column("counts_on", sa.Date(), nullable=True),
        sa.Column("host_country", sa.String(length=2), nullable=True),
        sa.Column("countries", sa.String(length=120), nullable=False),
        sa.Column("border_id", sa.Integer(), nullable=True),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("border_status", sa.String(length=16), nullable=False),
        sa.Column("location_kind", sa.String(length=16), nullable=False),
        sa.Column("place_text", sa.String(length=240), nullable=False),
        sa.Column("place_precision", sa.String(length=16), nullable=False),
        sa.Column("uncertainty_m", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("cell_e", sa.Integer(), nullable=True),
        sa.Column("cell_n", sa.Integer(), nullable=True),
        sa.Column("length_m", sa.Float(), nullable=True),
        sa.Column("officers", sa.Integer(), nullable=True),
        sa.Column("officers_qualifier", sa.String(length=16), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("release_delay_days", sa.Integer(), nullable=True),
        sa.Column("release_never", sa.Boolean(), nullable=False),
        sa.Column("release_reason", sa.String(length=400), nullable=False),
        sa.Column("verified_at", columns.UtcDateTime(), nullable=True),
        sa.Column("released_at", columns.UtcDateTime(), nullable=True),
        sa.Column("tallied", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", columns.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at", name=op.f("ck_activity_ends_after_start")
        ),
        sa.CheckConstraint(
            "uncertainty_m IS NULL OR uncertainty_m >= 0", name=op.f("ck_activity_uncertainty_not_negative")
        ),
        sa.CheckConstraint(
            "until_on IS NULL OR from_on IS NULL OR until_on > from_on", name=op.f("ck_activity_days_in_order")
        ),
        sa.ForeignKeyConstraint(["border_id"], ["border.id"], name=op.f("fk_activity_border_id")),
        sa.ForeignKeyConstraint(["host_country"], ["country.iso2"], name=op.f("fk_activity_host_country")),
        sa.ForeignKeyConstraint(["import_batch_id"], ["import_batch.id"], name=op.f("fk_activity_import_batch_id")),
        sa.ForeignKeyConstraint(["logged_by"], ["user.id"], name=op.f("fk_activity_logged_by")),
        sa.ForeignKeyConstraint(
            ["owner_organisation_id"], ["organisation.id"], name=op.f("fk_activity_owner_organisation_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["activity.id"], name=op.f("fk_activity_parent_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_activity_project_id")),
        sa.ForeignKeyConstraint(["section_id"], ["border_section.id"], name=op.f("fk_activity_section_id")),
        sa.ForeignKeyConstraint(["work_package_id"], ["work_package.id"], name=op.f("fk_activity_work_package_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_activity_client_uuid")),
        sa.UniqueConstraint(
            "project_id",
            "owner_organisation_id",
            "external_reference",
            name=op.f("uq_activity_project_id_owner_organisation_id_external_reference"),
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_activity_reference")),
    )
    op.create_index("ix_activity_counts", "activity", ["project_id", "kind", "status", "counts_on"], unique=False)
    op.create_index(op.f("ix_activity_import_batch_id"), "activity", ["import_batch_id"], unique=False)
    op.create_index(
        "ix_activity_listed",
        "activity",
        ["project_id", "from_on", "id", "kind", "status", "released_at"],
        unique=False,
    )
    op.create_index(op.f("ix_activity_logged_by"), "activity", ["logged_by"], unique=False)
    op.create_index(
        "ix_activity_newest",
        "activity",
        ["project_id", "sort_key", "id", "kind", "status", "released_at"],
        unique=False,
    )
    op.create_index(op.f("ix_activity_owner_organisation_id"), "activity", ["owner_organisation_id"], unique=False)
    op.create_index(op.f("ix_activity_parent_id"), "activity", ["parent_id"], unique=False)
    op.create_index("ix_activity_pending", "activity", ["project_id", "tallied", "released_at"], unique=False)
    op.create_index("ix_activity_position", "activity", ["project_id", "lon", "lat"], unique=False)
    op.create_index(op.f("ix_activity_section_id"), "activity", ["section_id"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beneficiary_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("work_package_id", sa.Integer(), nullable=False),
        sa.Column("amount_eur_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_budget_line_beneficiary_id")),
        sa.ForeignKeyConstraint(["work_package_id"], ["work_package.id"], name=op.f("fk_budget_line_work_package_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint(
            "beneficiary_id",
            "category",
            "work_package_id",
            name=op.f("uq_budget_line_beneficiary_id_category_work_package_id"),
        ),
    )
    op.create_index(op.f("ix_budget_line_beneficiary_id"), "budget_line", ["beneficiary_id"], unique=False)
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("units_per_eur", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_exchange_rate_import_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("currency", "rate_on", "source", name=op.f("uq_exchange_rate_currency_rate_on_source")),
    )
    op.create_table(
        "activity_text",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("exact_text", sa.Text(), nullable=False),
        sa.Column("coarse_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_text_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity_text")),
    )
    op.create_table(
        "activity_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", columns.Json, nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("amended_at", columns.UtcDateTime(), nullable=False),
        sa.Column("amended_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_version_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_version")),
        sa.UniqueConstraint("activity_id", "version", name=op.f("uq_activity_version_activity_id_version")),
    )
    op.create_index(op.f("ix_activity_version_activity_id"), "activity_version", ["activity_id"], unique=False)
    op.create_table(
        "cross_border_observation",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("offence", sa.String(length=40), nullable=False),
        sa.Column("request_reference", sa.String(length=80), nullable=False),
        sa.Column("crossed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("authorised_at", columns.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_cross_border_observation_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_cross_border_observation")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_document_activity_id")),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_document_added_by")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_document_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("reference", name=op.f("uq_document_reference")),
    )
    op.create_index(op.f("ix_document_activity_id"), "document", ["activity_id"], unique=False)
    op.create_index(op.f("ix_document_sha256"), "document", ["sha256"], unique=False)
    op.create_table(
        "joint_investigation_team",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("agreement_until_on", sa.Date(), nullable=True),
        sa.Column("purpose", sa.String(length=400), nullable=False),
        sa.Column("agencies", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_joint_investigation_team_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_joint_investigation_team")),
    )
    op.create_table(
        "joint_patrol",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("check_basis", sa.String(length=24), nullable=False),
        sa.Column("risk_reference", sa.String(length=120), nullable=False),
        sa.Column("km_driven", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_joint_patrol_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_joint_patrol")),
    )
    op.create_table(
        "leg",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("host_organisation_id", sa.Integer(), nullable=True),
        sa.Column("verified_at", columns.UtcDateTime(), nullable=True),
        sa.Column("verified_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_leg_activity_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["host_organisation_id"], ["organisation.id"], name=op.f("fk_leg_host_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_leg_activity_id_number")),
    )
    op.create_table(
        "outcome_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("qualifier", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(qualifier = 'not_counted') = (value IS NULL)", name=op.f("ck_outcome_count_not_counted_has_no_value")
        ),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_outcome_count_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_outcome_count_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_count")),
        sa.UniqueConstraint("activity_id", "measure", name=op.f("uq_outcome_count_activity_id_measure")),
    )
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("country_iso2", sa.String(length=2), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("officers", sa.Integer(), nullable=True),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("men", sa.Integer(), nullable=True),
        sa.Column("officer_in_charge", sa.String(length=32), nullable=False),
        sa.CheckConstraint("officers IS NULL OR officers >= 0", name=op.f("ck_participation_officers_not_negative")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_participation_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["country_iso2"], ["country.iso2"], name=op.f("fk_participation_country_iso2")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_participation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "activity_id", "organisation_id", name=op.f("uq_participation_activity_id_organisation_id")
        ),
    )
    op.create_index("ix_participation_organisation", "participation", ["organisation_id", "activity_id"], unique=False)
    op.create_geospatial_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("typed", sa.String(length=240), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("shape", columns.geometry("GEOMETRY", nullable=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_place_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_place_activity_id")),
    )
    op.create_table(
        "cost_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("activity_kind", sa.String(length=8), nullable=False),
        sa.Column("beneficiary_id", sa.Integer(), nullable=False),
        sa.Column("work_package_id", sa.Integer(), nullable=True),
        sa.Column("cost_type", sa.String(length=24), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("incurred_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("supplier", sa.String(length=160), nullable=False),
        sa.Column("invoice_number", sa.String(length=80), nullable=False),
        sa.Column("eur_minor", sa.BigInteger(), nullable=True),
        sa.Column("rate", sa.String(length=32), nullable=True),
        sa.Column("rate_on", sa.Date(), nullable=True),
        sa.Column("rate_source", sa.String(length=80), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", columns.UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", columns.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint("(eur_minor IS NULL) = (rate IS NULL)", name=op.f("ck_cost_line_converted_with_its_rate")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_cost_line_activity_id")),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_cost_line_beneficiary_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_cost_line_document_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_cost_line_project_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_cost_line_recorded_by")),
        sa.ForeignKeyConstraint(["work_package_id"], ["work_package.id"], name=op.f("fk_cost_line_work_package_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line")),
        sa.UniqueConstraint("reference", name=op.f("uq_cost_line_reference")),
    )
    op.create_index(op.f("ix_cost_line_activity_id"), "cost_line", ["activity_id"], unique=False)
    op.create_index("ix_cost_line_latest", "cost_line", ["project_id", "incurred_on", "id"], unique=False)
    op.create_index(
        "ix_cost_line_matrix",
        "cost_line",
        ["project_id", "beneficiary_id", "category", "work_package_id", "eur_minor"],
        unique=False,
    )
    op.create_table(
        "head_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=24), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_head_count_number_not_negative")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_head_count_participation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_count")),
        sa.UniqueConstraint(
            "participation_id", "function", "gender", name=op.f("uq_head_count_participation_id_function_gender")
        ),
    )
    create_search(op.get_bind())


def downgrade() -> None:
    """Undo it."""
    drop_search(op.get_bind())
    op.drop_table("head_count")
    op.drop_index("ix_cost_line_matrix", table_name="cost_line")
    op.drop_index("ix_cost_line_latest", table_name="cost_line")
    op.drop_index(op.f("ix_cost_line_activity_id"), table_name="cost_line")
    op.drop_table("cost_line")
    op.drop_geospatial_table("place")
    op.drop_index("ix_participation_organisation", table_name="participation")
    op.drop_table("participation")
    op.drop_table("outcome_count")
    op.drop_table("leg")
    op.drop_table("joint_patrol")
    op.drop_table("joint_investigation_team")
    op.drop_index(op.f("ix_document_sha256"), table_name="document")
    op.drop_index(op.f("ix_document_activity_id"), table_name="document")
    op.drop_table("document")
    op.drop_table("cross_border_observation")
    op.drop_index(op.f("ix_activity_version_activity_id"), table_name="activity_version")
    op.drop_table("activity_version")
    op.drop_table("activity_text")
    op.drop_table("exchange_rate")
    op.drop_index(op.f("ix_budget_line_beneficiary_id"), table_name="budget_line")
    op.drop_table("budget_line")
    op.drop_index(op.f("ix_activity_section_id"), table_name="activity")
    op.drop_index("ix_activity_position", table_name="activity")
    op.drop_index("ix_activity_pending", table_name="activity")
    op.drop_index(op.f("ix_activity_parent_id"), table_name="activity")
    op.drop_index(op.f("ix_activity_owner_organisation_id"), table_name="activity")
    op.drop_index("ix_activity_newest", table_name="activity")
    op.drop_index(op.f("ix_activity_logged_by"), table_name="activity")
    op.drop_index("ix_activity_listed", table_name="activity")
    op.drop_index(op.f("ix_activity_import_batch_id"), table_name="activity")
    op.drop_index("ix_activity_counts", table_name="activity")
    op.drop_table("activity")
    op.drop_index(op.f("ix_work_package_project_id"), table_name="work_package")
    op.drop_table("work_package")
    op.drop_index(op.f("ix_target_project_id"), table_name="target")
    op.drop_table("target")
    op.drop_index(op.f("ix_import_batch_project_id"), table_name="import_batch")
    op.drop_table("import_batch")
    op.drop_index(op.f("ix_draft_user_id"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_beneficiary_project_id"), table_name="beneficiary")
    op.drop_table("beneficiary")
    op.drop_index("ix_audit_event_subject", table_name="audit_event")
    op.drop_index("ix_audit_event_project", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index(op.f("ix_assignment_user_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_project_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("reference_counter")
    op.drop_table("project")
    op.drop_index(op.f("ix_border_status_border_id"), table_name="border_status")
    op.drop_table("border_status")
    op.drop_index(op.f("ix_border_section_border_id"), table_name="border_section")
    op.drop_geospatial_table("border_section")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_table("roles_users")
    op.drop_table("organisation")
    op.drop_table("control_episode")
    op.drop_table("border")
    op.drop_index(op.f("ix_api_token_user_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("user")
    op.drop_table("tick_state")
    op.drop_table("role")
    op.drop_table("released_tally")
    op.drop_table("project_tally")
    op.drop_index("ix_map_cell_box", table_name="map_cell")
    op.drop_table("map_cell")
    op.drop_index(op.f("ix_crossing_point_search"), table_name="crossing_point")
    op.drop_table("crossing_point")
    op.drop_table("country")
    op.drop_table("cost_tally")
    op.drop_table("audit_head")
