"""Failed sign-ins are counted for ever longer waits, by account and by address, across restarts;
so are codes that are mailed, by where they go.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from infra.database import Database
from infra.keys import DAY

SHORTEST, LONGEST = 5, 900
"""Seconds of the first wait, and of the longest one."""
FORGOTTEN = DAY
SECOND = 1_000_000

metadata = MetaData()

attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("failures", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("blocked_until", BigInteger, nullable=False),
)


class Subject(NamedTuple):
    """What failures are counted of; so many are `free` of any wait. The first wait is the shortest,
    and none is longer than the longest, in seconds.
    """

    name: str
    free: int
    shortest: int = SHORTEST
    longest: int = LONGEST


def of_account(account: str) -> Subject:
    return Subject(f"account:{account}", 5)


def of_address(address: str) -> Subject:
    return Subject(f"address:{address}", 20)


class Attempts:
    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, subjects: Sequence[Subject]) -> int:
        """Seconds to wait, or 0: then the attempt counts as failed until `succeeded` says else.

        It is counted beforehand, so that many attempts at once are not as good as one.
        """
        with self.database.write() as connection:
            now = self.database.now(connection)
            rows = [self._row(connection, one, now) for one in sorted(subjects)]
            wait: int = max(row.blocked_until for row in rows) - now
            if wait > 0:
                return -(-wait // SECOND)
            for subject, row in zip(sorted(subjects), rows, strict=True):
                self._count(connection, subject, row, now)
        return 0

    def succeeded(self, account: Subject, address: Subject | None = None) -> None:
        """Forget the account's failures; of the address only this attempt was none."""
        with self.database.write() as connection:
            connection.execute(delete(attempts).where(attempts.c.subject == account.name))
            if address is not None:
                mine = update(attempts).where(
                    attempts.c.subject == address.name, attempts.c.failures > 0
                )
                less = {"failures": attempts.c.failures - 1, "blocked_until": 0}
                connection.execute(mine.values(less))

    def forget(self) -> None:
        """Drop what is too old to count."""
        with self.database.write() as connection:
            long_ago = self.database.now(connection) - FORGOTTEN
            connection.execute(delete(attempts).where(attempts.c.last_at < long_ago))

    def _row(self, connection: Connection, subject: Subject, now: int) -> Any:
        """Its row, locked against others who count."""
        insert = (sqlite if self.database.sqlite else postgresql).insert(attempts)
        fresh = {"failures": 0, "last_at": now, "blocked_until": 0}
        connection.execute(
            insert.values(subject=subject.name, **fresh).on_conflict_do_nothing(
                index_elements=[attempts.c.subject]
            )
        )
        query = select(attempts).where(attempts.c.subject == subject.name)
        return connection.execute(query.with_for_update()).one()

    def _count(self, connection: Connection, subject: Subject, row: Any, now: int) -> None:
        failures = 1 if row.last_at < now - FORGOTTEN else row.failures + 1
        over = failures - subject.free
        wait = 0 if over < 0 else min(subject.shortest * 2 ** min(over, 20), subject.longest)
        values = {"failures": failures, "last_at": now, "blocked_until": now + wait * SECOND}
        mine = update(attempts).where(attempts.c.subject == subject.name)
        connection.execute(mine.values(values))
