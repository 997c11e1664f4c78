"""Brings a database's tables to what this build needs, once, however many processes ask."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from infra.database import Database

LOCK = text("SELECT pg_advisory_xact_lock(7237128)")
"""Any number will do, so long as every build takes the same."""
MIGRATIONS = Path(__file__).parent / "migrations"
FOUND = text("SELECT version_num FROM alembic_version")


def migrate(database: Database) -> None:
    """Run what is missing in one transaction; who comes second waits, and finds it done.

    It makes tables, not logs: `Store.found` gives a log its head and first partitions.
    """
    with database.write() as connection:  # on SQLite this is the lock
        if not database.sqlite:
            connection.execute(LOCK)
        if not _is_at_head(connection):
            _upgrade(connection)


def at_head(database: Database) -> bool:
    """Whether the tables are those of this build, neither older nor newer."""
    with database.read() as connection:
        return _is_at_head(connection)


@cache
def head() -> str:
    """The last revision: their files are named after them and numbered in their order."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*.py"))


def _is_at_head(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.execute(FOUND).scalars()) == [head()]


def _upgrade(connection: Connection) -> None:
    from alembic import command  # here: a process that starts on tables of its build needs neither
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
