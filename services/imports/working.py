"""Imports that were asked for over HTTP are worked on in the background, by whoever has the lease.

A process that ends leaves its import to another, which begins anew: rows are known by their keys.
"""

from io import StringIO
from typing import Any

import msgspec
import structlog
from sqlalchemy.exc import DBAPIError

from infra.requests import Unavailable
from services import own_fields
from services.bootstrap import Platform
from services.faults import Words
from services.imports import files, kept, undo_work
from services.imports.files import Import, ImportResult, Watch
from services.imports.kept import ImportJob
from services.imports.refused import RefusedRows
from services.imports.sources import CellFault, Faulty, Row, Source
from services.jobs.background import BackgroundWorker
from services.jobs.leased import Leased, Left

LOOK_EVERY = 5.0
"""Seconds until a process looks by itself for what another has left."""
SHOWN = 1_000
"""Faults that are kept of an import."""
BROKEN = "The import failed; the log of the API says why.", "导入失败；原因见 API 日志。"
log = structlog.get_logger()


class Worker(BackgroundWorker):
    """Works on imports, and takes back those that are to be."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform, "imports", LOOK_EVERY)

    def step(self) -> bool:
        return self._import() or undo_work.step(self)

    def _import(self) -> bool:
        database = self.platform.database
        if not kept.leases.waiting(database):
            return False
        with database.write() as connection:
            job = kept.claim(connection, self.name, database.now(connection))
            content = kept.file(connection, job.id) if job else b""
        if job is None:
            return False
        _Working(self, job, content).run()
        return True


class _Working(Leased):
    """One import of this worker, and what it has to tell."""

    leases = kept.leases

    def __init__(self, worker: Worker, job: ImportJob, content: bytes) -> None:
        super().__init__(worker, job.id)
        self.job, self.content = job, content
        self.rows = StringIO(newline="")
        self.refusals = RefusedRows(lambda: self.rows, int(job.language == "zh-CN"))

    def run(self) -> None:
        try:
            result = self._result()
        except Left:
            self.leave()
            return
        state = kept.DONE if not result.broken else kept.FAILED
        if result.invalid and not self.job.dry_run and not self.job.spec.partial:
            state = kept.FAILED
        self._end(state, result)

    def _result(self) -> ImportResult:
        source = Source(self.job.name, self.content)
        try:
            own_fields.call(self.platform.states.ask(own_fields.declared))
            one = files.opened(source, self.job.spec, self.job.id)
            if self.job.dry_run:
                return files.check_all(one, self)
            return files.run(self.platform, one, self.job.actor, self, checked=True)
        except Faulty as error:
            return ImportResult(self.job.id, invalid=1, broken=True, faults=error.faults)
        except (Left, DBAPIError, Unavailable):
            raise
        except Exception:  # whatever one file does, the next ones are not held up
            log.exception("import failed", id=self.job.id)
            fault = CellFault(None, None, None, BROKEN)
            return ImportResult(self.job.id, broken=True, faults=[fault])

    def refused(self, header: Row, rows: list[Row], rule: str, words: Words) -> None:
        self.refusals.write(header, rows, rule, words)

    def _end(self, state: str, result: ImportResult) -> None:
        database = self.platform.database
        with database.write() as connection:
            head = self.platform.store.head(connection).position
            now = database.now(connection)
            kept.end(connection, self.job.id, state, told(result), now, head)
            rows = self.rows.getvalue()
            kept.keep_refused(connection, self.job.id, rows.encode("utf-8-sig") if rows else b"")


def run_kept(platform: Platform, one: Import, actor: str, watch: Watch) -> ImportResult:
    """Import a file here and now, and keep that it was; begun before, it goes on."""
    database = platform.database
    with database.write() as connection:
        now = database.now(connection)
        if not kept.again(connection, one.id):
            job = ImportJob(one.id, actor, one.source.name, one.spec)
            after = platform.store.head(connection).position
            kept.begin(connection, job, one.id, now, after)
    result = files.run(platform, one, actor, watch)
    nothing = result.invalid and not one.spec.partial
    with database.write() as connection:
        head, now = platform.store.head(connection).position, database.now(connection)
        state = kept.FAILED if result.broken or nothing else kept.DONE
        kept.end(connection, one.id, state, told(result), now, head)
    return result


def told(result: ImportResult) -> dict[str, Any]:
    """An outcome as it is kept."""
    counts = ("rows", "accepted", "repeated", "waiting", "refused", "invalid", "events")
    found: dict[str, Any] = {name: getattr(result, name) for name in counts}
    found["notes"] = result.notes
    found["faults"] = [msgspec.to_builtins(fault) for fault in result.faults[:SHOWN]]
    return found
