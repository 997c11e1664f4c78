"""A view that would hold up the others is fed in a thread of its own until it has caught up."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import structlog

from projections.engine import Projection
from services.bootstrap import Platform
from services.commandline.loops import Made, Step, WorkerLoop
from services.workers.apply import Applier
from services.workers.errors import describe
from services.workers.wait import Wait

NEAR = 5_000
"""A view that lacks fewer positions is taken in again: the others hardly wait for it."""
LOOK_EVERY = 1.0
FIRST_STAY, LONGEST_STAY = 1.0, 600.0
"""Seconds that a view stays apart at least; twice as long each time it has to go again."""
LONGEST_PAUSE = 15.0
END_LIMIT = 5.0

log = structlog.get_logger()
Feed = Callable[[Applier, str], AbstractContextManager[Step]]
"""Feeds the applier of the view of that name, step by step, as long as the block lasts."""


class Lanes:
    """The views that one worker has set aside, each with a thread that feeds it."""

    def __init__(self, worker: str, platform: Platform, feed: Feed) -> None:
        self.worker, self.platform, self.feed = worker, platform, feed
        self._running: dict[str, tuple[WorkerLoop, threading.Thread]] = {}
        self._stays: dict[str, float] = defaultdict(lambda: FIRST_STAY)
        self._done: list[str] = []

    def take(self, view: Projection, error: Exception) -> None:
        name = view.name
        log.warning("set aside", worker=self.worker, view=name, error=describe(error))
        loop = WorkerLoop(f"{self.worker}-view-{name}", longest=LONGEST_PAUSE)
        made = self._made(view, loop, time.monotonic() + self._stays[name])
        self._stays[name] = min(self._stays[name] * 2, LONGEST_STAY)
        thread = threading.Thread(target=loop.run, args=(made,), name=loop.name, daemon=True)
        self._running[name] = loop, thread
        thread.start()

    def returned(self) -> Sequence[str]:
        done, self._done = self._done, []
        for name in done:
            del self._running[name]
            log.info("taken in again", worker=self.worker, view=name)
        return done

    def waits(self) -> Iterator[Wait]:
        for name in list(self._running):
            yield Wait("aside", name)

    def close(self) -> None:
        running, self._running = self._running, {}
        for loop, _ in running.values():
            loop.stop()
        for _, thread in running.values():
            thread.join(END_LIMIT)

    def _made(self, view: Projection, loop: WorkerLoop, stays_until: float) -> Made:
        """Feeds the view, and ends when there is little left to feed."""

        @contextmanager
        def made() -> Generator[Step]:
            applier = Applier(self.platform.store, [view], self.platform.codec)
            look_at = stays_until

            def stepped() -> int:
                nonlocal look_at
                did = step()
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + LOOK_EVERY
                    if applier.behind() < NEAR:
                        loop.stop()
                        self._done.append(view.name)
                return did

            with self.feed(applier, view.name) as step:
                yield stepped

        return made
