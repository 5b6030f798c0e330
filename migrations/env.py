"""Runs the migrations inside the application: ``flask --app wsgi db upgrade``, on SpatiaLite and PostGIS alike.

REGISTRY_MIGRATION_URL, when set, names the owner role's database address; the application's own role stays without
the right to change the schema. A connection handed over in ``config.attributes["connection"]`` is used as it is.
"""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from registry import models
from registry.db import migrations
from registry.db.engine import open_engine

# The metadata is complete only when every table has been imported.
METADATA = models.accounts.Base.metadata


def run(connection: Connection) -> None:
    """Upgrade or downgrade in one transaction, or change nothing."""
    with connection.begin_nested() if connection.in_transaction() else connection.begin():
        migrations.ensure_extensions(connection)
        context.configure(connection=connection, **migrations.configuration(METADATA))
        with context.begin_transaction():
            context.run_migrations()


def run_online() -> None:
    """Open the address the application is configured with, or the owner's."""
    engine = open_engine(migrations.migration_url(current_app.config["SQLALCHEMY_DATABASE_URI"]))
    try:
        with engine.connect().execution_options(write=True) as connection:
            run(connection)
    finally:
        engine.dispose()


if context.is_offline_mode():
    raise SystemExit("These migrations need the database at hand; SQL text alone cannot build spatial tables.")

given = context.config.attributes.get("connection")
if given is None:
    run_online()
else:
    run(given)
