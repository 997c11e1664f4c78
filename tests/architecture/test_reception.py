"""A server that several workers need is started once, for who asks first, and ends with the run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import reception
from reception import PLACE, ask, opened

ASK = "import reception; print(reception.ask('slow'))"


class Started:
    """What a server that takes its time was told, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @contextmanager
    def slow(self) -> Iterator[str]:
        self.told.append("start")
        yield "here:1"
        self.told.append("stop")

    @contextmanager
    def broken(self) -> Iterator[str]:
        raise OSError("no room")
        yield


@pytest.fixture(autouse=True)
def nobody_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run that these tests are part of has a reception of its own."""
    monkeypatch.delenv(PLACE, raising=False)


def test_many_who_ask_get_one_server_and_it_ends_with_the_run() -> None:
    started = Started()
    with opened({"slow": started.slow}):
        assert started.told == []
        with ThreadPoolExecutor(8) as workers:
            assert set(workers.map(ask, ["slow"] * 8)) == {"here:1"}
        assert started.told == ["start"]
    assert started.told == ["start", "stop"]


def test_another_process_gets_it_too() -> None:
    started = Started()
    path = {**os.environ, "PYTHONPATH": str(Path(reception.__file__).parent)}
    with opened({"slow": started.slow}):
        asked = subprocess.run(
            [sys.executable, "-c", ASK],
            env={**path, PLACE: os.environ[PLACE]},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert asked.stdout == "here:1\n", asked.stderr


def test_who_asks_for_what_does_not_start_is_told_why_and_the_others_go_on() -> None:
    started = Started()
    with opened({"slow": started.slow, "broken": started.broken}):
        with pytest.raises(RuntimeError, match="broken does not start: no room"):
            ask("broken")
        assert ask("slow") == "here:1"


def test_a_run_that_shares_nothing_says_so() -> None:
    assert ask("slow") is None
