"""Databases that are made once; each test has one of its own that is as the original.

On SQLite a file is copied, a tenth of the time that making it takes. On PostgreSQL copying and
dropping hundreds of tables takes half a second, so that a database is used again: what a test
wrote is taken away, unless it changed the tables themselves.
"""

import io
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2 import sql
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from services.local.postgres import Postgres

Make = Callable[[str], None]
"""Fills the database at an address, and leaves nothing open; it has the tables of a platform."""

LIKE = """
SELECT string_agg(concat_ws(' ', oid, relname, relkind, relnatts, relhastriggers, relacl), ';'
ORDER BY oid) FROM pg_class WHERE relnamespace='public'::regnamespace
"""
"""What a test leaves as it is, unless it changes tables, indexes or who may use them."""
WITH_ROWS = """
SELECT relname FROM pg_class WHERE relnamespace='public'::regnamespace AND relkind='r'
AND pg_relation_size(oid)>%s ORDER BY relname
"""
MANY = 200_000
"""Bytes of a table's rows beyond which new files are quicker than to delete one by one."""
BEGIN_ANEW = """
SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE schemaname='public' AND last_value IS NOT NULL
"""
END_OTHERS = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname=current_database() AND pid<>pg_backend_pid()
"""


def prepared(url: str) -> None:
    """Make an empty database what a platform runs on."""
    from infra.settings import Settings  # here: without it, tests of pure rules start sooner
    from services import bootstrap

    platform = bootstrap.platform(Settings(database_url=url))  # type: ignore[arg-type]
    platform.prepare()
    platform.close()


class Originals:
    def __init__(self, directory: Path, databases: "Callable[[], Databases]") -> None:
        self._directory, self._databases = directory, databases
        self._files: dict[Make, Path] = {}

    @contextmanager
    def copied(self, kind: str, make: Make) -> Iterator[str]:
        """The address of a database of the test's own, as `make` left the original."""
        if kind != "sqlite":
            with self._databases().taken(make) as address:
                yield address
            return
        file = self._directory / f"copy_{uuid.uuid4().hex[:12]}"
        yield f"sqlite:///{shutil.copy(self._file(make), file)}"
        for left in self._directory.glob(f"{file.name}*"):
            left.unlink()

    def _file(self, make: Make) -> Path:
        if make not in self._files:
            file = self._directory / f"original_{uuid.uuid4().hex[:12]}"
            if make is not prepared:
                shutil.copy(self._file(prepared), file)
            make(f"sqlite:///{file}")
            self._files[make] = file
        return self._files[make]


class Databases:
    """Those of one PostgreSQL, by what they are made by."""

    def __init__(self, server: "Postgres") -> None:
        self._server = server
        self._originals: dict[Make, _Original] = {}

    @contextmanager
    def taken(self, make: Make) -> Iterator[str]:
        original = self._original(make)
        name = original.take()
        yield self._server.database_url(name)
        original.free.append(name)

    def _original(self, make: Make) -> "_Original":
        if make not in self._originals:
            like = self._original(prepared).name if make is not prepared else None
            self._originals[make] = _Original(self._server, make, like)
        return self._originals[make]

    def close(self) -> None:
        for original in self._originals.values():
            original.drop()


class _Original:
    def __init__(self, server: "Postgres", make: Make, like: str | None) -> None:
        self._server, self.name = server, f"original_{uuid.uuid4().hex[:12]}"
        self.free: list[str] = []
        """Databases that a test has left."""
        make(server.create_database(self.name, like))
        with self._connected(self.name) as cursor:
            self._rows = {table: _told(cursor, table) for table in _asked(cursor, WITH_ROWS, 0)}
        self._like: dict[str, str] = {}

    def take(self) -> str:
        while self.free:
            name = self.free.pop()
            if self._as_before(name):
                return name
            self._server.drop_database(name)
        name = f"copy_{uuid.uuid4().hex[:12]}"
        self._server.create_database(name, self.name)
        with self._connected(name) as cursor:
            (self._like[name],) = _asked(cursor, LIKE)
        return name

    def drop(self) -> None:
        for name in (*self.free, self.name):
            self._server.drop_database(name)

    def _as_before(self, name: str) -> bool:
        """Take away what was written; answers whether the database is as the original again."""
        with self._connected(name) as cursor:
            cursor.execute(END_OTHERS)
            if _asked(cursor, LIKE) != [self._like[name]]:
                return False
            # What forbids to change the past is for the product, not for its tests.
            cursor.execute("SET session_replication_role=replica")
            _execute(cursor, "TRUNCATE {} CASCADE", _asked(cursor, WITH_ROWS, MANY))
            _execute(cursor, "DELETE FROM {}", _asked(cursor, WITH_ROWS, 0))
            cursor.execute(BEGIN_ANEW)
            for table, text in self._rows.items():
                copy = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                cursor.copy_expert(copy, io.StringIO(text))
        return True

    @contextmanager
    def _connected(self, name: str) -> Iterator[Any]:
        plain = make_url(self._server.database_url(name)).set(drivername="postgresql")
        address = plain.render_as_string(hide_password=False)
        with (
            closing(psycopg2.connect(address)) as connection,
            connection,
            connection.cursor() as it,
        ):
            yield it


def _execute(cursor: Any, statement: str, tables: list[str]) -> None:
    """It, for each of the tables."""
    if tables:
        each = [sql.SQL(statement).format(sql.Identifier(table)) for table in tables]
        cursor.execute(sql.SQL(";").join(each))


def _asked(cursor: Any, query: str, *values: Any) -> list[str]:
    """The first column of the answer."""
    cursor.execute(query, values or None)
    return [row[0] for row in cursor.fetchall()]


def _told(cursor: Any, table: str) -> str:
    """The rows of a table, as COPY writes and reads them."""
    text = io.StringIO()
    cursor.copy_expert(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table)), text)
    return text.getvalue()
