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


FULL = Scale(rounds=3, seconds=3, events=30_000, paced=15)
QUICK = Scale(rounds=0, seconds=0.3, events=1_500, paced=1)


@dataclass
class Stage:
    scale: Scale
    ends: ExitStack = field(default_factory=ExitStack)

    def directory(self, name: str) -> Path:
        made = tempfile.TemporaryDirectory(prefix=f"bench-{name}-", ignore_cleanup_errors=True)
        return Path(self.ends.enter_context(made))

    @cached_property
    def postgres(self) -> LocalPostgres:
        """As PostgreSQL comes: commits wait for the disk."""
        place = self.directory("postgres")
        server = LocalPostgres(place, LOGS / "bench-postgres.log", temporary=True)
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
