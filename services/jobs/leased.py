"""A worker's own part in what it has the lease of: to say how far it is, or to leave it."""

from typing import ClassVar, Protocol

from services.bootstrap import Platform
from services.jobs.leases import Leases

RENEW_EVERY = 1_000_000


class Left(Exception):
    """It is another's by now, or this process is about to end."""


class Who(Protocol):
    """Whoever works on it, and whether he is about to end."""

    name: str
    ending: bool
    platform: Platform


class Leased:
    """One piece of work of a worker, who keeps its lease as he goes on."""

    leases: ClassVar[Leases]

    def __init__(self, worker: Who, id: str) -> None:
        self.worker, self.id, self.platform = worker, id, worker.platform
        self.renewed = self.platform.database.clock.now()

    def progress(self, done: int, total: int | None) -> None:
        """Say how far it is, now and then; raises `Left` where it is to be left."""
        database = self.platform.database
        now = database.clock.now()
        if self.worker.ending:
            raise Left
        if 0 <= now - self.renewed < RENEW_EVERY:
            return
        self.renewed = now
        with database.write() as connection:
            mine = self.id, self.worker.name
            if not self.leases.go_on(connection, *mine, database.now(connection), done, total or 0):
                raise Left

    def leave(self) -> None:
        with self.platform.database.write() as connection:
            self.leases.let_go(connection, self.id, self.worker.name)
