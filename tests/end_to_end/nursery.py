"""A warm parent forks workers that work at once, and nothing but SIGKILL ends them."""

import ctypes
import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from pace import lasting, limit

START_LIMIT = 60
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Nursery:
    """`start` answers the pid of a worker; its sign of life is a file."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self.directory = directory
        self.environment = {**os.environ, **environment, "NURSERY": str(directory)}
        self.environment["PYTHONPATH"] = f"{Path.cwd()}:{Path(__file__).parents[1]}"

    def __enter__(self) -> Self:
        with (self.directory / "words.log").open("ab") as words:
            self.parent = subprocess.Popen(
                [sys.executable, "-W", "ignore", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                env=self.environment,
                text=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        assert self.parent.stdin
        assert self.parent.stdout
        self.parent.stdin.close()
        self.parent.wait(limit(10))
        self.parent.stdout.close()

    def start(self, *words: str) -> int:
        assert self.parent.stdin
        assert self.parent.stdout
        self.parent.stdin.write(" ".join(words) + "\n")
        self.parent.stdin.flush()
        return int(self.parent.stdout.readline())

    def works(self, pid: int) -> bool:
        return (self.directory / f"{pid}.works").exists()

    def wait_for(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + limit(seconds)
        while not self.works(pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.works(pid)

    def words(self) -> str:
        return (self.directory / "words.log").read_text()


def works() -> int:
    """The sign of life of this worker."""
    Path(os.environ["NURSERY"], f"{os.getpid()}.works").touch()
    return 1


def limits() -> "Limits":
    """A worker stopped in its transaction blocks the others so long: a minute is for real life."""
    soon = lasting(4)
    session = float(os.environ["NURSERY_SESSION"])
    return Limits(session=session, statement=soon, lock=soon, idle=soon)


def publish() -> None:
    loop = WorkerLoop("publish")
    loop.run(watched(publishing(platform(Settings(), limits=limits()), loop)))


def project() -> None:
    WorkerLoop("project").run(watched(projecting(platform(Settings(), limits=limits()))))


def watched(made: "Made") -> "Made":
    """The same worker; having done something, it gives its sign of life."""

    @contextmanager
    def watching() -> "Iterator[Step]":
        with made() as step:
            yield lambda: step() and works()

    return watching


def clerk(who: str, pause: str) -> None:
    """Asks for ever; writes down each answer before it asks again, and asks some things twice."""
    executor, draw = platform(Settings(), limits=limits()).executor, random.Random(who)
    business = Business(draw, who)
    book = Path(os.environ["NURSERY"], f"{who}.book").open("a")  # noqa: SIM115
    while True:
        batch = business.requests(draw.randint(1, 8))
        for asked in (batch, draw.sample(batch, len(batch) // 4)):
            for answer, request in zip(executor.commit(asked) if asked else [], asked, strict=True):
                if isinstance(answer, Outcome):
                    places = [(e.position, e.stream, e.version, e.type) for e in answer.events]
                    book.write(json.dumps([request.key, places]) + "\n")
        book.flush()
        works()
        time.sleep(float(pause))


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    jobs: dict[str, Callable[..., None]] = {"publish": publish, "project": project, "clerk": clerk}
    for line in sys.stdin:
        name, *words = line.split()
        pid = os.fork()
        if pid == 0:
            ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            jobs[name](*words)
            os._exit(1)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    from workers.company import Business

    from infra.limits import Limits
    from infra.requests import Outcome
    from infra.settings import Settings
    from services.bootstrap import platform
    from services.commandline import loops
    from services.commandline.loops import Made, Step, WorkerLoop, publishing
    from services.commandline.projecting import projecting
    from services.workers import leader

    loops.STANDBY, leader.STILL = 0.05, f"{lasting(2_000):.0f}ms"
    logging.basicConfig(level=logging.WARNING, format="%(process)d %(asctime)s %(message)s")
    main()
