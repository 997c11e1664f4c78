"""Two logs, each in a database of its own, publish to one set of topics; views over both agree."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from company import Company as Small
from company import added, deliveries
from sqlalchemy import Connection, select
from waiting import until
from workers.books import Books
from workers.company import Business, Company, running

from infra.broker import Partition
from projections.engine import View, rollups
from projections.engine.reading import NOW, AsOf
from projections.inventory import dealer_stock
from scale.ground import found, trading
from services.api.status import system_status
from services.commandline.loops import WorkerLoop, publishing
from services.commandline.projecting import projecting

if TYPE_CHECKING:
    from services.local.postgres import Postgres

LIMIT = 60
LOGS = ("north", "south")


@pytest.fixture
def companies(postgres: "Postgres", kafka: Any, topic_prefix: str) -> Iterator[list[Company]]:
    """One group of two companies: streams of the same names, topics of the same names."""
    with ExitStack() as ends:
        made = []
        for log in LOGS:
            name = f"{topic_prefix}_{log}"
            url = postgres.create_database(name)
            ends.callback(postgres.drop_database, name)
            made.append(found(url, kafka.bootstrap, topic_prefix, log=log))
            ends.callback(made[-1].close)
        yield made


@pytest.mark.timeout(180)
def test_views_over_two_logs_are_exact_in_each_database(companies: Sequence[Company]) -> None:
    with ExitStack() as ends:
        for company in companies:
            ends.enter_context(running(publishing(company.platform, WorkerLoop("publish"))))
            ends.enter_context(running(projecting(company.platform)))
        with trading(companies[0]), trading(companies[1]):
            until(lambda: all(company.head() > 400 for company in companies), LIMIT, 0.1)
        for company in companies:
            until(partial(has_all, company, companies), LIMIT, 0.2)
            until(company.is_complete, LIMIT, 0.1)
    books = {company.platform.store.log: Books(company.log()) for company in companies}
    for company in companies:
        for view in company.platform.figures:
            agrees(company, view, books)
        names_both(company, books)


def has_all(company: Company, companies: Sequence[Company]) -> bool:
    """Whether the views have heard as much of every log as they can."""
    expected = {one.platform.store.log: Books(one.log()).lines for one in companies}
    return all(
        Counter(line[0] for line in ledger(company, view))
        == Counter({log: len(lines[view.name]) for log, lines in expected.items()})
        for view in company.platform.figures
    )


def ledger(company: Company, view: View) -> list[Any]:
    table = view.tables(1).ledger
    with company.platform.database.read() as connection:
        return list(connection.execute(select(table.c.log, table.c.position, table.c.line)))


def agrees(company: Company, view: View, books: dict[str, Books]) -> None:
    """Each log's lines, once each, and totals that sum over both."""
    said = ledger(company, view)
    assert len(said) == len(set(said))
    assert set(said) == {(n, *at) for n, one in books.items() for at in one.lines[view.name]}
    expected = added(pair for one in books.values() for pair in one.totals[view.name].items())
    wide, table = len(view.key), view.tables(1).totals
    with company.platform.database.read() as connection:
        rows = connection.execute(select(table)).all()
    assert {row[:wide]: tuple(row[wide:]) for row in rows if any(row[wide:])} == expected


def names_both(company: Company, books: dict[str, Books]) -> None:
    status = system_status(company.platform)
    [other] = set(LOGS) - {status["log"]}
    furthest = {name: max(lines)[0] for name, lines in books[other].lines.items() if lines}
    assert status["others"].keys() == {other}
    assert furthest.keys() <= status["others"][other].keys()
    assert all(status["others"][other][name] >= last for name, last in furthest.items())


def test_the_past_of_two_logs_has_both_where_one_is_rolled_up(
    sqlite_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "BLOCK", 16)
    with Small(sqlite_url) as north, Small(f"sqlite:///{tmp_path / 'south.sqlite'}") as south:
        for company, count in ((north, 200), (south, 60)):
            trade(company, count)
        applier = north.follow().follower.applier
        stocks = [event for event in south.events() if event.kind == "stock"]
        came = deliveries(stocks, "south")
        topic = Partition("t.stock", 0)
        assert applier.apply([one._replace(partition=topic) for one in came]) == len(stocks)
        while applier.roll_up_one("main") or applier.roll_up_one("south"):
            pass
        with north.read() as connection:
            assert stock(connection, AsOf(occurred_at=2**62)) == stock(connection, NOW)


def trade(company: Small, count: int) -> None:
    business = Business(random.Random(count), "")
    company.try_all(business.next() for _ in range(count))


def stock(connection: Connection, as_of: AsOf) -> list[Any]:
    return dealer_stock.read(connection, today=20_520, as_of=as_of, limit=10_000)
