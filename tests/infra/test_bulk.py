"""Bulk writes keep every value as it is, whatever it is made of, on both databases alike."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.exc import IntegrityError

from infra import bulk, pg_text
from infra.database import Database

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("total", BigInteger, nullable=False),
    Column("price", BigInteger),
    Column("note", Text),
    Column("picture", LargeBinary),
    Column("open", Boolean),
)
strict, lax = (
    Table(
        f"nullable_{nullable}",
        MetaData(),
        Column("name", Text, nullable=nullable),
        Column("total", BigInteger, nullable=nullable),
        Column("note", Text, nullable=nullable),
    )
    for nullable in (False, True)
)
words = Table("words", metadata, Column("word", Text, primary_key=True))
BIG = 2**63 - 1
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.text(
    "\t\n\r\\N.,'\"%:é猫\x1f\u2028", max_size=6
)
ROWS = st.lists(
    st.tuples(
        TEXT,
        st.integers(-(2**31), 2**31 - 1),
        st.integers(-(2**40), 2**40),
        st.none() | st.integers(-BIG - 1, BIG),
        st.none() | TEXT,
        st.none() | st.binary(max_size=20),
        st.none() | st.booleans(),
    ),
    max_size=12,
    unique_by=lambda row: row[:2],
).map(lambda rows: sorted(rows, key=lambda row: row[:2]))
often = settings(
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def store(database: Database) -> Database:
    with database.write() as connection:
        metadata.create_all(connection)
    return database


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url, durable=False)
    with database.write() as connection:
        metadata.create_all(connection)
    yield database
    database.close()


def contents(database: Database, table: Table = things) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return sorted((tuple(row) for row in connection.execute(table.select())), key=key)


def key(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[:2]


def emptied(database: Database) -> Database:
    with database.write() as connection:
        connection.execute(things.delete())
    return database


@often
@given(rows=ROWS)
def test_what_is_inserted_is_there(store: Database, rows: list[tuple[Any, ...]]) -> None:
    with emptied(store).write() as connection:
        bulk.insert(connection, things, rows)
    assert contents(store) == sorted(rows, key=key)


@often
@given(rows=ROWS.filter(bool))
def test_what_a_literal_says_is_there(
    postgres_store: Database, rows: list[tuple[Any, ...]]
) -> None:
    with emptied(postgres_store).write() as connection:
        bulk.run(connection, [pg_text.literal(things, rows)])
    assert contents(postgres_store) == sorted(rows, key=key)


@given(rows=st.lists(st.tuples(TEXT, st.integers(), TEXT), max_size=4))
def test_a_row_is_spelt_alike_whether_it_may_hold_a_null_or_not(
    rows: list[tuple[str, int, str]],
) -> None:
    """Where it may not, by a template, unless a text in it needs an escape."""
    assert pg_text.copy_lines(strict, rows) == pg_text.copy_lines(lax, rows)


@often
@given(first=ROWS, second=ROWS, many=st.booleans())
def test_what_is_gathered_is_there_when_it_ends_and_not_before(
    store: Database, first: list[tuple[Any, ...]], second: list[tuple[Any, ...]], many: bool
) -> None:
    words_of = [(f"word {n}",) for n in range(bulk.FEW + 1 if many else 3)]
    adds = frozenset({"total"})
    with emptied(store).brief() as connection:
        connection.execute(words.delete()) if store.sqlite else bulk.later(
            connection, "DELETE FROM words"
        )
        bulk.insert(connection, things, first)
        bulk.insert(connection, words, words_of)
        bulk.upsert(connection, things, second, adds)
        if not store.sqlite:
            assert contents(store) == []
    gathered = contents(store)
    with emptied(store).write() as connection:
        bulk.insert(connection, things, first)
        bulk.upsert(connection, things, second, adds)
    assert contents(store) == gathered
    with store.read() as connection:
        assert len(connection.execute(words.select()).all()) == len(words_of)


def test_of_what_is_gathered_nothing_is_there_where_some_of_it_fails(store: Database) -> None:
    def gather(*more: tuple[str]) -> None:
        with store.brief() as connection:
            bulk.insert(connection, words, [("tea",)])
            if not more:
                raise RuntimeError("a bug")
            bulk.insert(connection, words, more)

    with pytest.raises(IntegrityError):
        gather(("cup",), ("cup",))
    with pytest.raises(RuntimeError, match="a bug"):
        gather()
    assert contents(store, words) == []
    with store.brief() as connection:
        bulk.insert(connection, words, [("tea",)])
    assert contents(store, words) == [("tea",)]


def test_a_literal_takes_no_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        pg_text.literal(words, [("a\0'); DROP TABLE words; --",)])


@often
@given(first=ROWS, second=ROWS, again=st.booleans())
def test_an_upsert_adds_some_columns_and_replaces_the_others(
    store: Database, first: list[tuple[Any, ...]], second: list[tuple[Any, ...]], again: bool
) -> None:
    batches = [first, second, [(*row[:3], 1, "again", b"", True) for row in first] if again else []]
    expected: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    with emptied(store).write() as connection:
        for rows in batches:  # one transaction: what one upsert staged must not reach the next
            bulk.upsert(connection, things, rows, frozenset({"total"}))
    for row in (row for rows in batches for row in rows):
        before = expected.get(key(row))
        expected[key(row)] = (*row[:2], row[2] + (before[2] if before else 0), *row[3:])
    assert contents(store) == sorted(expected.values(), key=key)


@pytest.mark.parametrize("word", ["", "\\N", "\\.", "\n", "NULL"])
def test_one_row_of_one_column_may_hold_anything(store: Database, word: str) -> None:
    with store.write() as connection:
        bulk.insert(connection, words, [(word,)])
    assert contents(store, words) == [(word,)]
    with store.write() as connection:
        bulk.upsert(connection, words, [(word,), ("other",)], frozenset())
    assert contents(store, words) == sorted([(word,), ("other",)])


def test_a_row_that_is_there_stops_the_whole_insert(store: Database) -> None:
    with store.write() as connection:
        bulk.insert(connection, words, [("one",)])
    with pytest.raises(IntegrityError), store.write() as connection:
        bulk.insert(connection, words, [("two",), ("one",)])
    assert contents(store, words) == [("one",)]


def test_a_row_of_another_length_is_refused(store: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)binding|shorter|longer"), store.write() as connection:
        bulk.insert(connection, things, [("a", 1, 1)])


def test_nothing_to_write_is_written_without_a_word(store: Database) -> None:
    with store.write() as connection:
        bulk.insert(connection, words, [])
        bulk.upsert(connection, words, [], frozenset())
    assert contents(store, words) == []
