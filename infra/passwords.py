"""Passwords of local users: kept as argon2 hashes, none that is easily guessed."""

import secrets
import unicodedata
from functools import cached_property
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, delete, select, update

from infra.database import Database
from infra.keys import DAY

SHORTEST, LONGEST = 12, 200
GUESSES = 10**8
"""A password that so many guesses find is refused."""
LOOKED_AT = 72
"""Characters that are looked at to see how easily a password is guessed."""
ONE_TIME_LASTS = 3 * DAY

metadata = MetaData()

passwords = Table(
    "passwords",
    metadata,
    Column("account", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger),
    Column("used_at", BigInteger),
)
"""A one-time password has an end, and once it is used nobody signs in with it again."""


class WeakPassword(Exception):
    """It is too short, too long or too easily guessed."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh


class OneTime(NamedTuple):
    password: str
    ends_at: int


class LocalUser(NamedTuple):
    account: str
    set_at: int
    ends_at: int | None
    used_at: int | None


class Passwords:
    """Passwords of one database."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self.database = database
        self.hasher = hasher or PasswordHasher()

    def set(self, account: str, password: str) -> None:
        """Give the account this password; raises `WeakPassword`."""
        check(account, password)
        self._write(account, password, None)

    def one_time(self, account: str) -> OneTime:
        """A new password that is good for one sign-in, and then for nothing but its change."""
        made = secrets.token_urlsafe(15)
        return OneTime(made, self._write(account, made, ONE_TIME_LASTS) or 0)

    def first(self, account: str) -> OneTime | None:
        """A one-time password where nobody has any password yet; of many who ask, one gets it."""
        made = secrets.token_urlsafe(15)
        hashed = self._hashed(made)
        with self.database.write() as connection:
            if not self.database.sqlite:  # on SQLite nobody else writes now
                connection.exec_driver_sql("LOCK TABLE passwords IN EXCLUSIVE MODE")
            if connection.execute(select(passwords.c.account).limit(1)).first():
                return None
            ends = self.database.now(connection) + ONE_TIME_LASTS
            self._put(connection, account, hashed, ends)
        return OneTime(made, ends)

    def verify(self, account: str, password: str) -> "bool | None":
        """Whether it must be changed now, or None where it is not the account's password.

        It takes as long where there is no such account. A one-time password is spent by this.
        """
        right = self._matching(account, password)
        if right is None:
            return None
        if right.ends_at is None:
            return False
        spent = update(passwords).where(
            passwords.c.account == account,
            passwords.c.set_at == right.set_at,
            passwords.c.used_at.is_(None),
        )
        with self.database.write() as connection:
            now = self.database.now(connection)
            fresh = now < right.ends_at
            if not fresh or not connection.execute(spent.values(used_at=now)).rowcount:
                return None
        return True

    def matches(self, account: str, password: str) -> bool:
        """Whether it is the account's password, be it spent or not."""
        return self._matching(account, password) is not None

    def _matching(self, account: str, password: str) -> LocalUser | None:
        found = self._read(account)
        stored, stand_in = found[0] if found else None, self._stand_in
        try:
            self.hasher.verify(stored or stand_in, _normal(password))
        except (Argon2Error, InvalidHashError, UnicodeEncodeError):
            return None
        if found is None or stored is None:
            return None
        if found[1].ends_at is None and self.hasher.check_needs_rehash(stored):
            self._renew(found[1], stored, password)
        return found[1]

    def remove(self, account: str) -> bool:
        """Nobody signs in to the account by a password any more."""
        with self.database.write() as connection:
            gone = delete(passwords).where(passwords.c.account == account)
            return connection.execute(gone).rowcount > 0

    def every(self) -> list[LocalUser]:
        query = select(*(passwords.c[name] for name in LocalUser._fields))
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(passwords.c.account)).all()
        return [LocalUser(*row) for row in rows]

    def _read(self, account: str) -> tuple[str, LocalUser] | None:
        query = select(passwords).where(passwords.c.account == account)
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return row.hash, LocalUser(row.account, row.set_at, row.ends_at, row.used_at)

    def _write(self, account: str, password: str, lasts: int | None) -> int | None:
        hashed = self._hashed(password)
        with self.database.write() as connection:
            ends = None if lasts is None else self.database.now(connection) + lasts
            self._put(connection, account, hashed, ends)
        return ends

    def _put(self, connection: Connection, account: str, hashed: str, ends: int | None) -> None:
        values = {
            "hash": hashed,
            "set_at": self.database.now(connection),
            "ends_at": ends,
            "used_at": None,
        }
        connection.execute(delete(passwords).where(passwords.c.account == account))
        connection.execute(passwords.insert().values(account=account, **values))

    def _renew(self, user: LocalUser, stored: str, password: str) -> None:
        """Keep it under the costs of today."""
        mine = update(passwords).where(
            passwords.c.account == user.account, passwords.c.hash == stored
        )
        hashed = self._hashed(password)
        with self.database.write() as connection:
            connection.execute(mine.values(hash=hashed))

    def _hashed(self, password: str) -> str:
        return self.hasher.hash(_normal(password))

    @cached_property
    def _stand_in(self) -> str:
        """Compared with where there is no password, so that the answer takes as long."""
        return self.hasher.hash(secrets.token_urlsafe(15))


def check(account: str, password: str, old: str | None = None) -> None:
    """Raise `WeakPassword` where it is too short, or where a common guess finds it."""
    from zxcvbn import zxcvbn  # here: its lists of common words take memory

    length = len(password)
    if not SHORTEST <= length <= LONGEST:
        raise WeakPassword(
            "password_length",
            f"The password has {length} characters: take {SHORTEST} to {LONGEST}.",
            f"密码有 {length} 个字符：请使用 {SHORTEST} 至 {LONGEST} 个字符。",
        )
    if any(not character.isprintable() for character in password):
        raise WeakPassword(
            "password_characters",
            "The password holds characters that cannot be typed: take letters, digits and signs.",
            "密码含有无法输入的字符：请使用字母、数字和符号。",
        )
    if password == old:
        raise WeakPassword(
            "password_same",
            "The new password is the old one: take another.",
            "新密码与旧密码相同：请换一个。",
        )
    if account.lower() in password.lower():
        raise WeakPassword(
            "password_has_name",
            f"The password holds the account's name {account}: take another.",
            f"密码中含有账号名 {account}：请换一个。",
        )
    if zxcvbn(password[:LOOKED_AT], user_inputs=[account, "distributary"])["guesses"] < GUESSES:
        raise WeakPassword(
            "password_common",
            "The password is easily guessed: take a few words that do not belong together.",
            "该密码容易被猜到：请使用几个互不相关的词。",
        )


def _normal(password: str) -> str:
    """The same on every keyboard that writes a letter in another way."""
    return unicodedata.normalize("NFKC", password)
