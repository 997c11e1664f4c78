"""Many rows at once, the fastest way each database has: COPY or executemany."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from infra import pg_text
from infra.pg_text import Row

FEW = 200
"""Rows that are sent as one statement rather than by COPY: below it the trips cost more."""
SUM = "{name}={table}.{name}+excluded.{name}"
GUARDED = (
    "{name}=CASE typeof({table}.{name}+excluded.{name})"
    " WHEN 'integer' THEN {table}.{name}+excluded.{name}"
    " ELSE abs(excluded.{name}-excluded.{name}-9223372036854775807-1) END"
)
"""SQLite goes on with a float where a sum is beyond 64 bits. This fails there ("integer overflow"),
as PostgreSQL does by itself: the least of all numbers has no opposite.
"""
WIDE = 1_048_576
"""Bytes that the driver takes of a COPY at once."""
GATHERED = "gathered"
"""Where a connection has the statements that wait for its next trip."""


@contextmanager
def gathered(connection: Connection) -> Iterator[None]:
    """A transaction on PostgreSQL whose small changes wait for `ask`, or for its end, and go in
    one trip with it. What they fail of is raised there. The connection commits by itself.
    """
    known = connection.info
    waiting = known[GATHERED] = ["BEGIN"]
    try:
        yield
        run(connection, [*waiting, "COMMIT"])
    finally:
        known.pop(GATHERED, None)


def later(connection: Connection, statement: str) -> None:
    """Send a finished statement: with the next trip where they are gathered, else at once."""
    waiting: list[str] | None = connection.info.get(GATHERED)
    if waiting is None:
        run(connection, [statement])
    else:
        waiting.append(statement)


def ask(connection: Connection, query: str) -> Sequence[Any]:
    """The rows of a finished PostgreSQL query; what is gathered is sent before, in one trip."""
    waiting: list[str] = connection.info.get(GATHERED, [])
    text = ";".join([*waiting, query])
    waiting.clear()
    found: Sequence[Any] = _past_sqlalchemy(connection, query, lambda one: _rows(one, text))
    return found


def _rows(cursor: Any, text: str) -> Sequence[Any]:
    cursor.execute(text)
    rows: Sequence[Any] = cursor.fetchall()
    return rows


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns.

    COPY moves two to four times the rows a second that multi-row INSERT does, even for 32 rows.
    Where no column can be NULL a row is spelt in a third of the time.
    """
    if not rows:
        return
    if len(rows) <= FEW and _gathers(connection):
        later(connection, pg_text.literal(table, rows))
    elif connection.dialect.name == "postgresql":
        _send_gathered(connection)
        _copy_text(connection, table, table.name, pg_text.copy_lines(table, rows))
    else:
        connection.exec_driver_sql(_insert_sqlite(table), [tuple(row) for row in rows])


def upsert(connection: Connection, table: Table, rows: Sequence[Row], adds: frozenset[str]) -> None:
    """Insert rows; where the key exists, add the columns named in `adds`, replace the others.

    Keys must be unique among the rows, and sorted alike in every caller, so that two writers
    of one table cannot lock each other out.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        statement = f"{_insert_sqlite(table)} {_on_conflict(table, adds, GUARDED)}"
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])
    elif len(rows) <= FEW:
        later(connection, f"{pg_text.literal(table, rows)} {_on_conflict(table, adds)}")
    else:
        _send_gathered(connection)
        stage = f"stage_{table.name}"
        connection.exec_driver_sql(_stage(table, stage))
        _copy_text(connection, table, stage, pg_text.copy_lines(table, rows))
        connection.exec_driver_sql(_merge_postgres(table, stage, adds))


def _copy_text(connection: Connection, table: Table, into: str, text: str) -> None:
    statement = f"COPY {into} ({pg_text.names(table)}) FROM STDIN"
    source = io.BytesIO(text.encode())
    _past_sqlalchemy(connection, statement, lambda c: c.copy_expert(statement, source, WIDE))


def run(connection: Connection, statements: Sequence[str]) -> None:
    """Send finished PostgreSQL statements in one trip; nothing in them is a parameter."""
    text = ";".join(statements)
    _past_sqlalchemy(connection, text, lambda cursor: cursor.execute(text))


def values(connection: Connection, statement: str, rows: Sequence[Row]) -> Sequence[Any]:
    """Put rows in place of the `VALUES %s` of a PostgreSQL statement; answers what it returns."""
    return ask(connection, with_values(statement, rows))


def change(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    """The same of a statement whose answer nobody needs: it may wait for the next trip."""
    later(connection, with_values(statement, rows))


def with_values(statement: str, rows: Sequence[Row]) -> str:
    return statement.replace("%s", pg_text.tuples(rows), 1)


def _gathers(connection: Connection) -> bool:
    return GATHERED in connection.info


def _send_gathered(connection: Connection) -> None:
    waiting: list[str] = connection.info.get(GATHERED, [])
    if waiting:
        run(connection, waiting)
        waiting.clear()


def _past_sqlalchemy(connection: Connection, statement: str, use: Callable[[Any], Any]) -> Any:
    cursor: Any = connection.connection.cursor()
    try:
        return use(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy(connection, statement, error) from error
    finally:
        cursor.close()


def _as_sqlalchemy(connection: Connection, statement: str, error: Exception) -> Exception:
    """What goes past SQLAlchemy must fail like any other statement."""
    dialect: Any = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if gone:
        connection.invalidate(error)
    base, made = dialect.loaded_dbapi.Error, DBAPIError.instance
    return made(statement, None, error, base, connection_invalidated=gone, dialect=dialect)


@lru_cache(maxsize=256)
def _insert_sqlite(table: Table) -> str:
    marks = ",".join("?" * len(table.columns))
    return f"INSERT INTO {table.name} ({pg_text.names(table)}) VALUES ({marks})"  # noqa: S608


@lru_cache(maxsize=256)
def _stage(table: Table, stage: str) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    columns = ",".join(f"{c.name} {c.type.compile(dialect)}" for c in table.columns)
    make = f"CREATE TEMPORARY TABLE IF NOT EXISTS {stage} ({columns}) ON COMMIT DELETE ROWS"
    return f"{make};DELETE FROM {stage}"  # noqa: S608


@lru_cache(maxsize=256)
def _merge_postgres(table: Table, stage: str, adds: frozenset[str]) -> str:
    names = pg_text.names(table)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {stage} "  # noqa: S608
        f"{_on_conflict(table, adds)}"
    )


@lru_cache(maxsize=256)
def _on_conflict(table: Table, adds: frozenset[str], total: str = SUM) -> str:
    key = ",".join(column.name for column in table.primary_key)
    rest = [column.name for column in table.columns if not column.primary_key]
    sets = ",".join(
        total.format(name=name, table=table.name) if name in adds else f"{name}=excluded.{name}"
        for name in rest
    )
    return f"ON CONFLICT ({key}) DO " + (f"UPDATE SET {sets}" if sets else "NOTHING")


def dialect_insert(connection: Connection, table: Table) -> Any:
    """The INSERT that knows ON CONFLICT, of the connection's own dialect."""
    made: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
    return made[connection.dialect.name](table)


def send(connection: Connection, table: Table, lines: str) -> None:
    """Insert lines that are spelt as COPY reads them; PostgreSQL only."""
    if lines:
        _copy_text(connection, table, table.name, lines)


def fetch(connection: Connection, query: str, values: Sequence[Any]) -> Sequence[Any]:
    """The driver's own rows: where there are many, Core's take as long again."""
    with closing(connection.exec_driver_sql(query, tuple(values))) as result:
        rows: Sequence[Any] = result.cursor.fetchall()
    return rows


def driven(connection: Connection, statement: str, values: Sequence[Any]) -> Sequence[Any]:
    """The rows of a statement that is spelt as its driver takes it; Core alone takes 20 µs."""
    if not connection.in_transaction():
        connection.begin()

    def rows(cursor: Any) -> Sequence[Any]:
        cursor.execute(statement, values)
        found: Sequence[Any] = cursor.fetchall()
        return found

    return cast("Sequence[Any]", _past_sqlalchemy(connection, statement, rows))


def lots(
    connection: Connection, query: str, values: Sequence[Any], size: int
) -> Iterator[Sequence[Any]]:
    """The same a few at a time: rows that are made, used and let go stay in the processor's cache.

    What the statement raises is raised before the first of them.
    """
    with closing(connection.exec_driver_sql(query, tuple(values))) as result:
        while rows := result.cursor.fetchmany(size):
            yield rows
