"""Is this installation sound? Each check answers in a plain sentence that says what to do."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from registry.db import engine as engines
from registry.db import health
from registry.domain.clock import Clock
from registry.models.audit import AuditEvent

FREE_BYTES = 1_000_000_000
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence, and whether something is wrong."""

    sentence: str
    wrong: bool = False


def examine(app: Flask, engine: Engine, clock: Clock) -> Iterator[Finding]:
    """Every check in turn."""
    yield Finding(sentence=f"Python {platform.python_version()} on {platform.system()}.")
    try:
        yield from _database(engine)
        yield from _schema(app, engine)
        yield from _time(engine, clock)
    except SQLAlchemyError as error:
        yield Finding(sentence=f"The database cannot be used: {type(error).__name__}. {error}", wrong=True)
    yield from _surroundings(app.config)


def _database(engine: Engine) -> Iterator[Finding]:
    can = engines.capabilities(engine)
    yield Finding(sentence=f"{can.database} {can.spatial_version} on {can.server_version}, driver {can.driver}.")
    if not can.safe:
        yield Finding(sentence=can.warning, wrong=True)
    if not can.concurrent_writers:
        yield Finding(sentence="One writer at a time: for several offices at once use PostGIS.")
    with engine.connect() as connection:
        faults = health.settings_that_lose(connection)
    yield from (Finding(sentence=fault, wrong=True) for fault in faults)
    if not faults:
        yield Finding(sentence="A confirmed record survives a crash and a power cut: the settings are durable.")


def _schema(app: Flask, engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        present, newest = health.revisions(connection, Path(app.root_path).parent / "migrations")
    if present == newest:
        yield Finding(sentence=f"The schema is up to date ({present}).")
    else:
        words = f"is at {present}" if present else "is empty"
        yield Finding(
            sentence=f"The database {words}, the program needs {newest}: run flask --app wsgi db upgrade.", wrong=True
        )


def _time(engine: Engine, clock: Clock) -> Iterator[Finding]:
    now = clock.now()
    with engine.connect() as connection:
        latest = connection.scalar(select(func.max(AuditEvent.at)))
    if latest is not None and latest > now + SKEW:
        yield Finding(
            sentence=f"The clock says {now:%Y-%m-%d %H:%M} UTC, but the audit log goes on to {latest:%Y-%m-%d %H:%M}: "
            "set the clock.",
            wrong=True,
        )
    else:
        yield Finding(sentence=f"The clock says {now:%Y-%m-%d %H:%M} UTC; the audit log does not run ahead of it.")


def _surroundings(config: Any) -> Iterator[Finding]:
    instance, production = Path(config["INSTANCE"]), bool(config.get("PRODUCTION"))
    free = shutil.disk_usage(instance).free
    yield Finding(sentence=f"{free / 1e9:,.1f} GB are free for {instance.name}/.", wrong=free < FREE_BYTES)
    kept = instance / "secret.json"
    if production:
        yield Finding(sentence="Production: the secrets are given and none is out of a sample.")
    elif kept.exists() and kept.stat().st_mode & 0o077:
        yield Finding(sentence=f"{kept.name} can be read by others: chmod 600 {kept}.", wrong=True)
    else:
        yield Finding(sentence="Local use: the secrets were made at the first start; keep them with the database.")
    if config.get("SMTP_HOST"):
        yield Finding(sentence=f"Mail goes to {config['SMTP_HOST']}.")
    else:
        yield Finding(sentence="No mail server is set: invitations are printed on the console.", wrong=production)
    if config.get("INSECURE_COOKIES"):
        yield Finding(sentence="Cookies travel over plain HTTP (REGISTRY_INSECURE_COOKIES): for trying out only.")
    yield Finding(sentence="Receipts are checked by type and cleaned of metadata; no virus scanner is connected.")
