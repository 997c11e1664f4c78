"""Imports that are to be taken back are worked on behind the answer, as imports are."""

from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from infra.requests import Unavailable
from services.bootstrap import Platform
from services.imports import undo_jobs
from services.imports.sources import Faulty
from services.imports.undo_jobs import UndoJob
from services.imports.undoing import Undone, undo

RENEW_EVERY = 1_000_000
BROKEN = "The undo failed; the log of the API says why.", "撤销失败；原因见 API 日志。"
log = structlog.get_logger()


class Left(Exception):
    """It is another's by now, or this process is about to end."""


class Who(Protocol):
    """Whoever works on it, and whether he is about to end."""

    name: str
    ending: bool
    platform: Platform


def step(who: Who) -> bool:
    """Take one import back to its end; False where none is to be."""
    database = who.platform.database
    with database.read() as connection:  # whoever only looks holds nobody up
        if undo_jobs.free(connection, database.now(connection)) is None:
            return False
    with database.write() as connection:
        job = undo_jobs.claim(connection, who.name, database.now(connection))
    if job is None:
        return False
    _UndoWork(who, job).run()
    return True


class _UndoWork:
    """One undo of this worker, and what it has to tell."""

    def __init__(self, who: Who, job: UndoJob) -> None:
        self.who, self.job = who, job
        self.platform = who.platform
        self.renewed = self.platform.database.clock.now()

    def run(self) -> None:
        job = self.job
        try:
            found = undo(
                self.platform,
                job.id,
                job.actor,
                partial=job.partial,
                progress=self.progress,
                checked=True,
            )
            self._end(undo_jobs.KEPT if found.stay else undo_jobs.DONE, told(found))
        except Left:
            with self.platform.database.write() as connection:
                undo_jobs.let_go(connection, job.id, self.who.name)
        except Faulty as error:
            self._end(undo_jobs.FAILED, {"fault": error.faults[0].words})
        except (DBAPIError, Unavailable):
            raise
        except Exception:  # whatever one import does, the next ones are not held up
            log.exception("undo failed", id=job.id)
            self._end(undo_jobs.FAILED, {"fault": BROKEN})

    def progress(self, done: int, total: int | None) -> None:
        database = self.platform.database
        now = database.clock.now()
        if self.who.ending:
            raise Left
        if 0 <= now - self.renewed < RENEW_EVERY:
            return
        self.renewed = now
        with database.write() as connection:
            at = database.now(connection)
            mine = self.job.id, self.who.name
            if not undo_jobs.go_on(connection, *mine, at, done, total or 0):
                raise Left

    def _end(self, state: str, result: dict[str, Any]) -> None:
        database = self.platform.database
        with database.write() as connection:
            now = database.now(connection)
            undo_jobs.end(connection, self.job.id, self.who.name, state, result, now)


def told(found: Undone) -> dict[str, Any]:
    """An outcome as it is kept."""
    stay = [{"stream": s, "position": p, "words": words} for s, p, words in found.kept]
    return {"rows": found.rows, "undone": found.undone, "stay": found.stay, "kept": stay}
