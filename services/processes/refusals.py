"""What each process asked for and was refused: kept, since nobody waits for its answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Table,
    Text,
    and_,
    delete,
    func,
    select,
    tuple_,
)

from infra import bulk
from infra.clock import instant
from projections.engine.parking import portions
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

untold = Table(
    "process_refusals_untold",
    metadata,
    *(Column(column.name, column.type, primary_key=True) for column in refusals.primary_key),
)
"""Of which nobody has been told yet."""
KEY = [column.name for column in untold.columns]


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Whoever reacts again to the same event adds nothing."""
    if rows:
        for table in (refusals, untold):
            values = [{column.name: row[column.name] for column in table.columns} for row in rows]
            statement = bulk.dialect_insert(connection, table).on_conflict_do_nothing()
            connection.execute(statement, values)


def those_untold(connection: Connection, log: str, limit: int) -> list[dict[str, Any]]:
    """Refusals of which nobody has been told yet."""
    same = and_(*(refusals.c[name] == untold.c[name] for name in KEY))
    query = select(refusals).join(untold, same).where(refusals.c.log == log)
    order = refusals.c.position, refusals.c.process, refusals.c.number
    found = connection.execute(query.order_by(*order).limit(limit)).mappings()
    return [dict(row) for row in found]


def tell(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Somebody has been told of these."""
    key = tuple_(*(untold.c[name] for name in KEY))
    for few in portions([tuple(row[name] for name in KEY) for row in rows]):
        connection.execute(delete(untold).where(key.in_(few)))


def by_source(
    connection: Connection, log: str, positions: Sequence[int]
) -> dict[tuple[int, str], dict[str, Any]]:
    """Those because of events at these positions, by position, process and number."""
    mine = refusals.c.log == log, refusals.c.position.in_(positions)
    found = connection.execute(select(refusals).where(*mine)).mappings()
    return {(row["position"], source(row)): dict(row) for row in found}


def source(row: Mapping[Any, Any]) -> str:
    """What tells it from other refusals because of the same event."""
    return f"{row['process']}:{row['number']}"


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
