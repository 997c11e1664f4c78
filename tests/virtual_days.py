"""A company whose clock the test moves, and whose processes run after each move."""

from datetime import timedelta
from typing import Any

from shop import HeldClock

from infra.clock import instant
from services.bootstrap import PROCESSES
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

    def after(self, seconds: float) -> str:
        return (instant(self.clock.now()) + timedelta(seconds=seconds)).isoformat()
