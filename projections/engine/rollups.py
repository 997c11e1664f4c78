"""Rollups: the ledger summed by block of positions and business day, so that the past is cheap.

A block is rolled up when the view has every event of it, and its rows never change afterwards; so
neither do its sums. A late event stands in a later block, under the day it happened on. Only what
was parked comes to such a block later: whoever replays it recomputes the rollup.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    func,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import FromClause

from infra import bulk
from projections.engine import View, add, cumulative, day_of, generations, prepared, progress
from projections.engine.cumulative import LAST, BlockRange
from projections.engine.prepared import Statements
from projections.engine.reading import ALL_DAYS, NOW, AsOf, Days, conditions, tables, until

BLOCK = 16_384
NEWEST = Statements()
Sums = dict[tuple[Any, ...], list[int]]
Place = tuple[Connection, View, int, str]


def next_block(
    connection: Connection, view: View, number: int, log: str, what: str = ""
) -> int | None:
    """The first block that is complete and not rolled up, if there is one; with `what`, not
    taken for that.
    """
    column = progress.rolled_up.c
    query = select(func.max(column.block)).where(
        column.view == f"{view.name}{what}", column.generation == number, column.log == log
    )
    last = connection.execute(query).scalar_one()
    block = 0 if last is None else int(last) + 1
    complete = progress.complete(connection, view.source, number, log)
    return block if complete >= (block + 1) * BLOCK else None


def roll_up(connection: Connection, view: View, number: int, log: str, block: int) -> None:
    """Sum a complete block; raises where another worker has done so."""
    row = {"view": view.name, "generation": number, "log": log, "block": block}
    connection.execute(progress.rolled_up.insert().values(row))
    ledger, _, by_block = view.tables(number)
    wanted = [ledger.c.day, *(ledger.c[name] for name in (*view.dimensions, *view.measures))]
    inside = (
        ledger.c.log == log,
        ledger.c.position > block * BLOCK,
        ledger.c.position <= (block + 1) * BLOCK,
    )
    wide = len(view.dimensions)
    sums: Sums = {}
    for day, *change in connection.execute(select(*wanted).where(*inside)):
        for key in view.keys(tuple(change)):
            add(sums, (*key, day), change[wide:])
    rows = [(log, block, *key, *measures) for key, measures in sorted(sums.items())]
    bulk.insert(connection, by_block, rows)


def recompute(
    connection: Connection, view: View, number: int, log: str, positions: Iterable[int]
) -> None:
    """Take the rollups anew of those blocks that got rows at these positions."""
    column, rollups = progress.rolled_up.c, view.tables(number).rollups
    for block in sorted({(position - 1) // BLOCK for position in positions}):
        mine = column.view == view.name, column.generation == number, column.log == log
        gone = connection.execute(delete(progress.rolled_up).where(*mine, column.block == block))
        if gone.rowcount:
            inside = rollups.c.log == log, rollups.c.block == block
            before = _sums(connection, view, rollups, inside)
            connection.execute(delete(rollups).where(*inside))
            roll_up(connection, view, number, log, block)
            changed = _less(_sums(connection, view, rollups, inside), before)
            cumulative.adjust_after(connection, view, number, log, block, changed)


def _sums(connection: Connection, view: View, rollups: Table, inside: Sequence[Any]) -> Sums:
    wide = len(rollups.columns) - len(view.measures)
    rows = connection.execute(select(rollups).where(*inside))
    return {tuple(row[2:wide]): list(row[wide:]) for row in rows}


def _less(now: Sums, before: Sums) -> Sums:
    nothing = [0] * len(next(iter(now.values()), []))
    by_key = {
        key: [a - b for a, b in zip(sums, before.get(key, nothing), strict=True)]
        for key, sums in now.items()
    }
    return {key: sums for key, sums in by_key.items() if any(sums)}


def shown(
    connection: Connection,
    view: View,
    as_of: AsOf = NOW,
    days: Days = ALL_DAYS,
    board: tuple[str, str] | None = None,
) -> FromClause:
    """What a view's figures are shown from: totals now, and else what sums to them."""
    if not (as_of.now and days.all):
        return summed(connection, view, as_of, board, days)
    totals = tables(connection, view).totals
    return _of_board(totals, board[0]) if board else totals


@lru_cache(maxsize=256)
def _of_board(totals: Table, board: str) -> FromClause:
    return select(totals).where(totals.c.board == board).subquery()


def summed(
    connection: Connection,
    view: View,
    as_of: AsOf = NOW,
    board: tuple[str, str] | None = None,
    days: Days = ALL_DAYS,
) -> FromClause:
    """Rows of dimensions and measures that sum to the view as of then, over those days.

    For a view with boards, `board` names one and the dimension that it ranks; the rows are then
    of a `subject` and what it is ranked by. A history however long costs one cumulative rollup,
    few rollups and less than a block of the ledger.
    """
    number = generations.generation(connection, view.source.name)
    past = _Past(connection, view, number, as_of, board, days)
    parts = [part for log in _logs(connection, view, number, as_of) for part in past.of(log)]
    return union_all(*(parts or [past.entries()])).subquery()


class _Log(NamedTuple):
    """Of the blocks of a log that are wholly before a position, from the first: how many are
    rolled up, and how many of these are in a cumulative rollup.
    """

    name: str
    edge: int
    done: int


def _logs(connection: Connection, view: View, number: int, as_of: AsOf) -> list[_Log]:
    """The logs that were heard from, by one statement."""
    blocks = LAST if as_of.position is None else as_of.position // BLOCK
    newest = NEWEST.get(connection, None, _newest)
    return [
        _Log(log, 0 if last is None else min(last + 1, blocks), done or 0)
        for log, last, done in newest.rows(
            connection, [view.source.name, view.name, number, blocks]
        )
    ]


def _newest() -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    """Of each log the last block that is rolled up, and the last cumulative rollup."""
    fed, sums, number, blocks = binds = (
        prepared.value("fed", ""),
        prepared.value("sums", ""),
        prepared.value("number", 1),
        prepared.value("blocks", 0),
    )
    heard = progress.positions.c
    mine = heard.view == fed, heard.generation == number
    logs = select(heard.log).where(*mine).distinct().subquery()
    last = [
        select(func.max(column.block))
        .where(column.view == sums, column.generation == number)
        .where(column.log == logs.c.log, column.block <= blocks)
        .scalar_subquery()
        for column in (progress.rolled_up.c, progress.cumulated.c)
    ]
    return select(logs.c.log, *last), binds


class _Past:
    """The parts that add up to a view's past, each by an index."""

    def __init__(
        self,
        connection: Connection,
        view: View,
        number: int,
        as_of: AsOf,
        board: tuple[str, str] | None,
        days: Days,
    ) -> None:
        self.connection, self.view, self.number, self.as_of = connection, view, number, as_of
        self.board, self.days = board, days
        self.tables, self.cumulative = view.tables(number), view.cumulative(number)
        self.names = view.key[1:] if board else view.dimensions
        self.day = None if as_of.occurred_at is None else day_of(as_of.occurred_at)
        """The day that counts in part; of the days before it, all that had happened."""
        self.first, self.last = days.first, days.last
        if self.day is not None:
            self.last = self.day - 1 if days.last is None else min(days.last, self.day - 1)

    def of(self, known: _Log) -> Iterator[Select[Any]]:
        log, edge, done = known
        place = self.connection, self.view, self.number, log
        if self.first is None:
            pivot = done if self.last is None else cumulative.newest(*place, done, self.last)
            yield from self._carried(place, pivot)
        else:
            pivot = 0
        between = cumulative.ranges(*place, *self._meets(pivot, done)) if pivot < done else []
        yield from self._rollups(log, [*_blocks(between), *range(done, edge)])
        ledger = self.tables.ledger.c
        if self.day is not None and edge:
            same_day = ledger.day == self.day, ledger.position <= edge * BLOCK
            # All of the day, and then what else is asked: it costs the same however long ago.
            day = self.entries(ledger.log == log, *same_day).limit(LAST).subquery()
            yield select(day)
        yield self.entries(ledger.log == log, ledger.position > edge * BLOCK)

    def _carried(self, place: Place, pivot: int) -> Iterator[Select[Any]]:
        """A cumulative rollup, less what it has of later days."""
        log, column, last = place[-1], self.cumulative.c, self.last
        if not pivot:
            return
        yield self._select(column, column.log == log, column.block == pivot)
        if last is not None:
            known, day = progress.cumulated.c, self.tables.rollups.c.day
            later = cumulative.ranges(*place, known.block <= pivot, known.last_day > last)
            if later:
                yield self._select(
                    self.tables.rollups.c, self._inside(log, _blocks(later)), day > last, sign=-1
                )

    def _meets(self, pivot: int, done: int) -> list[ColumnElement[bool]]:
        """Of the cumulative ones between those two, those with something of the days before."""
        column = progress.cumulated.c
        found = [column.block > pivot, column.block <= done]
        if self.first is not None:
            found.append(column.last_day >= self.first)
        return found if self.last is None else [*found, column.first_day <= self.last]

    def _rollups(self, log: str, blocks: Sequence[int]) -> Iterator[Select[Any]]:
        column = self.tables.rollups.c
        if blocks:
            where = self._inside(log, blocks), *self._on_days(column.day)
            yield self._select(column, *where)

    def _inside(self, log: str, blocks: Sequence[int]) -> ColumnElement[bool]:
        # Named one by one, so that an index goes on to what else is asked of each.
        column = self.tables.rollups.c
        return (column.log == log) & column.block.in_(blocks)

    def _on_days(self, day: Any) -> list[ColumnElement[bool]]:
        found = [] if self.first is None else [day >= self.first]
        return found if self.last is None else [*found, day <= self.last]

    def _select(self, column: Any, *where: Any, sign: int = 1) -> Select[Any]:
        plus = self.view.measures
        measures = [column[n] if sign > 0 else (-column[n]).label(n) for n in plus]
        found = select(*(column[name] for name in self.names), *measures).where(*where)
        return found.where(column.board == self.board[0]) if self.board else found

    def entries(self, *where: Any) -> Select[Any]:
        """Rows of the ledger; where no log has been heard from, all that it may have."""
        ledger = self.tables.ledger
        source = {"subject": self.board[1]} if self.board else {}
        names = [ledger.c[source.get(name, name)].label(name) for name in self.names]
        limits = [*where, *until(ledger, self.as_of), *conditions(ledger, {}, self.days)]
        if self.board:
            limits.append(ledger.c[self.board[1]] != "")
        return select(*names, *(ledger.c[name] for name in self.view.measures)).where(*limits)


def _blocks(ranges: Iterable[BlockRange]) -> list[int]:
    return [block for range_ in ranges for block in range(range_.start, range_.end)]
