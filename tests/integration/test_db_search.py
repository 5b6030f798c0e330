"""Substring search and growing totals on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, select
from sqlalchemy.orm import Session

from registry.db import search
from registry.db.upsert import add_to
from registry.domain.text import fold

METADATA = MetaData()
TEXTS = Table(
    "activity_text",
    METADATA,
    Column("activity_id", Integer, primary_key=True),
    Column("exact_text", Text),
    Column("coarse_text", Text),
)
TALLY = Table(
    "try_tally",
    METADATA,
    Column("kind", String(8), primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("n", Integer),
    Column("label", String(8)),
)


@pytest.fixture
def texts(bare_database):
    with bare_database.engine.begin() as connection:
        METADATA.create_all(connection)
        search.create_search(connection)
    with Session(bare_database.engine) as session:
        for number, (exact, coarse) in enumerate(
            [('Škofije – Rabuiese, 50% "noč"', "Italia"), ("Гюешево patrol_7", "България"), ("Gorizia", "Nova Gorica")]
        ):
            session.execute(TEXTS.insert().values(activity_id=number, exact_text=fold(exact), coarse_text=fold(coarse)))
        search.sync_search(session)
        yield session


def found(session: Session, which: search.Which, words: str) -> list[int]:
    query = select(TEXTS.c.activity_id).where(search.matches(TEXTS.c.activity_id, which, fold(words)))
    return sorted(session.scalars(query))


@pytest.mark.parametrize(
    ("words", "activities"),
    [
        ("skofije", [0]), ("OFIJ", [0]), ("giueshevo", [1]), ("Гюешево", [1]), ("ue", [1]),
        ("rabuiese skofije", [0]), ("gori", [2]),
        ("", [0, 1, 2]), ("nowhere", []), ("50%", [0]), ("0%", [0]), ("l_7", [1]), ("%%%", []), ('"noc"', [0]),
        ('" OR exact_text : "gorizia', []), ("gorizia nova", []),
    ],
)  # fmt: skip
def test_every_word_is_found_anywhere_inside_a_word(texts, words, activities):
    assert found(texts, "exact", words) == activities


def test_the_coarse_text_does_not_answer_for_the_exact_one(texts):
    assert found(texts, "coarse", "skofije") == []
    assert found(texts, "coarse", "b'lgariia skofije") == []
    assert found(texts, "coarse", "gorica") == [2]


def test_the_index_follows_a_change_and_a_deletion(texts):
    texts.execute(TEXTS.update().where(TEXTS.c.activity_id == 0).values(exact_text="pesek"))
    texts.execute(TEXTS.delete().where(TEXTS.c.activity_id == 2))
    search.sync_search(texts, [0, 2])
    assert found(texts, "exact", "skofije") == []
    assert found(texts, "exact", "pesek") == [0]
    assert found(texts, "exact", "gorizia") == []


def test_a_rolled_back_text_is_not_found(texts):
    texts.commit()
    with texts.begin_nested() as savepoint:
        texts.execute(TEXTS.insert().values(activity_id=9, exact_text="vanishing", coarse_text=""))
        search.sync_search(texts, [9])
        assert found(texts, "exact", "vanish") == [9]
        savepoint.rollback()
    assert found(texts, "exact", "vanish") == []


def test_a_text_nobody_knows_is_refused(texts):
    with pytest.raises(ValueError, match="secret"):
        search.matches(TEXTS.c.activity_id, "secret", "x")


def test_the_search_can_be_taken_away(texts, bare_database):
    texts.commit()
    with bare_database.engine.begin() as connection:
        search.drop_search(connection)
        search.create_search(connection)
    search.sync_search(texts)
    assert found(texts, "exact", "gorizia") == [2]


def test_a_total_grows_by_what_is_added_and_keeps_the_rest(texts):
    first = {"kind": "JP", "month": 202611, "n": 2, "label": "first"}
    assert add_to(texts, TALLY, [first], ["kind", "month"], ["n"]) == 1
    again = [{**first, "n": 5, "label": "later"}, {**first, "n": -1}, {**first, "month": 0, "n": 3}]
    assert add_to(texts, TALLY, again, ["kind", "month"], ["n"]) == 3
    rows = texts.execute(select(TALLY).order_by(TALLY.c.month)).all()
    assert [tuple(row) for row in rows] == [("JP", 0, 3, "first"), ("JP", 202611, 6, "first")]


def test_adding_nothing_asks_nothing(texts):
    assert add_to(texts, TALLY, [], ["kind", "month"], ["n"]) == 0
