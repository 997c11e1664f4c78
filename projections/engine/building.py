"""A generation made in bulk: ledgers without indexes, then the database's own sums, indexes last.

PostgreSQL only. What is killed half-way is taken up where it was: a part of the source and the
mark that it is in are one transaction, and so is every step after them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Index, MetaData, Table, delete, exists, select, update
from sqlalchemy.schema import CreateIndex

from infra import bulk
from infra.broker import Partition
from infra.pg_text import quoted
from projections.engine import Projection, View, generations, progress, rollups, sum_sql
from projections.engine.generations import parts
from projections.engine.progress import Checkpoint, CheckpointKey, parked, rolled_up

SWIFT = ("SET LOCAL synchronous_commit=off",)
"""A part, or a step, need not wait for the disk: what is lost in a crash is lost with the mark that
it was done.
"""
LIMITS = (
    "SET LOCAL statement_timeout='2h'",
    "SET LOCAL lock_timeout='1h'",
    "SET LOCAL idle_in_transaction_session_timeout='10min'",
    "SET LOCAL work_mem='256MB'",
    "SET LOCAL maintenance_work_mem='256MB'",
    "SET LOCAL max_parallel_maintenance_workers=0",
    *SWIFT,
)
"""What a step may take: it has all the rows of a view to go through. The other cores have steps of
their own.
"""
ALONE = {"autovacuum_enabled": "off"}
"""Nobody else need tidy up, or count, what is about to grow."""
Step = Callable[[Connection], None]


class BuildPart(NamedTuple):
    """A stretch of a source: positions with `first < position <= last`, or a partition's offsets
    from `first` to before `last`. `reached` is how far it is filled in, `position` what came last.
    """

    source: Partition
    first: int
    last: int
    reached: int
    position: int = 0

    @property
    def done(self) -> bool:
        return self.reached >= self.last


class Build(NamedTuple):
    """A generation that is being made of a view, up to a position of a log."""

    view: View
    generation: int
    log: str
    goal: int


def begun(connection: Connection, view: str, number: int) -> bool:
    """Whether the generation stands somewhere: its parts are in, or it never had any."""
    return bool(progress.stands(connection, view, number))


def planned(connection: Connection, view: str, number: int) -> list[BuildPart]:
    column = parts.c
    names = column.topic, column.partition, column.first, column.last
    mine = column.view == view, column.generation == number
    query = select(*names, column.reached, column.position).where(*mine)
    rows = connection.execute(query.order_by(column.topic, column.partition, column.first))
    return [BuildPart(Partition(row[0], row[1]), *row[2:]) for row in rows]


def plan(connection: Connection, build: Build, wanted: Sequence[BuildPart]) -> None:
    """Note what is to be filled, and make the tables anew without what slows filling down."""
    view, number = build.view, build.generation
    begin(connection, view, number, view.tables(number), wanted)


def begin(
    connection: Connection,
    view: Projection,
    number: int,
    tables: Iterable[Table],
    wanted: Sequence[BuildPart],
) -> None:
    generations.forget(connection, view, number)
    generations.make(connection, view, number)
    for table in tables:
        bare(connection, table)
    bulk.insert(connection, parts, [(view.name, number, *p.source, *p[1:]) for p in wanted])


def bare(connection: Connection, table: Table) -> None:
    """Make a table anew, without keys and indexes."""
    table.drop(connection, checkfirst=True)
    columns = [Column(c.name, c.type, nullable=c.nullable) for c in table.columns]
    Table(table.name, MetaData(), *columns, postgresql_with=ALONE).create(connection)


def take(
    connection: Connection,
    generations: Mapping[str, int],
    part: BuildPart,
    reached: int,
    position: int,
) -> bool:
    """Move on in a part; answers whether it was where `part` says, and moves nothing if not."""
    moved = 0
    for view, number in sorted(generations.items()):
        source = parts.c.topic == part.source.topic, parts.c.partition == part.source.number
        mine = parts.c.view == view, parts.c.generation == number, *source
        here = parts.c.first == part.first, parts.c.reached == part.reached
        left = *mine, *here, parts.c.reached < parts.c.last
        statement = update(parts).where(*left).values(reached=reached, position=position)
        moved += connection.execute(statement).rowcount
    assert moved in {0, len(generations)}, "what is filled together stands together"
    return moved > 0


def sums(build: Build) -> Iterator[Step]:
    """Steps that must follow one another: rollups by block, then totals."""
    ledger, totals, by_block = build.view.tables(build.generation)
    yield key(ledger)
    yield lambda connection: analyze(connection, ledger)
    for block in range(build.goal // rollups.BLOCK):
        yield lambda connection, block=block: _roll_up(connection, build, block)  # type: ignore[misc]
    yield lambda connection: _add_up(connection, build)
    yield from map(key, (by_block, totals))
    yield lambda connection: analyze(connection, totals)


def key(table: Table) -> Step:
    return lambda connection: _index(connection, table, f"{table.name}_pkey", table.primary_key)


def indexes(table: Table) -> Iterator[Step]:
    """Steps that may be taken in any order, beside the sums."""
    for index in sorted(table.indexes, key=_name):
        yield lambda connection, index=index: _execute(  # type: ignore[misc]
            connection, str(CreateIndex(index, if_not_exists=True).compile(connection))
        )


def seal(connection: Connection, place: CheckpointKey, goal: int, tables: Iterable[Table]) -> None:
    """It has all up to the goal and is like any other generation; the parts are forgotten."""
    for table in tables:
        name = f"{table.name}_pkey"
        to_all, by = f"RESET ({','.join(ALONE)})", f"ADD PRIMARY KEY USING INDEX {name}"
        _execute(connection, f"ALTER TABLE {table.name} {to_all}, {by}")
    progress.enter(connection, {place: Checkpoint(goal, 0)})
    mine = parts.c.view == place.view, parts.c.generation == place.generation
    connection.execute(delete(parts).where(*mine))


def _name(index: Index) -> str:
    return str(index.name)


def allow(connection: Connection) -> None:
    """Let the transaction take what a step may take."""
    bulk.run(connection, LIMITS)


def _execute(connection: Connection, *statements: str) -> None:
    bulk.run(connection, [*LIMITS, *statements])


def analyze(connection: Connection, table: Table) -> None:
    _execute(connection, f"ANALYZE {table.name}")


def _index(connection: Connection, table: Table, name: str, columns: Any) -> None:
    names = ",".join(column.name for column in columns)
    _execute(connection, f"CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {table.name} ({names})")


def failed(connection: Connection, build: Build) -> dict[str, set[int]]:
    """The positions that are parked, by their stream."""
    mine = parked.c.view == build.view.name, parked.c.generation == build.generation
    found: dict[str, set[int]] = {}
    query = select(parked.c.stream, parked.c.position).where(*mine)
    for stream, position in connection.execute(query):
        found.setdefault(stream, set()).add(position)
    return found


def take_back(connection: Connection, build: Build) -> None:
    """Take out of the ledger what is parked by now."""
    ledger, mine = build.view.tables(build.generation).ledger.c, parked.c
    behind = mine.view == build.view.name, mine.generation == build.generation
    same = mine.log == ledger.log, mine.position == ledger.position
    connection.execute(delete(ledger.position.table).where(exists().where(*behind, *same)))


def _roll_up(connection: Connection, build: Build, block: int) -> None:
    view, number, size = build.view, build.generation, rollups.BLOCK
    row = {"view": view.name, "generation": number, "log": build.log, "block": block}
    made = bulk.dialect_insert(connection, rolled_up).values(row).on_conflict_do_nothing()
    if not connection.execute(made).rowcount:
        return  # before a kill
    ledger, _, into = view.tables(number)
    inside = f"log={quoted(build.log)} AND position>{block * size}"
    inside += f" AND position<={(block + 1) * size}"
    first = f"{quoted(build.log)}, {block}"
    _execute(connection, sum_sql.MAKE_TOTAL, sum_sql.days(view, ledger, into, first, inside))


def _add_up(connection: Connection, build: Build) -> None:
    """Totals of the rollups, and of what came after the last of them."""
    ledger, into, by_block = build.view.tables(build.generation)
    if connection.execute(select(into).limit(1)).first() is not None:
        return  # before a kill
    edge = build.goal // rollups.BLOCK * rollups.BLOCK
    rest = f"position>{edge}"
    _execute(
        connection, sum_sql.MAKE_TOTAL, sum_sql.totals(build.view, ledger, by_block, into, rest)
    )
