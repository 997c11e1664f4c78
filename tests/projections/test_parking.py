"""What cannot be read stops its own stream in its own view, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from company import CODEC, Company, about, deliveries, entry
from sqlalchemy.exc import OperationalError

from aggregates.inventory.stock import Stock, StockReceived
from commands.inventory.stock import ReceiveStock, ReserveStock, SellOut
from infra.events import Recorded
from projections.engine import View, generations, parking, progress
from projections.engine.parking import ParkedStreamKey
from projections.engine.progress import StaleCheckpoint
from projections.inventory import dealer_stock
from projections.targets import rankings
from services.bootstrap import VIEWS
from services.workers.apply import Applier

RESERVED = b'{"holder":"warehouse","order":"O1","quantity":1}'


def receive(company: Company, item: str, *references: str) -> None:
    stock = {"location": "W1", "item": item, "quantity": 5}
    company.ask(*(about(ReceiveStock, **stock, reference=reference) for reference in references))


def on_hand(company: Company) -> dict[str, int]:
    with company.read() as connection:
        rows = dealer_stock.read(connection, today=20_520)
    return {row["item"]: row["on_hand"] for row in rows}


def parked(company: Company) -> list[tuple[str, str, int, int]]:
    """View, stream, how many events wait, and the first of them."""
    with company.read() as connection:
        rows = progress.parked_summary(connection)
    return [(row.view, row.stream, row.events, row.position) for row in rows]


@pytest.mark.parametrize("batch", [1, 100])
def test_an_unknown_event_stops_its_stream_and_the_others_flow(
    company: Company, batch: int
) -> None:
    receive(company, "tea", "r1")
    company.append(entry("stock-W1:tea", 2, "StockBlessed"))
    company.append(entry("stock-W1:tea", 3, "StockReserved", RESERVED))
    receive(company, "cup", "r3")
    company.follow(batch)
    assert on_hand(company) == {"tea": 5, "cup": 5}
    hears = sorted(view.name for view in VIEWS if Stock.kind in view.kinds)
    assert parked(company) == [(view, "stock-W1:tea", 2, 2) for view in hears]
    with company.read() as connection:
        rows = list(connection.execute(progress.parked.select().order_by("view", "position")))
    first, second = rows[:2]
    assert "StockBlessed: no such event in this build" in first.error
    assert (first.type, second.type) == ("StockBlessed", "StockReserved")


def broken(recorded: Recorded, event: Any) -> Iterator[Any]:
    """A fault in one view's code: it fails half-way through an event."""
    yield from dealer_stock.rows(recorded, event)
    if isinstance(event, StockReceived) and event.reference == "poison":
        raise ZeroDivisionError("a fault")


BROKEN = replace(dealer_stock.view, rows=broken)


def test_a_fault_in_one_view_parks_the_stream_in_that_view_alone(tmp_path: Path) -> None:
    views: tuple[View, ...] = (BROKEN, rankings.view)
    with Company(f"sqlite:///{tmp_path / 'broken.sqlite'}", views) as company:
        receive(company, "tea", "r1", "poison", "r2")
        company.ask(
            about(
                SellOut, location="D1", item="tea", sale="s", quantity=1, amount=9, currency="CNY"
            ),
            about(
                SellOut, location="W2", item="tea", sale="s", quantity=1, amount=9, currency="CNY"
            ),
        )
        company.follow(2)
        assert parked(company) == [("dealer_stock", "stock-W1:tea", 2, 2)]
        assert [row["position"] for row in company.ledger(BROKEN)] == [1, 4, 5]
        assert [row["position"] for row in company.ledger(rankings.view)] == [4, 5]


def test_nothing_of_an_event_that_failed_half_way_is_written(tmp_path: Path) -> None:
    with Company(f"sqlite:///{tmp_path / 'broken.sqlite'}", [BROKEN]) as company:
        receive(company, "tea", "poison")
        company.follow()
        assert company.ledger(BROKEN) == []
        assert company.totals(BROKEN) == {}


def test_what_is_parked_stays_parked_for_the_next_process(company: Company) -> None:
    company.append(entry("stock-W1:tea", 1, "StockBlessed"))
    company.follow()
    company.append(entry("stock-W1:tea", 2, "StockReserved", RESERVED))
    after = company.new_follower()
    assert after.step() == 1
    assert parked(company)[0] == ("blocked_stock", "stock-W1:tea", 2, 1)
    assert company.ledger(dealer_stock.view) == []


def test_a_second_worker_with_old_knowledge_writes_nothing(company: Company) -> None:
    receive(company, "tea", "r1", "r2", "r3")
    one, two, three = deliveries(company.events())
    first, second = (Applier(company.store, VIEWS, CODEC) for _ in range(2))
    first.stand([])
    first.apply([one])
    second.stand([])
    first.apply([two])
    before = company.totals(dealer_stock.view), company.ledger(dealer_stock.view)
    with pytest.raises(StaleCheckpoint):
        second.apply([two, three])
    assert (company.totals(dealer_stock.view), company.ledger(dealer_stock.view)) == before
    second.stand([])
    assert second.apply([two, three]) == 1
    assert on_hand(company) == {"tea": 15}


def test_who_stood_before_another_parked_a_stream_does_not_overtake_it(company: Company) -> None:
    """It hears the parked event after the other, learns that it has been, and what came of it."""
    company.append(entry("stock-W1:tea", 1, "StockBlessed"))
    company.append(entry("stock-W1:tea", 2, "StockReserved", RESERVED))
    poison, after = deliveries(company.events())
    first, second = (Applier(company.store, VIEWS, CODEC) for _ in range(2))
    for applier in (first, second):
        applier.stand([])
    first.apply([poison])
    second.apply([poison])
    second.apply([after])
    assert company.ledger(dealer_stock.view) == []
    assert parked(company)[0] == ("blocked_stock", "stock-W1:tea", 2, 1)


def test_what_was_parked_in_a_lost_transaction_is_parked_anew_with_its_reason(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.append(entry("stock-W1:tea", 1, "StockBlessed"))
    applier = Applier(company.store, [dealer_stock.view], CODEC)
    applier.stand([])
    with monkeypatch.context() as lost:
        lost.setattr(progress, "park", connection_lost)
        with pytest.raises(OperationalError):
            applier.apply(deliveries(company.events()))
    with pytest.raises(StaleCheckpoint):
        applier.apply(deliveries(company.events()))
    applier.stand([])
    applier.apply(deliveries(company.events()))
    with company.read() as connection:
        (row,) = progress.parked_summary(connection)
    assert "StockBlessed: no such event in this build" in row.error


def test_a_worker_that_was_cut_off_while_it_learned_where_it_stands_learns_it_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.append(entry("stock-W1:tea", 1, "StockBlessed"))
    company.append(entry("stock-W1:tea", 2, "StockReserved", RESERVED))
    poison, after = deliveries(company.events())
    applier = Applier(company.store, [dealer_stock.view], CODEC)
    applier.stand([])
    applier.apply([poison])
    with company.store.database.write() as connection:
        bay = ParkedStreamKey("dealer_stock", 1, "main", "stock-W1:tea")
        parking.leave(connection, bay, {1})
        generations.let_go(connection, "dealer_stock")
    with monkeypatch.context() as lost:
        lost.setattr(progress, "all_parked_streams", connection_lost)
        with pytest.raises(OperationalError):
            applier.stand([])
    with pytest.raises(StaleCheckpoint):
        applier.apply([after])
    applier.stand([])
    applier.apply([after])
    assert parked(company) == []


def connection_lost(*_: Any) -> None:
    raise OperationalError("", {}, Exception("the connection was lost"))


def test_what_comes_twice_counts_once_and_what_comes_after_a_hole_waits(company: Company) -> None:
    receive(company, "tea", "r1", "r2", "r3")
    one, two, three = deliveries(company.events())
    applier = Applier(company.store, [dealer_stock.view], CODEC)
    applier.stand([])
    assert applier.apply([one, three]) == 1
    assert applier.held_back == 1
    assert on_hand(company) == {"tea": 5}
    assert applier.apply([one, two, two, three]) == 2
    assert on_hand(company) == {"tea": 15}


def test_a_view_is_complete_up_to_what_it_has_heard(company: Company) -> None:
    """Events that it does not listen to count as heard."""
    receive(company, "tea", "r1", "r2")
    company.ask(about(ReserveStock, location="W1", item="tea", order="O1", quantity=1))
    with company.read() as connection:
        assert [complete(connection, view) for view in VIEWS] == [0] * len(VIEWS)
    company.follower.step(2)
    with company.read() as connection:
        assert [complete(connection, view) for view in VIEWS] == [2] * len(VIEWS)
    company.follow()
    with company.read() as connection:
        assert [complete(connection, view) for view in VIEWS] == [3] * len(VIEWS)


def complete(connection: Any, view: View) -> int:
    return progress.complete(connection, view, 1, "main")
