"""The histories that are measured are real ones, and the command that measures them works."""

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, select

from aggregates.inventory.stock import Stock
from infra.events import GENESIS, verify
from infra.settings import Settings
from projections.engine import View, day_of, reading, rollups
from projections.engine.reading import AsOf, Days
from services.bootstrap import Platform, platform
from services.workers import upkeep
from services.workers.apply import Applier
from services.workers.follow import Follower
from tests.performance import size, size_trade
from tests.performance.size_fill import fill, filled

if TYPE_CHECKING:
    from services.local.postgres import Postgres

EVENTS, HAPPENINGS = 2_600, 499
BLOCK = 512


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "BLOCK", BLOCK)
    monkeypatch.setattr(upkeep, "ROLL_UP_EVERY", BLOCK)


@pytest.fixture
def history(postgres_url: str) -> Iterator[Platform]:
    made = platform(Settings(database_url=postgres_url))
    made.prepare()
    fill(made, size_trade.rounded(EVENTS), HAPPENINGS)
    yield made
    made.close()


def test_a_history_written_straight_is_what_the_platform_would_have_left(history: Platform) -> None:
    database, store = history.database, history.store
    with database.read() as connection:
        events = store.read(connection, 0, 2 * EVENTS)
        state = history.log.load(connection, Stock, size_trade.STREAM)
        digest = GENESIS
        for event in events:
            assert verify(digest, store.log, event)
            digest = event.digest
        assert store.head(connection).digest == digest
    stream = [event for event in events if event.stream == size_trade.STREAM]
    assert state[:2] == (Stock.after(map(history.log.event, stream)), len(stream))
    written = contents(history)
    emptied(history)
    follower = Follower(Applier(store, filled(history), history.codec))
    follower.start()
    while follower.step():
        pass
    while follower.applier.roll_up_one(store.log):
        pass
    assert contents(history) == written


def test_the_past_by_cumulative_rollups_is_the_past_by_the_ledger(history: Platform) -> None:
    """Of any moment on both clocks, over any days, late events included."""
    chance = Random(5)
    with history.database.read() as connection:
        first, last = (history.store.at(connection, [at])[0].occurred_at for at in (1, EVENTS))
        for turn in range(90):
            view = filled(history)[turn % 3]
            at, day = chance.randint(first, last), day_of(chance.randint(first, last))
            moment = AsOf(
                chance.choice((None, chance.randint(0, EVENTS))), chance.choice((None, at))
            )
            days = Days(*chance.choice(((None, None), (day, None), (None, day), (day, day))))
            board = chance.choice(view.boards) if view.boards else None
            then = rollups.summed(connection, view, moment, board, days)
            assert sums(connection, view, then) == by_hand(connection, view, moment, days, board)


def by_hand(
    connection: Connection, view: View, moment: AsOf, days: Days, board: tuple[str, str] | None
) -> list[Any]:
    ledger = view.tables(1).ledger
    where = [*reading.conditions(ledger, {}, days), *reading.until(ledger, moment)]
    if board:
        where.append(ledger.c[board[1]] != "")
    names = [ledger.c[board[1]].label("subject"), ledger.c.currency] if board else []
    names = names or [ledger.c[name] for name in view.dimensions]
    measures = [ledger.c[name] for name in view.measures]
    return sums(connection, view, select(*names, *measures).where(*where).subquery())


def sums(connection: Connection, view: View, rows: Any) -> list[Any]:
    by = [column.name for column in rows.c if column.name not in view.measures]
    return sorted(reading.sums(rows, by, view.measures, []).tuples(connection))


def contents(platform: Platform) -> dict[str, set[Any]]:
    with platform.database.read() as connection:
        return {
            table.name: {tuple(row) for row in connection.execute(select(table))}
            for view in filled(platform)
            for table in view.every_table(1)
        }


def emptied(platform: Platform) -> None:
    names = [*contents(platform), "view_positions", "view_closings", "view_balanced"]
    with platform.database.write() as connection:
        connection.exec_driver_sql(f"TRUNCATE {','.join(names)}")


def test_both_histories_are_asked_the_same(
    postgres: "Postgres", capsys: pytest.CaptureFixture[str]
) -> None:
    found = size.compare(postgres, 600, 1_200, 1, HAPPENINGS)
    assert {"append", "load", "ranking", "why_stock", "dealer_stock_that_day"} <= set(found)
    told = capsys.readouterr().out
    for name, figure in found.items():
        assert min(figure["ours"], figure["reference"], figure["ratio"]) > 0, name
        assert name in told
