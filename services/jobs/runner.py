"""Jobs are worked on in the background, by whoever has the lease; whoever ends leaves his to
others, who begin it anew.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from infra.clock import new_id
from infra.requests import Unavailable
from services.bootstrap import Platform
from services.faults import Words
from services.jobs import kept
from services.jobs.kept import KeptJob
from services.jobs.leased import Leased, Left

LOOK_EVERY = 2.0
"""Seconds until a process looks by itself for what was asked of another."""
BROKEN = (
    "It failed; the log of the process that worked on it says why.",
    "执行失败；原因见执行进程的日志。",
)
log = structlog.get_logger()

Watch = Callable[[float], None]
"""Told now and then which share is done; raises where the job is to be left."""
Do = Callable[[Platform, dict[str, Any], Watch], dict[str, Any]]


class JobFailed(Exception):
    """What was asked for cannot be done, in both languages."""

    def __init__(self, words: Words) -> None:
        super().__init__(words[0])
        self.words = words


class JobRunner:
    """One thread that works on one job at a time, of the kinds that it knows."""

    def __init__(self, platform: Platform, known: Mapping[str, Do]) -> None:
        self.platform, self.known = platform, known
        self.leases = kept.of_kinds(list(known))
        self.name = new_id()
        self.wake = threading.Event()
        self.ending = False
        self.thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self, patience: float) -> None:
        self.ending = True
        self.wake.set()
        self.thread.join(patience)

    def _run(self) -> None:
        while not self.ending:
            try:
                busy = self.step()
            except (DBAPIError, Unavailable) as error:
                log.warning("jobs stand still", error=str(error).splitlines()[0])
                busy = False
            if not busy:
                self.wake.wait(LOOK_EVERY)
                self.wake.clear()

    def step(self) -> bool:
        """Work on one job to its end; False where none is waiting."""
        database = self.platform.database
        with database.read() as connection:  # whoever only looks holds nobody up
            if self.leases.free(connection, database.now(connection)) is None:
                return False
        with database.write() as connection:
            row = self.leases.claim(connection, self.name, database.now(connection))
            job = kept.read(connection, row.id) if row else None
        if job is None:
            return False
        _Working(self, job).run(self.known[job.kind])
        return True


class _Working(Leased):
    leases = kept.leases

    def __init__(self, worker: JobRunner, job: KeptJob) -> None:
        super().__init__(worker, job.id)
        self.job = job

    def run(self, do: Do) -> None:
        try:
            state, result = kept.DONE, do(self.platform, self.job.asked, self.watch)
        except Left:
            self.leave()
            return
        except JobFailed as error:
            state, result = kept.FAILED, {"error": error.words}
        except (DBAPIError, Unavailable):
            raise
        except Exception:  # whatever one job does, the next ones are not held up
            log.exception("job failed", id=self.id, kind=self.job.kind)
            state, result = kept.FAILED, {"error": BROKEN}
        database = self.platform.database
        with database.write() as connection:
            now = database.now(connection)
            kept.end(connection, self.id, self.worker.name, state, result, now)

    def watch(self, share: float) -> None:
        self.progress(int(min(share, 1.0) * kept.WHOLE), kept.WHOLE)
