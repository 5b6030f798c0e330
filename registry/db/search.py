"""Which activities contain these words? Substring search over ``activity_text``, indexed on both databases.

The caller folds texts and words alike (``registry.domain.text.fold``). PostgreSQL searches by trigram indexes; SQLite
by an FTS5 trigram table with its own content: an external-content table would need the old text at every change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    String,
    and_,
    column,
    delete,
    insert,
    literal,
    select,
    table,
    text,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

Which = Literal["exact", "coarse"]
SHORTEST_INDEXED = 3
ACTIVITY_TEXT = table("activity_text", column("activity_id"), column("exact_text"), column("coarse_text"))
INDEX_NAMES = ("ix_search_activity_text_exact", "ix_search_activity_text_coarse")
FTS = table("activity_text_fts", column("rowid"), column("exact_text"), column("coarse_text"))


class _contains(FunctionElement[bool]):  # noqa: N801  # reads as a function where it is used
    """True where the activity ``key`` has ``word`` in its text; three letters or more use the index."""

    type: TypeEngine[bool] = Boolean()
    inherit_cache = True

    def __init__(self, key: Any, like: Any, phrase: Any) -> None:
        super().__init__(key, like, phrase)


def matches(id_column: Any, which: Which, text: str) -> ColumnElement[bool]:
    """True for activities whose ``which`` text contains every word of ``text``, each anywhere, even inside a word.

    ``exact`` holds what only who sees the exact record may search, ``coarse`` the rest. An empty text matches all.
    """
    if which not in ("exact", "coarse"):
        raise ValueError(f"There is no text called {which!r} to search.")
    words = text.replace("\x00", " ").split()
    return and_(true(), *(_word(id_column, f"{which}_text", word) for word in words))


def _word(id_column: Any, name: str, word: str) -> ColumnElement[bool]:
    searched = ACTIVITY_TEXT.c[name]
    like = select(ACTIVITY_TEXT.c.activity_id).where(searched.like(f"%{_escaped(word)}%", escape="\\"))
    if len(word) < SHORTEST_INDEXED:
        return _boolean(id_column.in_(like))
    quoted = word.replace('"', '""')
    return _contains(id_column, like.scalar_subquery(), literal(f'{name} : "{quoted}"', String()))


def _boolean(expression: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = expression
    return found


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@compiles(_contains, "postgresql")
def _on_postgresql(element: _contains, compiler: SQLCompiler, **options: Any) -> str:
    key, like, _phrase = list(element.clauses)
    return f"({compiler.process(key, **options)} IN {compiler.process(like, **options)})"


@compiles(_contains, "sqlite")
def _on_sqlite(element: _contains, compiler: SQLCompiler, **options: Any) -> str:
    key, _like, phrase = list(element.clauses)
    # MATCH takes the table's own name as its left side: FTS5 calls it a hidden column.
    hit = select(FTS.c.rowid).where(column(FTS.name).op("MATCH")(phrase)).scalar_subquery()
    return f"({compiler.process(key, **options)} IN {compiler.process(hit, **options)})"


def create_search(connection: Connection) -> None:
    """Create the indexes of ``activity_text`` (for migrations, after the table exists)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        for index, name in zip(INDEX_NAMES, ("exact_text", "coarse_text"), strict=True):
            connection.execute(text(f"CREATE INDEX {index} ON activity_text USING gin ({name} gin_trgm_ops)"))
        return
    connection.execute(text(f"CREATE VIRTUAL TABLE {FTS.name} USING fts5(exact_text, coarse_text, tokenize='trigram')"))


def drop_search(connection: Connection) -> None:
    """Drop what ``create_search`` created; the extension stays, others may use it."""
    if connection.dialect.name == "postgresql":
        for index in INDEX_NAMES:
            connection.execute(text(f"DROP INDEX IF EXISTS {index}"))
        return
    connection.execute(text(f"DROP TABLE IF EXISTS {FTS.name}"))


def sync_search(session: Session | scoped_session[Session], activity_ids: Iterable[int] | None = None) -> None:
    """Bring the index in step with ``activity_text`` for these activities (all when None), deleted ones included.

    PostgreSQL keeps its index itself. Flushes first: the texts must be in the table before they are read from it.
    """
    if session.get_bind().dialect.name == "postgresql":
        return
    session.flush()
    for ids in _portions(activity_ids):
        stale, fresh = delete(FTS), select(*ACTIVITY_TEXT.c)
        if ids is not None:
            stale, fresh = stale.where(FTS.c.rowid.in_(ids)), fresh.where(ACTIVITY_TEXT.c.activity_id.in_(ids))
        session.execute(stale)
        session.execute(insert(FTS).from_select(list(FTS.c), fresh))


def _portions(activity_ids: Iterable[int] | None) -> Iterator[list[int] | None]:
    """Five hundred at a time: SQLite bounds the number of parameters of a statement."""
    if activity_ids is None:
        yield None
        return
    ids = sorted(set(activity_ids))
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]
