"""A process that sets deadlines, on a shop whose time passes as the tests say."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from shop import Shop

from aggregates.inventory.stock import StockIssued, StockReceived
from commands import Command
from commands.inventory.stock import ReceiveStock
from infra.clock import instant
from infra.events import Recorded
from services.processes import (
    ALWAYS,
    Cancel,
    Lateness,
    Process,
    Purpose,
    Schedule,
    deadlines,
    holds,
)
from services.processes.deadlines import Deadline
from services.workers.drive import ProcessRunner


class Alarm:
    """What comes in at W1 is received elsewhere too, after some seconds, unless it is issued."""

    def __init__(
        self,
        seconds: float = 60,
        lateness: Lateness = ALWAYS,
        name: str = "alarm",
        place: str = "W2",
    ) -> None:
        self.place = place
        self.wait = timedelta(seconds=seconds)
        self.at: datetime | None = None
        self.subject: str | None = None
        purposes = [Purpose("echo", ReceiveStock, lateness)]
        self.process = Process(name, [StockReceived, StockIssued], self.react, self.idle, purposes)

    def react(self, recorded: Recorded, event: Any) -> Iterator[Schedule | Cancel]:
        if not recorded.key.startswith("W1:"):
            return
        subject = self.subject or f"{recorded.stream}:{event.reference}"
        if isinstance(event, StockIssued):
            yield Cancel("echo", subject)
        else:
            at = self.at or instant(recorded.occurred_at) + self.wait
            yield Schedule("echo", subject, at, self._echo(recorded.key, event))

    def _echo(self, key: str, event: StockReceived) -> Command:
        what = {"quantity": event.quantity, "reference": event.reference}
        return ReceiveStock(location=self.place, item=key.removeprefix("W1:"), **what)

    def idle(self, command: Command, state: Any) -> bool:
        return False


class Watched:
    """A shop, the alarm, and a worker that steps it."""

    def __init__(self, shop: Shop, alarm: Alarm | None = None) -> None:
        self.shop, self.alarm = shop, alarm or Alarm()
        self.driver = self.worker()
        self.run()

    def worker(self) -> ProcessRunner:
        return self.shop.driver([self.alarm.process])

    def run(self, driver: ProcessRunner | None = None) -> None:
        """Step until there is nothing left to do now."""
        driver = driver or self.driver
        for _ in range(100):
            if not driver.step():
                assert not driver.troubles
                return
        raise AssertionError("it does not come to an end")

    def later(self, seconds: float) -> None:
        self.shop.clock.sleep(seconds)
        self.run()

    def rows(self) -> list[Deadline]:
        with self.shop.database.read() as connection:
            return list(deadlines.every(connection, "alarm", self.shop.store.log))

    def subjects(self) -> list[str]:
        return [row.subject.rpartition(":")[2] for row in self.rows()]

    def echoed(self) -> list[str]:
        """The references of what was received at W2, in the order of the log."""
        return [
            event.reference
            for stream, event in self.shop.said(StockReceived)
            if stream.startswith("stock-W2:")
        ]

    def hold(self) -> holds.DeadlineHold:
        with self.shop.database.read() as connection:
            found = holds.of(connection, "alarm", self.shop.store.log)
        assert found is not None
        return found
