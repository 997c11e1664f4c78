"""What each process asked for and was refused: kept, since nobody waits for its answers."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, Text, func, select, tuple_

from infra import bulk
from infra.clock import instant
from services.processes.deadlines import Deadline
from services.processes.positions import metadata

refusals = Table(
    "process_refusals",
    metadata,
    Column("process", Text, primary_key=True),
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("command", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("refusal", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("refused_at", BigInteger, nullable=False),
)
"""`position` is that of the event that was reacted to, by its `number`th command."""


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Whoever reacts again to the same event adds nothing."""
    if rows:
        statement = bulk.dialect_insert(connection, refusals).on_conflict_do_nothing()
        connection.execute(statement, list(rows))


def of(connection: Connection, rows: Iterable[Deadline]) -> set[tuple[int, int]]:
    """By position and number, which of the deadlines of one process were refused."""
    wanted = {(row.process, row.log, row.position, row.number) for row in rows}
    column = refusals.c
    each = tuple_(column.process, column.log, column.position, column.number)
    query = select(column.position, column.number).where(each.in_(sorted(wanted)))
    return {(row[0], row[1]) for row in connection.execute(query)}


def summary(connection: Connection, process: str, log: str) -> dict[str, Any]:
    """How many there were, and the last of them."""
    mine = refusals.c.process == process, refusals.c.log == log
    count = connection.execute(select(func.count()).where(*mine)).scalar_one()
    order = refusals.c.position.desc(), refusals.c.number.desc()
    last = connection.execute(select(refusals).where(*mine).order_by(*order).limit(1)).first()
    return {"refused": count, "last_refusal": last and _shown(last._asdict())}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    fields = "position", "command", "stream", "refusal", "message"
    at = instant(row["refused_at"]).isoformat()
    return {**{name: row[name] for name in fields}, "refused_at": at}
