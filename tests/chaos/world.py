"""Everything that runs, each part a process of its own; whoever leaves takes all of it along."""

import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Self

from pace import limit
from workers.company import Company, found

from chaos import bucket
from chaos.bucket import Bucket
from chaos.callers import Address
from chaos.disk import Disk, mounted
from chaos.proxy import Proxy
from infra.keys import Keys
from services.local.kafka import LocalKafka
from services.local.part import Part
from services.local.postgres import LocalPostgres
from services.local.process import free_port

WORDS = {
    "api": ["serve"],
    "publisher": ["work", "publish"],
    "projector-1": ["work", "project"],
    "projector-2": ["work", "project"],
    "process": ["work", "process"],
}
# So little of the log is kept for a crash that a small disk holds it.
SMALL = ("max_wal_size=64MB", "min_wal_size=32MB")
MAKER, SIGNER, STAND_IN = "chaos", "ann", "bob"
"""The accounts in whose name callers ask."""
READY_LIMIT = 60.0
STARTED = b'"event": "started"'
Server = LocalPostgres | LocalKafka


class World:
    def __init__(self, logs: Path, megabytes: int, mail: int, bucket: Bucket | None) -> None:
        """`mail` is the port of who takes mails; without a bucket a folder keeps the files."""
        self.logs, self.mail, self.bucket = logs, mail, bucket
        self.megabytes = megabytes
        self.disks: dict[str, Disk] = {}
        self.ended: list[str] = []

    def __enter__(self) -> Self:
        with ExitStack() as ends:
            self._build(ends)
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _build(self, ends: ExitStack) -> None:
        made = tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True)
        home = Path(ends.enter_context(made))
        for name, size in (("postgres", self.megabytes), ("kafka", self.megabytes // 2)):
            disk = ends.enter_context(mounted(home / name, size))
            if disk is not None:
                self.disks[name] = disk
        self._begin_servers(home, ends)
        self._begin_company(home, ends)
        self._begin_parts(ends)

    def _begin_servers(self, home: Path, ends: ExitStack) -> None:
        place, log = home / "postgres" / "server", self.logs / "postgres.log"
        self.postgres = LocalPostgres(place, log, settings=SMALL, temporary=True)
        place, log = home / "kafka" / "server", self.logs / "kafka.log"
        self.kafka = LocalKafka(place, log, temporary=True)
        self.servers: dict[str, Server] = {"postgres": self.postgres, "kafka": self.kafka}
        with ThreadPoolExecutor() as hands:
            for server in self.servers.values():
                ends.callback(server.kill)
            list(hands.map(lambda server: server.start(limit(READY_LIMIT)), self.servers.values()))

    def _begin_company(self, home: Path, ends: ExitStack) -> None:
        url = self.postgres.create_database("chaos")
        prefix = f"chaos{uuid.uuid4().hex[:8]}"
        files = f"s3://{bucket.NAME}/files" if self.bucket else str(home / "files")
        self.company: Company = found(url, self.kafka.bootstrap, prefix, files=files)
        ends.callback(self.company.close)
        keys = Keys(self.company.platform.database)
        every = {account: keys.new(account) for account in (MAKER, SIGNER, STAND_IN)}
        self.address = Address(free_port(), every)

    def _begin_parts(self, ends: ExitStack) -> None:
        self.proxy = Proxy(self.postgres.port, list(WORDS))
        self.parts = {name: self._part(name) for name in WORDS}
        self.locks = {name: Lock() for name in WORDS}
        self._begun = dict.fromkeys(WORDS, 0)
        for name, part in self.parts.items():
            ends.callback(part.process.kill)
            self.start(name)
        self.wait_for(self.answers, READY_LIMIT)

    def _part(self, name: str) -> Part:
        door, whole = self.proxy.doors[name], self.company.environment
        url = whole["DISTRIBUTARY_DATABASE_URL"].replace(
            f":{self.postgres.port}/", f":{door.port}/"
        )
        own = {
            # The proxy reads what passes, so nothing may be under a seal.
            "DISTRIBUTARY_DATABASE_URL": f"{url}?sslmode=disable&gssencmode=disable",
            "DISTRIBUTARY_PORT": str(self.address.port),
            "DISTRIBUTARY_NOTICE_NETWORKS": "127.0.0.0/8",
            "DISTRIBUTARY_FILES": self.company.settings.files or "",
            "DISTRIBUTARY_SMTP_HOST": "127.0.0.1",
            "DISTRIBUTARY_SMTP_PORT": str(self.mail),
            "DISTRIBUTARY_SMTP_SECURITY": "none",
            "DISTRIBUTARY_MAIL_FROM": "notices@example.com",
        }
        return Part(name, WORDS[name], self.logs, {**whole, **own})

    def answers(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.address.port}/readyz"
            with urllib.request.urlopen(address, timeout=limit(2)) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def keep_parts(self) -> None:
        """Start again who ended of himself, as whoever runs the platform would."""
        for name in self.parts:
            with self.held(name):
                pass

    @contextmanager
    def held(self, name: str) -> Iterator[Part]:
        """A part that runs, and that nobody else lays hands on meanwhile."""
        with self.locks[name]:
            part = self.parts[name]
            if not part.alive:
                self.ended.append(name)
                self.start(name)
            yield part

    def start(self, name: str) -> None:
        log = self.parts[name].process.log
        self._begun[name] = log.stat().st_size if log.exists() else 0
        self.parts[name].start()

    def works(self, name: str) -> bool:
        """Whether it has got so far, since it was started, as to be hurt."""
        if name == "api":
            return self.answers()
        return STARTED in since(self.parts[name].process.log, self._begun[name])

    def wait_for(self, done: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + limit(seconds)
        while not done():
            if time.monotonic() > deadline:
                return False
            self.keep_parts()
            time.sleep(0.1)
        return True


def since(log: Path, size: int) -> bytes:
    """What was logged since the log had that size."""
    with log.open("rb") as words:
        words.seek(size)
        return words.read()
