"""Sessions of people who signed in: a token in a cookie, its digest in the database, two ends."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    select,
    update,
)

from infra.clock import new_id
from infra.database import Database
from infra.keys import DAY, digest

PREFIX = "ds_"
KEPT = 30 * DAY
"""Microseconds after its end for which a session can still be looked at."""
SECOND = 1_000_000

metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("id", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("address", Text),
    Column("agent", Text),
)
"""`by` is how it was begun; with `must_change` it is good for nothing but a new password."""
Index("sessions_id", sessions.c.id, unique=True)
Index("sessions_account", sessions.c.account)


class Session(NamedTuple):
    id: str
    account: str
    by: str
    must_change: bool
    created_at: int
    seen_at: int
    ends_at: int
    address: str | None
    agent: str | None


COLUMNS = [sessions.c[name] for name in Session._fields]


class Sessions:
    """Sessions of one database; `idle` and `life` are in seconds."""

    def __init__(self, database: Database, idle: int, life: int) -> None:
        self.database = database
        self.idle = idle
        self.life = life

    def begin(
        self,
        account: str,
        by: str,
        *,
        must_change: bool = False,
        address: str | None = None,
        agent: str | None = None,
    ) -> tuple[str, Session]:
        """A new session and its token, which nobody can ever read again."""
        token = PREFIX + secrets.token_urlsafe(32)
        with self.database.write() as connection:
            now = self.database.now(connection)
            ends = now + self.life * SECOND
            made = Session(
                new_id(), account, by, must_change, now, now, ends, address, agent and agent[:200]
            )
            connection.execute(sessions.insert().values(digest=digest(token), **made._asdict()))
        return token, made

    def find(self, token: str) -> Session | None:
        """The session of a token, if it lives."""
        wanted = digest(token)
        with self.database.read() as connection:
            lives = self._lives(self.database.now(connection))
            query = select(sessions.c.digest, *COLUMNS).where(sessions.c.digest == wanted, lives)
            row = connection.execute(query).mappings().one_or_none()
        if row is None or not hmac.compare_digest(bytes(row["digest"]), wanted):
            return None
        return _read(row)

    def of(self, account: str) -> list[Session]:
        """The living sessions of an account, the latest first."""
        with self.database.read() as connection:
            lives = self._lives(self.database.now(connection))
            query = select(*COLUMNS).where(sessions.c.account == account, lives)
            rows = connection.execute(query.order_by(sessions.c.id.desc())).mappings()
            return [_read(row) for row in rows]

    def seen(self, ids: Iterable[str]) -> None:
        """Keep that sessions were used: their idle time begins anew."""
        named = list(ids)
        if named:
            with self.database.write() as connection:
                now = self.database.now(connection)
                mine = update(sessions).where(sessions.c.id.in_(named))
                connection.execute(mine.values(seen_at=now))

    def changed(self, id: str) -> None:
        """The password of a session was changed: from now on it is good for all else."""
        with self.database.write() as connection:
            mine = update(sessions).where(sessions.c.id == id)
            connection.execute(mine.values(must_change=False))

    def end(self, account: str, id: str) -> bool:
        """End one session of the account, if it lives."""
        return self._end(sessions.c.account == account, sessions.c.id == id) > 0

    def end_all(self, account: str, but: str | None = None) -> int:
        """End the account's sessions, except the one that is named; answers how many."""
        return self._end(sessions.c.account == account, sessions.c.id != (but or ""))

    def _end(self, *which: ColumnElement[bool]) -> int:
        with self.database.write() as connection:
            now = self.database.now(connection)
            ended = update(sessions).where(*which, self._lives(now)).values(ended_at=now)
            return connection.execute(ended).rowcount

    def forget(self) -> None:
        """Drop sessions that ended long ago."""
        with self.database.write() as connection:
            long_ago = self.database.now(connection) - KEPT
            connection.execute(delete(sessions).where(sessions.c.ends_at < long_ago))

    def _lives(self, now: int) -> ColumnElement[bool]:
        column = sessions.c
        living: ColumnElement[bool] = (
            column.ended_at.is_(None)
            & (column.ends_at > now)
            & (column.seen_at > now - self.idle * SECOND)
        )
        return living


def csrf_token(token: str) -> str:
    """What every change under a session must bring along: it follows from the session's token,
    which no other site can read.
    """
    made = hmac.new(token.encode(), b"csrf", hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def _read(row: Mapping[Any, Any]) -> Session:
    return Session(*(row[name] for name in Session._fields))
