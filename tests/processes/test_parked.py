"""No event stops a process: its stream is parked, and all others flow on."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from processes.echo import Echo
from shop import Shop
from sqlalchemy.exc import DataError, OperationalError

from aggregates.inventory.stock import Stock, StockReceived
from commands.inventory.stock import ReceiveStock
from infra.executor import Executor
from infra.log import Log
from infra.requests import Outcome, Unavailable
from services.processes import Process, parking
from services.workers import react
from services.workers.drive import ProcessRunner
from services.workers.errors import BEHIND

I1, I2 = "stock-W1:I1", "stock-W1:I2"
WHY = "ZeroDivisionError: a rule with a fault"


@pytest.fixture
def echo() -> Echo:
    """It fails at the second receipt."""
    echo = Echo()
    echo.fails_at = "R2"
    return echo


@pytest.fixture
def receipts(shop: Shop) -> list[Outcome]:
    """Two of the one, then three of both; the second cannot be reacted to."""
    return [shop.receive(item, 1) for item in ("I1", "I1", "I2", "I1", "I2")]


def at_w2(shop: Shop) -> list[int]:
    return [shop.load(Stock, f"W2:{item}").on_hand for item in ("I1", "I2")]


def breaking(monkeypatch: pytest.MonkeyPatch, reference: str, error: Exception) -> None:
    """A command whose rule breaks."""
    on = ReceiveStock.on

    def breaks(self: ReceiveStock, stock: Stock, asked: Any, load: Any) -> Any:
        if self.location == "W2" and self.reference == reference:
            raise error
        return on(self, stock, asked, load)

    monkeypatch.setattr(ReceiveStock, "on", breaks)


def test_an_event_that_cannot_be_reacted_to_parks_its_stream_and_the_others_flow_on(
    shop: Shop, echo: Echo, receipts: list[Outcome], caplog: pytest.LogCaptureFixture
) -> None:
    driver = shop.driver([echo.process])
    assert driver.step() == receipts[-1].position
    assert not driver.troubles
    assert at_w2(shop) == [1, 2]
    assert shop.parked("echo") == {
        I1: [(receipts[1].position, WHY), (receipts[3].position, BEHIND)]
    }
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    event = next(one for one in shop.history() if one.position == receipts[1].position)
    assert told.__dict__["correlation_id"] == event.correlation_id
    assert f"echo parks {I1} from position {event.position} on" in told.getMessage()


def test_what_comes_later_in_a_parked_stream_waits_behind_it_in_order(
    shop: Shop, echo: Echo, receipts: list[Outcome]
) -> None:
    driver = shop.driver([echo.process])
    shop.drain(driver)
    last = [shop.receive(item, 1) for item in ("I1", "I2")]
    for _ in range(20):
        driver.step(1)
    assert at_w2(shop) == [1, 3]
    waiting = [receipts[1].position, receipts[3].position, last[0].position]
    assert [position for position, _ in shop.parked("echo")[I1]] == waiting
    assert shop.position("echo") == len(shop.history())


def test_a_process_reads_on_in_steps_of_any_size(
    shop: Shop, echo: Echo, receipts: list[Outcome]
) -> None:
    driver = shop.driver([echo.process])
    for _ in range(40):
        driver.step(1)
    assert at_w2(shop) == [1, 2]
    assert [why for _, why in shop.parked("echo")[I1]] == [WHY, BEHIND]


def test_an_event_that_no_build_can_read_is_parked(
    shop: Shop, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = Log.event

    def unreadable(self: Log, recorded: Any) -> Any:
        if recorded.position == receipts[1].position:
            raise LookupError("no such event")
        return event(self, recorded)

    with monkeypatch.context() as older:
        older.setattr(Log, "event", unreadable)
        shop.drain(shop.driver([Echo().process]))
    assert [why for _, why in shop.parked("echo")[I1]] == ["LookupError: no such event", BEHIND]
    assert at_w2(shop) == [1, 2]


@pytest.mark.parametrize("batch", [1, 64])
def test_a_command_that_breaks_parks_what_it_was_asked_for(
    shop: Shop, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    echo = Echo()
    monkeypatch.setattr(react, "BATCH", batch)
    with monkeypatch.context() as patch:
        breaking(patch, "R2", KeyError("a rule with a fault"))
        shop.drain(shop.driver([echo.process]))
    why = [(receipts[1].position, "KeyError: 'a rule with a fault'")]
    assert shop.parked("echo") == {I1: [*why, (receipts[3].position, BEHIND)]}
    assert at_w2(shop)[1] == 2
    shop.drain(shop.driver([echo.process]))
    assert shop.parked("echo") == {}
    assert at_w2(shop) == [3, 2]


def test_a_state_that_cannot_be_read_parks_only_who_asks_of_it(
    shop: Shop, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.ask(ReceiveStock(location="W2", item="I1", quantity=7, reference="BY-HAND"))
    evolve = Stock.evolve

    def breaks(self: Stock, event: Any) -> Stock:
        if isinstance(event, StockReceived) and event.quantity == 7:
            raise KeyError("cannot be folded")
        return evolve(self, event)

    with monkeypatch.context() as patch:
        patch.setattr(Stock, "evolve", breaks)
        process = Process("echo", [StockReceived], Echo().react, lambda *_: False)
        shop.drain(shop.driver([process]))
    assert list(shop.parked("echo")) == [I1]
    assert at_w2(shop) == [7, 2]
    shop.drain(shop.driver([Echo().process]))
    assert at_w2(shop) == [10, 2]


def test_a_rule_that_cannot_tell_whether_to_ask_asks(shop: Shop, receipts: list[Outcome]) -> None:
    def unable(*_: Any) -> bool:
        raise KeyError("cannot tell")

    process = Process("echo", [StockReceived], Echo().react, unable)
    shop.drain(shop.driver([process]))
    assert at_w2(shop) == [3, 2]


@pytest.mark.parametrize("fault", [Unavailable("no answer"), OSError("no file"), MemoryError()])
def test_an_answer_that_may_be_another_later_parks_nothing(
    shop: Shop, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    driver = shop.driver([Echo().process])
    with monkeypatch.context() as patch:
        patch.setattr(Executor, "commit", lambda _, asked: [fault] * len(asked))
        assert driver.step() == 0
    assert list(driver.troubles) == ["echo"]
    assert (shop.parked("echo"), shop.position("echo")) == ({}, 0)
    shop.drain(driver)
    assert at_w2(shop) == [3, 2]


def test_a_retry_reacts_in_order_up_to_the_first_that_still_fails(
    shop: Shop, echo: Echo, receipts: list[Outcome]
) -> None:
    driver = shop.driver([echo.process])
    shop.drain(driver)
    done = driver.retry(echo.process, I1)
    assert done == ("echo", I1, 0, 0, 2, WHY)
    echo.fails_at = "R4"
    done = driver.retry(echo.process, I1)
    assert done == ("echo", I1, 1, 0, 1, WHY)
    assert shop.parked("echo") == {I1: [(receipts[3].position, WHY)]}
    echo.fails_at = None
    assert driver.retry(echo.process, I1) == ("echo", I1, 1, 0, 0, None)
    assert driver.retry(echo.process, I1) == ("echo", I1, 0, 0, 0, None)
    assert (shop.parked("echo"), at_w2(shop)) == ({}, [3, 2])
    assert [one for one in echo.reacted if one in {"R1", "R2", "R4"}] == ["R1", "R2", "R4"]
    shop.receive("I1", 5)
    shop.drain(driver)
    assert at_w2(shop) == [8, 2]


def test_a_worker_that_starts_tries_again_what_is_parked(
    shop: Shop, echo: Echo, receipts: list[Outcome]
) -> None:
    driver = shop.driver([echo.process])
    shop.drain(driver)
    echo.fails_at = None
    driver.step()
    assert at_w2(shop) == [1, 2]  # this one has begun already
    shop.drain(shop.driver([echo.process]))
    assert (shop.parked("echo"), at_w2(shop)) == ({}, [3, 2])


def test_a_worker_that_dies_after_it_asked_asks_once(
    shop: Shop, echo: Echo, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    shop.drain(shop.driver([echo.process]))
    echo.fails_at = None
    with monkeypatch.context() as patch:
        patch.setattr(parking, "leave", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.driver([echo.process]).step()
    assert len(shop.parked("echo")[I1]) == 2
    shop.drain(shop.driver([echo.process]))
    assert (shop.parked("echo"), at_w2(shop)) == ({}, [3, 2])


def test_what_is_parked_is_parked_with_the_position_or_not_at_all(
    shop: Shop, echo: Echo, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(parking, "park", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.driver([echo.process]).step()
    assert (shop.parked("echo"), shop.position("echo")) == ({}, 0)
    shop.drain(shop.driver([echo.process]))
    assert len(shop.parked("echo")[I1]) == 2


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, driver: ProcessRunner, others: Callable[[], object]
) -> None:
    """What others do after this worker has read, and before it moves."""
    ask = driver._reactor.ask

    def late(*given: Any) -> Any:
        monkeypatch.setattr(driver._reactor, "ask", ask)
        others()
        return ask(*given)

    monkeypatch.setattr(driver._reactor, "ask", late)


def test_what_follows_a_stream_that_is_let_go_meanwhile_is_not_left_waiting(
    shop: Shop, echo: Echo, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, desk = shop.driver([echo.process]), shop.driver([echo.process])
    shop.drain(driver)
    echo.fails_at = None
    shop.receive("I1", 5)
    meanwhile(monkeypatch, driver, lambda: desk.retry(echo.process, I1))
    assert driver.step() == 0  # it knew the stream as parked
    assert not driver.troubles
    shop.drain(driver)
    assert (shop.parked("echo"), at_w2(shop)) == ({}, [8, 2])


def test_what_is_parked_while_a_retry_goes_on_is_taken_by_it(
    shop: Shop, echo: Echo, receipts: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, desk = shop.driver([echo.process]), shop.driver([echo.process])
    shop.drain(driver)
    echo.fails_at = None
    shop.receive("I1", 5)
    meanwhile(monkeypatch, desk, driver.step)
    assert desk.retry(echo.process, I1) == ("echo", I1, 3, 0, 0, None)
    assert (shop.parked("echo"), at_w2(shop)) == ({}, [8, 2])


OF_DATA = DataError("INSERT", {}, Exception("a number beyond 64 bits"))
OF_DISK = OperationalError("INSERT", {}, Exception("disk I/O error"))


@pytest.mark.parametrize(("error", "parks"), [(OF_DATA, True), (OF_DISK, False)])
def test_what_can_never_be_stored_is_parked_and_what_the_disk_would_not_take_is_not(
    shop: Shop,
    receipts: list[Outcome],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    parks: bool,
) -> None:
    driver = shop.driver([Echo().process])
    breaking(monkeypatch, "R2", error)
    driver.step()
    assert (list(shop.parked("echo")), bool(driver.troubles)) == ([I1] * parks, not parks)
