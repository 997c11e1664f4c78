"""API keys: shown once, kept as digests, and dead within seconds of their end or revocation."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    or_,
    select,
    update,
)

from infra.database import Database

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
PREFIX = "dk_"
CALENDAR = "dc_"
"""Begins a secret that is no key to be sent: it stands in the address of a calendar."""
OWN_CALENDAR = ("calendar:own",)
"""What such a secret is good for; no grant is written so."""
DAY = 86_400_000_000
"""Microseconds."""
USED_EVERY = 60_000_000
"""Microseconds that the last use of a key may be older than what is written of it."""

metadata = MetaData()

api_keys = Table(
    "api_keys",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("id", Text),
    Column("label", Text),
    Column("scopes", Text),
    Column("ends_at", BigInteger),
    Column("last_used_at", BigInteger),
)
"""`name` is the account's; `scopes`, a JSON array, narrow what the account may do."""
Index("api_keys_id", api_keys.c.id, unique=True)


class BadName(Exception):
    """An account's name is the actor on every event, so it is short and plain."""


class ApiKey(NamedTuple):
    """What is known of a key, except the key itself."""

    id: str
    name: str
    created_at: int
    revoked_at: int | None
    label: str | None
    scopes: tuple[str, ...] | None
    ends_at: int | None
    last_used_at: int | None

    def lives(self, now: int) -> bool:
        return self.revoked_at is None and (self.ends_at is None or now < self.ends_at)


COLUMNS = [api_keys.c[name] for name in ApiKey._fields]


class Keys:
    """Keys of one database. An account may have several, so that one can be replaced."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def new(
        self,
        name: str,
        *,
        label: str | None = None,
        days: int | None = None,
        scopes: Sequence[str] | None = None,
        prefix: str = PREFIX,
    ) -> str:
        """Make a key; nobody can ever read it again. Without `days` it has no end."""
        if not NAME.fullmatch(name):
            raise BadName(f"{name!r} is no name for a key: use 1 to 64 letters, digits, . _ @ -")
        key = prefix + secrets.token_urlsafe(32)
        with self.database.write() as connection:
            now = self.database.now(connection)
            row = {
                "digest": digest(key),
                "id": id_of(key),
                "name": name,
                "created_at": now,
                "label": label,
                "scopes": None if scopes is None else msgspec.json.encode(scopes).decode(),
                "ends_at": None if days is None else now + days * DAY,
            }
            connection.execute(api_keys.insert().values(row))
        return key

    def revoke(self, name: str) -> int:
        """End every key of an account that is not revoked; answers how many there were."""
        return self._revoke(api_keys.c.name == name)

    def revoke_one(self, id: str) -> bool:
        return self._revoke(api_keys.c.id == id) > 0

    def _revoke(self, which: ColumnElement[bool]) -> int:
        with self.database.write() as connection:
            living = update(api_keys).where(which, api_keys.c.revoked_at.is_(None))
            return connection.execute(
                living.values(revoked_at=self.database.now(connection))
            ).rowcount

    def every(self, name: str | None = None) -> list[ApiKey]:
        """All keys in the order in which they were made, of all accounts or of one."""
        query = select(*COLUMNS).order_by(api_keys.c.created_at, api_keys.c.name, api_keys.c.id)
        if name is not None:
            query = query.where(api_keys.c.name == name)
        with self.database.read() as connection:
            return [_read(row) for row in connection.execute(query).mappings()]

    def one(self, id: str) -> ApiKey | None:
        query = select(*COLUMNS).where(api_keys.c.id == id)
        with self.database.read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _read(row)

    def find(self, key: str) -> ApiKey | None:
        """The key, if it lives."""
        wanted = digest(key)
        query = select(api_keys.c.digest, *COLUMNS).where(api_keys.c.digest == wanted)
        with self.database.read() as connection:
            row = connection.execute(query).mappings().one_or_none()
            if row is None or not hmac.compare_digest(bytes(row["digest"]), wanted):
                return None
            found = _read(row)
            now = 0 if found.ends_at is None else self.database.now(connection)
        return found if found.lives(now) else None

    def used(self, keys: Iterable[str]) -> None:
        """Keep that keys were used, by their ids; at most once a minute for each."""
        ids = list(keys)
        if not ids:
            return
        with self.database.write() as connection:
            now, column = self.database.now(connection), api_keys.c
            long_ago = or_(column.last_used_at.is_(None), column.last_used_at < now - USED_EVERY)
            mine = update(api_keys).where(column.id.in_(ids), long_ago)
            connection.execute(mine.values(last_used_at=now))


def digest(secret: str) -> bytes:
    """What is kept of a key or a token: who reads it cannot use it."""
    return hashlib.sha256(secret.encode()).digest()


def id_of(key: str) -> str:
    """What a key is called where it must not be shown."""
    return digest(key).hex()[:16]


def _read(row: Mapping[Any, Any]) -> ApiKey:
    values = {name: row[name] for name in ApiKey._fields}
    scopes = values["scopes"]
    if scopes is not None:
        values["scopes"] = msgspec.json.decode(str(scopes), type=tuple[str, ...])
    return ApiKey(**values)
