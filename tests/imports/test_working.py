"""Whoever has the lease works on an import; what it leaves is done by the next, and once."""

from pathlib import Path
from typing import Any

import pytest

from services.bootstrap import Platform
from services.imports import kept
from services.imports.kept import ImportJob
from services.imports.sources import Spec
from services.imports.working import Worker
from services.jobs.leases import LEASE

FILE = "id,name,department\nr1,李雷,sales\nr2,韩梅梅,sales\n".encode()
JOB = ImportJob("abc-1", "tester", "reps.csv", Spec("hire-rep", constants={"region": "east"}))


@pytest.fixture
def platform(found, tmp_path: Path) -> Platform:
    one: Platform = found(tmp_path)
    with one.database.write() as connection:
        kept.begin(connection, JOB, "content", one.database.now(connection), 0, "k")
        kept.keep_file(connection, JOB.id, FILE)
    return one


def seen(platform: Platform) -> dict[str, Any]:
    with platform.database.read() as connection:
        return kept.read(connection, JOB.id) or {}


def test_a_worker_does_what_waits_and_then_nothing(platform: Platform) -> None:
    worker = Worker(platform)
    assert worker.step()
    assert (seen(platform)["state"], seen(platform)["result"]["accepted"]) == ("done", 2)
    assert not worker.step()
    with platform.database.read() as connection:
        assert kept.file(connection, JOB.id) == b""  # nobody wants it any more


def test_what_a_dead_worker_had_is_taken_over_when_its_lease_has_ended(platform: Platform) -> None:
    database, worker = platform.database, Worker(platform)
    with database.write() as connection:
        now = database.now(connection)
        assert kept.claim(connection, "the dead", now) == JOB
    assert not worker.step()
    with database.write() as connection:
        assert kept.leases.go_on(connection, JOB.id, "the dead", now - 2 * LEASE, 0, 2)
    assert worker.step()
    assert seen(platform)["result"]["accepted"] == 2
    with database.write() as connection:
        assert not kept.leases.go_on(connection, JOB.id, "the dead", now, 2, 2)


def test_a_process_that_ends_leaves_its_import_to_the_next_at_once(platform: Platform) -> None:
    ending = Worker(platform)
    ending.ending = True
    assert ending.step()
    assert seen(platform)["state"] == "running"
    assert Worker(platform).step()
    result = seen(platform)["result"]
    assert (seen(platform)["state"], result["accepted"], result["repeated"]) == ("done", 0, 2)


def test_an_import_that_fails_holds_up_no_other(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.imports import working

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(working.files, "opened", broken)
    worker = Worker(platform)
    assert worker.step()
    assert seen(platform)["state"] == "failed"
    assert not worker.step()
