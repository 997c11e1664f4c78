"""Work that a table holds: done by whoever has its lease, and by another when that has run out."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, or_, select, update

from infra.database import Database

WAITING, RUNNING = "waiting", "running"
LEASE = 120_000_000
"""Microseconds after which whoever does not say that it works on is taken for dead."""


class Leases:
    """Those of one table, whose rows have an id, a state and a lease; `asked` says which count."""

    def __init__(self, table: Table, *asked: ColumnElement[bool]) -> None:
        self.table, self.asked = table, asked

    def free(self, connection: Connection, now: int) -> str | None:
        """The oldest one that nobody works on."""
        column = self.table.c
        query = select(column.id).where(self._free(now)).order_by(column.asked_at).limit(1)
        found: str | None = connection.execute(query).scalar()
        return found

    def waiting(self, database: Database) -> bool:
        """Whether there is one that nobody works on; whoever only looks holds nobody up."""
        with database.read() as connection:
            return self.free(connection, database.now(connection)) is not None

    def claim(self, connection: Connection, who: str, now: int) -> Row[Any] | None:
        """Take the lease of the oldest one that nobody works on."""
        oldest = self.free(connection, now)
        if oldest is None:
            return None
        mine = self.table.c.id == oldest
        values = {"leased_by": who, "leased_until": now + LEASE, "state": RUNNING}
        took = update(self.table).where(mine, self._free(now)).values(values)
        if not connection.execute(took).rowcount:
            return None
        return connection.execute(select(self.table).where(mine)).one()

    def _free(self, now: int) -> ColumnElement[bool]:
        column = self.table.c
        unleased = or_(column.leased_until.is_(None), column.leased_until < now)
        return and_(column.state.in_([WAITING, RUNNING]), *self.asked, unleased)

    def go_on(
        self, connection: Connection, id: str, who: str, now: int, done: int, total: int
    ) -> bool:
        """Say how far it is, and keep the lease; False where another has it by now."""
        values = {"done": done, "total": total, "leased_until": now + LEASE}
        return self.write(connection, id, who, values)

    def let_go(self, connection: Connection, id: str, who: str) -> None:
        """Leave it to another at once."""
        self.write(connection, id, who, {"leased_by": None, "leased_until": None})

    def write(self, connection: Connection, id: str, who: str, values: Mapping[str, Any]) -> bool:
        """Only where that one has the lease."""
        column = self.table.c
        mine = update(self.table).where(column.id == id, column.leased_by == who)
        return connection.execute(mine.values(values)).rowcount > 0
