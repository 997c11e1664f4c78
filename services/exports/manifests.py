"""What each export was of: kept beside it, so that a file can be told from another, and checked."""

from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, delete, select, update

MOST = 10_000
"""So many are kept, the latest ones."""

metadata = MetaData()

exports = Table(
    "exports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("begun_at", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
)


def begin(connection: Connection, content: dict[str, Any], now: int) -> None:
    """Keep what is known at the start, and drop what is too old; ids are in the order of time."""
    row = {"id": content["id"], "begun_at": now, "content": _text(content)}
    connection.execute(exports.insert().values(row))
    newest = select(exports.c.id).order_by(exports.c.id.desc()).offset(MOST).limit(1)
    connection.execute(delete(exports).where(exports.c.id <= newest.scalar_subquery()))


def complete(connection: Connection, content: dict[str, Any]) -> None:
    mine = exports.c.id == content["id"]
    connection.execute(update(exports).where(mine).values(content=_text(content)))


def read(connection: Connection, id: str) -> dict[str, Any] | None:
    query = select(exports.c.content).where(exports.c.id == id)
    found = connection.execute(query).scalar()
    return None if found is None else msgspec.json.decode(found, type=dict[str, Any])


def _text(content: dict[str, Any]) -> str:
    return msgspec.json.encode(content).decode()
