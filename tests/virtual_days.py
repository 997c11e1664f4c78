"""A company whose clock the test moves, and whose workers run after each move."""

from datetime import datetime, timedelta
from typing import Any

from shop import HeldClock
from sqlalchemy import Select, func, select

from infra.clock import instant, micros
from services.bootstrap import PROCESSES
from services.notices import deliveries
from services.notices.notifier import Notifier
from services.notices.sender import Sender
from services.processes import deadlines
from services.workers.drive import ProcessRunner


def driver(api: Any) -> ProcessRunner:
    platform = api.platform
    return ProcessRunner(platform.store, platform.executor, platform.codec, PROCESSES)


class Days:
    """The virtual time of an API."""

    def __init__(self, api: Any) -> None:
        self.api, self.clock = api, HeldClock()
        api.platform.database.clock = self.clock
        self.driver = driver(api)
        self.run()

    def run(self) -> None:
        while self.driver.step():
            pass
        assert not self.driver.troubles

    def later(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.run()

    def until(self, moment: str) -> None:
        """Let the time pass from one deadline to the next, up to an instant with its offset."""
        end = micros(datetime.fromisoformat(moment))
        while (now := self.clock.now()) < end:
            self.later((min(self._next(now) or end, end) - now) / 1_000_000)

    def _next(self, now: int) -> int | None:
        """When the next deadline of all processes is due."""
        due = deadlines.pending.c.due
        return self._first(select(func.min(due)).where(due > now))

    def _first(self, query: Select[Any]) -> int | None:
        with self.api.platform.database.read() as connection:
            found: int | None = connection.execute(query).scalar()
        return found

    def after(self, seconds: float) -> str:
        return (instant(self.clock.now()) + timedelta(seconds=seconds)).isoformat()


class NoticedDays(Days):
    """People are told of what happens, and are sent what is due."""

    def __init__(self, api: Any) -> None:
        self.restart(api)
        super().__init__(api)

    def restart(self, api: Any) -> None:
        """Another worker takes over, which knows what the tables say alone."""
        self.notifier, self.sender = Notifier(api.platform), Sender(api.platform)

    def run(self) -> None:
        super().run()
        while self.notifier.step():
            pass
        assert self.notifier.trouble is None
        database = self.api.platform.database
        with database.read() as connection:
            found = deliveries.busy(connection, database.now(connection))
        for destination in found:
            self.sender.send(destination)

    def _next(self, now: int) -> int | None:
        """The same, or when something is to be sent."""
        column = deliveries.deliveries.c
        waits = column.state == "waiting", column.due > now
        every = super()._next(now), self._first(select(func.min(column.due)).where(*waits))
        return min((due for due in every if due is not None), default=None)
