"""Brings a database's tables to what this build needs, once, however many processes ask."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from infra.database import Database

LOCK = text("SELECT pg_advisory_xact_lock(7237128)")
"""Any number will do, so long as every build takes the same."""


def migrate(database: Database) -> None:
    """Run what is missing in one transaction; who comes second waits, and finds it done.

    It makes tables, not logs: `Store.found` gives a log its head and first partitions.
    """
    with database.write() as connection:  # on SQLite this is the lock
        if not database.sqlite:
            connection.execute(LOCK)
        if not _stands_at_head(connection):
            command.upgrade(_config(connection), "head")


def at_head(database: Database) -> bool:
    """Whether the tables are those of this build, neither older nor newer."""
    with database.read() as connection:
        return _stands_at_head(connection)


def _stands_at_head(connection: Connection) -> bool:
    script = ScriptDirectory.from_config(_config(connection))
    found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(script.get_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
