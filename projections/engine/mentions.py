"""What happened with a thing: the index of all events that mention it, of whatever kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    Table,
    Text,
    or_,
    select,
)

from aggregates import Aggregate, DateFlagged
from aggregates.mentions import Mention, mentions
from infra import bulk
from projections.engine import DecodedEvent, Failed, each, generations
from projections.engine.reading import AsOf


@dataclass(frozen=True)
class Mentions:
    """A read model of one row for each thing that an event mentions, itself left out."""

    name: str
    kinds: frozenset[str]
    ordered: ClassVar[bool] = False
    derived: ClassVar[Sequence[str]] = ()

    def __hash__(self) -> int:
        return hash(self.name)

    def table(self, generation: int) -> Table:
        return _table(self.name, generation)

    def every_table(self, generation: int) -> Sequence[Table]:
        return (self.table(generation),)

    def apply(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        failed: list[Failed] = []
        rows = [
            (heard.log, heard.recorded.position, *one, heard.recorded.occurred_at)
            for heard, found in each(batch, _mentioned, failed)
            for one in found
        ]
        bulk.insert(connection, self.table(generation), rows)
        return failed

    def build(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        """Mentions stand in no order: it is as `apply`."""
        return self.apply(connection, generation, batch)

    def complete(self, *_: object) -> None:
        """Its table is as the first build made it."""

    def upkeep(self, *_: object) -> bool:
        return False

    def replayed(self, *_: object) -> None:
        """A mention is never summed up."""

    def forget(self, connection: Connection, generation: int, log: str, stream: str) -> None:
        raise NotImplementedError("mentions stand in no order: nothing is applied anew")

    def shown(self, generation: int) -> Select[Any]:
        return select(self.table(generation))


def _mentioned(heard: DecodedEvent) -> list[Mention]:
    if type(heard.event) is DateFlagged:
        return []
    recorded = heard.recorded
    kind = Aggregate.kinds[recorded.kind]
    return list(mentions(kind, recorded.key, heard.event))


def positions(
    connection: Connection,
    view: Mentions,
    of: Sequence[Mention],
    log: str,
    as_of: AsOf,
    before: int,
    limit: int,
) -> list[int]:
    """Of the events that mention any of these, those before a position, the latest first."""
    column = view.table(generations.generation(connection, view.name)).c
    any_of = or_(*((column.kind == kind) & (column.id == key) for kind, key in of))
    where = [any_of, column.log == log, column.position < before]
    if as_of.position is not None:
        where.append(column.position <= as_of.position)
    if as_of.occurred_at is not None:
        where.append(column.happened <= as_of.occurred_at)
    query = select(column.position).where(*where).distinct()
    return list(connection.execute(query.order_by(column.position.desc()).limit(limit)).scalars())


@lru_cache(maxsize=64)
def _table(name: str, generation: int) -> Table:
    always: dict[str, Any] = {"nullable": False}
    columns = [
        Column("log", Text(), **always),
        Column("position", BigInteger(), autoincrement=False, **always),
        Column("kind", Text(), **always),
        Column("id", Text(), **always),
        Column("happened", BigInteger(), **always),
    ]
    key = PrimaryKeyConstraint("id", "kind", "position", "log")
    table = Table(f"{name}_{generation}_index", MetaData(), *columns, key)
    Index(f"{name}_{generation}_position", table.c.position)
    return table
