"""Which columns and indexes a database has, of all its tables by one statement each.

SQLAlchemy's inspection asks on SQLite for one table at a time: of two hundred it takes as long as
a start may take.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text


class Queries(NamedTuple):
    columns: str
    indexes: str


SQLITE = Queries(
    "SELECT t.name, c.name, upper(c.type) LIKE '%INT%' FROM sqlite_master t,"
    " pragma_table_info(t.name) c WHERE t.type = 'table'",
    "SELECT name FROM sqlite_master WHERE type = 'index'",
)
POSTGRES = Queries(
    "SELECT t.relname, c.attname, c.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)"
    " FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid"
    " WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')"
    " AND c.attnum > 0 AND NOT c.attisdropped",
    "SELECT relname FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('i', 'I')",
)
Columns = Mapping[str, Mapping[str, bool]]
"""By table and name, whether a column is a whole number."""


def columns(connection: Connection) -> Columns:
    found: dict[str, dict[str, bool]] = {}
    for table, name, whole in connection.execute(text(_queries(connection).columns)):
        found.setdefault(table, {})[name] = bool(whole)
    return found


def indexes(connection: Connection) -> set[str]:
    return set(connection.execute(text(_queries(connection).indexes)).scalars())


def _queries(connection: Connection) -> Queries:
    return SQLITE if connection.dialect.name == "sqlite" else POSTGRES
