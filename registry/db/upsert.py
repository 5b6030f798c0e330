"""How does a stored total grow by what was added? Insert, or add to the row that is there, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, scoped_session


def add_to(
    session: Session | scoped_session[Session],
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    keys: Sequence[str],
    sums: Sequence[str],
) -> int:
    """Insert ``rows``; where ``keys`` exist already, add the ``sums`` columns to what is stored. Returns the row count.

    Rows may repeat a key, and a sum may be negative. Columns in neither list are set by the first insert only.
    """
    content = [dict(row) for row in rows]
    if not content:
        return 0
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    grown = {name: table.c[name] + insert.excluded[name] for name in sums}
    session.execute(insert.on_conflict_do_update(index_elements=list(keys), set_=grown), content)
    return len(content)


def add_selected(
    session: Session | scoped_session[Session],
    table: Table,
    rows: Select[*tuple[Any, ...]],
    keys: Sequence[str],
    sums: Sequence[str],
) -> None:
    """The same with rows that the database selects itself; ``rows`` has columns named like ``keys`` and ``sums``."""
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    # SQLite reads ON after a bare SELECT as a join: the statement above needs a WHERE of its own.
    statement = insert.from_select([*keys, *sums], rows)
    grown = {name: table.c[name] + statement.excluded[name] for name in sums}
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=grown))
