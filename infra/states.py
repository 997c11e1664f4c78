"""States as they are in the log, for who only looks: no command waits for it."""

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from infra.batch import Batch, Naming
from infra.codec import Codec
from infra.events import Head
from infra.log import Log
from infra.recorder import LogRecorder
from infra.state_reader import StateReader

T = TypeVar("T")
AT_HAND = 5_000


class States:
    """A log with a cache of its own; safe to ask from any thread."""

    def __init__(self, recorder: LogRecorder, codec: Codec) -> None:
        self.log = Log(recorder, codec, cache=AT_HAND)
        self._mutex = threading.Lock()

    def ask(
        self,
        question: Callable[[StateReader], T],
        named: Callable[[Connection, Head], Naming] | None = None,
        actor: str = "",
    ) -> T:
        """What a question answers of the log as it is now; `named` finds what names a thing.

        `actor` is who asks, where the answer depends on it.
        """
        with self._mutex, self.log.recorder.database.read() as connection:
            batch = self._batch(connection, named)
            return question(StateReader(batch, actor))

    def rehearse(
        self,
        question: Callable[[StateReader], T],
        named: Callable[[Connection, Head], Naming] | None,
        tolerance: int = 0,
    ) -> T:
        """What a question answers that decides commands without writing them.

        It is asked again where an event that it took for new stands in the log, so it answers
        refusals instead of raising them.
        """
        store = self.log.recorder
        with self._mutex, store.database.read() as connection:
            batch = self._batch(connection, named, tolerance)
            batch.recall = lambda references: store.referenced(connection, references)
            return batch.rehearse(question)

    def _batch(
        self,
        connection: Connection,
        named: Callable[[Connection, Head], Naming] | None,
        tolerance: int = 0,
    ) -> Batch:
        """Upon the log as it is now; nothing is ever written of it."""
        log, store = self.log, self.log.recorder
        head = store.head(connection)
        log.catch_up(connection, head)
        return Batch(
            log,
            Exception,
            lambda few: log.fetch(connection, few),
            head,
            {},
            named=None if named is None else named(connection, head),
            tolerance=tolerance,
        )
