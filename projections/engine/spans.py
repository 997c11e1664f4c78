"""Spans: from when to when each stream of a view lasts, so that an index finds those that do.

Like rollups they are taken of complete blocks of positions. Of what came later the ledger tells.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from infra import bulk
from projections.engine import SPANS, View, generations, parking, progress, rollups
from projections.engine.reading import AsOf, until

NEVER = 2**62
"""The end of what has not ended; a number, so that one index has all that ended after a moment."""


@lru_cache(maxsize=64)
def table(view: View, generation: int) -> Table:
    name = f"{view.name}_{generation}{SPANS}"
    numbers = "first_position", "first_at", "last_position", "last_at"
    columns = [Column(one, BigInteger, nullable=False) for one in numbers]
    key = [Column(one, Text, primary_key=True) for one in ("stream", "log")]
    made = Table(name, MetaData(), *key, *columns)
    for one in ("last_position", "last_at"):
        Index(f"{name}_{one}", made.c[one])
    return made


def extend(connection: Connection, view: View, number: int, log: str) -> bool:
    """Take those of the next block, if there is one; raises where another worker has done so."""
    block = rollups.next_block(connection, view, number, log, SPANS)
    if block is None:
        return False
    row = {"view": f"{view.name}{SPANS}", "generation": number, "log": log, "block": block}
    connection.execute(progress.rolled_up.insert().values(row))
    ledger, size = view.tables(number).ledger.c, rollups.BLOCK
    inside = ledger.position > block * size, ledger.position <= (block + 1) * size
    _take(connection, view, number, ledger.log == log, *inside)
    return True


def complement(
    connection: Connection, view: View, number: int, log: str, positions: Iterable[int]
) -> None:
    """Take what was parked when its block was taken."""
    edge = dict(_edges(connection, view, number)).get(log, 0)
    ledger = view.tables(number).ledger.c
    for few in parking.portions(sorted(one for one in positions if one <= edge)):
        _take(connection, view, number, ledger.log == log, ledger.position.in_(few))


def lasting(connection: Connection, view: View, as_of: AsOf) -> Select[Any]:
    """The log and stream, once, of each that had begun by then, but not ended; and of some that
    had ended, where it was told once that they had not.
    """
    assert view.lasts is not None
    number = generations.generation(connection, view.name)
    ledger, span = view.tables(number).ledger, table(view, number).c
    begun = view.lasts.begins(ledger), *until(ledger, as_of)
    on = view.lasts.goes_on(ledger), *until(ledger, as_of)
    later = [
        [ledger.c.log == log, ledger.c.position > edge]
        for log, edge in _edges(connection, view, number)
    ]
    parts = [select(span.log, span.stream).where(*_lasts(span, as_of))]
    # Of logs that were not heard from, all that there is.
    parts += [select(ledger.c.log, ledger.c.stream).where(*at, *begun) for at in later or [[]]]
    # What was taken as ended, and goes on by what came later.
    known = select(span.stream).where(_same(span, ledger.c), *_lasts(span, as_of)).exists()
    ended = select(span.stream).where(_same(span, ledger.c)).exists()
    for at in later:
        query = select(ledger.c.log, ledger.c.stream).where(*at, *on, ended, ~known)
        parts.append(query.distinct())
    return select(union_all(*parts).subquery())


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.stream == other.stream, one.log == other.log)


def _lasts(span: Any, as_of: AsOf) -> Iterator[ColumnElement[bool]]:
    if as_of.now:
        yield span.last_position == NEVER
        return
    after = []
    if as_of.position is not None:
        yield span.first_position <= as_of.position
        after.append(span.last_position > as_of.position)
    if as_of.occurred_at is not None:
        yield span.first_at <= as_of.occurred_at
        after.append(span.last_at > as_of.occurred_at)
    yield or_(*after)


def _edges(connection: Connection, view: View, number: int) -> list[tuple[str, int]]:
    """Of each log that was heard from, the position up to which its spans are taken."""
    heard, done = progress.positions.c, progress.rolled_up.c
    mine = done.view == f"{view.name}{SPANS}", done.generation == number, done.log == heard.log
    last = select(func.max(done.block)).where(*mine).scalar_subquery()
    logs = select(heard.log, last).where(heard.view == view.name, heard.generation == number)
    rows = connection.execute(logs.distinct())
    return [(log, 0 if block is None else (block + 1) * rollups.BLOCK) for log, block in rows]


def _take(connection: Connection, view: View, number: int, *where: ColumnElement[bool]) -> None:
    assert view.lasts is not None
    ledger, spans = view.tables(number).ledger, table(view, number)
    first, never = (ledger.c.position, ledger.c.occurred_at), literal(NEVER, BigInteger)
    begun = select(ledger.c.stream, ledger.c.log, *first, never, never)
    begun = begun.where(*where, view.lasts.begins(ledger))
    taken = bulk.dialect_insert(connection, spans).from_select(list(spans.c.keys()), begun)
    connection.execute(taken.on_conflict_do_nothing())
    same = _same(spans.c, ledger.c)
    ended = update(spans).values(last_position=first[0], last_at=first[1])
    connection.execute(ended.where(same, *where, view.lasts.ends(ledger)))
    # Such mistakes are few: what went on once is taken to last, and its rows say whether it does.
    on = update(spans).values(last_position=NEVER, last_at=NEVER)
    further = ledger.alias("further")
    goes_on = select(further.c.stream).where(
        _same(further.c, ledger.c), view.lasts.goes_on(further)
    )
    ends = or_(view.lasts.ends(ledger), view.lasts.goes_on(ledger))
    connection.execute(on.where(same, *where, ends, goes_on.exists()))
