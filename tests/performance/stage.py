"""Real servers, started when a measurement first asks for them and gone when all are done."""

import tempfile
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from infra.settings import Settings
from services.bootstrap import Platform, platform
from services.local.kafka import LocalKafka
from services.local.postgres import LocalPostgres

LOGS = Path("build/logs").absolute()


@dataclass(frozen=True)
class Scale:
    """How long to look: `seconds` for what runs by the clock, `events` for what runs to an end."""

    rounds: int
    seconds: float
    events: int
    paced: float
    """Seconds at a steady 500 commands a second."""
    pages: int
    """Pages that a round asks for."""
    views: int | None
    """How many figures are made anew."""


FULL = Scale(rounds=3, seconds=3, events=30_000, paced=15, pages=60, views=None)
QUICK = Scale(rounds=0, seconds=0.3, events=600, paced=1, pages=5, views=3)


@dataclass
class Stage:
    scale: Scale
    ends: ExitStack = field(default_factory=ExitStack)

    def directory(self, name: str) -> Path:
        made = tempfile.TemporaryDirectory(prefix=f"bench-{name}-", ignore_cleanup_errors=True)
        return Path(self.ends.enter_context(made))

    @cached_property
    def postgres(self) -> LocalPostgres:
        """Commits wait for the disk, as PostgreSQL comes, where anything is measured."""
        place, measured = self.directory("postgres"), self.scale != QUICK
        log = LOGS / "bench-postgres.log"
        server = LocalPostgres(place, log, fsync=measured, temporary=True)
        server.start()
        self.ends.callback(server.stop)
        return server

    @cached_property
    def kafka(self) -> LocalKafka:
        server = LocalKafka(self.directory("kafka"), LOGS / "bench-kafka.log", temporary=True)
        server.start()
        self.ends.callback(server.stop)
        return server

    def database(self) -> str:
        """The address of an empty database."""
        return self.postgres.create_database(f"bench_{uuid.uuid4().hex[:12]}")

    @cached_property
    def _prepared(self) -> str:
        """A database with the tables of a platform, to be copied: they take seconds to make."""
        name = "bench_prepared"
        made = platform(Settings(database_url=self.postgres.create_database(name)))
        made.prepare()
        made.close()
        return name

    def platform(self, *, kafka: bool = False) -> Platform:
        """A company of its own, with its tables made and its topics' names to itself."""
        address = self.kafka.bootstrap if kafka else None
        name = f"bench_{uuid.uuid4().hex[:12]}"
        made = platform(
            Settings(
                database_url=self.postgres.create_database(name, self._prepared),
                kafka=address,
                topic_prefix=f"bench{uuid.uuid4().hex[:8]}",
            )
        )
        self.ends.callback(made.close)
        return made
