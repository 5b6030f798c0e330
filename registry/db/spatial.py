"""Which geometries touch a box? One filter that uses the spatial index of either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Alias, Boolean, Float, Table, column, literal, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class bbox_overlaps(FunctionElement[bool]):  # noqa: N801  # reads as a function where it is used
    """True where the envelope of a geometry column meets the box ``(w, s, e, n)`` in degrees, edges included.

    The index keeps single precision, rounded outwards: the answer may hold what lies a metre or two outside.
    On SQLite the table must have one integer primary key, the rowid.
    """

    type: TypeEngine[bool] = Boolean()
    inherit_cache = True

    def __init__(self, geometry: Any, w: float, s: float, e: float, n: float) -> None:
        element = geometry.__clause_element__() if hasattr(geometry, "__clause_element__") else geometry
        (key,) = element.table.primary_key
        super().__init__(element, key, *(literal(float(edge), Float()) for edge in (w, s, e, n)))


@compiles(bbox_overlaps, "postgresql")
def _on_postgresql(element: bbox_overlaps, compiler: SQLCompiler, **options: Any) -> str:
    geometry, _key, *box = [compiler.process(part, **options) for part in element.clauses]
    return f"({geometry} && ST_MakeEnvelope({', '.join(box)}, 4326))"


@compiles(bbox_overlaps, "sqlite")
def _on_sqlite(element: bbox_overlaps, compiler: SQLCompiler, **options: Any) -> str:
    geometry, key, w, s, e, n = tuple[Any, ...](element.clauses)
    # The R-tree is a plain table beside the geometry's own; SpatiaLite never consults it by itself.
    index = table(
        f"idx_{_table_name(geometry)}_{geometry.name}", *map(column, ("pkid", "xmin", "xmax", "ymin", "ymax"))
    )
    inside = (index.c.xmin <= e, index.c.xmax >= w, index.c.ymin <= n, index.c.ymax >= s)
    found = select(index.c.pkid).where(*inside).scalar_subquery()
    return f"({compiler.process(key, **options)} IN {compiler.process(found, **options)})"


def _table_name(geometry: Any) -> str:
    owner = geometry.table
    while isinstance(owner, Alias):
        owner = owner.element
    if not isinstance(owner, Table):
        raise TypeError("A spatial index belongs to a table, not to a subquery.")
    return owner.name
