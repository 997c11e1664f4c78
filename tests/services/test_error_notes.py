"""A worker that cannot go on says why at `/status`, until it works again or has ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError
from waiting import until

from infra.database import Database
from infra.settings import Settings
from projections.engine import worker_errors
from projections.engine.worker_errors import WorkerError
from services import bootstrap
from services.api.status import system_status
from services.bootstrap import Platform
from services.commandline import error_notes
from services.commandline.error_notes import ErrorNotes
from services.commandline.loops import WorkerLoop


@pytest.fixture
def platform(prepared_url: str) -> Iterator[Platform]:
    made = bootstrap.platform(Settings(database_url=SecretStr(prepared_url)))
    yield made
    made.close()


def told(platform: Platform) -> list[tuple[str, str]]:
    return [(one["worker"], one["error"]) for one in system_status(platform)["worker_errors"]]


def test_an_error_is_told_while_it_lasts(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_notes, "CALM", 0.0)
    loop = WorkerLoop("publish", notes=ErrorNotes(platform.database, "publish"))
    faults = ["the password is wrong", "the topic is missing"]

    @contextmanager
    def made() -> Iterator[Callable[[], int]]:
        if faults:
            raise RuntimeError(faults[0])
        yield lambda: 0

    thread = Thread(target=loop.run, args=(made,))
    thread.start()
    try:
        for fault in ("the password is wrong", "the topic is missing"):
            until(lambda fault=fault: told(platform) == [("publish", f"RuntimeError: {fault}")])
            faults.remove(fault)
        until(lambda: told(platform) == [])
    finally:
        loop.stop()
        thread.join()


def test_an_error_of_the_database_is_left_to_whoever_asks_it(platform: Platform) -> None:
    notes = ErrorNotes(platform.database, "project")
    notes.failed(OperationalError("SELECT 1", {}, RuntimeError("gone")), "gone")
    assert told(platform) == []


def test_who_has_not_tried_again_for_two_minutes_has_ended(platform: Platform) -> None:
    database: Database = platform.database
    with database.write() as connection:
        now = database.now(connection)
        old = now - worker_errors.FORGOTTEN - 1
        worker_errors.note(connection, WorkerError("publish", "a:1", "lost", old, old))
        assert worker_errors.every(connection, now) == []
        worker_errors.note(connection, WorkerError("publish", "a:2", "no right", now, now))
        worker_errors.note(connection, WorkerError("publish", "a:2", "no topic", now + 5, now + 5))
        (kept,) = worker_errors.every(connection, now)
        assert kept == WorkerError("publish", "a:2", "no topic", now, now + 5)
        worker_errors.clear(connection, "publish", "a:2")
        assert worker_errors.every(connection, old) == []  # the old one went with the newer
