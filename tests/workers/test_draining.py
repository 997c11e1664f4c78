"""Told to end, every part ends within ten seconds, and answers whoever it has let in."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pace import limit
from sqlalchemy import text
from waiting import until

from infra.keys import Keys
from services.local.process import free_port

if TYPE_CHECKING:
    from workers.company import Company

PROGRAM = Path(sys.executable).with_name("distributary")
PARTS = {
    "api": ["serve"],
    "publish": ["work", "publish"],
    "project": ["work", "project"],
    "process": ["work", "process"],
}
Parts = dict[str, "subprocess.Popen[bytes]"]


@pytest.fixture
def port() -> int:
    return free_port()


@contextmanager
def at_work(company: "Company", port: int, tmp_path: Path, *names: str) -> Iterator[Parts]:
    """Those parts of a company; what one of them says is in `<part>.log`."""
    settings = {**os.environ, **company.environment, "DISTRIBUTARY_PORT": str(port)}
    made: Parts = {}
    try:
        for name in names:
            with (tmp_path / f"{name}.log").open("wb") as log:
                made[name] = subprocess.Popen([PROGRAM, *PARTS[name]], env=settings, stderr=log)
        until(lambda: all(_runs(name, tmp_path, port) for name in made))
        yield made
    finally:
        for part in made.values():
            part.kill()
            part.wait(limit(10))


def _runs(name: str, folder: Path, port: int) -> bool:
    if name != "api":
        return b'"started"' in (folder / f"{name}.log").read_bytes()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=limit(5)):
            return True
    except (urllib.error.URLError, OSError):
        return False


HEAD = "SELECT 1 FROM log_head FOR UPDATE"
OVER_TIME = b"does not end by itself"
KEYS = "LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE"


@contextmanager
def held(company: "Company", what: str) -> Iterator[None]:
    """While it lasts, whoever wants that waits: to write to the log, or to know a key."""
    with company.platform.database.read() as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        connection.execute(text(what))
        yield
        connection.rollback()


def _hire(port: int, key: str, number: int) -> int:
    body = '{"id": "r%d", "name": "R", "department": "d", "region": "r"}' % number  # noqa: UP031
    headers = {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": f"k{number}",
        "Content-Type": "application/json",
    }
    address = f"http://127.0.0.1:{port}/commands/hire-rep"
    request = urllib.request.Request(address, body.encode(), headers)
    with urllib.request.urlopen(request, timeout=limit(30)) as answer:
        return int(answer.status)


def _waiting(company: "Company") -> int:
    """How many wait for a lock of the company's database."""
    with company.platform.database.read() as connection:
        waits = "datname = current_database() AND wait_event_type = 'Lock'"
        query = text(f"SELECT count(*) FROM pg_stat_activity WHERE {waits}")
        return int(connection.execute(query).scalar_one())


def _queue(port: int, key: str) -> int:
    address, headers = f"http://127.0.0.1:{port}/status", {"Authorization": f"Bearer {key}"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return int(json.load(answer)["queue"])


def end(parts: Parts) -> dict[str, tuple[int, float]]:
    """Each part's code, and the seconds that it took, from the signal on."""
    began = time.monotonic()
    for part in parts.values():
        part.send_signal(signal.SIGTERM)
    found: dict[str, tuple[int, float]] = {}
    while len(found) < len(parts) and time.monotonic() < began + limit(30):
        for name, part in parts.items():
            if name not in found and (code := part.poll()) is not None:
                found[name] = code, time.monotonic() - began
        time.sleep(0.02)
    return found


def test_whoever_was_let_in_is_answered_and_all_parts_end_in_time(
    company: "Company", port: int, tmp_path: Path
) -> None:
    key = Keys(company.platform.database).new("tester")
    with ThreadPoolExecutor(9) as pool, at_work(company, port, tmp_path, *PARTS) as parts:
        with held(company, HEAD):
            asked = [pool.submit(_hire, port, key, 0)]
            until(lambda: _waiting(company) == 1)
            asked += [pool.submit(_hire, port, key, number) for number in range(1, 8)]
            until(lambda: _queue(port, key) == 7)  # all are in, and none can be answered
            ending = pool.submit(end, parts)
            time.sleep(0.5)
            assert not any(one.done() for one in asked)
        answers = [one.result(limit(30)) for one in asked]
        ended = ending.result(limit(40))
    assert answers == [201] * 8
    assert {name: code for name, (code, _) in ended.items()} == dict.fromkeys(PARTS, 0)
    assert max(seconds for _, seconds in ended.values()) < limit(10)
    assert not [one for one in PARTS if OVER_TIME in (tmp_path / f"{one}.log").read_bytes()]


@pytest.mark.parametrize("what", [HEAD, KEYS])
def test_a_part_that_cannot_go_on_ends_in_time_all_the_same(
    company: "Company", port: int, tmp_path: Path, what: str
) -> None:
    key = Keys(company.platform.database).new("tester")
    with (
        ThreadPoolExecutor(1) as pool,
        at_work(company, port, tmp_path, "api") as parts,
        held(company, what),
    ):
        asked = pool.submit(_hire, port, key, 1)
        until(lambda: _waiting(company) == 1)
        code, seconds = end(parts)["api"]
        assert (code, seconds < limit(10)) == (0, True), f"{seconds} s"
    with pytest.raises(urllib.error.HTTPError) as told:
        asked.result(limit(10))
    problem = json.load(told.value)
    assert (told.value.code, problem["type"]) == (503, "/problems/ending")
    assert told.value.headers["Retry-After"] == "1"
