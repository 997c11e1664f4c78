"""A log of any length, its keys, snapshot and views, as the product would have left them."""

import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table

from aggregates.inventory.stock import Stock
from infra import bulk, tables
from infra.log import State
from projections.customers import purchases
from projections.engine import DAY, PLACE, View, cumulative, progress, rollups
from projections.engine.progress import LOG, Checkpoint, CheckpointKey
from projections.inventory import lot
from projections.opportunities import opportunity as deals
from projections.valuation import stock_value
from services.bootstrap import Platform
from tests.performance import size_records, size_trade
from tests.performance.size_trade import STREAM, TAIL, Happening, Trade, Written

Step = Callable[[Connection], None]
CHUNK = 20_000
# The planner's own choice is parallel, and would not keep the ledger in the log's order.
AT_EASE = (
    "SET LOCAL statement_timeout=0; SET LOCAL idle_in_transaction_session_timeout=0;"
    " SET LOCAL max_parallel_workers_per_gather=0; SET LOCAL work_mem='256MB';"
    " SET LOCAL maintenance_work_mem='512MB'"
)
STREAMS = (
    "SELECT indexname, indexdef FROM pg_indexes"
    " WHERE starts_with(tablename, 'log_events_') AND strpos(indexdef, '(stream, version)') > 0"
)
CHINA = 8 * 3_600 * 1_000_000
KEYS = (
    "INSERT INTO log_keys SELECT command_id, digest, '\\x7b7d', recorded_at"
    " FROM log_events ORDER BY position"
)


def filled(platform: Platform) -> list[View]:
    """Figures that are told by what happened alone: a happening stands for many events here, each
    of which would be a purchase or a sale of its own, of its own order and day.
    """
    apart = purchases.view, stock_value.view
    return [view for view in platform.figures if view not in apart]


def fill(platform: Platform, events: int, happenings: int = size_trade.HAPPENINGS) -> None:
    """Write the events and all that follows from them; says how long each step took."""
    pool = size_trade.happenings(platform, happenings)
    more: list[tuple[str, Step]] = [
        ("keys", partial(_run, KEYS)),
        ("snapshot", partial(_snapshot, platform, pool, events)),
        *(
            (one.name, partial(size_records.fill, platform, one, events))
            for one in (deals.record, lot.record)  # a stock is read beside its lots
        ),
    ]
    write(platform, pool, events, filled(platform), more)


def write(
    platform: Platform,
    pool: Sequence[Happening],
    events: int,
    views: Sequence[View],
    more: Sequence[tuple[str, Step]] = (),
) -> None:
    """Write the events, what some views have of them, and more."""
    steps: list[tuple[str, Step]] = [("events", partial(_events, platform, pool, events)), *more]
    steps += [(view.name, partial(_view, platform, view, pool, events)) for view in views]
    for name, work in steps:
        with _told(name), platform.database.write() as connection:
            _run(AT_EASE, connection)
            work(connection)
    with _told("vacuum"), platform.database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        _run("SET statement_timeout=0", connection)
        _run("VACUUM ANALYZE", connection)
        _run("RESET statement_timeout", connection)


@contextmanager
def _told(name: str) -> Iterator[None]:
    start = perf_counter()
    yield
    print(f"  {name} {perf_counter() - start:.1f} s", flush=True)


def _run(statement: str, connection: Connection) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))


def _events(
    platform: Platform, pool: Sequence[Happening], events: int, connection: Connection
) -> None:
    """COPY in one thread while the next lines are made in another; the streams' index last."""
    for position in range(0, events + 1, tables.PARTITION):
        tables.partition(connection, position)
    indexes = connection.exec_driver_sql(STREAMS).all()
    for name, _ in indexes:
        _run(f"DROP INDEX {name}", connection)
    store = platform.store
    trade = Trade(pool, store.log, events, store.lock(connection))
    with ThreadPoolExecutor(1) as copier:
        before = copier.submit(lambda: None)
        for written in trade.chunks(CHUNK):
            before.result()
            before = copier.submit(_copy, connection, written)
        before.result()
    for _, definition in indexes:
        _run(definition, connection)
    head = trade.head
    moved = {"position": head.position, "digest": head.digest, "recorded_at": head.recorded_at}
    connection.execute(tables.head.update().values(moved))


def _copy(connection: Connection, written: Written) -> None:
    names = ",".join(column.name for column in tables.events.columns)
    cursor: Any = connection.connection.cursor()
    cursor.copy_expert(f"COPY log_events ({names}) FROM STDIN", io.StringIO(written.lines))
    cursor.close()


def _snapshot(
    platform: Platform, pool: Sequence[Happening], events: int, connection: Connection
) -> None:
    """Of the long stream, where its last one would have been taken."""
    version, state = size_trade.length(events) - TAIL, Stock()
    made = [platform.codec.decode(e.type, e.schema, e.data) for e, _, _ in pool[-2:]]
    for number in range(1, version + 1):
        state = state.fold(made[number % 2])
    if version:
        taken = platform.log.snapshots([(STREAM, State(state, version), version - 1)])
        bulk.insert(connection, tables.snapshots, taken)


def _view(
    platform: Platform, view: View, pool: Sequence[Happening], events: int, connection: Connection
) -> None:
    log, made = platform.store.log, view.tables(1)
    for index in made.ledger.indexes:
        index.drop(connection)
    _ledger(platform, connection, view, pool)
    for index in made.ledger.indexes:
        index.create(connection)
    for statement in _sums(view, made.totals, ""):
        _run(statement, connection)
    _close(platform, connection, view, events)
    place = CheckpointKey(view.name, 1, *LOG, log)
    progress.place(connection, 1, {place: Checkpoint(events, events)})
    while view.upkeep(connection, 1, log):  # its rollups by scope
        pass


def _close(platform: Platform, connection: Connection, view: View, events: int) -> None:
    log, made = platform.store.log, view.tables(1)
    blocks = events // rollups.BLOCK
    for statement in _sums(view, made.rollups, f"position <= {blocks * rollups.BLOCK}"):
        _run(statement, connection)
    closed = [(view.name, 1, log, block) for block in range(blocks)]
    bulk.insert(connection, progress.rolled_up, closed)
    while cumulative.extend(connection, view, 1, log):
        pass


def _ledger(
    platform: Platform, connection: Connection, view: View, pool: Sequence[Happening]
) -> None:
    """What each happening changes, joined to the log."""
    ledger = view.tables(1).ledger
    what = [Column(c.name, c.type) for c in ledger.columns if c.name not in PLACE]
    numbers = [Column("number", Integer), Column("line", Integer)]
    changes = Table("size_changes", MetaData(), *numbers, *what, prefixes=["TEMPORARY"])
    changes.create(connection)
    bulk.insert(connection, changes, list(size_trade.changes(view, platform.codec, pool)))
    _run("ANALYZE size_changes", connection)
    names = ",".join(column.name for column in ledger.columns)
    wide = ",".join(f"c.{column.name}" for column in what)
    _run(
        f"INSERT INTO {ledger.name} ({names}) SELECT '{platform.store.log}', e.position, c.line,"
        f" e.stream, e.type, e.occurred_at, e.recorded_at,"
        f" (e.occurred_at + {CHINA}) / {DAY}, {wide}"
        f" FROM log_events e JOIN size_changes c ON c.number = {size_trade.which(pool)}",
        connection,
    )
    changes.drop(connection)


def _sums(view: View, into: Table, where: str) -> Iterator[str]:
    """The ledger added up by the columns of a table of sums, once for each board there is."""
    keys = [column.name for column in into.columns if column.primary_key]
    measures = ",".join(f"sum({name})::bigint" for name in view.measures)
    spelt = {name: name for name in keys} | {"block": f"(position - 1) / {rollups.BLOCK}"}
    boards = [{**spelt, "board": f"'{board}'", "subject": dim} for board, dim in view.boards]
    for board in boards or [spelt]:
        subject = f"{board['subject']} <> ''" if "subject" in board else "true"
        columns = ",".join(board[name] for name in keys)
        order = ",".join(str(number) for number in range(1, len(keys) + 1))
        yield (
            f"INSERT INTO {into.name} ({','.join([*keys, *view.measures])})"
            f" SELECT {columns}, {measures} FROM {view.tables(1).ledger.name}"
            f" WHERE {subject} AND {where or 'true'}"
            f" GROUP BY {order} ORDER BY {order}"
        )
