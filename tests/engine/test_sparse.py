"""A sparse record has a version where a field changed, and is the fold of all events the same."""

from typing import Any, NamedTuple

import pytest
from engine.test_record import TOLD, Told, heard, kind
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from infra.database import Database
from infra.events import Recorded
from projections.engine import generations
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_by_id import one


class Row(NamedTuple):
    said: str = ""


def fold(row: Row, _: Recorded, event: Any) -> Row:
    """Only two of the five letters change anything."""
    return Row(event) if event in "ps" else row


record = Record("calm", kind, Row, fold, sparse=True)


@pytest.fixture
def database(database_url: str) -> Any:
    database = Database(database_url, durable=False)
    with database.write() as connection:
        generations.create(connection, [record])
    yield database
    database.close()


@settings(max_examples=25)
@given(st.lists(TOLD, max_size=14), st.integers(1, 5))
def check(database: Database, told: list[Told], size: int) -> None:
    every = heard(told)
    with database.write() as connection:
        for table in record.every_table(1):
            connection.execute(table.delete())
        for start in range(0, len(every), size):
            assert record.apply(connection, 1, every[start : start + size]) == []
        for name in "abc":
            for position in range(1, len(every) + 1):
                for at in (None, 0, 6, 12):
                    then = one(connection, record, name, AsOf(position, at))
                    row = None
                    for told_one in every[:position]:
                        its = told_one.recorded
                        happened = at is None or its.occurred_at <= at
                        if its.stream == f"thing-{name}" and happened:
                            row = fold(row or Row(), its, told_one.event)
                    assert (None if then is None else then["said"]) == (row and row.said)


def test_as_of_any_moment_it_is_the_fold_of_all_events(database: Database) -> None:
    check(database)


def test_what_changes_nothing_makes_no_version(database: Database) -> None:
    told: list[Told] = [("a", n, letter) for n, letter in enumerate("pqqrpsst")]
    with database.write() as connection:
        assert record.apply(connection, 1, heard(told)) == []
        rows = select(func.count()).select_from(record.versions(1))
        assert connection.execute(rows).scalar_one() == 2
