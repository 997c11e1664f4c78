"""Workers that cannot go on, and why: kept until they can, for who asks how the platform is."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Table, Text, delete, select

from infra import bulk
from projections.engine.progress import metadata

FORGOTTEN = 120_000_000
"""Microseconds after which nothing more is said of a worker that has not tried again: it ended."""

worker_errors = Table(
    "worker_errors",
    metadata,
    Column("worker", Text, primary_key=True),
    Column("process", Text, primary_key=True),
    Column("error", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("tried_at", BigInteger, nullable=False),
)


class WorkerError(NamedTuple):
    """Why a worker begins anew again and again, since when, and when it tried last."""

    worker: str
    process: str
    error: str
    since: int
    tried_at: int


def note(connection: Connection, row: WorkerError) -> None:
    """Keep the latest error of a process, and since when it has had any."""
    made = bulk.dialect_insert(connection, worker_errors).values(row._asdict())
    key = [worker_errors.c.worker, worker_errors.c.process]
    changed = {"error": made.excluded.error, "tried_at": made.excluded.tried_at}
    connection.execute(made.on_conflict_do_update(index_elements=key, set_=changed))
    long_ago = worker_errors.c.tried_at < row.tried_at - FORGOTTEN
    connection.execute(delete(worker_errors).where(long_ago))


def clear(connection: Connection, worker: str, process: str) -> None:
    """The process works again, or has ended."""
    column = worker_errors.c
    mine = column.worker == worker, column.process == process
    connection.execute(delete(worker_errors).where(*mine))


def every(connection: Connection, now: int) -> Sequence[WorkerError]:
    column = worker_errors.c
    query = select(worker_errors).where(column.tried_at >= now - FORGOTTEN)
    rows = connection.execute(query.order_by(column.worker, column.process))
    return [WorkerError(*row) for row in rows]
