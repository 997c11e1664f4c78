"""What is due is asked at its instant or later, in effect once, and not after it was forgotten."""

import time
from datetime import timedelta
from typing import Any

import pytest
from processes.alarm import Alarm, Watched
from shop import Shop

from aggregates.inventory.stock import StockReceived
from commands.inventory.stock import IssueStock, ReceiveStock
from infra.clock import instant
from infra.requests import Unavailable
from services.processes import LATEST_ONLY, deadlines, holds, positions, refusals, unless_later_than
from services.workers import deadlines as runner
from services.workers import rearm

WEEK = 7 * 86_400


@pytest.fixture
def held(shop: Shop) -> Shop:
    """A shop whose database goes by the clock that the test holds."""
    if not shop.database.sqlite:
        pytest.skip("PostgreSQL has a clock of its own")
    return shop


def issue(shop: Shop, reference: str, item: str = "I1") -> None:
    shop.ask(IssueStock(location="W1", item=item, quantity=1, reason="sample", reference=reference))


def killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_deadline_is_asked_at_its_instant_and_not_before(held: Shop) -> None:
    watched = Watched(held)
    held.receive("I1", 1)
    watched.later(0)
    watched.later(59)
    assert (watched.echoed(), watched.subjects()) == ([], ["R1"])
    watched.later(1)
    assert (watched.echoed(), watched.subjects()) == (["R1"], [])
    (event,) = [one for one in held.history() if one.stream == "stock-W2:I1"]
    cause = next(one for one in held.history() if one.stream == "stock-W1:I1")
    assert event.actor == "process:alarm"
    assert (event.causation_id, event.correlation_id) == (cause.id, cause.correlation_id)


def test_a_deadline_fires_by_the_clock_of_either_database(shop: Shop) -> None:
    watched = Watched(shop, Alarm(0.5))
    shop.receive("I1", 1)
    while not watched.echoed():
        time.sleep(0.1)
        watched.later(0.1)
    first, second = (one for one in shop.history() if one.stream.startswith("stock-"))
    assert second.recorded_at - first.recorded_at >= 500_000
    assert watched.subjects() == []


def test_scheduled_again_it_is_moved(held: Shop) -> None:
    alarm = Alarm()
    alarm.subject = "all"
    watched = Watched(held, alarm)
    for _ in range(3):
        held.receive("I1", 1)
        watched.later(50)
    assert (watched.echoed(), len(watched.rows())) == ([], 1)
    watched.later(10)
    assert watched.echoed() == ["R3"]


def test_what_is_forgotten_is_not_asked(shop: Shop) -> None:
    watched = Watched(shop, Alarm(0))
    shop.receive("I1", 5)
    issue(shop, "R1")
    watched.run()
    assert (watched.echoed(), watched.subjects()) == ([], [])


def test_what_is_heard_in_the_same_step_forgets_what_is_due(held: Shop) -> None:
    watched = Watched(held)
    held.receive("I1", 5)
    watched.run()
    issue(held, "R1")
    watched.later(61)
    assert (watched.echoed(), watched.subjects()) == ([], [])


def test_killed_before_the_row_was_deleted_it_has_taken_effect_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(shop, Alarm(0))
    shop.receive("I1", 1)
    with monkeypatch.context() as patch:
        patch.setattr(deadlines, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            watched.driver.step()
    assert (watched.echoed(), watched.subjects()) == (["R1"], ["R1"])
    watched.run(watched.worker())
    assert (watched.echoed(), watched.subjects()) == (["R1"], [])


def test_scheduled_again_for_an_instant_at_which_it_was_asked_it_is_asked_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm = Alarm()
    alarm.at, alarm.subject = instant(1_700_000_000_000_000), "all"
    watched = Watched(shop, alarm)
    for number in (1, 2, 3):
        shop.receive("I1", 1)
        with monkeypatch.context() as patch:
            patch.setattr(deadlines, "settle", killed)
            with pytest.raises(KeyboardInterrupt):
                watched.worker().step()
        assert len(watched.rows()) == 1
        watched.run(watched.worker())
        assert (watched.rows(), len(watched.echoed())) == ([], number)


def test_after_a_standstill_of_a_week_all_that_is_due_is_asked_in_order(
    held: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 4)
    watched = Watched(held)
    for _ in range(10):
        held.receive("I1", 1)
        held.clock.sleep(1)
    watched.run()
    held.clock.sleep(WEEK)
    watched.run(watched.worker())
    assert watched.echoed() == [f"R{n}" for n in range(1, 11)]
    assert watched.hold().fired == 10


def test_a_process_with_much_that_is_due_starves_no_other_and_no_event(
    held: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 4)
    busy = Watched(held, Alarm(name="busy", place="W3"))
    other = Watched(held)
    for _ in range(10):
        held.receive("I1", 1)
    busy.run()
    held.clock.sleep(30)
    held.receive("I2", 1)
    held.clock.sleep(WEEK)
    both = held.driver([busy.alarm.process, other.alarm.process])

    def received(place: str) -> int:
        streams = [stream for stream, _ in held.said(StockReceived)]
        return sum(one.startswith(f"stock-{place}:") for one in streams)

    for asked in (4, 8, 11):
        both.step()
        assert (received("W3"), received("W2")) == (asked, asked)
    assert busy.shop.said(StockReceived)[-1][0] == "stock-W2:I2"


def test_a_step_asks_a_batch_at_most(held: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "BATCH", 4)
    watched = Watched(held)
    for _ in range(10):
        held.receive("I1", 1)
    watched.run()
    held.clock.sleep(WEEK)
    assert watched.driver.step() == 4
    assert len(watched.rows()) == 6


def test_what_is_later_than_its_purpose_allows_is_dropped_and_listed(held: Shop) -> None:
    watched = Watched(held, Alarm(60, unless_later_than(timedelta(hours=1))))
    held.receive("I1", 1)
    watched.run()
    held.receive("I2", 1)
    watched.later(3_661)
    assert (watched.echoed(), watched.subjects()) == ([], [])
    assert watched.hold().skipped == 2
    with held.database.read() as connection:
        told = refusals.summary(connection, "alarm", "main")
    assert (told["refused"], told["last_refusal"]["refusal"]) == (2, "TooLate")


def test_of_several_that_are_due_only_the_latest_is_asked_where_that_is_meant(held: Shop) -> None:
    watched = Watched(held, Alarm(60, LATEST_ONLY))
    for _ in range(3):
        held.receive("I1", 1)
        held.clock.sleep(1)
    held.receive("I2", 1)
    watched.later(100)
    assert watched.echoed() == ["R3", "R4"]
    assert watched.hold().skipped == 2


def test_a_process_that_is_new_on_an_old_log_is_held_until_it_is_released(held: Shop) -> None:
    held.receive("I1", 1)
    held.clock.sleep(100)
    watched = Watched(held)
    assert watched.hold().held == "new"
    assert (watched.echoed(), watched.subjects()) == ([], ["R1"])
    with held.database.write() as connection:
        holds.release(connection, "alarm", "main", held.clock.now())
    watched.run()
    assert watched.echoed() == ["R1"]


def test_a_process_that_has_deadlines_since_this_build_learns_them_from_the_log(held: Shop) -> None:
    held.receive("I1", 1)
    watched = Watched(held)
    with held.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM process_deadlines")
        connection.exec_driver_sql("DELETE FROM process_deadline_holds")
    watched.run(watched.worker())
    assert watched.subjects() == ["R1"]
    assert watched.hold().held == ""
    watched.later(61)
    assert watched.echoed() == ["R1"]


def test_when_the_clock_leaps_nothing_is_asked_until_somebody_agrees(held: Shop) -> None:
    watched = Watched(held)
    held.receive("I1", 1)
    watched.run()
    held.clock.step(86_400)
    watched.run()
    assert (watched.hold().held, watched.echoed()) == ("clock", [])
    watched.run(watched.worker())
    assert watched.echoed() == []
    with held.database.write() as connection:
        holds.release(connection, "alarm", "main", held.clock.now())
    watched.run()
    assert watched.echoed() == ["R1"]


def test_a_clock_that_falls_back_and_returns_has_not_leapt(held: Shop) -> None:
    watched = Watched(held)
    held.receive("I1", 1)
    watched.run()
    for steps in (-86_400, 86_400):
        held.clock.step(steps)
        watched.run()
        assert (watched.hold().held, watched.echoed()) == ("", [])
    watched.later(60)
    assert watched.echoed() == ["R1"]


def test_a_clock_that_falls_back_before_the_decision_lets_the_deadline_wait(
    held: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(held)
    held.receive("I1", 1)
    watched.run()
    held.clock.sleep(60)
    commit = watched.driver.executor.commit

    def falls(requests: Any) -> Any:
        held.clock.step(-30)
        return commit(requests)

    with monkeypatch.context() as patch:
        patch.setattr(watched.driver.executor, "commit", falls)
        watched.driver.step()
    assert (watched.echoed(), watched.subjects()) == ([], ["R1"])
    watched.later(30)
    assert watched.echoed() == ["R1"]


def test_a_refusal_is_kept_and_the_deadline_is_done_with(shop: Shop) -> None:
    alarm = Alarm(0)
    watched = Watched(shop, alarm)
    shop.ask(ReceiveStock(location="W2", item="I1", quantity=7, reference="R1"))
    shop.receive("I1", 1)
    watched.run()
    assert watched.subjects() == []
    with shop.database.read() as connection:
        told = refusals.summary(connection, "alarm", "main")
    assert (told["refused"], told["last_refusal"]["stream"]) == (1, "stock-W2:I1")
    assert told["last_refusal"]["refusal"] == "ReferenceTaken"


def test_a_deadline_whose_command_fails_is_passed_over_and_tried_by_the_next_worker(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(shop, Alarm(0))
    across = ReceiveStock.across

    def fails(self: ReceiveStock, *given: Any) -> Any:
        if self.location == "W2" and self.item == "I1":
            raise ZeroDivisionError("a rule with a fault")
        return across(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(ReceiveStock, "across", fails)
        shop.receive("I1", 1)
        shop.receive("I2", 1)
        watched.run()
    assert watched.echoed() == ["R2"]
    assert [row.error for row in watched.rows()] == ["ZeroDivisionError: a rule with a fault"]
    watched.run(watched.worker())
    assert watched.echoed() == ["R2", "R1"]


def test_a_database_that_does_not_answer_loses_no_deadline(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(shop, Alarm(0))
    shop.receive("I1", 1)

    def silent(*_: Any) -> None:
        raise Unavailable("the database does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(watched.driver.executor, "commit", silent)
        assert watched.driver.step() == 0
    assert list(watched.driver.troubles) == ["alarm"]
    assert watched.subjects() == ["R1"]
    watched.run(watched.worker())
    assert watched.echoed() == ["R1"]


def test_rows_made_anew_from_the_log_are_those_that_were_there(held: Shop) -> None:
    watched = Watched(held)
    for number in range(6):
        held.receive(f"I{1 + number % 3}", 5)
        held.clock.sleep(20)
    issue(held, "R5", "I2")
    watched.run()
    rows = watched.rows()
    assert watched.subjects() == ["R6"]
    assert watched.echoed() == ["R1", "R2", "R3", "R4"]
    assert rearm.rearm(held.store, held.codec, watched.alarm.process) == 1
    assert watched.rows() == rows
    watched.later(100)
    assert watched.echoed() == ["R1", "R2", "R3", "R4", "R6"]
    assert rearm.rearm(held.store, held.codec, watched.alarm.process) == 0


def test_deadlines_of_events_that_are_heard_again_are_moved_no_further(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(shop, Alarm(3_600))
    shop.receive("I1", 1)
    with monkeypatch.context() as patch:
        patch.setattr(positions, "move", killed)
        with pytest.raises(KeyboardInterrupt):
            watched.driver.step()
    assert watched.rows() == []
    watched.run(watched.worker())
    rows = watched.rows()
    with shop.database.write() as connection:
        positions.move(connection, "alarm", "main", shop.position("alarm"), 0)
    watched.run(watched.worker())
    assert watched.rows() == rows != []


def test_a_deadline_that_is_no_purpose_of_the_process_parks_its_event(shop: Shop) -> None:
    alarm = Alarm(0)
    watched = Watched(shop, alarm)
    purposes = alarm.process.purposes.copy()
    alarm.process.purposes = {"other": next(iter(purposes.values()))}
    shop.receive("I1", 1)
    watched.run()
    assert list(shop.parked("alarm")) == ["stock-W1:I1"]
    alarm.process.purposes = purposes
    watched.run(watched.worker())
    assert (shop.parked("alarm"), watched.echoed()) == ({}, ["R1"])


def test_counts_tell_what_waits_what_is_due_and_what_failed(held: Shop) -> None:
    watched = Watched(held)
    held.receive("I1", 1)
    held.clock.sleep(30)
    held.receive("I2", 1)
    watched.run()
    with held.database.read() as connection:
        now = held.clock.now()
        first, _ = watched.rows()
        at_once = deadlines.counts(connection, "alarm", "main", now)
        later = deadlines.counts(connection, "alarm", "main", first.due)
    assert at_once == (2, 0, 0, first.due)
    assert later == (2, 1, 0, first.due)
