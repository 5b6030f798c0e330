"""How is a value kept so that both databases give back the same? Portable column types for the models."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import shapely
from geoalchemy2 import Geometry, WKBElement, WKTElement
from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

SRID = 4326

Json: TypeEngine[Any] = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document. The order of its keys is not kept: sort them before hashing."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: goes in aware (any zone), comes out aware in UTC; a naive value raises ``ValueError``."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """``timestamptz`` where the database has it, otherwise UTC text that sorts."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn to UTC; SQLite stores it without the offset, so that text compares as time does."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a time zone cannot be stored: give it as aware UTC.")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Shape(Geometry):
    """A geometry, EPSG:4326 lon/lat: accepts shapely geometries or WKT text, gives back shapely geometries."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[object], object]:
        """Shapely or WKT to EWKT with every digit; other SRIDs raise ``ValueError``."""
        inner: Callable[[object], object] = super().bind_processor(dialect)  # type: ignore[no-untyped-call]  # untyped there

        def process(value: object) -> object:
            return inner(_as_ewkt(value)) if isinstance(value, BaseGeometry | str) else inner(value)

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[object], BaseGeometry | None]:
        """Bytes of the database to shapely."""
        inner: Callable[[object], object] = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]  # ditto

        def process(value: object) -> BaseGeometry | None:
            return None if value is None else as_shape(inner(value))

        return process


def geometry(kind: str, *, nullable: bool = True) -> Shape:
    """The column type of a ``POINT``, ``LINESTRING`` or any ``GEOMETRY``; it brings its spatial index with it."""
    return Shape(geometry_type=kind, srid=SRID, nullable=nullable)


def open_only(name: str, *columns: str, where: str) -> Index:
    """An index of the few rows that are still open, on both databases: it stays small however many are done."""
    condition = text(where)
    return Index(name, *columns, postgresql_where=condition, sqlite_where=condition)


def as_shape(element: object) -> BaseGeometry:
    """The shapely geometry in a value the database returned or that was about to be stored."""
    if isinstance(element, BaseGeometry):
        return element
    if isinstance(element, WKBElement):
        content = element.data
        return shapely.from_wkb(content if isinstance(content, str) else bytes(content))
    written = str(element.data if isinstance(element, WKTElement) else element)
    return shapely.from_wkt(written.partition(";")[2] or written)


def _as_ewkt(value: BaseGeometry | str) -> str:
    if isinstance(value, BaseGeometry):
        wkt = shapely.to_wkt(shapely.force_2d(value), rounding_precision=-1, trim=True)
        return f"SRID={SRID};{wkt}"
    if value.upper().startswith("SRID=") and not value.upper().startswith(f"SRID={SRID};"):
        raise ValueError(f"Places are stored in EPSG:{SRID}, not in {value.partition(';')[0]}.")
    return value if value.upper().startswith("SRID=") else f"SRID={SRID};{value}"
