"""A list as of any moment is what a fold of what had happened and was known says, in any order."""

from collections.abc import Iterator
from typing import Any

import pytest
from engine.test_record import TOLD, Told, empty, folded, heard, record
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, inspect

from aggregates.conditions import Condition, Tree, as_predicate
from infra.database import Database
from projections.engine import generations, versions_as_of
from projections.engine.reach import EVERYTHING
from projections.engine.reading import AsOf
from projections.engine.record_order import Sort, ordered
from projections.engine.record_query import RecordQuery, count, page

SORTS = st.sampled_from(["id", "said", "times", "last", "version"])
MOMENTS = st.builds(AsOf, st.none() | st.integers(0, 14), st.none() | st.integers(0, 12))
SCOPES = st.sampled_from([EVERYTHING, Condition("times", "lte", [2])])
"""Of what things are today, whatever the moment."""
FIRST = -(2**63)
Asked = tuple[AsOf, str, bool, int, Tree]
"""A moment, a field to sort by and whether downwards, the least of a number, and a scope."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, durable=False)
    with database.write() as connection:
        generations.create(connection, [record])
    yield database
    database.close()


def pages(connection: Connection, wanted: RecordQuery, as_of: AsOf) -> Iterator[dict[str, Any]]:
    """Row by row, each page begun where the one before ended."""
    while True:
        rows, last = page(connection, record, wanted, as_of)
        yield from rows
        if last is None:
            return
        wanted = wanted._replace(after=last)


@settings(max_examples=25)
@given(
    st.lists(TOLD, max_size=14),
    st.lists(st.tuples(MOMENTS, SORTS, st.booleans(), st.integers(0, 3), SCOPES), max_size=5),
)
def check(database: Database, told: list[Told], asked: list[Asked]) -> None:
    every = heard(told)
    with empty(database) as connection:
        assert record.apply(connection, 1, every) == []
        whole = {name: folded(every, name, len(every), 99) for name in "abc"}
        today = {name: row._asdict() for name, row in whole.items() if row}
        for as_of, field, descending, least, scope in asked:
            position = len(every) if as_of.position is None else as_of.position
            at = 99 if as_of.occurred_at is None else as_of.occurred_at
            states = {name: folded(every, name, position, at) for name in "abc"}
            enough = Condition("times", "gte", [least])
            wanted = RecordQuery(scope, [enough], sort=ordered([Sort(field, descending)]))
            found = list(pages(connection, wanted._replace(limit=1), as_of))
            names = [
                name
                for name, row in states.items()
                if row and row.times >= least and as_predicate(scope)(today[name])
            ]
            if field in record.fields:
                names.sort(key=lambda name: key(states[name], field), reverse=descending)
                assert [row[field] for row in found] == [
                    getattr(states[name], field) for name in names
                ]
            assert sorted(row["id"] for row in found) == sorted(names)
            assert count(connection, record, wanted, as_of, None) == len(names)
            for row in found:
                state = states[row["id"]]
                assert state is not None
                assert (row["said"], row["times"], row["last"]) == state[:3]


def key(row: Any, field: str) -> Any:
    value = getattr(row, field)
    return FIRST if value is None else value


@pytest.mark.parametrize("many", [versions_as_of.MANY, 1])
def test_a_list_as_of_any_moment_is_the_fold_in_any_order(
    database: Database, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Whether things are looked up, or versions gone through."""
    monkeypatch.setattr(versions_as_of, "MANY", many)
    check(database)


def test_an_index_that_an_older_build_had_not_is_made(database: Database) -> None:
    table = record.versions(1)
    wanted = {index.name for index in table.indexes}
    with database.write() as connection:
        for index in table.indexes:
            index.drop(connection)
        generations.create(connection, [record])
        assert {one["name"] for one in inspect(connection).get_indexes(table.name)} == wanted
