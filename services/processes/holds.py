"""Whether the deadlines of a process may be asked, and since when they may not."""

from typing import Any, Literal, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Table, Text, select, update

from infra import bulk
from services.processes.positions import metadata

Why = Literal["", "new", "operator", "clock"]
"""Not held; new on a log that is older; by an operator; or since the clock has leapt."""

holds = Table(
    "process_deadline_holds",
    metadata,
    Column("process", Text, primary_key=True),
    Column("log", Text, primary_key=True),
    Column("held", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("looked_at", BigInteger, nullable=False),
    Column("fired", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
)
"""`looked_at` is an instant at which due deadlines were looked for, of the last minute that they
were. `fired` counts those that were asked, `skipped` those that came too late.
"""


class DeadlineHold(NamedTuple):
    held: Why
    since: int
    looked_at: int
    fired: int
    skipped: int


def of(connection: Connection, process: str, log: str) -> DeadlineHold | None:
    """None for a process whose deadlines nobody has looked for yet."""
    column = holds.c
    query = select(column.held, column.since, column.looked_at, column.fired, column.skipped)
    row = connection.execute(query.where(*_of(process, log))).one_or_none()
    return None if row is None else DeadlineHold(*row)


def begin(connection: Connection, process: str, log: str, now: int) -> None:
    """A process that is looked at for the first time is held as a new one."""
    row = {"process": process, "log": log, "held": "new", "since": now, "looked_at": now}
    statement = bulk.dialect_insert(connection, holds).values(**row, fired=0, skipped=0)
    connection.execute(statement.on_conflict_do_nothing())


def hold(connection: Connection, process: str, log: str, why: Why, now: int) -> None:
    """Ask nothing more until it is released; what holds it already stays the reason."""
    mine = *_of(process, log), holds.c.held == ""
    connection.execute(update(holds).where(*mine).values(held=why, since=now))


def release(connection: Connection, process: str, log: str, now: int) -> None:
    """Ask what is due from now on. The clock is believed as it is now."""
    _change(connection, process, log, held="", since=now, looked_at=now)


def look(connection: Connection, process: str, log: str, now: int) -> None:
    _change(connection, process, log, looked_at=now)


def count(connection: Connection, process: str, log: str, fired: int, skipped: int) -> None:
    more = {"fired": holds.c.fired + fired, "skipped": holds.c.skipped + skipped}
    _change(connection, process, log, **more)


def _change(connection: Connection, process: str, log: str, **values: Any) -> None:
    connection.execute(update(holds).where(*_of(process, log)).values(**values))


def _of(process: str, log: str) -> tuple[Any, Any]:
    return holds.c.process == process, holds.c.log == log
