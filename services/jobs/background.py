"""A thread that works on one thing at a time, of those that a table holds, until it is to end."""

import threading
from abc import ABC, abstractmethod

import structlog
from sqlalchemy.exc import DBAPIError

from infra.clock import new_id
from infra.requests import Unavailable
from services.bootstrap import Platform

log = structlog.get_logger()


class BackgroundWorker(ABC):
    """Looks by itself every few seconds, and at once when it is woken."""

    def __init__(self, platform: Platform, what: str, look_every: float) -> None:
        self.platform, self.what, self.look_every = platform, what, look_every
        self.name = new_id()
        self.wake = threading.Event()
        self.ending = False
        self.thread = threading.Thread(target=self._run, name=what, daemon=True)

    @abstractmethod
    def step(self) -> bool:
        """Work on one thing to its end; False where none is waiting."""

    def start(self) -> None:
        self.thread.start()

    def leave(self) -> None:
        """Leave what is not done yet to others, or to the next start."""
        self.ending = True
        self.wake.set()

    def stop(self, patience: float) -> None:
        self.leave()
        self.thread.join(patience)

    def _run(self) -> None:
        while not self.ending:
            try:
                busy = self.step()
            except (DBAPIError, Unavailable) as error:
                log.warning(f"{self.what} stand still", error=str(error).splitlines()[0])
                busy = False
            if not busy:
                self.wake.wait(self.look_every)
                self.wake.clear()
