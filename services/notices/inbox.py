"""The inbox of each account: what it was told of, and what of it was read."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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
    or_,
    select,
    tuple_,
    update,
)

from infra import bulk
from projections.engine.parking import portions

metadata = MetaData()

notices = Table(
    "notices",
    metadata,
    Column("log", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    Column("notice", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("told_at", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Index("notices_account", "log", "account", "position"),
)
"""`position` is that of the event. `source` is empty, or names what came of the event that the
account is told of. `notice` is the subscription by which it was told first."""
COLUMNS = tuple(notices.columns)
MOST_COUNTED = 1_000
"""Unread notices that are counted; beyond, there are more."""


class InboxRow(NamedTuple):
    log: str
    account: str
    position: int
    source: str
    notice: str
    stream: str
    type: str
    told_at: int
    read_at: int | None = None

    @property
    def id(self) -> str:
        return f"{self.position}:{self.source}" if self.source else str(self.position)


Place = tuple[int, int, str]
"""Where a notice stands in the inbox: whether it was read, its position and its source."""
BEGINNING: Place = (0, 2**62, "")


def place(row: InboxRow) -> Place:
    return int(row.read_at is not None), row.position, row.source


def add(connection: Connection, rows: Iterable[InboxRow]) -> None:
    """Tell; whoever was told of an event before is not told again."""
    if found := [row._asdict() for row in rows]:
        statement = bulk.dialect_insert(connection, notices).on_conflict_do_nothing()
        connection.execute(statement, found)


def page(
    connection: Connection, log: str, account: str, after: Place, limit: int, *, unread: bool
) -> list[InboxRow]:
    """Those behind a place: unread ones first, and of each the latest first."""
    was_read, position, source = after
    column, found = notices.c, list[InboxRow]()
    behind = or_(
        column.position < position, and_(column.position == position, column.source > source)
    )
    if not was_read:
        found += _rows(connection, log, account, [column.read_at.is_(None), behind], limit)
    if not unread and len(found) < limit:
        rest = [column.read_at.is_not(None), *([behind] if was_read else [])]
        found += _rows(connection, log, account, rest, limit - len(found))
    return found


def _rows(
    connection: Connection,
    log: str,
    account: str,
    where: Sequence[ColumnElement[bool]],
    limit: int,
) -> list[InboxRow]:
    query = select(*COLUMNS).where(*_of(log, account), *where)
    query = query.order_by(notices.c.position.desc(), notices.c.source).limit(limit)
    return [InboxRow(*row) for row in connection.execute(query)]


def mark(
    connection: Connection, log: str, account: str, ids: Sequence[str] | None, at: int | None
) -> int:
    """Mark some, or all, as read at an instant, or as unread; answers how many changed."""
    column = notices.c
    other = column.read_at.is_(None) if at is not None else column.read_at.is_not(None)
    mine = *_of(log, account), other
    key = tuple_(column.position, column.source)
    few = [()] if ids is None else [(key.in_(some),) for some in portions(list(map(_key, ids)))]
    statement = update(notices).values(read_at=at)
    return sum(connection.execute(statement.where(*mine, *each)).rowcount for each in few)


def prune(connection: Connection, log: str, before: int) -> None:
    """Forget what was told before an instant and was read."""
    old = notices.c.log == log, notices.c.told_at < before, notices.c.read_at.is_not(None)
    connection.execute(notices.delete().where(*old))


def _key(id: str) -> tuple[int, str]:
    position, _, source = id.partition(":")
    return int(position), source


def _of(log: str, account: str) -> tuple[Any, Any]:
    return notices.c.log == log, notices.c.account == account
