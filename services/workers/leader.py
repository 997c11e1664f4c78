"""Of the processes that could do a job that must be done by one, one does it."""

from sqlalchemy import Connection, text

STILL = "2min"
"""A leader whose connection is unused for so long stands still, and leads no longer."""
LOCK = text("SELECT pg_try_advisory_lock(:job, hashtext(:log))")


def is_leader(connection: Connection, job: int, log: str) -> bool:
    """Whether the job is this connection's, until the connection ends; asked again, it still is.

    `job` is any number that nobody else uses for an advisory lock of two keys in the database.
    A database on SQLite belongs to one process, which leads.
    """
    if connection.dialect.name != "postgresql":
        return True
    leads = bool(connection.execute(LOCK, {"job": job, "log": log}).scalar_one())
    connection.commit()  # the lock stays; a transaction left open would be ended, lock and all
    return leads


def expire_when_idle(connection: Connection) -> None:
    """Let PostgreSQL end the lead of a process that stands still. Use the connection often."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET idle_session_timeout='{STILL}'")
        connection.commit()
