"""A company whose clock the test moves, and whose processes run after each move."""

from datetime import datetime, timedelta
from typing import Any

from shop import HeldClock
from sqlalchemy import func, select

from infra.clock import instant, micros
from services.bootstrap import PROCESSES
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
        with self.api.platform.database.read() as connection:
            found: int | None = connection.execute(select(func.min(due)).where(due > now)).scalar()
        return found

    def after(self, seconds: float) -> str:
        return (instant(self.clock.now()) + timedelta(seconds=seconds)).isoformat()
