"""Who operates the platform: makes views anew, lets parked streams go, restores backups."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from aggregates.operations.exclusion import Word
from infra.cloudevents import received
from infra.requests import Outcome
from services.bootstrap import Platform
from services.processes import holds
from services.workers import rebuild, unpark
from services.workers.rearm import rearm
from services.workers.unpark import NotParked, Skip
from simulation.deadlines import TIMED
from simulation.features import parks
from simulation.ground import Copy
from simulation.sight import READ, READERS, Build
from simulation.slots import Slot
from simulation.trade import GIANTS
from simulation.words import words

if TYPE_CHECKING:
    from simulation.world import World

PARKED = """SELECT p.view, p.stream FROM view_parked p
    JOIN view_live l ON l.view = p.view AND l.generation = p.generation
    UNION SELECT process, stream FROM process_parked ORDER BY 1, 2"""


class Operator:
    """`astray` while a database was put in place that is older than what Kafka has."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.random, self.chance = world.random, world.chance
        self.desk = Slot(world.platform)
        self._backup: Copy | None = None
        self._right: Copy | None = None
        self._kept: dict[object, int] = {}
        self._answers: dict[str, Outcome | None] = {}

    @property
    def astray(self) -> bool:
        return self._right is not None

    def acts(self) -> list[tuple[Callable[[], None], float]]:
        every = {"poison": [(self.unpark, 1.5), (self.take_back, 0.3)],
                 "limits": [(self.unpark, 0.5)],
                 "stuck": [(self.unpark, 1.2), (self.take_back, 0.2)],
                 "deadlines": [(self.rearm, 0.3), (self.hold, 0.3)],
                 "rebuilds": [(self.rebuild, 0.4)],
                 "restores": [(self.keep, 0.4), (self.restore, 0.4)]}  # fmt: skip
        return [act for name, acts in every.items() if name in self.world.features for act in acts]

    # -- parked streams -----------------------------------------------------------------------

    def parked(self) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self.world.ground.look(PARKED)]

    def unpark(self) -> None:
        if self.random.random() < 0.05:
            self.mend()
        waiting = self.parked()
        if waiting:
            name, stream = self.random.choice(waiting)
            self.world.let(self.desk, lambda desk: self._settle(desk, name, stream))

    def _settle(self, desk: Platform, name: str, stream: str) -> None:
        if self.random.random() < 0.6:
            unpark.retry(desk, READERS[name], stream)
            return
        skip = Skip(stream, "unreadable", every=self.random.random() < 0.3)
        with suppress(NotParked):
            unpark.skip(desk, READERS[name], skip, "operator")

    def take_back(self) -> None:
        """Let what was skipped come in after all: the first of a stream, or all of it."""
        out = sorted((name, word.stream) for name, word in self._words() if word.out)
        if out:
            name, stream = self.random.choice(out)
            skip = Skip(stream, "read it again", every=self.random.random() < 0.5)
            self.world.let(
                self.desk, lambda desk: unpark.restore(desk, READERS[name], skip, "operator")
            )

    def _words(self) -> list[tuple[str, Word]]:
        every = ((name, words(self.world.ground, name)) for name in READERS)
        return [(name, word) for name, said in every for word in said.values()]

    def mend(self) -> None:
        """A new build is installed that reads everything; its workers start one by one."""
        Build.odds = Build.stuck = 0

    def release(self) -> None:
        """Let everything fire that is held for whatever reason."""
        with self.world.database.write() as connection:
            for process in TIMED:
                holds.release(connection, process.name, "main", self.world.clock.now())

    def clear(self) -> None:
        """Nothing may be left waiting once the build is mended, but for what no build can write."""
        desk = self.desk.get()
        for name, reader in READERS.items():  # whoever died while restoring asks again
            for at, word in words(self.world.ground, name).items():
                if not word.out:
                    unpark.restore(desk, reader, Skip(word.stream, word.reason, at), "operator")
        for name, stream in self.parked():
            unpark.retry(desk, READERS[name], stream)
        for name, stream in self.parked():
            if stream in GIANTS:
                unpark.skip(desk, READERS[name], Skip(stream, "too large", every=True), "op")
        if self.parked():
            self.world.violations.append(f"(p) still parked: {self.parked()}")

    # -- views made anew ----------------------------------------------------------------------

    def rebuild(self) -> None:
        view = self.random.choice(READ)
        if self.random.random() < 0.2:
            with suppress(LookupError):
                self.world.let(
                    self.desk, lambda desk: rebuild.roll_back(desk.store, desk.codec, view)
                )
            return
        accept = parks(self.world.features)

        def make(desk: Platform) -> None:
            done = rebuild.Rebuild(desk.store, desk.codec, view).run(self._meanwhile, accept=accept)
            if not done.switched:
                self.world.violations.append(f"(e) {view.name} made anew is another: {done}")

        self.world.let(self.desk, make)

    def _meanwhile(self, position: int, goal: int) -> None:
        self.chance.die("while rebuilding", 0.1)
        for _ in range(self.random.randrange(4)):
            self.world.turn(alone=False)

    # -- deadlines ----------------------------------------------------------------------------

    def rearm(self) -> None:
        process = self.random.choice(TIMED)
        self.world.let(self.desk, lambda desk: rearm(desk.store, desk.codec, process))

    def hold(self) -> None:
        """Hold the deadlines of a process for a while, or release them."""
        process, now = self.random.choice(TIMED), self.world.clock.now()
        release = self.random.random() < 0.7

        def change(desk: Platform) -> None:
            with desk.database.write() as connection:
                if release:
                    holds.release(connection, process.name, "main", now)
                else:
                    holds.hold(connection, process.name, "main", "operator", now)

        self.world.let(self.desk, change)

    # -- backups ------------------------------------------------------------------------------

    def keep(self) -> None:
        self._backup = self.world.ground.copy()

    def restore(self) -> None:
        """Put the backup in place. If Kafka has more than it, that was a mistake."""
        if self._backup is None:
            return
        self.chance.dealt["backup restored"] += 1
        world, right, answers = self.world, self.world.ground.copy(), self.world.client.answers()
        self._replace(self._backup)
        known = {row[0] for row in world.ground.look("SELECT key FROM log_keys")}
        head = world.ground.look("SELECT position FROM log_head")[0][0]
        world.client.recall({key: answers[key] for key in known & set(answers)}, head)
        kept = world.broker.kept
        told = (received(record) for records in kept.values() for record in records)
        furthest = max((one.event.position for one in told), default=0)
        if furthest > head:
            self._right, self._answers = right, answers
            self._kept = {place: len(records) for place, records in kept.items()}
            world.broker.steady = True

    def put_back(self) -> None:
        if self._right is None:
            return
        world = self.world
        kept = {place: len(records) for place, records in world.broker.kept.items()}
        if any(count != self._kept.get(place, 0) for place, count in kept.items()):
            world.violations.append("(i) two histories were published")
        self._replace(self._right)
        head = world.ground.look("SELECT position FROM log_head")[0][0]
        world.client.recall(self._answers, head)
        self._right, world.broker.steady = None, False

    def _replace(self, copy: Copy) -> None:
        world = self.world
        world.stop()
        self.desk.end()
        world.broker.producers.clear()  # what was on the wire has long been dropped
        world.ground.restore(copy)
        world.watch.start()
