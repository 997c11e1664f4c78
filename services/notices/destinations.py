"""Where notices are sent besides the inbox: mail addresses, webhooks and robots of chats.

They are no events: addresses tell of persons, and webhooks have secrets.
"""

import base64
import secrets
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Table, Text, select, update

from infra.clock import iso, new_id
from projections.engine.parking import portions
from services.notices.inbox import metadata

Channel = Literal["mail", "webhook", "wecom", "dingtalk", "feishu"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
PREFIX = "whsec_"

destinations = Table(
    "notice_destinations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("paused_until", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    Column("replayed_to", BigInteger),
    Column("replay_until", BigInteger),
    Index("notice_destinations_account", "account"),
)
"""`failures` are those in a row, `paused_until` is when it is tried again after them. What lies
between `replayed_to` and `replay_until` is still to be sent once more. The `secret` of a mail
address is the code that confirms it, until somebody has given it."""


class Destination(NamedTuple):
    id: str
    account: str
    channel: Channel
    address: str
    secret: str
    created_at: int
    ended_at: int | None = None
    failures: int = 0
    paused_until: int = 0
    error: str = ""
    replayed_to: int | None = None
    replay_until: int | None = None

    @property
    def confirmed(self) -> bool:
        """Whether it is sent to: of a mail address, whether its reader has given the code."""
        return self.channel != "mail" or not self.secret


COLUMNS = [destinations.c[name] for name in Destination._fields]


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def make(
    connection: Connection, account: str, channel: Channel, address: str, secret: str, now: int
) -> Destination:
    made = Destination(str(new_id()), account, channel, address, secret, now)
    connection.execute(destinations.insert().values(**made._asdict()))
    return made


def of(connection: Connection, id: str, *, hold: bool = False) -> Destination | None:
    """One that has not ended; with `hold` nobody else changes it until the transaction ends."""
    query = select(*COLUMNS).where(destinations.c.id == id, destinations.c.ended_at.is_(None))
    if hold:
        query = query.with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else Destination(*row)


def owners(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The account of each that there is, or was before it ended."""
    query = select(destinations.c.id, destinations.c.account)
    found = (connection.execute(query.where(destinations.c.id.in_(few))) for few in portions(ids))
    return {row.id: row.account for rows in found for row in rows}


def those_of(connection: Connection, account: str | None = None) -> Sequence[Destination]:
    """Those of an account, or of all, that have not ended."""
    query = select(*COLUMNS).where(destinations.c.ended_at.is_(None))
    if account is not None:
        query = query.where(destinations.c.account == account)
    order = destinations.c.created_at, destinations.c.id
    return [Destination(*row) for row in connection.execute(query.order_by(*order))]


def replaying(connection: Connection) -> Sequence[Destination]:
    """Those to which something is still to be sent once more."""
    return [one for one in those_of(connection) if one.replayed_to is not None]


def change(connection: Connection, id: str, **values: Any) -> None:
    connection.execute(update(destinations).where(destinations.c.id == id).values(**values))


def end(connection: Connection, id: str, now: int) -> None:
    change(connection, id, ended_at=now, secret="")


def shown(one: Destination) -> dict[str, Any]:
    """Without its secret; the address of a robot is one, but for where it leads."""
    address = one.address
    if one.channel not in ("mail", "webhook"):
        address = f"{address.partition('?')[0].rpartition('/')[0]}/…"
    return {
        "id": one.id,
        "channel": one.channel,
        "address": address,
        "confirmed": one.confirmed,
        "created_at": iso(one.created_at),
        "failures": one.failures,
        "paused_until": iso(one.paused_until) if one.failures else None,
        "error": one.error or None,
    }
