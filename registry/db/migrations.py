"""What does Alembic need to know of spatial tables? Filters, rendering and extensions for ``migrations/env.py``."""

from __future__ import annotations

import os
from typing import Any

from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError

from registry.db import columns, engine, search
from registry.domain.errors import RegistryError

OWNER_URL = "REGISTRY_MIGRATION_URL"
EXTENSIONS = ("postgis", "pg_trgm")
COLUMNS_IMPORT = "from registry.db import columns"


class ExtensionMissingError(RegistryError):
    """A PostgreSQL extension is not there and this role may not create it; the message says what to run."""

    slug = "extension-missing"
    title = "The database lacks an extension"


def migration_url(configured: str | URL) -> URL:
    """The URL migrations run with: the owner role's where REGISTRY_MIGRATION_URL names one (decision 43)."""
    return engine.normalise_url(os.environ.get(OWNER_URL) or configured)


def ensure_extensions(connection: Connection) -> None:
    """Create what is missing of ``EXTENSIONS``; raises ``ExtensionMissingError`` when the role may not."""
    if connection.dialect.name != "postgresql":
        return
    there = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    for name in EXTENSIONS:
        if name in there:
            continue
        try:
            with connection.begin_nested():
                connection.execute(text(f"CREATE EXTENSION {name}"))
        except ProgrammingError as refused:
            raise ExtensionMissingError(
                f"The database lacks the extension {name} and this role may not create it. "
                f"Ask a superuser to run, once, in this database: CREATE EXTENSION {name};"
            ) from refused


def keep(obj: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Whether Alembic compares this object: never what a spatial extension or the text search keeps for itself."""
    if reflected and compare_to is None and (kind == "table" or name in search.INDEX_NAMES):
        return False  # never drop what the models do not know; real drops are written by hand
    return bool(alembic_helpers.include_object(obj, name, kind, reflected, compare_to))  # type: ignore[no-untyped-call]  # untyped there


def render_item(kind: str, obj: Any, autogen_context: Any) -> str | bool:
    """Write our own column types into a migration by the names the models use."""
    if kind == "type":
        written = _written_type(obj)
        if written:
            autogen_context.imports.add(COLUMNS_IMPORT)
            return written
    rendered: str | bool = alembic_helpers.render_item(kind, obj, autogen_context)  # type: ignore[no-untyped-call]  # untyped there
    return rendered


def _written_type(obj: Any) -> str:
    if isinstance(obj, columns.Shape):
        return f"columns.geometry({obj.geometry_type!r}" + (")" if obj.nullable else ", nullable=False)")
    if isinstance(obj, columns.UtcDateTime):
        return "columns.UtcDateTime()"
    return "columns.Json" if obj is columns.Json else ""


def configuration(metadata: MetaData) -> dict[str, Any]:
    """Keyword arguments of ``context.configure`` that are the same for every run."""
    return {
        "target_metadata": metadata,
        "include_object": keep,
        "render_item": render_item,
        "process_revision_directives": alembic_helpers.writer,
        "compare_type": True,
        "transactional_ddl": True,  # our BEGIN makes it true on SQLite as well
        "render_as_batch": False,
    }
