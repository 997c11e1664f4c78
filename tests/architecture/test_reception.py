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
from pace import limit
from reception import PLACE, Down, ask, opened

ROOT = Path(__file__).parents[2]
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
        self.told.append("broken")
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
            timeout=limit(60),
        )
    assert asked.stdout == "here:1\n", asked.stderr


def test_who_asks_for_what_does_not_start_is_told_why_and_the_others_go_on() -> None:
    started = Started()
    with opened({"slow": started.slow, "broken": started.broken}):
        with pytest.raises(Down, match="broken does not start: no room"):
            ask("broken")
        assert ask("slow") == "here:1"


def test_a_server_that_does_not_start_is_tried_once_and_the_second_who_asks_knows() -> None:
    started = Started()
    with opened({"broken": started.broken}):
        known = []
        for _ in range(3):
            with pytest.raises(Down) as down:
                ask("broken")
            known.append(down.value.told)
    assert (known, started.told) == ([False, True, True], ["broken"])


@pytest.mark.parametrize("many", [["-n2"], ["-n0"]], ids=["workers", "one process"])
def test_a_server_that_does_not_come_up_fails_one_test_with_its_log(
    tmp_path: Path, many: list[str]
) -> None:
    broken = "import servers\nfrom services.local.postgres import LocalPostgres\n"
    broken += "def hopeless(self):\n    raise servers.NotReady('the disk is full')\n"
    broken += "LocalPostgres.start = hopeless\n"
    (tmp_path / "breaks.py").write_text(broken)
    asking = "def test_{0}(postgres):\n    pass\n\ndef test_{0}_too(postgres_url):\n    pass\n"
    for name in ("one", "two", "three"):
        (tmp_path / f"test_{name}.py").write_text(asking.format(name))
    words = ["-q", "-p", "breaks", "-p", "conftest", "-p", "no:cacheprovider", *many]
    path = f"{tmp_path}:{ROOT / 'tests'}"
    kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", *words, tmp_path],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**kept, "PYTHONPATH": path},
        timeout=limit(60),
    )
    assert "1 error" in run.stdout.splitlines()[-1], run.stdout + run.stderr
    assert "5 skipped" in run.stdout.splitlines()[-1]
    assert "postgres does not start: the disk is full" in run.stdout


def test_a_run_that_shares_nothing_says_so() -> None:
    assert ask("slow") is None
