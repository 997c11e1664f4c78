"""A view made anew beside the old one, compared with it row by row, and switched in at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Numeric, Select, cast, func, literal_column, select

from infra.codec import Codec
from infra.events import Recorded
from infra.store import Store
from projections.engine import Projection, View, building, generations, progress
from projections.engine.by_stream import BY_STREAM
from projections.engine.progress import LOG, Checkpoint, CheckpointKey
from services.workers import processed
from services.workers.apply import Applier
from services.workers.batch import Delivery
from services.workers.building import Builder, IncompleteSource, Kafka, load
from services.workers.filling import ViewBuild
from services.workers.replayer import Replayer
from services.workers.streams import StreamBuild, StreamBuilder

READ = 5_000
NEAR = 2_000
"""So many events may be left for the transaction that switches."""
SHOWN = 20

Report = Callable[[int, int], None]
"""Told how far the new generation is, and how far it must go."""


@dataclass(frozen=True)
class Rebuilt:
    """What came of it. `differences` shows at most 20 totals or states: those of the old
    generation, and those of the new, that the other has not.
    """

    view: str
    generation: int
    position: int
    rows: int
    parked: int
    switched: bool
    differences: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    old: dict[str, int] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)
    """Where they are compared for a person: how many totals or states, and their sums."""


class Rebuild:
    """Fills generation n + 1 from the log; a killed rebuild goes on where it was.

    The live generation answers all the while. At the end both stand at the very same places,
    held still for a moment: totals are compared, and the new one answers if they are equal, or
    if `accept` says that they need not be. What the log says is skipped is left out.
    """

    def __init__(self, store: Store, codec: Codec, view: Projection) -> None:
        self.store = store
        self.view = view
        self.database = store.database
        self.settler = Replayer(store, codec, view)
        with self.database.write() as connection:
            self.old = generations.generation(connection, view.name)
            self._refuse_others(connection)
            self.new = generations.begin(connection, view)
            if self._ahead(connection) > self.goal(connection):  # the view was rolled back since
                generations.forget(connection, view, self.new)
                generations.make(connection, view, self.new)
            skipped = self.settler.skipped(connection)
        self.order: ViewBuild | StreamBuild | None = None
        if isinstance(view, View):
            self.order = ViewBuild(view, self.new, frozenset(skipped))
        elif isinstance(view, BY_STREAM):
            self.order = StreamBuild(view, self.new, frozenset(skipped))
        self.applier = Applier(store, [view], codec, shadow=self.new)

    def _refuse_others(self, connection: Connection) -> None:
        others = progress.heard_of(connection, self.view.name, self.old).keys() - {self.store.log}
        if others:
            raise IncompleteSource(
                f"{self.view.name} has events of {', '.join(sorted(others))} as well, which this"
                " database's log has not: let a projector fill an empty database from the topics."
            )

    def _ahead(self, connection: Connection) -> int:
        """The furthest that a killed rebuild has come, or was told to come."""
        view, number = self.view.name, self.new
        stood = progress.stands(connection, view, number).values()
        planned = building.planned(connection, view, number)
        goals = [part.last for part in planned if part.source == LOG]
        return max([*goals, *(stand.position for stand in stood)], default=0)

    def run(self, report: Report, *, accept: bool = False) -> Rebuilt:
        return self._finish(self._filled(report), accept=accept)

    def compare(self, report: Report) -> Rebuilt:
        """Fill it and tell how it differs, and leave it as a killed one would: whoever has looked
        at the differences runs it to switch, or drops it.
        """
        position = self._filled(report)
        with self.database.write() as connection:
            found = self._finished(connection, position, accept=False, sums=True)
            connection.rollback()
        return replace(found, switched=False)

    def _filled(self, report: Report) -> int:
        """Fill it to near the end; answers how far it is."""
        fill([self], report)
        self.applier.stand([])
        place = CheckpointKey(self.view.name, self.new, *LOG, self.store.log)
        with self.database.write() as connection:
            position = progress.enter(connection, {place: Checkpoint(0, 0)})[place].position
        while True:
            with self.database.read() as connection:
                goal = self.goal(connection)
                events = self.store.read(connection, position, READ, until=goal)
            report(position, goal)
            if not events or goal - position < NEAR:
                break
            self.applier.apply([self._straight(event) for event in events])
            position = events[-1].position
        return position

    def goal(self, connection: Connection) -> int:
        """Not past what the live generation has seen: it would have to be undone."""
        return progress.complete(connection, self.view, self.old, self.store.log)

    def _straight(self, event: Recorded) -> Delivery:
        return Delivery(LOG, event.position, self.store.log, event.position - 1, event)

    def _finish(self, position: int, *, accept: bool) -> Rebuilt:
        with self.database.write() as connection:
            return self._finished(connection, position, accept=accept)

    def _finished(
        self, connection: Connection, position: int, *, accept: bool, sums: bool = False
    ) -> Rebuilt:
        generations.lock(connection, self.view.name)  # as projectors do: positions come after
        stood = progress.hold(connection, self.view.name, self.old)
        self._hurry(connection)
        self._settle(connection)
        missing = list(self._missing(connection, position, stood))
        self.applier.feed(connection, self.view, [self._straight(event) for event in missing])
        # A resumed one may be ahead of what answers now: what it has, it must not hear again.
        reached = {p: s._replace(position=max(s.position, position)) for p, s in stood.items()}
        progress.place(connection, self.new, reached)
        self.settler.settle_restored(connection, self.new)
        generations.end(connection, self.view.name)
        differences = list(self._differences(connection))
        switched = accept or not differences
        if switched:
            generations.switch(connection, self.view.name, self.new)
        return Rebuilt(
            self.view.name,
            self.new,
            max((stand.position for stand in stood.values()), default=0),
            generations.size(connection, self.view, self.new),
            len(progress.parked_streams(connection, self.view.name, self.new)),
            switched,
            differences if sums else differences[:SHOWN],
            self._sums(connection, self.old) if sums else {},
            self._sums(connection, self.new) if sums else {},
        )

    def _sums(self, connection: Connection, number: int) -> dict[str, int]:
        rows = self.view.shown(number).subquery("t")
        names = self.view.measures if isinstance(self.view, View) else ()
        added = [func.coalesce(func.sum(rows.c[name]), 0).label(name) for name in names]
        counted = func.count().label("rows")
        found = connection.execute(select(counted, *added).select_from(rows)).mappings().one()
        return {name: int(value) for name, value in found.items()}

    def _hurry(self, connection: Connection) -> None:
        """Everybody waits for this transaction, so what it counts may take all cores."""
        if not self.database.sqlite:
            connection.exec_driver_sql("SET LOCAL max_parallel_workers_per_gather=4")

    def _settle(self, connection: Connection) -> None:
        """Leave out what was skipped since the beginning, or since a rebuild was killed."""
        self.settler.settle_skipped(connection, self.new)
        self.applier.look_again(connection, [self.view.name])

    def _missing(
        self, connection: Connection, position: int, stood: Mapping[CheckpointKey, Checkpoint]
    ) -> Iterator[Recorded]:
        """What the live generation has and the new one has not, in the order of the log."""
        is_passed = processed.processed_up_to(connection, self.store, self.view, stood)
        furthest = max((stand.position for stand in stood.values()), default=0)
        while events := self.store.read(connection, position, READ, until=furthest):
            yield from filter(is_passed, events)
            position = events[-1].position

    def _differences(self, connection: Connection) -> Iterator[tuple[str, dict[str, Any]]]:
        old, new = (self.view.shown(number) for number in (self.old, self.new))
        if not self.database.sqlite and self._seal(connection, old) == self._seal(connection, new):
            return
        for side, one, other in (("old", old, new), ("new", new, old)):
            only = one.except_(other)
            only = only.order_by(*list(only.selected_columns)[:2]).limit(SHOWN)
            for row in connection.execute(only).mappings():
                yield side, dict(row)

    def _seal(self, connection: Connection, shown: Select[Any]) -> Any:
        """The rows' number and the sum of a hash of each: two tables that share it are alike."""
        hashes = cast(func.hash_record_extended(literal_column("t"), 0), Numeric)
        rows = shown.subquery("t")
        return connection.execute(select(func.count(), func.sum(hashes)).select_from(rows)).one()


def rebuilds(store: Store, codec: Codec, views: Sequence[Projection]) -> list[Rebuild]:
    """One for each view; meanwhile what a long history needs is loaded."""
    load(store, codec, views)
    return [Rebuild(store, codec, view) for view in views]


def fill(
    works: Sequence[Rebuild], report: Report, *, kafka: Kafka | None = None, cores: int = 0
) -> None:
    """Fill the new generations of several views at once, where there is much to fill."""
    store, codec = works[0].store, works[0].applier.codec
    with store.database.read() as connection:
        goal = min(work.goal(connection) for work in works)
    orders = [work.order for work in works]
    if figures := [order for order in orders if isinstance(order, ViewBuild)]:
        Builder(store, codec, figures, kafka, cores).run(goal, report)
    if others := [order for order in orders if isinstance(order, StreamBuild)]:
        StreamBuilder(store, codec, others, cores).run(goal, report)


def roll_back(store: Store, codec: Codec, view: Projection) -> int:
    """Let the generation before answer again; it catches up from where it was. Answers it.

    What has been skipped since it answered last it leaves out as well, and what has been restored
    it takes in.
    """
    with store.database.write() as connection:
        previous = generations.before(connection, view.name)
        if previous is None:
            raise LookupError(f"{view.name} has no earlier generation to go back to")
        generations.switch(connection, view.name, previous)
        settler = Replayer(store, codec, view)
        settler.settle_skipped(connection, previous)
        settler.settle_restored(connection, previous)
        return previous
