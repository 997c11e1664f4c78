"""Many rows at once, the fastest way each database has: COPY or executemany."""

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any

from psycopg2.extras import execute_values
from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

Row = Sequence[Any]
FEW = 200
"""Rows that are sent as one statement rather than by COPY: below it the trips cost more."""
WIDE = 1_048_576
"""Bytes that the driver takes of a COPY at once."""
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns.

    COPY moves two to four times the rows a second that multi-row INSERT does, even for 32 rows.
    Where no column can be NULL a row is spelt in a third of the time.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy_text(connection, table, table.name, _spelt(table, rows))
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
        statement = f"{_insert_sqlite(table)} {_on_conflict(table, adds)}"
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])
    elif len(rows) <= FEW:
        run(connection, [f"{literal(table, rows)} {_on_conflict(table, adds)}"])
    else:
        stage = f"stage_{table.name}"
        connection.exec_driver_sql(_stage(table, stage))
        _copy_text(connection, table, stage, _spelt(table, rows))
        connection.exec_driver_sql(_merge_postgres(table, stage, adds))


def _spelt(table: Table, rows: Sequence[Row]) -> str:
    """Rows as COPY reads them: by one template, or value by value where one needs an escape."""
    if template := _template(table):
        text = "".join([template % tuple(row) for row in rows])
        if is_plain(text, len(rows), len(table.columns)):
            return text
    encode = _encoders(table)
    lines = ["\t".join([e(v) for e, v in zip(encode, row, strict=True)]) for row in rows]
    return "\n".join([*lines, ""])


@lru_cache(maxsize=256)
def _template(table: Table) -> str:
    """Of a row, where none of its values can be a NULL or bytes."""
    if any(column.nullable or isinstance(column.type, LargeBinary) for column in table.columns):
        return ""
    return "\t".join(["%s"] * len(table.columns)) + "\n"


def _copy_text(connection: Connection, table: Table, into: str, text: str) -> None:
    statement, source = f"COPY {into} ({_names(table)}) FROM STDIN", io.BytesIO(text.encode())
    _past_sqlalchemy(
        connection, statement, lambda cursor: cursor.copy_expert(statement, source, WIDE)
    )


def run(connection: Connection, statements: Sequence[str]) -> None:
    """Send finished PostgreSQL statements in one trip; nothing in them is a parameter."""
    text = ";".join(statements)
    _past_sqlalchemy(connection, text, lambda cursor: cursor.execute(text))


def values(connection: Connection, statement: str, rows: Sequence[Row]) -> Sequence[Any]:
    """Put rows in place of the `VALUES %s` of a PostgreSQL statement; answers what it returns."""
    found: Sequence[Any] = _past_sqlalchemy(
        connection,
        statement,
        lambda cursor: execute_values(cursor, statement, rows, page_size=len(rows), fetch=True),
    )
    return found


def literal(table: Table, rows: Sequence[Row]) -> str:
    """The INSERT of a few rows as PostgreSQL reads it; raises `ValueError` for a NUL.

    It relies on `standard_conforming_strings`, which every connection sets.
    """
    spelt = ",".join(map(_speller(table), rows))
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES {spelt}"  # noqa: S608


@lru_cache(maxsize=256)
def _names(table: Table) -> str:
    return ",".join(column.name for column in table.columns)


@lru_cache(maxsize=256)
def _speller(table: Table) -> Callable[[Row], str]:
    """Spells a row by one template; a row with a quote or a NUL in its texts, value by value."""
    quoters = [_quoter(column.type) for column in table.columns]
    words = [_word(column) for column in table.columns]
    template, own = ",".join(words), 2 * words.count("'%s'")
    apart = [(n, quote) for n, quote in enumerate(quoters) if words[n] == "%s"]

    def spell(row: Row) -> str:
        values, quotes = list(row), own
        for number, quote in apart:
            values[number] = word = quote(values[number])
            quotes += word.count("'")
        spelt = template % tuple(values)
        if spelt.count("'") == quotes and "\0" not in spelt:
            return f"({spelt})"
        return f"({','.join([q(value) for q, value in zip(quoters, row, strict=True)])})"

    return spell


def _word(column: Column[Any]) -> str:
    """The column's place in a template; `%s` is for what must be spelt before."""
    if column.nullable:
        return "%s"
    if isinstance(column.type, BigInteger | Integer):
        return "%d"
    return "'%s'" if isinstance(column.type, Text) else "%s"


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


def _quoter(kind: Any) -> Callable[[Any], str]:
    if isinstance(kind, BigInteger | Integer):
        return lambda value: "NULL" if value is None else str(value)
    if isinstance(kind, LargeBinary):
        return lambda value: "NULL" if value is None else f"'\\x{value.hex()}'"
    return quoted


def quoted(value: Any) -> str:
    """A text as PostgreSQL reads it; raises `ValueError` for a NUL."""
    if value is None:
        return "NULL"
    text = value if type(value) is str else str(value)
    if "\0" in text:
        raise ValueError("a text with a NUL cannot be stored: leave it out")
    return "'" + text.replace("'", "''") + "'"


@lru_cache(maxsize=256)
def _encoders(table: Table) -> tuple[Callable[[Any], str], ...]:
    return tuple(_encoder(column.type) for column in table.columns)


def _encoder(kind: Any) -> Callable[[Any], str]:
    if isinstance(kind, BigInteger | Integer):
        return _number
    return _bytes if isinstance(kind, LargeBinary) else _text


def _number(value: int | None) -> str:
    return NULL if value is None else str(value)


def _bytes(value: bytes | None) -> str:
    return NULL if value is None else "\\\\x" + value.hex()


def _text(value: Any) -> str:
    if value is None:
        return NULL
    text = str(value)
    # Nearly every value can stay as it is, and seeing that costs a fifth of translating it.
    return text if text.isprintable() and "\\" not in text else text.translate(ESCAPES)


@lru_cache(maxsize=256)
def _insert_sqlite(table: Table) -> str:
    marks = ",".join("?" * len(table.columns))
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks})"  # noqa: S608


@lru_cache(maxsize=256)
def _stage(table: Table, stage: str) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    columns = ",".join(f"{c.name} {c.type.compile(dialect)}" for c in table.columns)
    make = f"CREATE TEMPORARY TABLE IF NOT EXISTS {stage} ({columns}) ON COMMIT DELETE ROWS"
    return f"{make};DELETE FROM {stage}"  # noqa: S608


@lru_cache(maxsize=256)
def _merge_postgres(table: Table, stage: str, adds: frozenset[str]) -> str:
    names = _names(table)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {stage} "  # noqa: S608
        f"{_on_conflict(table, adds)}"
    )


@lru_cache(maxsize=256)
def _on_conflict(table: Table, adds: frozenset[str]) -> str:
    key = ",".join(column.name for column in table.primary_key)
    rest = [column.name for column in table.columns if not column.primary_key]
    sets = ",".join(
        f"{name}={table.name}.{name}+excluded.{name}" if name in adds else f"{name}=excluded.{name}"
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


def is_plain(text: str, rows: int, columns: int) -> bool:
    """Whether rows that were spelt without escapes need none."""
    tabs, ends = text.count("\t"), text.count("\n")
    whole = tabs == rows * (columns - 1) and ends == rows
    return whole and "\\" not in text and "\r" not in text
