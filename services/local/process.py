"""A server started here is ready when its start returns, and gone when its end returns."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import SystemRandom
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

from services.local import watchdog


def patient(seconds: float) -> float:
    """How long is waited here: a slow machine may set how many times longer it takes."""
    return seconds * max(1.0, float(os.environ.get("DISTRIBUTARY_PATIENCE") or 1))


class NotReady(Exception):
    """A server did not come up, or did not stay up."""


class ChildProcess:
    """A child process with a log file; it dies with its parent."""

    def __init__(
        self,
        name: str,
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        remove: Sequence[Path] = (),
    ) -> None:
        self.name, self.log = name, log
        self.environment = {**os.environ, **(environment or {})}
        self.remove = remove  # directories that go too when the parent dies
        self._child: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str | Path]) -> None:
        if self.alive:
            raise RuntimeError(f"{self.name} runs already; stop it first")
        self._reap()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._child = self._spawn(command, log.fileno())
        guard = [sys.executable, "-I", "-S", watchdog.__file__, os.getpid(), self._child.pid]
        self._watchdog = self._spawn([str(word) for word in (*guard, *self.remove)])

    def _spawn(
        self, command: Sequence[str | Path], output: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the parent, which ends things in order.
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=self.environment,
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._child.pid

    @property
    def code(self) -> int | None:
        return self._child.poll() if self._child else None

    def wait_until(self, ready: Callable[[], bool], limit: float) -> None:
        deadline = time.monotonic() + limit
        while not ready():
            if not self.alive:
                self._reap()
                raise NotReady(f"{self.name} ended with code {self.code}.\n{self.last_words()}")
            if time.monotonic() > deadline:
                words = self.last_words()
                self.kill()
                raise NotReady(f"{self.name} was not ready after {limit:.0f} s.\n{words}")
            time.sleep(0.05)

    def last_words(self, lines: int = 20) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join([f"The end of {self.log}:", *text.splitlines()[-lines:]])

    def ask_to_stop(self, number: int = signal.SIGTERM) -> None:
        if self.alive:
            self.resume()
            os.kill(self.pid, number)

    def stop(self, number: int = signal.SIGTERM, limit: float = 10) -> None:
        """Ask to end; after the limit, end it. What keeps nothing is ended at once."""
        if self.remove:
            self.kill()
        self.ask_to_stop(number)
        if self._child is not None:
            try:
                self._child.wait(limit)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reap()

    def kill(self) -> None:
        """End the whole family at once, as a power cut would."""
        if self.alive:
            watchdog.send(self.pid, signal.SIGKILL)
        self._reap()

    def pause(self) -> None:
        if self.alive:
            watchdog.send(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        if self.alive:
            watchdog.send(self.pid, signal.SIGCONT)

    def _reap(self) -> None:
        if self._child is not None:
            self._child.wait(patient(10))
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.wait(patient(10))
            self._watchdog = None


def free_port() -> int:
    for port in candidates():
        if is_free(port):
            return port
    raise NotReady("no free port between 20000 and 32000; end some programs that listen there")


def candidates() -> list[int]:
    """Ports below those that the system lends to clients, which would take them meanwhile."""
    return SystemRandom().sample(range(20_000, 32_000), 200)


def is_free(port: int) -> bool:
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
