"""What a database has is known by one statement, and is what SQLAlchemy's inspection says."""

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, inspect

from infra import existing
from infra.database import Database
from infra.migrate import migrate

metadata = MetaData()
teas = Table("teas", metadata, Column("number", Integer, primary_key=True), Column("name", Text))
Index("teas_by_name", teas.c.name)


def test_an_empty_database_has_nothing(database: Database) -> None:
    with database.write() as connection:
        assert existing.columns(connection) == {}
        assert existing.indexes(connection) == set()


def test_columns_and_indexes_are_those_that_an_inspection_finds(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        metadata.create_all(connection)
        inspected = inspect(connection)
        columns = {
            name: {one["name"]: isinstance(one["type"], Integer) for one in inside}
            for (_, name), inside in inspected.get_multi_columns().items()
        }
        assert existing.columns(connection) == columns
        assert any(any(wholes.values()) for wholes in columns.values())
        named = {one["name"] for each in inspected.get_multi_indexes().values() for one in each}
        assert "teas_by_name" in named
        assert named - {None} <= existing.indexes(connection)
