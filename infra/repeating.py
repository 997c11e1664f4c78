"""Does something again and again behind everybody's back, and once more at its end."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Repeating:
    """A thread of its own; what fails is told to the log, and tried again at the next turn."""

    def __init__(self, name: str, pause: float, do: Callable[[], None]) -> None:
        self.name = name
        self.pause = pause
        self.do = do
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self, limit: float) -> None:
        """Let it do its work a last time; wait at most so many seconds for it."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(limit)

    def _run(self) -> None:
        while not self._ending.wait(self.pause):
            self._turn()
        self._turn()

    def _turn(self) -> None:
        try:
            self.do()
        except Exception as error:  # noqa: BLE001 - the next turn may fare better
            log.warning("%s: %s", self.name, error)
