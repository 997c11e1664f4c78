"""Imports that are to be taken back are worked on behind the answer, as imports are."""

from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from infra.requests import Unavailable
from services.imports import undo_jobs
from services.imports.sources import Faulty
from services.imports.undo_jobs import UndoJob
from services.imports.undoing import Undone, undo
from services.jobs.leased import Leased, Left, Who

BROKEN = "The undo failed; the log of the API says why.", "撤销失败；原因见 API 日志。"
log = structlog.get_logger()


def step(who: Who) -> bool:
    """Take one import back to its end; False where none is to be."""
    database = who.platform.database
    if not undo_jobs.leases.waiting(database):
        return False
    with database.write() as connection:
        job = undo_jobs.claim(connection, who.name, database.now(connection))
    if job is None:
        return False
    _UndoWork(who, job).run()
    return True


class _UndoWork(Leased):
    """One undo of this worker, and what it has to tell."""

    leases = undo_jobs.leases

    def __init__(self, who: Who, job: UndoJob) -> None:
        super().__init__(who, job.id)
        self.job = job

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
            self.leave()
        except Faulty as error:
            self._end(undo_jobs.FAILED, {"fault": error.faults[0].words})
        except (DBAPIError, Unavailable):
            raise
        except Exception:  # whatever one import does, the next ones are not held up
            log.exception("undo failed", id=job.id)
            self._end(undo_jobs.FAILED, {"fault": BROKEN})

    def _end(self, state: str, result: dict[str, Any]) -> None:
        database = self.platform.database
        with database.write() as connection:
            now = database.now(connection)
            undo_jobs.end(connection, self.id, self.worker.name, state, result, now)


def told(found: Undone) -> dict[str, Any]:
    """An outcome as it is kept."""
    stay = [{"stream": s, "position": p, "words": words} for s, p, words in found.kept]
    return {"rows": found.rows, "undone": found.undone, "stay": found.stay, "kept": stay}
