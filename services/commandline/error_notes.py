"""What a worker leaves in the database while it cannot go on, so that `/status` tells of it."""

import os
import socket
import time
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from infra.database import Database
from projections.engine import worker_errors
from projections.engine.worker_errors import WorkerError

CALM = 2.0
"""Seconds without an error after which a worker works again: some fail only after a few turns."""


class ErrorNotes:
    def __init__(self, database: Database, worker: str) -> None:
        self.database, self.worker = database, worker
        self.process = f"{socket.gethostname()}:{os.getpid()}"
        self._failed_at: float | None = None

    def failed(self, error: Exception, told: str) -> None:
        """An error of the database itself is not noted: it says so to whoever asks."""
        self._failed_at = time.monotonic()
        if isinstance(error, SQLAlchemyError):
            return
        with suppress(SQLAlchemyError), self.database.write() as connection:
            now = self.database.now(connection)
            row = WorkerError(self.worker, self.process, told, now, now)
            worker_errors.note(connection, row)

    def worked(self) -> None:
        if self._failed_at is not None and time.monotonic() > self._failed_at + CALM:
            self.clear()

    def clear(self) -> None:
        if self._failed_at is None:
            return
        self._failed_at = None
        with suppress(SQLAlchemyError), self.database.write() as connection:
            worker_errors.clear(connection, self.worker, self.process)
