"""Tables of a record filled without keys and indexes, which are made when all rows are there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.schema import CreateIndex

from infra import bulk
from infra.database import Database

STAGED = "staged_grams"
AT_EASE = "SET statement_timeout=0; SET maintenance_work_mem='512MB'"


def begin(connection: Connection, table: Table, grams: Table) -> None:
    for index in table.indexes:
        index.drop(connection)
    if connection.dialect.name == "sqlite":  # its table is its key: rows come to it in their order
        connection.exec_driver_sql(f"CREATE TABLE {STAGED} ({_names(grams)})")
        return
    for one in (table, grams):
        connection.exec_driver_sql(f"ALTER TABLE {one.name} DROP CONSTRAINT {one.name}_pkey")


def insert(connection: Connection, grams: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        marks = ",".join("?" * len(grams.columns))
        connection.exec_driver_sql(f"INSERT INTO {STAGED} VALUES ({marks})", list(rows))
    else:
        bulk.insert(connection, grams, rows)


def finish(database: Database, table: Table, grams: Table) -> None:
    with _at_ease(database) as connection:
        if database.sqlite:
            order = ",".join(column.name for column in grams.primary_key)
            connection.exec_driver_sql(
                f"INSERT INTO {grams.name} SELECT {_names(grams)} FROM {STAGED} ORDER BY {order}"
            )
            connection.exec_driver_sql(f"DROP TABLE {STAGED}")
        else:
            for one in (table, grams):
                key = ",".join(column.name for column in one.primary_key)
                connection.exec_driver_sql(f"ALTER TABLE {one.name} ADD PRIMARY KEY ({key})")
        for index in table.indexes:
            connection.exec_driver_sql(str(CreateIndex(index).compile(connection)))
        for one in (table, grams):
            analyse = "ANALYZE" if database.sqlite else "VACUUM ANALYZE"
            connection.exec_driver_sql(f"{analyse} {one.name}")


@contextmanager
def _at_ease(database: Database) -> Iterator[Connection]:
    """PostgreSQL vacuums in no transaction; what SQLite does in none is rolled back."""
    if database.sqlite:
        with database.write() as connection:
            yield connection
        return
    with database.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql(AT_EASE)
        yield connection
        connection.exec_driver_sql("RESET ALL")


def _names(table: Table) -> str:
    return ",".join(column.name for column in table.columns)
