"""Jobs are worked on in the background, by whoever has the lease; whoever ends leaves his to
others, who begin it anew.
"""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from infra.requests import Unavailable
from services.bootstrap import Platform
from services.faults import Words
from services.jobs import kept
from services.jobs.background import BackgroundWorker
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


class JobRunner(BackgroundWorker):
    """Works on jobs of the kinds that it knows."""

    def __init__(self, platform: Platform, known: Mapping[str, Do]) -> None:
        super().__init__(platform, "jobs", LOOK_EVERY)
        self.known = known
        self.leases = kept.of_kinds(list(known))

    def step(self) -> bool:
        database = self.platform.database
        if not self.leases.waiting(database):
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
