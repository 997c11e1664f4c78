"""Workers that run until told to stop: an error makes them begin anew, never end."""

import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import Any

import structlog
from sqlalchemy import Connection, text

from infra.kafka_refusals import what_to_do
from services.bootstrap import PROCESSES, Platform
from services.commandline.error_notes import ErrorNotes
from services.commandline.heartbeat import Heartbeat
from services.commandline.meter import WorkerMetrics
from services.files import cleaning
from services.notices.notifier import Notifier
from services.notices.sender import Sender
from services.workers.drive import ProcessRunner
from services.workers.leader import expire_when_idle
from services.workers.publish import Publisher
from services.workers.wait import Wait

IDLE, LONGEST_IDLE = 0.005, 0.05
STANDBY = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

Step = Callable[[], int]
"""Does what is there to do; answers how much it was."""
Made = Callable[[], AbstractContextManager[Step]]

log = structlog.get_logger()


class WorkerLoop:
    """Steps until stopped; after an error it makes its worker anew, with growing pauses."""

    def __init__(
        self,
        name: str,
        heart: Heartbeat | None = None,
        meter: WorkerMetrics | None = None,
        longest: float = LONGEST_PAUSE,
        notes: ErrorNotes | None = None,
    ) -> None:
        self.name = name
        self.notes = notes
        self.longest = longest
        self.heart = heart
        self.meter = meter or WorkerMetrics(name)
        self.stopping = threading.Event()
        self.turns = 0
        self.waits: Callable[[], Iterable[Wait]] = tuple

    def run(self, made: Made) -> None:
        pause = FIRST_PAUSE
        while not self.stopping.is_set():
            began = time.monotonic()
            self.turns += 1
            self.meter.waiting.look([Wait("start")])
            try:
                with made() as step:
                    log.info("started", worker=self.name)
                    self._turn(step)
            except Exception as error:  # noqa: BLE001 - a worker outlives whatever it meets
                if time.monotonic() - began > self.longest * 2:
                    pause = FIRST_PAUSE
                self.meter.failed()
                told = _line(error)
                log.error("begins anew", worker=self.name, pause=pause, error=told)  # noqa: TRY400 - one line each
                if self.notes is not None:
                    self.notes.failed(error, told)
                self.stopping.wait(pause)
                pause = min(pause * 2, self.longest)
        if self.notes is not None:
            self.notes.clear()
        log.info("stopped", worker=self.name)

    def _turn(self, step: Step) -> None:
        idle = IDLE
        while not self.stopping.is_set():
            began = self.meter.now()
            did = step()
            self.meter.did(did, self.meter.now() - began)
            self.meter.waiting.look(self.waits())
            self.beat()
            if self.notes is not None:
                self.notes.worked()
            if not did:
                self.stopping.wait(idle)
            idle = IDLE if did else min(idle * 1.5, LONGEST_IDLE)

    def beat(self) -> None:
        self.turns += 1
        if self.heart is not None:
            self.heart.beat()

    def stop(self, *_: Any) -> None:
        self.stopping.set()

    def stop_on_signals(self) -> None:
        def ended(_: int, __: FrameType | None) -> None:
            self.stopping.set()

        signal.signal(signal.SIGTERM, ended)
        signal.signal(signal.SIGINT, ended)

    def leading(self, connection: Connection, lead: Callable[[Connection], bool]) -> bool:
        """Wait until this process leads; false when it was stopped first. A standby is healthy."""
        while not self.stopping.is_set():
            if lead(connection):
                expire_when_idle(connection)
                return True
            connection.rollback()
            self.meter.waiting.look([Wait("lead")])
            self.beat()
            self.stopping.wait(STANDBY)
        return False


def publishing(platform: Platform, loop: WorkerLoop) -> Made:
    settings = platform.settings

    @contextmanager
    def made() -> Generator[Step]:
        broker = platform.broker("publisher")
        names = platform.topic_names()
        topics = broker.topics(names, settings.partitions, settings.replication)
        publisher = Publisher(platform.store, broker, topics, platform.tracing)
        loop.waits = publisher.waits
        try:
            with _own(platform) as connection:
                if loop.leading(connection, publisher.lead):
                    publisher.resume(connection)
                    connection.commit()
                yield lambda: publisher.step(connection)
        finally:
            publisher.close()

    return made


def driving(platform: Platform, loop: WorkerLoop) -> Made:
    @contextmanager
    def made() -> Generator[Step]:
        store, executor, codec = platform.store, platform.executor, platform.codec
        driver = ProcessRunner(store, executor, codec, PROCESSES, platform.tracing)
        loop.waits = driver.waits
        with _own(platform) as connection:
            loop.leading(connection, driver.lead)
            with cleaning.repeated(platform):
                notifier, sender = Notifier(platform), Sender(platform)
                try:
                    yield lambda: _led(driver, notifier, sender, connection)
                finally:
                    sender.close()

    return made


def _led(driver: ProcessRunner, notifier: Notifier, sender: Sender, connection: Connection) -> int:
    """A step, and a look whether the connection that leads is still alive."""
    did = driver.step() + notifier.step()
    sender.step()
    connection.execute(text("SELECT 1"))
    connection.commit()
    return did


@contextmanager
def _own(platform: Platform) -> Iterator[Connection]:
    """A connection that really ends, and with it the lead that it holds; each of its statements
    is by itself, which spares two trips of three.
    """
    with platform.database.read() as connection:
        try:
            if not platform.database.sqlite:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
        finally:
            connection.invalidate()


def _line(error: Exception) -> str:
    if (refused := what_to_do(error)) is not None:
        return refused
    return f"{type(error).__name__}: {error}".splitlines()[0][:500]
