"""Wherever the checkout lies, the commands of the README work, and those of whoever develops it."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pace import limit
from waiting import until

from services.local.process import free_port
from services.local.watchdog import send

ROOT = Path(__file__).parents[2]
CODE = ("aggregates", "commands", "projections", "services", "infra", "lock")
FILES = ("Makefile", "pyproject.toml", "compose.yaml", "compose.production.yaml")
BUILT = shutil.ignore_patterns("node_modules", "dist")
DEEP = "deep-" * 24
"""With the folders above it, too long for the name of a socket."""


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Path]:
    """A checkout in a private folder with a blank and Chinese letters, deep, below a closed one."""
    closed = tmp_path / "closed"
    folder = closed / "私人 folder" / DEEP / "checkout"
    folder.mkdir(parents=True)
    for part in CODE:
        shutil.copytree(ROOT / part, folder / part, ignore=BUILT)
    for file in FILES:
        shutil.copy(ROOT / file, folder / file)
    _take_environment(folder)
    (folder / "var" / "tmp").mkdir(parents=True)
    closed.chmod(0o700)
    folder.parent.chmod(0o500)
    yield folder
    folder.parent.chmod(0o700)
    shutil.rmtree(closed, ignore_errors=True)


def _take_environment(folder: Path) -> None:
    """The environment of this run, as it would be if it had been set up there."""
    venv = folder / ".venv"
    subprocess.run(["cp", "-a", *_linked(), Path(sys.prefix), venv], check=True)
    program = venv / "bin" / "distributary"
    start = f"#!/bin/sh\n'''exec' \"{venv}/bin/python\" \"$0\" \"$@\"\n' '''\n"
    _write(program, f"{start}import sys\nfrom services.cli import main\nsys.exit(main())\n")
    program.chmod(0o700)
    for found in venv.glob("lib/*/site-packages/__editable__*_finder.py"):
        _write(found, found.read_text("utf-8").replace(str(ROOT), str(folder)))
    _write(venv / ".place", f"{folder}\n")
    for kind in ("run", "dev"):
        files = [f"lock/{kind}.txt", "pyproject.toml"]
        files += [f"services/local/{name}" for name in ("setup.sh", "pom.xml")]
        told = f"{folder}\n".encode() + b"".join((folder / one).read_bytes() for one in files)
        _write(venv / f".ready-{kind}", f"{hashlib.sha256(told).hexdigest()}  -\n")


def _linked() -> list[str]:
    """Files are shared where one disk has both: a gigabyte is not copied."""
    return ["-l"] if Path(sys.prefix).stat().st_dev == Path("/tmp").stat().st_dev else []


def _write(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)  # another name of the file stays as it is
    file.write_text(text, "utf-8")


@contextmanager
def making(folder: Path, *words: str) -> Iterator[tuple["subprocess.Popen[bytes]", Path, int]]:
    """`make` there, of a user who shares nothing with anybody; ended as Ctrl-C does."""
    log, port = folder / "var" / f"{words[0]}.log", free_port()
    kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    kept |= {"DISTRIBUTARY_PORT": str(port), "PWD": str(folder), "LC_ALL": "C"}
    kept["WITHOUT_CONSOLE"] = "1"
    kept["TMPDIR"] = str(folder / "var" / "tmp")
    with log.open("wb") as told:
        made = subprocess.Popen(
            ["make", *words],
            cwd=folder,
            env=kept,
            umask=0o077,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
    try:
        yield made, log, port
        os.killpg(made.pid, signal.SIGINT)
        made.wait(limit(20))
    finally:
        send(made.pid, signal.SIGKILL)
        made.wait()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=limit(5)):
            return True
    except (urllib.error.URLError, OSError):
        return False


def reached(folder: Path) -> Path:
    """The same checkout by a link: nothing is set up anew for it."""
    link = folder.parents[3] / "link"
    link.symlink_to(folder)
    return link


@pytest.mark.parametrize("by_link", [False, True], ids=["itself", "by a link"])
def test_the_platform_runs_in_any_folder(odd: Path, by_link: bool) -> None:
    folder = reached(odd) if by_link else odd
    with making(folder, "run", "ARGS=--no-demo") as (made, log, port):
        runs = made.poll
        until(lambda: answers(port), alive=lambda: runs() is None, tell=log.read_text)
        assert "installing" not in log.read_text()


def test_the_local_cluster_runs_in_any_folder(odd: Path) -> None:
    (odd / "var" / "cluster").mkdir()
    (odd / "var" / "cluster" / "demo-is-loaded").touch()  # loading it takes its time anywhere
    with making(odd, "cluster") as (made, log, _):
        runs = made.poll
        until(
            lambda: "ready; Ctrl-C ends everything" in log.read_text("utf-8", "replace"),
            progress=lambda: log.stat().st_size,
            alive=lambda: runs() is None,
            tell=log.read_text,
        )
        assert "installing" not in log.read_text("utf-8", "replace")


def test_tests_with_servers_run_in_any_folder(odd: Path) -> None:
    """With two workers, which ask for the servers that they share."""
    shutil.copytree(ROOT / "tests", odd / "tests")
    some = [
        "tests/infra/test_database.py::test_who_pauses_for_a_moment_within_a_copy_may_go_on",
        "tests/infra/test_compose.py::test_kafka_knows_every_setting_that_it_is_given",
    ]
    words = ["-m", "pytest", "-q", "-n2", "-p", "no:cacheprovider", *some]
    kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    kept.pop("DISTRIBUTARY_TEST_SERVERS", None)
    run = subprocess.run(
        [odd / ".venv" / "bin" / "python", *words],
        cwd=odd,
        env={**kept, "TMPDIR": str(odd / "var" / "tmp"), "LC_ALL": "C"},
        umask=0o077,
        capture_output=True,
        text=True,
        timeout=limit(120),
    )
    assert run.returncode == 0, run.stdout + run.stderr
