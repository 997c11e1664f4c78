"""States as they are in the log, for who only looks: no command waits for it."""

import threading
from collections.abc import Callable
from typing import TypeVar

from infra.batch import Batch
from infra.codec import Codec
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

    def ask(self, question: Callable[[StateReader], T]) -> T:
        """What a question answers of the log as it is now."""
        log, store = self.log, self.log.recorder
        with self._mutex, store.database.read() as connection:
            head = store.head(connection)
            log.catch_up(connection, head)
            batch = Batch(log, Exception, lambda few: log.fetch(connection, few), head, {})
            return question(StateReader(batch))
