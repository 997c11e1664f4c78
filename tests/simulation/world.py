"""Everybody at work in one thread, stepped in an order that the seed chooses, then judged."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError

from aggregates import Event, Refused
from infra.clock import instant
from infra.codec import Codec
from infra.database import unwritable
from infra.events import Entry
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Unavailable
from infra.settings import Settings
from projections.engine import view_status
from services.bootstrap import Platform
from services.workers.apply import Applier
from services.workers.drive import ProcessRunner
from services.workers.project import Projector
from services.workers.publish import LogBehindTopics, LogForked, NotAcknowledged, Publisher
from simulation import approvals, deadlines, features, sight, trade
from simulation.broker import SimulatedBroker
from simulation.client import Client
from simulation.faults import Chance, Died, SimulatedClock
from simulation.ground import Ground
from simulation.notices import Noticeboard
from simulation.operator import Operator
from simulation.reader import Reader
from simulation.sight import HEARING, READ, Build
from simulation.slots import Slot
from simulation.watch import Watch

T = TypeVar("T")
STEPS = 100
KINDS = {
    "rep": 1,
    "stock": 2,
    "order": 2,
    "customer": 1,
    "product": 1,
    "backlog": 1,
    "exclusion": 1,
    "member": 1,
    "opportunity": 2,
    "portfolio": 1,
    "warehouse": 1,
    "lot": 1,
    "account": 1,
    "settings": 1,
    "subscription": 1,
    "approval": 2,
    "absence": 1,
    "adjustment": 1,
    "customer_account": 1,
    "register": 1,
    "statement": 1,
    "partner": 1,
    "stock_period": 1,
}
HEARD = frozenset(f"t.{kind}" for kind in sight.KINDS)


class World:
    def __init__(self, seed: int, ground: Ground) -> None:
        self.seed, self.ground = seed, ground
        self.chance = Chance(seed)
        self.random = self.chance.random
        self.features = features.chosen(seed)
        self.clock = SimulatedClock(self.chance)
        self.database = ground.fresh(self.chance, self.clock)
        self.ids = (f"id-{seed}-{n}" for n in range(10**9))
        self.codec = Codec(Event.known, {trade.OLD: trade.modern})
        self.broker = SimulatedBroker(self.chance)
        self.broker.counts = {f"t.{kind}": KINDS[kind] for kind in features.kinds(self.features)}
        own = trade.Trade(self.random, self.features, self._terms, lambda: instant(self.clock.at))
        self.client = Client(seed, self.chance, own)
        self.violations = self.client.violations
        self.executors = [Slot(self.executor) for _ in range(2)]
        self.publishers = [Slot(self.publisher, Publisher.close, fragile=True) for _ in range(2)]
        self.projectors = [Slot(self.projector, _leave) for _ in range(2)]
        self.drivers = [Slot(self.driver) for _ in range(2)]
        self.noticeboard = Noticeboard(self) if features.approves(self.features) else None
        self.reader = Reader(self)
        self.operator = Operator(self)
        self.watch = Watch(self)

    def _terms(self) -> dict[str, Any]:
        """Now and then an approval is for seconds."""
        if "deadlines" not in self.features or self.random.random() < 0.3:
            return {}
        names = self.random.sample(("wait_until", "hold_until"), self.random.randrange(1, 3))
        ends = self.clock.at + self.random.choice((200_000, 2_000_000, 50_000_000))
        return dict.fromkeys(names, instant(ends))

    # -- the parts, each a process that can die ---------------------------------------------

    def recorder(self) -> LogRecorder:
        return LogRecorder(self.database, ids=lambda: next(self.ids))

    def executor(self) -> Executor:
        log = Log(self.recorder(), self.codec, cache=6)
        return Executor(log, Refused, patience=0.5, named=lambda *_: _unnamed)

    def publisher(self) -> Publisher:
        publisher = Publisher(self.recorder(), self.broker, self.broker.counts)
        with self.database.read() as connection:
            publisher.resume(connection)
        return publisher

    def projector(self) -> Projector:
        subscriber = self.broker.subscriber("g", HEARD)
        return Projector(Applier(self.recorder(), READ, self.codec), subscriber)

    def driver(self) -> ProcessRunner:
        return ProcessRunner(self.recorder(), self.executor(), self.codec, HEARING)

    def platform(self) -> Platform:
        executor, store = self.executor(), self.recorder()
        parts = self.database, store, self.codec, executor.log, executor, READ
        return Platform(Settings.model_construct(), *parts)

    # -- what may happen next -----------------------------------------------------------------

    def run(self) -> "World":
        self.begin()
        for _ in range(STEPS):
            self.turn()
        self.settle()
        return self

    def begin(self) -> None:
        Build.odds = 60 if "poison" in self.features else 0
        Build.stuck = 60 if "stuck" in self.features else 0
        if "heritage" in self.features:
            self._write(trade.heritage(self.random, self.clock.now()))
        if "limits" in self.features:
            self._write(trade.giants(self.random, self.clock.now()))

        if "orders" in self.features:
            with self._calm():
                self.client.ask(self.executor(), self.client.registers())
        if self.noticeboard is not None:
            with self._calm():
                self.noticeboard.begin()

    def _write(self, entries: Sequence[Entry]) -> None:
        """Into the log, behind the back of whoever decides."""
        store = self.recorder()
        with self._calm(), self.database.write() as connection:
            store.write(connection, store.lock(connection), entries)

    @contextmanager
    def _calm(self) -> Iterator[None]:
        self.chance.calm = True
        yield
        self.chance.calm = False

    def turn(self, *, alone: bool = True) -> None:
        acts: list[tuple[Callable[[], None], float]] = [
            (self.submit, 4), (self.publish, 4), (self.broker.turn, 3),
        ]  # fmt: skip
        if not self.operator.astray:  # the operator starts the publisher first
            acts += [(self.project, 5), (self.drive, 3 if "orders" in self.features else 0)]
            acts += [(act, odds) for act, odds in self.operator.acts() if alone]
            if self.noticeboard is not None:
                acts += [*self.noticeboard.acts(), (self.reader.look, 2)]
        elif alone:
            acts += [(self.operator.put_back, 0.5)]
        act = self.random.choices([act for act, _ in acts], [odds for _, odds in acts])[0]
        act()
        self.watch.look()
        self.clock.sleep(self.random.random() / 50)

    def let(self, slot: Slot[T], act: Callable[[T], Any]) -> None:
        """Let a process do something: it may die of it, or meet a fault and go on."""
        try:
            act(slot.get())
        except Died:
            slot.end()
        except (OperationalError, Unavailable, NotAcknowledged) as error:
            self.expect(error)
            if slot.fragile:
                slot.end()
        except (ValueError, ArithmeticError) as error:  # of data, which a view must park
            self.expect(error)

    def expect(self, error: object) -> None:
        """Only what the faults explain may fail."""
        of_data = isinstance(error, Exception) and unwritable(error)
        if self.chance.calm or of_data or "IntegrityError" in repr(error):
            self.violations.append(f"failed without a fault: {error!r}")

    def submit(self) -> None:
        batch = self.client.batch()
        self.let(self.random.choice(self.executors), lambda one: self.client.ask(one, batch))

    def publish(self) -> None:
        slot = self.publishers[self.random.random() < 0.1]  # two publishers, now and then
        try:
            self.let(slot, self._publish)
        except (LogBehindTopics, LogForked) as error:
            slot.end()
            if not self.operator.astray:
                self.violations.append(f"(i) the publisher refused: {error}")

    def _publish(self, publisher: Publisher) -> int:
        with self.database.read() as connection:
            return publisher.step(connection)

    def project(self) -> None:
        slot = self.random.choice(self.projectors)
        if self.chance.of("projector left", 0.01):
            slot.end()
        elif slot.process and self.chance.of("projector expelled while asleep", 0.02):
            self.broker.leave(slot.process.subscriber)
        else:
            self.let(slot, lambda projector: projector.step(0.0, 50))

    def drive(self) -> None:
        slot = self.random.choice(self.drivers)
        self.let(slot, lambda driver: driver.step(12))
        if slot.process and slot.process.troubles:
            self.expect(slot.process.troubles)
            if self.random.random() < 0.5:
                slot.end()

    def stop(self) -> None:
        every: list[Slot[Any]] = [*self.executors, *self.publishers, *self.projectors]
        for slot in (*every, *self.drivers):
            slot.end()
        if self.noticeboard is not None:
            self.noticeboard.stop()

    # -- the end ------------------------------------------------------------------------------

    def settle(self) -> None:
        """No more faults: everybody starts again, clients ask again, and all is drained."""
        self.chance.calm = True
        self.operator.put_back()
        self.stop()
        self.client.ask(self.executor(), self.client.unanswered())
        self.operator.mend()
        self.operator.release()
        self._drain()
        self.operator.clear()
        self._drain()
        if "deadlines" in self.features:
            self.violations += deadlines.kept(self, deadlines.read(self.ground))
            self.clock.sleep(deadlines.LONGEST)
            self._drain()
        if self.noticeboard is not None:
            self.operator.release()  # who first looked when much was due holds it
            self.clock.sleep(2 * approvals.HOUR)
            self._drain()
            self.noticeboard.settle()
            for _ in range(10):
                self.reader.look()
        self.reader.figures()
        self.watch.look()

    def _drain(self) -> None:
        publisher, projector, driver = self.publisher(), self.projector(), self.driver()
        for _ in range(400):
            busy = "orders" in self.features and driver.step(50)
            self.expect(driver.troubles) if driver.troubles else None
            sent = self._publish(publisher)
            self.broker.turn()
            waits = self._last(projector) or busy or sent or any(publisher.waits())
            if not waits and self.drained():
                break
        projector.subscriber.close()

    def _last(self, projector: Projector) -> int:
        try:
            return projector.step(0.0, 50)
        except (ValueError, ArithmeticError, OperationalError) as error:
            self.expect(error)
            return 0

    def drained(self) -> bool:
        head = self.ground.look("SELECT position FROM log_head")[0][0]
        return all(at == head for at in self.claims().values())

    def claims(self) -> dict[str, int]:
        """Up to where each view says that it has everything."""
        with self.ground.reading() as connection:
            found = view_status.statuses(connection, READ, "main")
        return {name: status.position for name, status in found.items()}


def _unnamed(*_: object) -> tuple[str, ...]:
    """A customer's first limit is set before any order names it, and nothing else asks for this."""
    return ()


def _leave(projector: Projector) -> None:
    projector.subscriber.close()
