"""Customers that are written in bulk are what a record keeps, with its indexes and its search."""

from typing import Any

from sqlalchemy import func, inspect, select

from infra.database import Database
from projections.customers.customer import record
from projections.engine import generations
from tests.performance import shops


def test_both_databases_have_the_indexes_and_the_search_of_what_was_written_in_bulk(
    tmp_path: Any, postgres_url: str
) -> None:
    databases = [Database(f"sqlite:///{tmp_path / 'shops.sqlite'}"), Database(postgres_url)]
    for database in databases:
        with database.write() as connection:
            generations.create(connection, [record])
    shops.rows(databases, 30)
    table, grams = record.every_table(1)
    for database in databases:
        with database.read() as connection:
            known = {one["name"] for one in inspect(connection).get_indexes(table.name)}
            assert known >= {index.name for index in table.indexes}
            assert connection.execute(select(func.count()).select_from(grams)).scalar_one() > 30
        database.close()
