"""A worker that makes no turn for too long says where it stands and ends, to be started anew.

What it leaves undone is done again by its successor, as after a kill.
"""

import faulthandler
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import structlog

from services.commandline import Code

DRAIN = 9.0
"""Seconds after SIGTERM within which a part ends by itself, or is ended."""

log = structlog.get_logger()


class StallWatchdog:
    """Counts the time by its own short waits, so that a pause of the whole process counts little.

    `turns` tells a number that changes with every turn; `stop` asks the worker to end.
    """

    def __init__(
        self,
        part: str,
        limit: float,
        turns: Callable[[], int],
        stop: Callable[[], None],
    ) -> None:
        self.part, self.limit = part, limit
        self.turns, self.stop = turns, stop
        self.every = min(1.0, limit / 4)
        self._over = threading.Event()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """In the main thread. A signal is heard even while that thread cannot hear it."""
        told, tell = socket.socketpair()
        told.setblocking(False)
        tell.setblocking(False)
        before = signal.set_wakeup_fd(tell.fileno(), warn_on_full_buffer=False)
        thread = threading.Thread(target=self._run, args=(told,), name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            tell.send(b"\0")
            thread.join(self.every * 4)
            signal.set_wakeup_fd(before)
            faulthandler.cancel_dump_traceback_later()
            told.close()
            tell.close()

    def _run(self, told: socket.socket) -> None:
        seen, quiet, draining = -1, 0.0, None
        while not self._over.is_set():
            # For what holds even this thread up: an endless search in a text, for example.
            faulthandler.dump_traceback_later(self.limit * 2, exit=True, file=2)
            if _signalled(told, self.every) and draining is None:
                self.stop()
                draining = 0.0
                continue
            now = self.turns()
            quiet, seen = (0.0 if now != seen else quiet + self.every), now
            if draining is not None:
                draining += self.every
                if draining >= DRAIN and not self._over.is_set():
                    self._end("does not end by itself", DRAIN, Code.DONE)
            elif quiet >= self.limit and not self._over.is_set():
                self._end("stuck", quiet, Code.STUCK)

    def _end(self, what: str, seconds: float, code: Code) -> NoReturn:
        log.critical(what, worker=self.part, seconds=seconds, threads=stacks())
        sys.stderr.flush()
        os._exit(code)


def _signalled(told: socket.socket, seconds: float) -> bool:
    """Whether SIGTERM or SIGINT came within the time."""
    if not select.select([told], [], [], seconds)[0]:
        return False
    return bool({signal.SIGTERM, signal.SIGINT} & set(told.recv(64)))


def stacks() -> dict[str, list[str]]:
    """Where each thread stands, innermost last."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return {
        f"{names.get(ident, '?')} ({ident})": [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_stack(top)
        ]
        for ident, top in sys._current_frames().items()  # noqa: SLF001 - there is no other way
    }


def end_in_time(seconds: float = DRAIN) -> None:
    """From now on this process has so long to end; what then still waits is not waited for."""

    def end() -> None:
        log.warning("does not end by itself", seconds=seconds, threads=stacks())
        os._exit(Code.DONE)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
