"""The queue before the group commit: whoever waits shares the next transaction."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from infra.executor import Executor
from infra.requests import Answer, Outcome, Request

BATCH = 256
Heard = Callable[[Sequence[Answer], float], None]
"""Is told of each batch: its answers, and the seconds that they took."""


class Traced(Protocol):
    """Follows each command from who asks to its commit."""

    def asker(self) -> Any:
        """Who asks, found where it asks."""
        ...

    def committed(
        self,
        asked: Sequence[tuple[Request, Any]],
        answers: Sequence[Answer],
        began: int,
        ended: int,
    ) -> None:
        """Must not raise; the times are nanoseconds since the epoch."""
        ...


class Overloaded(Exception):
    """The queue is full: try again in a moment, with the same key."""


class QueuedCommand(NamedTuple):
    request: Request
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Outcome]
    asker: Any = None


class GroupCommit:
    """One thread commits what has gathered while it committed the batch before.

    At most `waiting` requests are queued; one more raises `Overloaded`. `stop` answers all that
    were queued before it returns.
    """

    def __init__(
        self,
        executor: Executor,
        *,
        batch: int = BATCH,
        waiting: int = 5_000,
        heard: Heard | None = None,
        traced: Traced | None = None,
    ) -> None:
        self.executor = executor
        self.batch = batch
        self.waiting = waiting
        self.heard = heard
        self.traced = traced
        self.turned_away = 0
        self._queue: deque[QueuedCommand] = deque()
        self._gathered = threading.Event()
        self._stopping = False
        self._door = threading.Lock()  # after `stop` has closed it, nothing more is queued
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, limit: float = 10.0) -> None:
        with self._door:
            self._stopping = True
        self._gathered.set()
        if self._thread.ident:
            self._thread.join(limit)

    @property
    def depth(self) -> int:
        return len(self._queue)

    def submit(self, request: Request) -> asyncio.Future[Outcome]:
        """A future of the running loop; it raises `KeyReused`, `VersionMismatch` and so on."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Outcome] = loop.create_future()
        asker = None if self.traced is None else self.traced.asker()
        with self._door:
            if self._stopping or len(self._queue) >= self.waiting:
                self.turned_away += 1
                raise Overloaded("too many commands wait: try again soon, with the same key")
            self._queue.append(QueuedCommand(request, loop, answer, asker))
        if not self._gathered.is_set():  # asking costs a tenth of telling again
            self._gathered.set()
        return answer

    def _run(self) -> None:
        while True:
            self._gathered.wait()
            self._gathered.clear()
            while self._queue:
                self._commit(
                    [self._queue.popleft() for _ in range(min(self.batch, len(self._queue)))]
                )
            if self._stopping and not self._queue:
                return

    def _commit(self, tickets: Sequence[QueuedCommand]) -> None:
        answers: Sequence[Answer]
        began = time.perf_counter()
        try:
            answers = self.executor.commit([ticket.request for ticket in tickets])
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            answers = [error] * len(tickets)
        seconds = time.perf_counter() - began
        if self.heard is not None:
            self.heard(answers, seconds)
        for loop in {ticket.loop for ticket in tickets}:
            mine = [pair for pair in zip(tickets, answers, strict=True) if pair[0].loop is loop]
            with suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_resolve, mine)
        if self.traced is not None:  # whoever waits has been answered
            ended = time.time_ns()
            asked = [(ticket.request, ticket.asker) for ticket in tickets]
            self.traced.committed(asked, answers, ended - int(seconds * 1e9), ended)


def _resolve(pairs: Sequence[tuple[QueuedCommand, Answer]]) -> None:
    for ticket, answer in pairs:
        if ticket.answer.done():
            continue  # the asker has gone; the outcome stays under its key
        if isinstance(answer, Exception):
            ticket.answer.set_exception(answer)
        else:
            ticket.answer.set_result(answer)
