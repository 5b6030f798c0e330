"""The migrated schema is the one the models describe, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from registry.db import migrations
from registry.models import accounts
from tests.databases import migrate

METADATA = accounts.Base.metadata


def test_the_migrated_schema_equals_the_models(connection):
    options = migrations.configuration(METADATA)
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, METADATA) == []


def test_every_check_of_the_models_is_in_the_database(connection):
    described = {
        constraint.name
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if constraint.__visit_name__ == "check_constraint" and constraint.name
    }
    inspector = inspect(connection)
    there = {check["name"] for table in METADATA.tables for check in inspector.get_check_constraints(table)}
    assert described <= there


def test_every_geometry_has_its_spatial_index(connection, backend):
    shapes = [
        f"idx_{table.name}_{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if hasattr(column.type, "geometry_type")
    ]
    catalogue = {
        "spatialite": "SELECT name FROM sqlite_master WHERE name LIKE 'idx\\_%' ESCAPE '\\'",
        "postgis": "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%USING gist%'",
    }
    assert shapes
    assert set(shapes) <= set(connection.scalars(text(catalogue[backend])))


def test_migrating_twice_changes_nothing(own_database):
    migrate(own_database.engine)
    assert "activity" in inspect(own_database.engine).get_table_names()


def test_a_role_that_may_not_create_extensions_is_told_what_to_ask_for(bare_database, backend):
    with bare_database.engine.begin() as connection:
        if backend == "spatialite":
            migrations.ensure_extensions(connection)
            return
        connection.execute(text("DROP EXTENSION pg_trgm"))
        connection.execute(text("DROP ROLE IF EXISTS registry_try_role"))
        connection.execute(text("CREATE ROLE registry_try_role"))
        connection.execute(text("SET LOCAL ROLE registry_try_role"))
        with pytest.raises(migrations.ExtensionMissingError, match="CREATE EXTENSION pg_trgm"):
            migrations.ensure_extensions(connection)
        connection.execute(text("RESET ROLE"))
        connection.execute(text("DROP ROLE registry_try_role"))


def test_the_owner_address_is_used_for_migrations_where_it_is_set(monkeypatch):
    monkeypatch.delenv(migrations.OWNER_URL, raising=False)
    assert migrations.migration_url("postgresql://app@host/db").username == "app"
    monkeypatch.setenv(migrations.OWNER_URL, "postgresql://owner@host/db")
    assert migrations.migration_url("postgresql://app@host/db").username == "owner"
