"""Events to the processes: each is reacted to at least once, in order, and in effect once."""

from collections.abc import Iterator
from typing import Any

import pytest
from processes.echo import Echo, never
from shop import Shop
from waiting import until

from aggregates import Refused
from aggregates.customers.customer import Customer
from aggregates.inventory.stock import Stock, StockReceived
from aggregates.orders.backlog import BacklogLeft
from aggregates.orders.order import OrderApproved
from commands import Command
from commands.inventory.stock import ReserveStock
from commands.orders.order import CancelOrder, RejectOrder
from infra.events import Recorded
from infra.executor import Executor
from infra.requests import Unavailable
from services.processes import Process, positions, refusals
from services.processes.orders import backorders
from services.workers.wait import Wait


def test_an_order_refused_for_want_of_stock_is_approved_when_its_goods_come(shop: Shop) -> None:
    shop.order("O1", I1=5, I2=1)
    driver = shop.driver()
    shop.drain(driver)
    shop.receive("I1", 5)
    shop.drain(driver)
    assert shop.status("O1") == "submitted"
    receipt = shop.receive("I2", 3)
    shop.drain(driver)
    assert shop.status("O1") == "approved"
    (approved,) = [event for event in shop.history() if event.type == OrderApproved.__name__]
    cause = next(event for event in shop.history() if event.position == receipt.position)
    assert approved.actor == "process:backorders"
    assert (approved.causation_id, approved.correlation_id) == (cause.id, cause.correlation_id)
    assert [shop.load(Stock, f"W1:{item}").available for item in ("I1", "I2")] == [0, 2]


def test_goods_that_came_before_the_process_heard_of_the_refusal_are_not_missed(shop: Shop) -> None:
    shop.order("O1", I1=5)
    shop.receive("I1", 5)
    shop.drain()
    assert shop.approvals() == {"O1": 1}


def test_what_a_cancelled_order_lets_go_serves_the_next(shop: Shop) -> None:
    shop.receive("I1", 5)
    shop.order("O1", I1=5)
    shop.order("O2", I1=4)
    shop.drain()
    assert shop.status("O2") == "submitted"
    shop.ask(CancelOrder(id="O1", reason="changed his mind"))
    shop.drain()
    assert shop.approvals() == {"O1": 1, "O2": 1}


def test_killed_before_its_position_moved_a_process_has_reacted_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    shop.order("O1", I1=5)
    shop.drain()
    shop.receive("I1", 10)
    before = shop.position()
    with monkeypatch.context() as patch:
        patch.setattr(positions, "move", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.driver([backorders.process]).step()
    assert shop.approvals() == {"O1": 1}
    assert shop.position() == before
    shop.drain()
    assert shop.approvals() == {"O1": 1}
    assert shop.load(Stock, "W1:I1").available == 5


def test_the_same_reaction_asks_under_the_same_key(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    shop.receive("I1", 1)
    for _ in range(2):
        driver = shop.driver([Echo().process])
        commit = driver.executor.commit
        monkeypatch.setattr(
            driver.executor, "commit", lambda r, c=commit: asked.append([q.key for q in r]) or c(r)
        )
        with monkeypatch.context() as patch:
            patch.setattr(positions, "move", lambda *_: None)
            driver.step()
    assert asked[0] == asked[1] != []
    assert shop.load(Stock, "W2:I1").on_hand == 1


def test_of_two_workers_one_moves_the_position_and_both_ask_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.order("O1", I1=5)
    shop.drain()
    shop.receive("I1", 10)
    first, second = shop.driver(), shop.driver()
    needed = first._reactor.needed

    def overtaken(*given: Any) -> Any:
        found = needed(*given)
        monkeypatch.undo()
        shop.drain(second)
        return found

    monkeypatch.setattr(first._reactor, "needed", overtaken)
    assert first.step() == 0
    assert not first.troubles
    assert shop.approvals() == {"O1": 1}
    assert shop.position() == len(shop.history())
    shop.drain(first)
    assert shop.approvals() == {"O1": 1}


def test_receipts_that_nobody_waits_for_cost_no_command(shop: Shop) -> None:
    for _ in range(20):
        shop.receive("I1", 1)
    driver = shop.driver([backorders.process])
    asked: list[Any] = []
    driver.executor.commit = asked.append  # type: ignore[assignment,method-assign]
    assert driver.step() == len(shop.history()) == shop.position()
    assert asked == []


def test_a_step_reads_no_more_than_it_is_told(shop: Shop) -> None:
    driver = shop.driver([backorders.process])
    assert [driver.step(2), driver.step(1)] == [2, 1]
    assert shop.position() == 3


def test_a_fault_that_may_pass_is_waited_for_and_nothing_is_skipped_or_parked(shop: Shop) -> None:
    for _ in range(3):
        shop.receive("I1", 1)
    echo = Echo()
    echo.fault, echo.fails_at = Unavailable("the database does not answer"), "R2"
    driver = shop.driver([echo.process])
    assert driver.step() == 0
    assert shop.position("echo") == 0
    assert "does not answer" in driver.troubles["echo"].error
    assert list(driver.waits()) == [Wait("event", "echo")]
    for _ in range(3):
        assert driver.step() == 0
    assert driver.troubles["echo"].tries == 1  # it waits before it tries again
    for _ in range(3):
        shop.clock.sleep(61)
        assert driver.step() == 0
    assert driver.troubles["echo"].tries == 4
    assert shop.parked("echo") == {}
    echo.fails_at = None
    shop.clock.sleep(61)
    shop.drain(driver)
    assert not driver.troubles
    assert shop.load(Stock, "W2:I1").on_hand == 3


def test_one_process_in_trouble_does_not_hold_up_another(shop: Shop) -> None:
    shop.receive("I1", 1)
    bad, good = Echo(), Echo()
    bad.fault, bad.fails_at = Unavailable("no answer"), "R1"
    bad.process.name = "bad"
    driver = shop.driver([bad.process, good.process])
    driver.step()
    assert list(driver.troubles) == ["bad"]
    assert shop.position("echo") >= shop.position("bad") + 1
    assert shop.load(Stock, "W2:I1").on_hand == 1


def test_a_database_that_does_not_answer_is_asked_again_later(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: Any) -> None:
        raise Unavailable("the database does not answer")

    shop.receive("I1", 1)
    driver = shop.driver([Echo().process])
    with monkeypatch.context() as patch:
        patch.setattr(Executor, "commit", silent)
        assert driver.step() == 0
    assert shop.position("echo") == 0
    shop.drain(driver)
    assert shop.load(Stock, "W2:I1").on_hand == 1


def test_a_refused_reaction_is_an_answer_that_the_log_tells(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    def react(recorded: Recorded, event: StockReceived) -> Iterator[Command]:
        yield RejectOrder(id="nowhere", reason="x")

    shop.receive("I1", 1)
    driver = shop.driver([Process("rejects", [StockReceived], react, never)])
    with caplog.at_level("WARNING"):
        assert driver.step() == len(shop.history())
    assert not driver.troubles
    assert "refused, Unknown There is no such order" in caplog.text


def test_what_a_process_was_refused_is_kept_once(shop: Shop) -> None:
    def react(recorded: Recorded, event: StockReceived) -> Iterator[Command]:
        yield RejectOrder(id="nowhere", reason="x")

    receipt = shop.receive("I1", 1)
    process = Process("rejects", [StockReceived], react, never)
    shop.drain(shop.driver([process]))
    with shop.database.write() as connection:
        positions.move(connection, "rejects", "main", shop.position("rejects"), 0)
    shop.drain(shop.driver([process]))
    with shop.database.read() as connection:
        told = refusals.summary(connection, "rejects", "main")
        none = refusals.summary(connection, "backorders", "main")
    last = told["last_refusal"]
    assert told["refused"] == 1
    assert (last["position"], last["command"]) == (receipt.position, "reject-order")
    assert (last["stream"], last["refusal"]) == ("order-nowhere", "Unknown")
    assert last["message"].startswith("There is no such order.")
    assert none == {"refused": 0, "last_refusal": None}


def test_an_order_that_a_rule_stops_does_not_stop_those_behind_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = Customer.served

    def served(self: Customer) -> None:
        if self.name == "C2":
            raise Refused("C2 is not served today.", "今天不为 C2 服务。")
        may(self)

    shop.order("O1", "C2", I1=5)
    shop.order("O2", I1=4)
    shop.drain()
    monkeypatch.setattr(Customer, "served", served)
    shop.receive("I1", 20)
    shop.drain()
    assert shop.approvals() == {"O2": 1}
    left = [event for _, event in shop.said(BacklogLeft)]
    assert BacklogLeft("O1", "refused", "Refused: C2 is not served today.") in left


def test_a_reservation_by_hand_holds_up_nobody_who_waits(shop: Shop) -> None:
    shop.receive("I1", 1)
    shop.order("O1", I1=10)
    shop.order("O2", I1=4)
    shop.ask(ReserveStock(location="W1", item="I1", order="O1", quantity=1))
    shop.drain()
    shop.receive("I1", 20)
    shop.drain()
    assert shop.approvals() == {"O1": 1, "O2": 1}
    stock: Stock = shop.load(Stock, "W1:I1")
    assert dict(stock.orders) == {"O1": 10, "O2": 4}


def test_what_an_older_build_has_asked_stands(shop: Shop) -> None:
    shop.receive("I1", 1)
    older, newer = Echo(), Echo()
    shop.drain(shop.driver([older.process]))
    with shop.database.write() as connection:
        positions.move(connection, "echo", "main", shop.position("echo"), 0)

    def react(recorded: Recorded, event: StockReceived) -> Iterator[Command]:
        for command in older.react(recorded, event):
            yield command.model_copy(update={"quantity": 7})

    newer.process.react = react
    shop.drain(shop.driver([newer.process]))
    assert shop.load(Stock, "W2:I1").on_hand == 1


def test_one_worker_leads_and_the_next_when_it_is_gone(postgres_url: str) -> None:
    shop = Shop(postgres_url)
    shop.open()
    first, second = shop.driver(), shop.driver()
    with shop.database.engine.connect() as mine, shop.database.engine.connect() as yours:
        assert first.lead(mine)
        assert first.lead(mine)
        assert not mine.in_transaction()
        assert not second.lead(yours)
        mine.invalidate()
        until(lambda: second.lead(yours))  # a server hears of a lost connection a little later
    shop.database.close()
