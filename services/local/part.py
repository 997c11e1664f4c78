"""One of the product's own processes, with its log in a file and on the screen."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.local.process import ChildProcess, NotReady, patient

PROGRAM = Path(sys.executable).with_name("distributary")
HEALTH_LIMIT = 20


def say(text: str, name: str = "cluster") -> None:
    sys.stdout.write(f"{name:<12}│ {text}\n")
    sys.stdout.flush()


class Part:
    def __init__(
        self, name: str, words: Sequence[str], logs: Path, environment: Mapping[str, str]
    ) -> None:
        self.name, self.words = name, words
        self.process = ChildProcess(name, logs / f"{name}.log", environment=environment)
        self._shown = self.process.log.stat().st_size if self.process.log.exists() else 0

    @property
    def alive(self) -> bool:
        return self.process.alive

    def start(self) -> None:
        self.process.start([PROGRAM, *self.words])

    def finish(self, limit: float) -> None:
        """Run to its end, which must come within the limit and be a good one."""
        self.start()
        deadline = time.monotonic() + limit
        while self.alive and time.monotonic() < deadline:
            self.show()
            time.sleep(0.1)
        self.process.stop()
        self.show()
        if self.process.code:
            raise NotReady(f"{self.name} failed.\n{self.process.last_words()}")

    def answer(self, limit: float) -> str:
        """Run to its end and take what it prints, which no log shall hold."""
        done = self._ask(self.words, limit)
        if done.returncode:
            raise NotReady(f"{self.name} failed.\n{done.stderr}")
        return done.stdout

    def healthy(self) -> bool:
        """What `distributary health` says of the worker."""
        return self._ask(["health", self.words[-1]], patient(HEALTH_LIMIT)).returncode == 0

    def _ask(self, words: Sequence[str], limit: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [PROGRAM, *words],
            env=self.process.environment,
            capture_output=True,
            text=True,
            timeout=limit,
            stdin=subprocess.DEVNULL,
        )

    def show(self) -> None:
        """Print what was logged since the last time."""
        if not self.process.log.exists():
            return
        with self.process.log.open("rb") as log:
            log.seek(self._shown)
            whole, newline, _ = log.read().rpartition(b"\n")
        self._shown += len(whole) + len(newline)
        for line in whole.decode(errors="replace").splitlines():
            say(line, self.name)
