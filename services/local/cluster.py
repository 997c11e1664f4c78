"""A whole Distributary on this machine: what ends is started again, and one Ctrl-C ends it all."""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from psycopg2.errors import DuplicateDatabase

from services.local.jars import Missing
from services.local.kafka import LocalKafka
from services.local.part import Part, say
from services.local.postgres import LocalPostgres
from services.local.process import NotReady, free_port, is_free, patient

HOME = Path("var/cluster")
LOGS = HOME / "logs"
FIRST_KEY = HOME / "first-run-key"
PORT = 8000
READY_LIMIT = 60
LOAD_LIMIT = 600
RESTARTS = 5
WORKERS = {
    "publisher": ["work", "publish"],
    "projector-1": ["work", "project"],
    "projector-2": ["work", "project"],
    "process": ["work", "process"],
}


class Cluster:
    def __init__(self) -> None:
        self.postgres = LocalPostgres(HOME / "postgres", LOGS / "postgres.log")
        self.kafka = LocalKafka(HOME / "kafka", LOGS / "kafka.log", heap="768m")
        self.port = int(os.environ.get("DISTRIBUTARY_PORT", 0)) or choose_port()
        self.environment = {
            "DISTRIBUTARY_DATABASE_URL": self.postgres.database_url("distributary"),
            "DISTRIBUTARY_KAFKA": self.kafka.bootstrap,
            "DISTRIBUTARY_PORT": str(self.port),
        }
        self.api = self._part("api", ["serve"])
        self.workers = [self._part(name, words) for name, words in WORKERS.items()]
        self.restarts: Counter[str] = Counter()

    def _part(self, name: str, words: list[str]) -> Part:
        return Part(name, words, LOGS, self.environment)

    def start(self) -> None:
        say("starting PostgreSQL and Kafka")
        self.postgres.start()
        self.kafka.start()
        with suppress(DuplicateDatabase):  # from an earlier run
            self.postgres.create_database("distributary")
        self._part("migrate", ["migrate"]).finish(patient(READY_LIMIT))
        self._first_key()
        begun = [(self.api, self._api_answers), *((one, one.healthy) for one in self.workers)]
        for part, _ in begun:
            say(f"starting {part.name}")
            part.start()
        for part, ready in begun:
            part.process.wait_until(ready, patient(READY_LIMIT))
            part.show()
        self._load_demo()

    def _first_key(self) -> None:
        """Of the account that may do everything: made once, and kept for its owner alone."""
        if FIRST_KEY.exists():
            return
        account = [
            "command",
            "open-account",
            "--json",
            '{"id": "owner"}',
            "--key",
            "first-run-owner",
        ]
        self._part("owner", account).finish(patient(READY_LIMIT))
        part = self._part("key", ["key", "new", "owner", "--label", FIRST_KEY.name])
        made = part.answer(patient(READY_LIMIT))
        FIRST_KEY.touch(mode=0o600)
        FIRST_KEY.write_text(made)

    def _api_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=patient(5)) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _load_demo(self) -> None:
        """Once: later runs find the company as they left it."""
        loaded = HOME / "demo-is-loaded"
        if not loaded.exists():
            say("loading the demo company")
            self._part("demo", ["demo"]).finish(patient(LOAD_LIMIT))
            loaded.touch()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def announce(self) -> None:
        say("ready; Ctrl-C ends everything")
        say(f"API and its docs {self.address}/docs")
        say(f"first API key    {FIRST_KEY.absolute()}")
        say(f"PostgreSQL       {self.environment['DISTRIBUTARY_DATABASE_URL']}")
        say(f"Kafka            {self.kafka.bootstrap}")
        say(f"logs             {LOGS.absolute()}")

    def watch(self) -> NoReturn:
        while True:
            for part in (self.api, *self.workers):
                part.show()
                self._keep(part.name, part)
            self._keep("PostgreSQL", self.postgres)
            self._keep("Kafka", self.kafka)
            time.sleep(0.2)

    def _keep(self, name: str, runs: Part | LocalKafka | LocalPostgres) -> None:
        if runs.alive or self.restarts[name] > RESTARTS:
            return
        self.restarts[name] += 1
        if self.restarts[name] > RESTARTS:
            say(f"{name} ended once more; it stays down, see {runs.process.log}")
            return
        say(f"{name} ended with code {runs.process.code}; start {self.restarts[name]}/{RESTARTS}")
        runs.start()

    def stop(self) -> None:
        """Who writes ends before what is written to; the limits sum up to less than 15 s."""
        say("ending")
        for worker in self.workers:
            worker.process.ask_to_stop()
        deadline = time.monotonic() + 5
        for worker in self.workers:
            worker.process.stop(limit=max(0.1, deadline - time.monotonic()))
        self.api.process.stop(limit=3)
        self.kafka.stop(limit=4)
        self.postgres.stop(limit=2)


def choose_port() -> int:
    return PORT if is_free(PORT) else free_port()


def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise KeyboardInterrupt


def on_signals(action: signal.Handlers | Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, action)


def main() -> int:
    on_signals(interrupt)
    cluster = Cluster()
    try:
        cluster.start()
        cluster.announce()
        cluster.watch()
    except KeyboardInterrupt:
        return 130
    except (Missing, NotReady) as problem:
        say(str(problem))
        return 1
    finally:
        on_signals(signal.SIG_IGN)  # a second Ctrl-C must not leave anyone behind
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
