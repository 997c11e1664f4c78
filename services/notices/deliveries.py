"""What is still to be sent, and what was: written with the position of the notifier."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Select,
    Table,
    Text,
    func,
    or_,
    select,
    tuple_,
    update,
)

from infra import bulk
from infra.clock import iso
from projections.engine.parking import portions
from services.notices.destinations import Destination, destinations
from services.notices.inbox import metadata

State = Literal["waiting", "sent", "parked", "withheld"]
KEYS = uuid5(NAMESPACE_OID, "distributary.notices")

deliveries = Table(
    "notice_deliveries",
    metadata,
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("subscription", Text, primary_key=True),
    Column("destination", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("message", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("told_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Index("notice_deliveries_due", "state", "destination", "due"),
)
"""`message` is the id under which it is sent, however often; that of a digest is given when it is
due. What the account may see no longer when it is due is `withheld`."""


class NoticeDelivery(NamedTuple):
    log: str
    position: int
    source: str
    account: str
    subscription: str
    destination: str
    stream: str
    type: str
    language: str
    digest: bool
    message: str
    due: int
    state: State
    tries: int
    error: str
    told_at: int
    sent_at: int | None = None

    @property
    def key(self) -> tuple[str, int, str, str, str, str]:
        return self[:6]


COLUMNS = [deliveries.c[name] for name in NoticeDelivery._fields]
KEY = tuple_(*COLUMNS[:6])
MOST_TOGETHER = 100
"""Notices of one message."""


def message_id(key: Sequence[Any]) -> str:
    """The same for ever: whoever got it before knows that it is no other."""
    return str(uuid5(KEYS, ":".join(map(str, key))))


def add(connection: Connection, rows: Iterable[NoticeDelivery]) -> None:
    """What is there already stays as it is."""
    if found := [row._asdict() for row in rows]:
        statement = bulk.dialect_insert(connection, deliveries).on_conflict_do_nothing()
        connection.execute(statement, found)


def again(connection: Connection, rows: Iterable[NoticeDelivery]) -> None:
    """Send these, be it once more, under their ids."""
    if found := [row._asdict() for row in rows]:
        insert = bulk.dialect_insert(connection, deliveries)
        anew = {name: insert.excluded[name] for name in ("due", "message", "digest")}
        changed = {**anew, "state": "waiting", "tries": 0, "error": ""}
        key = [column.name for column in COLUMNS[:6]]
        connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), found)


def busy(connection: Connection, now: int) -> list[str]:
    """The destinations that something is due for; not those that are paused or not confirmed."""
    column = deliveries.c
    query = (
        select(column.destination)
        .distinct()
        .outerjoin(destinations, destinations.c.id == column.destination)
        .where(
            column.state == "waiting",
            column.due <= now,
            func.coalesce(destinations.c.paused_until, 0) <= now,
            or_(func.coalesce(destinations.c.channel, "") != "mail", destinations.c.secret == ""),
        )
    )
    return list(connection.execute(query).scalars())


def due(
    connection: Connection, destination: str, now: int, limit: int
) -> list[list[NoticeDelivery]]:
    """Message by message, in the order in which they were due."""
    column, mine = deliveries.c, _due(destination, now)
    order = func.min(column.due), func.min(column.position), column.message
    query = select(column.message).where(*mine).group_by(column.message)
    found = connection.execute(query.order_by(*order).limit(limit)).scalars()
    messages: dict[str, list[NoticeDelivery]] = {one: [] for one in found}
    rows = select(*COLUMNS).where(*mine, column.message.in_(messages)).order_by(*COLUMNS[:6])
    for row in (NoticeDelivery(*each) for each in connection.execute(rows)):
        messages[row.message].append(row)
    return list(messages.values())


def gather(connection: Connection, destination: str, now: int) -> None:
    """Make messages of what is due for a destination and waited for its digest.

    A message is of these for ever: what comes meanwhile goes into another, under another id.
    """
    column = deliveries.c
    mine = *_due(destination, now), column.digest, column.message == ""
    query = select(*COLUMNS[:6]).where(*mine).order_by(*COLUMNS[:6]).limit(MOST_TOGETHER)
    while rows := connection.execute(query).all():
        together = KEY.in_([tuple(row) for row in rows])
        values = {"message": message_id(["digest", *rows[0]])}
        connection.execute(update(deliveries).where(together).values(**values))


def park_others(
    connection: Connection, destination: str, account: str | None, now: int, error: str
) -> None:
    """Park what is due for a destination and is of another account than that, or of any."""
    mine = _due(destination, now)
    if account is not None:
        mine.append(deliveries.c.account != account)
    connection.execute(update(deliveries).where(*mine).values(state="parked", error=error))


def settle(
    connection: Connection, rows: Iterable[NoticeDelivery], state: State, now: int, error: str = ""
) -> None:
    values = {"state": state, "sent_at": now if state == "sent" else None, "error": error}
    _change(connection, rows, **values)


def postpone(connection: Connection, rows: Iterable[NoticeDelivery], due: int, error: str) -> None:
    _change(connection, rows, due=due, error=error, tries=deliveries.c.tries + 1)


def _change(connection: Connection, rows: Iterable[NoticeDelivery], **values: Any) -> None:
    for few in portions([row.key for row in rows]):
        connection.execute(update(deliveries).where(KEY.in_(few)).values(**values))


def listed(
    connection: Connection, log: str, states: Sequence[State], destination: str | None, limit: int
) -> list[NoticeDelivery]:
    """The oldest first."""
    query = _those(log, states, destination).order_by(deliveries.c.told_at, *COLUMNS[:6])
    return [NoticeDelivery(*row) for row in connection.execute(query.limit(limit))]


def latest(
    connection: Connection, log: str, states: Sequence[State], to: Destination, limit: int
) -> list[NoticeDelivery]:
    """Those of a destination and of its own account, the newest first."""
    query = _those(log, states, to.id).where(deliveries.c.account == to.account)
    query = query.order_by(deliveries.c.position.desc())
    return [NoticeDelivery(*row) for row in connection.execute(query.limit(limit))]


def _those(log: str, states: Sequence[State], destination: str | None) -> Select[Any]:
    """In these states, of a destination where one is named."""
    query = select(*COLUMNS).where(deliveries.c.log == log, deliveries.c.state.in_(states))
    return query if destination is None else query.where(deliveries.c.destination == destination)


def retry(connection: Connection, log: str, destination: str | None, now: int) -> int:
    """Let what is parked be sent again from now on, and pause nothing; answers how many."""
    mine = [deliveries.c.log == log, deliveries.c.state == "parked"]
    lifted = update(destinations).values(paused_until=0)
    if destination is not None:
        mine.append(deliveries.c.destination == destination)
        lifted = lifted.where(destinations.c.id == destination)
    connection.execute(lifted)
    values = {"state": "waiting", "due": now, "tries": 0, "error": ""}
    return connection.execute(update(deliveries).where(*mine).values(**values)).rowcount


def prune(connection: Connection, log: str, before: int) -> None:
    """Forget what was told before an instant and is settled."""
    column = deliveries.c
    settled = column.state.in_(("sent", "withheld"))
    mine = column.log == log, column.told_at < before, settled
    connection.execute(deliveries.delete().where(*mine))


def counts(connection: Connection, log: str) -> dict[str, int]:
    """How many there are in each state that somebody has to know of."""
    query = select(deliveries.c.state, func.count()).where(
        deliveries.c.log == log, deliveries.c.state.in_(("waiting", "parked"))
    )
    found = {row[0]: row[1] for row in connection.execute(query.group_by(deliveries.c.state))}
    return {"waiting": found.get("waiting", 0), "parked": found.get("parked", 0)}


def shown(row: NoticeDelivery) -> dict[str, Any]:
    """As people and programs see it."""
    return {
        "position": row.position,
        "account": row.account,
        "subscription": row.subscription,
        "destination": row.destination,
        "about": row.stream,
        "type": row.type,
        "state": row.state,
        "due": iso(row.due),
        "tries": row.tries,
        "message": row.message or None,
        "error": row.error or None,
        "told_at": iso(row.told_at),
        "sent_at": None if row.sent_at is None else iso(row.sent_at),
    }


def _due(destination: str, now: int) -> list[ColumnElement[bool]]:
    column = deliveries.c
    return [column.destination == destination, column.state == "waiting", column.due <= now]
