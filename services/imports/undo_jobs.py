"""Undoing an import is a job: kept, so that it is followed, and goes on after a restart."""

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Table,
    Text,
    select,
)

from infra.bulk import dialect_insert
from services.imports.kept import metadata
from services.jobs.leases import WAITING, Leases

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
leases = Leases(undos)


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


def claim(connection: Connection, who: str, now: int) -> UndoJob | None:
    """Take the lease of the oldest one that nobody works on."""
    found = leases.claim(connection, who, now)
    return None if found is None else UndoJob(found.id, found.actor, found.partial)


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
    leases.write(connection, id, who, values)


def read(connection: Connection, id: str) -> dict[str, Any] | None:
    row = connection.execute(select(undos).where(undos.c.id == id)).mappings().first()
    if row is None:
        return None
    return {**row, "result": msgspec.json.decode(row["result"])}
