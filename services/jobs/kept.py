"""What was asked for, how far it is and what came of it."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    Table,
    Text,
    and_,
    case,
    func,
    or_,
    select,
    update,
)

from infra.bulk import dialect_insert
from services.jobs.leases import RUNNING, WAITING, Leases

JobKind = Literal["what-if", "rebuild", "integrity"]
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
WHOLE = 1_000
"""How much is done and is to be done is told in thousandths."""
KEPT = 90 * 86_400_000_000
"""Microseconds for which what has ended is kept."""

metadata = MetaData()

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("result", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("leased_by", Text),
    Column("leased_until", BigInteger),
)
"""Of those of a kind that are about the same thing one goes on at a time."""

GOING_ON = jobs.c.state.in_([WAITING, RUNNING])
Index(
    "jobs_going_on",
    jobs.c.kind,
    jobs.c.about,
    unique=True,
    sqlite_where=GOING_ON,
    postgresql_where=GOING_ON,
)
leases = Leases(jobs)


class KeptJob(NamedTuple):
    id: str
    kind: JobKind
    about: str
    actor: str
    asked: dict[str, Any]
    state: str
    done: int
    total: int | None
    result: dict[str, Any]
    asked_at: int
    ended_at: int | None


COLUMNS = [jobs.c[name] for name in KeptJob._fields]
TRIED = and_(jobs.c.kind == "what-if", jobs.c.state == DONE)
LISTED = [
    case((TRIED, "{}"), else_=one).label(one.name) if one is jobs.c.result else one
    for one in COLUMNS
]
"""Without what was tried, which is large: it is read of one job."""


def of_kinds(kinds: Sequence[str]) -> Leases:
    """For whoever works on jobs of these kinds alone."""
    return Leases(jobs, jobs.c.kind.in_(kinds))


def begin(connection: Connection, id: str, asked: "JobAsked", now: int) -> KeptJob:
    """Keep what is asked; what goes on already of the same thing is answered instead."""
    connection.execute(jobs.delete().where(jobs.c.ended_at < now - KEPT))
    values = {
        "kind": asked.kind,
        "about": asked.about or id,
        "actor": asked.actor,
        "asked": msgspec.json.encode(asked.body).decode(),
        "state": WAITING,
        "done": 0,
        "result": "{}",
        "asked_at": now,
    }
    statement = dialect_insert(connection, jobs).values(id=id, **values)
    connection.execute(statement.on_conflict_do_nothing())
    same = and_(jobs.c.kind == asked.kind, jobs.c.about == values["about"], GOING_ON)
    found = _jobs(connection, same)
    assert found, "it was kept, or another was there"
    return found[0]


class JobAsked(NamedTuple):
    """`about` names what one job of the kind goes on with at a time; nothing, where it is alone."""

    kind: JobKind
    actor: str
    body: dict[str, Any]
    about: str = ""


def read(connection: Connection, id: str) -> KeptJob | None:
    return next(iter(_jobs(connection, jobs.c.id == id)), None)


def latest(
    connection: Connection, kinds: Sequence[str], actor: str, all_of: Sequence[str], limit: int
) -> list[KeptJob]:
    """The newest first: the actor's own, and everybody's of the kinds `all_of`."""
    mine = or_(jobs.c.actor == actor, jobs.c.kind.in_(all_of))
    return _jobs(connection, and_(jobs.c.kind.in_(kinds), mine), LISTED, limit)


def going_on(connection: Connection, actor: str) -> int:
    """How many of the actor's have not ended."""
    mine = select(func.count()).select_from(jobs).where(jobs.c.actor == actor, GOING_ON)
    return int(connection.execute(mine).scalar_one())


def cancel(connection: Connection, id: str, now: int) -> None:
    """Whoever works on it finds that it is his no longer."""
    values = {"state": CANCELLED, "ended_at": now, "leased_by": None, "leased_until": None}
    connection.execute(update(jobs).where(jobs.c.id == id, GOING_ON).values(values))


def end(
    connection: Connection, id: str, who: str, state: str, result: dict[str, Any], now: int
) -> None:
    """Keep what came of it, unless it was cancelled or another has it by now."""
    values = {
        "state": state,
        "result": msgspec.json.encode(result).decode(),
        "ended_at": now,
        "leased_until": None,
    }
    if state == DONE:
        values |= {"done": WHOLE, "total": WHOLE}
    leases.write(connection, id, who, values)


def _jobs(
    connection: Connection,
    which: ColumnElement[bool],
    columns: Sequence[ColumnElement[Any]] = COLUMNS,
    limit: int = 100,
) -> list[KeptJob]:
    query = select(*columns).where(which).order_by(jobs.c.asked_at.desc(), jobs.c.id.desc())
    found = (KeptJob(*row) for row in connection.execute(query.limit(limit)))
    return [
        one._replace(
            asked=msgspec.json.decode(str(one.asked)), result=msgspec.json.decode(str(one.result))
        )
        for one in found
    ]
