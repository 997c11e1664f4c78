"""Undoing an import is a job: kept, so that it is followed, and goes on after a restart."""

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    or_,
    select,
    update,
)

from infra.bulk import dialect_insert
from services.imports.kept import LEASE, RUNNING, WAITING, metadata

DONE, KEPT, FAILED = "done", "kept", "failed"

undos = Table(
    "import_undos",
    metadata,
    Column("id", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("result", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("leased_by", Text),
    Column("leased_until", BigInteger),
)
"""The id is the import's: of several attempts, the last one is kept."""


class UndoJob(msgspec.Struct, frozen=True):
    """An import that is to be taken back."""

    id: str
    actor: str
    partial: bool = False


def ask(connection: Connection, job: UndoJob, now: int) -> None:
    """Begin it, or again where the last attempt has ended; one that goes on goes on."""
    values = {
        "actor": job.actor,
        "partial": job.partial,
        "state": WAITING,
        "done": 0,
        "total": None,
        "result": "{}",
        "asked_at": now,
        "ended_at": None,
        "leased_by": None,
        "leased_until": None,
    }
    statement = dialect_insert(connection, undos).values(id=job.id, **values)
    ended = undos.c.state.in_([DONE, KEPT, FAILED])
    again = statement.on_conflict_do_update(index_elements=["id"], set_=values, where=ended)
    connection.execute(again)


def free(connection: Connection, now: int) -> str | None:
    """The oldest one that nobody works on."""
    query = select(undos.c.id).where(_free(now)).order_by(undos.c.asked_at).limit(1)
    found: str | None = connection.execute(query).scalar()
    return found


def claim(connection: Connection, who: str, now: int) -> UndoJob | None:
    """Take the lease of the oldest one that nobody works on."""
    oldest = free(connection, now)
    values = {"leased_by": who, "leased_until": now + LEASE, "state": RUNNING}
    took = update(undos).where(undos.c.id == oldest, _free(now)).values(values)
    if oldest is None or not connection.execute(took).rowcount:
        return None
    found = connection.execute(select(undos).where(undos.c.id == oldest)).one()
    return UndoJob(found.id, found.actor, found.partial)


def _free(now: int) -> ColumnElement[bool]:
    unleased = or_(undos.c.leased_until.is_(None), undos.c.leased_until < now)
    return and_(undos.c.state.in_([WAITING, RUNNING]), unleased)


def go_on(connection: Connection, id: str, who: str, now: int, done: int, total: int) -> bool:
    """Say how far it is, and keep the lease; False where another has it by now."""
    mine = update(undos).where(undos.c.id == id, undos.c.leased_by == who)
    values = {"done": done, "total": total, "leased_until": now + LEASE}
    return connection.execute(mine.values(values)).rowcount > 0


def let_go(connection: Connection, id: str, who: str) -> None:
    """Leave it to another at once."""
    mine = update(undos).where(undos.c.id == id, undos.c.leased_by == who)
    connection.execute(mine.values(leased_by=None, leased_until=None))


def end(
    connection: Connection, id: str, who: str, state: str, result: dict[str, Any], now: int
) -> None:
    """Keep what came of it, unless another has it by now."""
    values = {
        "state": state,
        "result": msgspec.json.encode(result).decode(),
        "done": result.get("rows", 0),
        "total": result.get("rows"),
        "ended_at": now,
        "leased_until": None,
    }
    mine = update(undos).where(undos.c.id == id, undos.c.leased_by == who)
    connection.execute(mine.values(values))


def read(connection: Connection, id: str) -> dict[str, Any] | None:
    row = connection.execute(select(undos).where(undos.c.id == id)).mappings().first()
    if row is None:
        return None
    return {**row, "result": msgspec.json.decode(row["result"])}
