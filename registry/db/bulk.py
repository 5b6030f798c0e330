"""How do a hundred thousand rows get in quickly? COPY where the database has it, otherwise one prepared insert."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

CHUNK = 5_000


def copy_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert ``rows`` (all with the keys of the first one) and return how many; the caller's transaction holds them.

    Values pass through the column types, but Python-side defaults are not applied: give every column.
    Explicit primary keys move PostgreSQL's sequence along.
    """
    stream = iter(rows)
    first = next(stream, None)
    if first is None:
        return 0
    names = list(first)
    everything = chain([first], stream)
    if connection.dialect.name != "postgresql":
        return sum(_insert(connection, table, chunk) for chunk in _chunks(everything))
    count = _copy(connection, table, names, everything)
    _advance_sequence(connection, table, names)
    return count


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Inside, SQLite keeps 256 MB of pages in memory: the indexes of a large load are written in random order."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql("PRAGMA cache_size = -262144")
    yield
    connection.exec_driver_sql(f"PRAGMA cache_size = {int(before)}")


def _chunks(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    stream = iter(rows)
    while chunk := [dict(row) for row in islice(stream, CHUNK)]:
        yield chunk


def _insert(connection: Connection, table: Table, chunk: list[dict[str, Any]]) -> int:
    connection.execute(insert(table), chunk)
    return len(chunk)


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    quote = connection.dialect.identifier_preparer
    columns = ", ".join(quote.quote(table.c[name].name) for name in names)
    binders = [table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names]
    fields = list(zip(names, binders, strict=True))
    count = 0
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote.format_table(table)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([bind(row[name]) if bind else row[name] for name, bind in fields])
            count += 1
    return count


def _advance_sequence(connection: Connection, table: Table, names: Sequence[str]) -> None:
    key = table.autoincrement_column
    if key is None or key.name not in names:
        return
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    connection.execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))
