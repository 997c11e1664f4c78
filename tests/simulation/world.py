"""Clients, publishers and projectors stepped in an order that the seed chooses, then judged."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import DBAPIError

from aggregates import Event, Refused
from commands import Command
from commands.stock import IssueStock, ReceiveStock, ReserveStock, TransferStock
from infra.codec import Codec
from infra.database import Database
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Outcome, Request
from projections import View, dealer_stock, progress, rankings
from services.bootstrap import request
from services.workers import publish
from services.workers.project import Applier, Projector
from services.workers.publish import LogBehindTopics, LogForked, NotAcknowledged, Publisher
from simulation.broker import SimulatedBroker
from simulation.faults import Chance, Died, FaultyDatabase, SimulatedClock

VIEWS: tuple[View, ...] = (dealer_stock.view, rankings.view)
TOPICS = tuple(f"t.{kind}" for kind in sorted({kind for view in VIEWS for kind in view.kinds}))
PARTITIONS = 2
LOCATIONS, ITEMS = ("A", "B"), ("x", "y", "z")
CODEC = Codec(Event.known)


@dataclass
class Submitted:
    """What the client knows of one command: its own ledger, outside of the system."""

    request: Request
    answer: Outcome | Exception | None = None


@dataclass
class World:
    seed: int
    folder: Path
    steps: int = 220
    ledger: list[Submitted] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Chance(self.seed)
        self.random = self.chance.random
        self.clock = SimulatedClock(self.chance)
        self.ids = (f"id-{self.seed}-{n}" for n in range(10**9))
        file = self.folder / "world.sqlite"
        shutil.copyfile(self.folder / "template.sqlite", file)
        self.url = f"sqlite:///{file}"
        self.broker = SimulatedBroker(self.chance)
        self.broker.topics(TOPICS, PARTITIONS, 1)
        self.databases: list[Database] = []
        self.executors: list[Executor | None] = [None, None]
        self.publishers: list[Publisher | None] = [None, None]
        self.projectors: list[Projector | None] = [None, None]

    # -- the parts, each a process that can die ---------------------------------------------

    def database(self) -> Database:
        made = FaultyDatabase(self.url, clock=self.clock, durable=False)
        made.chance = self.chance
        self.databases.append(made)
        return made

    def executor(self) -> Executor:
        log = Log(LogRecorder(self.database(), ids=lambda: next(self.ids)), CODEC, cache=4)
        return Executor(log, Refused, patience=0.5)

    def publisher(self) -> Publisher:
        store = LogRecorder(self.database())
        publisher = Publisher(store, self.broker, self.broker.counts)
        with store.database.read() as connection:
            publisher.resume(connection)
        return publisher

    def projector(self) -> Projector:
        return Projector(
            Applier(self.database(), VIEWS, CODEC), self.broker.subscriber("g", TOPICS)
        )

    def run(self) -> "World":
        for _ in range(self.steps):
            self.turn()
        self.settle()
        return self

    def turn(self) -> None:
        act = self.random.choices(
            (self.submit, self.publish, self.project, self.broker.turn), (4, 4, 5, 3)
        )[0]
        act()
        self.clock.sleep(self.random.random() / 50)

    def submit(self) -> None:
        """A batch of new commands and of old ones whose answer the client never got."""
        who = self.random.randrange(2)
        open_ones = [
            one for one in self.ledger if one.answer is None or self.random.random() < 0.02
        ]
        again = self.random.sample(open_ones, min(len(open_ones), self.random.randrange(3)))
        new = [Submitted(self.command()) for _ in range(self.random.randrange(1, 5))]
        self.ledger += new
        batch = [*again, *new]
        try:
            executor = self.executors[who] = self.executors[who] or self.executor()
            answers = executor.commit([one.request for one in batch])
        except Died:
            self.executors[who] = None
            return
        except Exception as error:  # noqa: BLE001 - unknown outcome: the client asks again
            self.expect(error)
            return
        for one, answer in zip(batch, answers, strict=True):
            self.same_answer(one, answer)
            one.answer = answer

    def same_answer(self, one: Submitted, answer: Outcome | Exception) -> None:
        before = one.answer
        if not isinstance(before, Outcome) or not isinstance(answer, Outcome):
            return
        if (before.events, before.refusal) != (answer.events, answer.refusal):
            self.violations.append(f"(a) {one.request.key} was answered in two ways")

    def publish(self) -> None:
        who = 0 if self.random.random() < 0.9 else 1  # two publishers alive, now and then
        try:
            publisher = self.publishers[who] = self.publishers[who] or self.publisher()
            with publisher.store.database.read() as connection:
                publisher.step(connection)
        except Died:
            self.end_publisher(who)
        except (LogBehindTopics, LogForked) as error:
            self.violations.append(f"publisher refused: {error}")
            self.publishers[who] = None
        except (NotAcknowledged, DBAPIError) as error:
            self.expect(error)
            self.end_publisher(who)

    def end_publisher(self, who: int) -> None:
        publisher, self.publishers[who] = self.publishers[who], None
        if publisher is not None:
            publisher.close()

    def project(self) -> None:
        who = self.random.randrange(2)
        if self.chance.of("projector left", 0.01):
            self.end_projector(who)
            return
        if self.chance.of("projector expelled while asleep", 0.02) and self.projectors[who]:
            self.broker.leave(self.projectors[who].subscriber)  # type: ignore[arg-type, union-attr]
            return
        try:
            projector = self.projectors[who] = self.projectors[who] or self.projector()
            projector.step(0.0, 50)
        except Died:
            self.end_projector(who)
        except DBAPIError as error:
            self.expect(error)

    def end_projector(self, who: int) -> None:
        projector, self.projectors[who] = self.projectors[who], None
        if projector is not None:
            projector.subscriber.close()

    def expect(self, error: Exception) -> None:
        """Only what the faults explain may fail."""
        if self.chance.calm:
            self.violations.append(f"failed without a fault: {error!r}")

    def command(self) -> Request:
        location, item = self.random.choice(LOCATIONS), self.random.choice(ITEMS)
        at = {"location": location, "item": item}
        name, quantity = (
            f"n{len(self.ledger)}-{self.random.random()}"[:30],
            self.random.randrange(1, 9),
        )
        command: Command
        match self.random.randrange(4):
            case 0 | 1:
                command = ReceiveStock(**at, quantity=quantity, reason="purchase", reference=name)
            case 2:
                command = IssueStock(**at, quantity=quantity, reason="sale", reference=name)
            case _:
                other = "B" if location == "A" else "A"
                command = TransferStock(
                    transfer=name, from_location=location, to_location=other, item=item,
                    quantity=quantity,
                )  # fmt: skip
        if self.random.random() < 0.15:
            command = ReserveStock(**at, order=name, quantity=quantity)
        return request(command, "client", f"key-{self.seed}-{len(self.ledger)}-{name}")

    # -- the end ----------------------------------------------------------------------------

    def settle(self) -> None:
        """No more faults: everybody starts again, clients ask again, and all is drained."""
        self.chance.calm = True
        self.executors = [None, None]
        for who in range(2):
            self.end_publisher(who)
            self.end_projector(who)
        unanswered = [one for one in self.ledger if not isinstance(one.answer, Outcome)]
        answers = self.executor().commit([one.request for one in unanswered])
        for one, answer in zip(unanswered, answers, strict=True):
            one.answer = answer
        publisher, projector = self.publisher(), self.projector()
        for _ in range(400):
            with publisher.store.database.read() as connection:
                publisher.step(connection)
            self.broker.turn()
            projector.step(0.0, 50)
            if self.drained(publisher):
                break
        self.publishers[0] = publisher

    def drained(self, publisher: Publisher) -> bool:
        with publisher.store.database.read() as connection:
            head = publisher.store.head(connection).position
            return all(progress.complete(connection, view, 1, "main") == head for view in VIEWS)

    def close(self) -> None:
        for database in self.databases:
            database.close()


def template(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'template.sqlite'}", durable=False)
    LogRecorder(database).create()
    with database.write() as connection:
        progress.create(connection, VIEWS)
    with database.engine.connect() as connection:
        connection.commit()
    database.close()


@contextmanager
def _small() -> Iterator[None]:
    """A narrow window, so that a short run meets its edges."""
    kept = publish.WINDOW, publish.READ
    publish.WINDOW, publish.READ = 24, 7
    try:
        yield
    finally:
        publish.WINDOW, publish.READ = kept


def worlds(seeds: Iterator[int] | range) -> Iterator[World]:
    """Run each seed in a folder of its own in memory; what it left is judged before it goes."""
    from simulation.verdict import judge

    with (
        _small(),
        TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name,
    ):
        folder = Path(name)
        template(folder)
        for seed in seeds:
            world = World(seed, folder)
            try:
                judge(world.run())
            finally:
                world.close()
            yield world
