"""Each event counts once in each view, whatever comes twice, late, or from a worker long gone."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Thread
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError
from waiting import until
from workers.books import Books, balanced, kept
from workers.company import Company, busy, running

from infra import bulk
from infra.events import Recorded
from projections.engine import progress
from projections.engine.progress import StaleCheckpoint
from projections.engine.record import Record
from projections.inventory import dealer_stock
from services.commandline.groups import ALL, contexts, named
from services.commandline.loops import WorkerLoop, publishing
from services.commandline.projecting import projecting
from services.workers.batch import Delivery


@pytest.fixture
def delivered(company: Company) -> list[Delivery]:
    """What Kafka has of two hundred commands, in the order of the log."""
    company.work(200)
    company.publish()
    return company.delivered()


def test_what_comes_twice_counts_once(company: Company, delivered: Sequence[Delivery]) -> None:
    applier = company.applier()
    applier.stand([])
    for start in range(0, len(delivered), 20):
        applier.apply(delivered[max(0, start - 50) : start + 20])
    assert applier.apply(delivered) == 0
    balanced(company)


def test_what_follows_a_hole_waits_until_it_is_filled(
    company: Company, delivered: Sequence[Delivery]
) -> None:
    applier = company.applier()
    applier.stand([])
    missing = {one.recorded.position: one for one in delivered if one.recorded.position % 7 == 3}
    applier.apply([one for one in delivered if one.recorded.position not in missing])
    holes = {missing[at].partition: at for at in sorted(missing, reverse=True)}
    homes = {one.recorded.position: one.partition for one in delivered}
    for view in company.platform.figures:
        heard = [at for place, at in holes.items() if place.topic.rpartition(".")[2] in view.kinds]
        assert not heard or company.complete(view) < min(heard)
        assert all(at < holes.get(homes[at], at + 1) for at, _ in kept(company, view)[1])
    applier.apply(delivered)
    balanced(company)


def test_of_two_who_move_a_view_at_once_one_finds_out(
    company: Company, delivered: Sequence[Delivery]
) -> None:
    """The slower writes nothing, learns where the view stands, and goes on from there."""
    one, other = company.applier(), company.applier()
    one.stand([])
    other.stand([])
    half = len(delivered) // 2
    other.apply(delivered[:10])
    one.apply(delivered[:10])
    one.stand([])
    one.apply(delivered[:half])
    with pytest.raises(StaleCheckpoint):
        other.apply(delivered[: half + 20])
    assert company.log()[half - 1].position == half
    other.stand([])
    other.apply(delivered)
    balanced(company)


def test_a_few_events_take_a_trip_to_begin_one_for_each_record_and_one_to_end(
    company: Company, delivered: Sequence[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many read models hear them: what none of these heard costs nothing."""
    applier, trips = company.applier(), list[str]()
    applier.stand([])
    applier.apply(delivered[:-4])
    past = bulk._past_sqlalchemy

    def counted(connection: Connection, statement: str, use: Callable[[Any], Any]) -> Any:
        trips.append(statement)
        return past(connection, statement, use)

    monkeypatch.setattr(bulk, "_past_sqlalchemy", counted)
    event.listen(applier.database._swift, "before_cursor_execute", lambda *a: trips.append(a[2]))
    few = delivered[-4:]
    assert applier.apply(few) == len(few)
    kinds = {one.recorded.kind for one in few}
    records = [one for one in applier.views if isinstance(one, Record) and one.kinds & kinds]
    assert len(trips) == 2 + len(records)
    balanced(company)


@pytest.mark.timeout(90)
def test_two_who_race_for_every_batch_count_nothing_twice(
    company: Company, delivered: Sequence[Delivery]
) -> None:
    def race(applier: Any) -> None:
        applier.stand([])
        at = 0
        while at < len(delivered):
            try:
                applier.apply(delivered[at : at + 5])
                at += 5
            except (StaleCheckpoint, OperationalError):  # or the database broke a deadlock
                applier.stand([])

    threads = [Thread(target=race, args=(company.applier(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    balanced(company)


@pytest.mark.parametrize("poison", ["unknown type", "failing rows"])
def test_a_poison_event_stops_its_stream_alone_and_what_follows_waits_in_order(
    company: Company,
    delivered: Sequence[Delivery],
    poison: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, changed = dealer_stock.view, list(delivered)
    stocks = busiest([one.recorded for one in delivered if one.recorded.kind == "stock"])
    bad = stocks[1]
    if poison == "unknown type":
        changed = [_from_the_future(one) if one.recorded == bad else one for one in delivered]
    else:
        view = replace(view, rows=_picky(bad.id))
    applier = company.applier([view])
    applier.stand([])
    for start in range(0, len(changed), 30):  # what follows comes in other batches too
        applier.apply(changed[start : start + 30])
    good = [e for e in company.log() if e.stream != bad.stream or e.position < bad.position]
    totals, lines = kept(company, view)
    assert lines == Books(good).lines[view.name]
    assert totals == {k: v for k, v in Books(good).totals[view.name].items() if any(v)}
    with company.platform.database.read() as connection:
        parked = connection.execute(select(progress.parked).order_by(progress.parked.c.position))
        rows = [(row.stream, row.position) for row in parked]
        summary = progress.parked_summary(connection)
    assert rows == [(e.stream, e.position) for e in stocks[1:]]
    assert [(one.stream, one.events) for one in summary] == [(bad.stream, len(stocks) - 1)]
    assert company.complete(view) == company.head()


def busiest(events: Sequence[Recorded]) -> list[Recorded]:
    """The events of the stream that has most."""
    [(stream, _)] = Counter(event.stream for event in events).most_common(1)
    return [event for event in events if event.stream == stream]


def _from_the_future(one: Delivery) -> Delivery:
    return one._replace(recorded=msgspec.structs.replace(one.recorded, type="StockTeleported"))


def _picky(event_id: str) -> Callable[[Any, Any], Iterator[Any]]:
    def rows(recorded: Any, event: Any) -> Iterator[Any]:
        if recorded.id == event_id:
            raise ZeroDivisionError("this one is poison")
        yield from dealer_stock.rows(recorded, event)

    return rows


@pytest.mark.timeout(120)
def test_workers_that_come_and_go_every_two_seconds_change_no_figure(company: Company) -> None:
    with busy(company), running(projecting(company.platform)):
        for _ in range(4):
            with running(projecting(company.platform)):
                time.sleep(2)
            time.sleep(0.3)
        until(lambda: company.head() > 500, progress=company.head)
    with (
        running(publishing(company.platform, WorkerLoop("rest"))),
        running(projecting(company.platform)),
    ):
        until(company.is_complete, 60, 0.1)
    balanced(company)


@pytest.mark.timeout(120)
def test_a_view_that_two_groups_keep_at_once_counts_nothing_twice(company: Company) -> None:
    """Whoever is second finds out, and goes on from where the first one left it."""
    some = named("inventory,opportunities")
    every, part = projecting(company.platform), projecting(company.platform, group=some)
    with busy(company), running(every), running(part):
        until(lambda: company.head() > 300, progress=company.head)
    with running(publishing(company.platform, WorkerLoop("rest"))), running(every), running(part):
        until(company.is_complete, 60, 0.1)
    balanced(company)


@pytest.mark.timeout(120)
def test_groups_that_share_the_views_keep_all_of_them(company: Company) -> None:
    """Each reads Kafka as a consumer group of its own, at its own pace."""
    first = {"inventory", "opportunities"}
    groups = named(",".join(first)), named(",".join(contexts().keys() - first))
    assert len({group.consumers(company.platform) for group in (ALL, *groups)}) == 3
    kept = [view.name for group in groups for view in group.views(company.platform)]
    assert sorted(kept) == sorted(view.name for view in company.platform.views)
    company.work(100)
    company.publish()
    one, other = (projecting(company.platform, group=group) for group in groups)
    with running(one):
        until(lambda: company.complete(dealer_stock.view) == company.head(), 60, 0.1)
        assert not company.is_complete()
    with running(other):
        until(company.is_complete, 60, 0.1)
    balanced(company)


@pytest.mark.timeout(120)
def test_a_view_never_claims_what_it_has_not(company: Company) -> None:
    """Whenever it says that it is complete up to a position, all up to there is in its ledger."""
    claims: dict[str, list[int]] = {view.name: [] for view in company.platform.figures}
    with busy(company), running(projecting(company.platform)):
        ends = time.monotonic() + 10
        while time.monotonic() < ends or any(len(set(made)) <= 5 for made in claims.values()):
            for view in company.platform.figures:
                claimed = company.complete(view)
                _, lines = kept(company, view)
                books = Books(company.log())
                assert {line for line in books.lines[view.name] if line[0] <= claimed} <= lines
                claims[view.name].append(claimed)
