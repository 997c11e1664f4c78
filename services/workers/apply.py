"""Events into the views: rows and positions in one transaction, each event once in effect."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from infra import bulk
from infra.broker import Partition
from infra.codec import Codec
from infra.database import of_statement, unwritable
from infra.limits import milliseconds
from infra.store import Store
from projections.engine import (
    DecodedEvent,
    Failed,
    Projection,
    generations,
    isolate,
    progress,
    zones,
)
from projections.engine.generations import ActiveGeneration
from projections.engine.progress import LOG, Checkpoint, CheckpointKey, StaleCheckpoint
from services.workers.aside import Aside, Locked, ViewFailed
from services.workers.batch import Delivered, DeliveredBatch, Delivery, Source, taken
from services.workers.errors import BEHIND, describe, read
from services.workers.exclusions import all_excluded
from services.workers.upkeep import Upkeep

if TYPE_CHECKING:
    from infra.tracing import Tracing


Places = Sequence[tuple[Source, CheckpointKey]]
"""Sources of a batch, each with where a view stands there."""
Write = Callable[[Projection, Connection, int, Sequence[DecodedEvent]], list[Failed]]
"""Writes what events changed in a view; answers those that could not be read, or written."""


BOUND = "SET LOCAL lock_timeout={}; SET LOCAL statement_timeout={}"
FEW = 64
"""Deliveries whose changes go in one trip: of more, COPY writes the rows in less time."""
HOLD_ALL_EVERY = 1_000_000
"""Microseconds between two looks whether a view was switched that hears nothing meanwhile."""


class Applier:
    """Applies deliveries to all views at once; knows where each view stands.

    A delivery is taken when `previous <= stand < position`: what is doubled is dropped, and
    what comes after a hole is left until the hole is filled. When another worker has moved a
    view's position, the view was switched to another generation, or parked events were let go,
    nothing is written and `StaleCheckpoint` is raised: `stand` again. So it is after any error,
    since what was learned while it was written may be lost with it. What the log says is skipped
    is passed over, whichever generation answers. A `shadow` generation is fed whatever is live.
    With an `aside`, a view that fails, waits for a lock or takes too long is left to it; all
    others go on without.
    """

    def __init__(
        self,
        store: Store,
        views: Sequence[Projection],
        codec: Codec,
        *,
        shadow: int | None = None,
        tracing: "Tracing | None" = None,
        aside: Aside | None = None,
    ) -> None:
        self.store = store
        self.database = store.database
        self.every = views
        self.views = list(views)
        """Those that are not set aside."""
        self.aside = aside
        self.codec = codec
        self.shadow = shadow
        self.tracing = tracing
        self.held_back = 0
        self.holes: dict[Partition, tuple[int, int]] = {}
        self._held_all = 0
        self._sure = False
        """Whether all that is known is as the database has it."""
        self.upkeep = Upkeep(self)
        self.numbers: dict[str, int] = {}
        """The generation of each view that is fed."""
        self._stands: dict[CheckpointKey, Checkpoint] = {}
        self._known: dict[str, ActiveGeneration] = {}
        self._parked: dict[str, set[str]] = {}
        self._skipped: dict[str, dict[int, str]] = {}

    def stand(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Learn anew where every view stands; answers the offset to read each partition from."""
        self._sure, before = False, self.numbers
        views = [view.name for view in self.views]
        with self.database.read() as connection:
            self._known = generations.all_answering(connection, views)
            self.numbers = {
                view: self.shadow or known.generation for view, known in self._known.items()
            }
            zones.check(connection, self.numbers)
            self._stands = progress.all_stands(connection, self.numbers)
            self._parked = progress.all_parked_streams(connection, self.numbers)
            self._skipped = all_excluded(connection, self.store, self.codec, views)
        self._sure = True
        if self.numbers != before:
            self.upkeep.started({place.log for place in self._stands})
        return self._offsets(partitions)

    def straight(self) -> int:
        """The least position that some view has straight from the log."""
        log = self.store.log
        places = (CheckpointKey(view, number, *LOG, log) for view, number in self.numbers.items())
        return min((self._stands.get(at, Checkpoint(0, 0)).position for at in places), default=0)

    def look_again(self, connection: Connection, views: Iterable[str]) -> None:
        """Learn anew which streams of these views are parked, and what they are to leave out."""
        numbers = {view: self.numbers[view] for view in views}
        self._parked |= progress.all_parked_streams(connection, numbers)
        self._skipped |= all_excluded(connection, self.store, self.codec, numbers)

    def _offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """The least offset that some view needs; 0 where one has heard nothing of it yet."""
        held: dict[Partition, dict[str, int]] = defaultdict(dict)
        for place, stand in self._stands.items():
            known = held[Partition(place.topic, place.partition)]
            known[place.view] = min(stand.next_offset, known.get(place.view, stand.next_offset))
        hearing: dict[str, list[str]] = defaultdict(list)
        for view in self.views:
            for kind in view.kinds:
                hearing[kind].append(view.name)
        return {
            at: min((held[at].get(v, 0) for v in hearing[at.topic.rpartition(".")[2]]), default=0)
            for at in partitions
        }

    def confirm(self) -> None:
        """Raise `StaleCheckpoint` where a view was switched since its places were taken."""
        with self.database.read() as connection:
            generations.confirm(connection, self._known)

    def look_behind(self, partitions: Iterable[Partition]) -> None:
        """Note as holes the places that stand behind what the broker has acknowledged."""
        with self.database.read() as connection:
            marked = progress.marked(connection)
        for place, stand in self._stands.items():
            partition = Partition(place.topic, place.partition)
            if partition in partitions and stand.position < marked.get((place.log, partition), 0):
                self.holes.setdefault(partition, (stand.position, stand.next_offset))

    def stands_at(self, partition: Partition, position: int) -> bool:
        """Whether some view has nothing after that position of that partition."""
        return any(
            stand.position == position
            for place, stand in self._stands.items()
            if (place.topic, place.partition) == partition
        )

    def behind(self) -> int:
        """How many positions it lacks, at most, of what was published; or of the log."""
        kinds = frozenset[str]().union(*(view.kinds for view in self.views))
        with self.database.read() as connection:
            marked = progress.marked(connection)
            ends = {
                (log, place): position
                for (log, place), position in marked.items()
                if place.topic.rpartition(".")[2] in kinds
            } or {(self.store.log, LOG): self.store.head(connection).position}
        straight = self.straight()
        stood = {(at.log, Partition(*at[2:4])): s.position for at, s in self._stands.items()}
        return max(end - stood.get(place, straight) for place, end in ends.items())

    def rejoin(self) -> bool:
        """Take in again the views that have caught up; answers whether to `stand` anew."""
        back = set(self.aside.returned()) if self.aside else set[str]()
        if back:
            away = {view.name for view in self.every} - {view.name for view in self.views} - back
            self.views = [view for view in self.every if view.name not in away]
        return bool(back)

    def apply(self, deliveries: Sequence[Delivery]) -> int:
        """Take what is new; answers how many deliveries were new to some view.

        Nearly always all of it can be written, and is by few statements. Where the data cannot,
        it is begun once more, and what cannot be written is set apart and parked. A view that
        cannot take it at all is set aside.
        """
        while True:
            try:
                return self._apply(deliveries)
            except ViewFailed as failed:
                self._set_aside(failed.view, failed)
                self.stand([])

    def _apply(self, deliveries: Sequence[Delivery]) -> int:
        if len(deliveries) <= FEW and self.shadow is None and not self.database.sqlite:
            try:
                return self._take(deliveries, _plainly, at_end=True)
            except (StaleCheckpoint, ViewFailed):
                raise
            except Exception as error:  # the end does not say which view it failed of
                if progress.is_stale(error):
                    raise StaleCheckpoint(progress.MOVED) from error
                if not of_statement(error):
                    raise
            self.stand([])
        try:
            return self._take(deliveries, _plainly)
        except Exception as error:
            if not unwritable(error):
                raise
        self.stand([])
        return self._take(deliveries, isolate.apply)

    def _set_aside(self, view: Projection, failed: ViewFailed) -> None:
        """Where most views fail, it is not their own fault: all begin anew."""
        why = failed.__cause__
        assert isinstance(why, Exception)
        if self.aside is None or (len(self.views) - 1) * 2 < len(self.every):
            raise why
        self.views.remove(view)
        self.aside.take(view, why)

    def _take(self, deliveries: Sequence[Delivery], write: Write, *, at_end: bool = False) -> int:
        if not self._sure:
            raise StaleCheckpoint(
                "what was known may be lost with an error: read the positions again"
            )
        kinds = frozenset[str]().union(*(view.kinds for view in self.views))
        batch = DeliveredBatch(deliveries, kinds, self._heard)
        moved: dict[CheckpointKey, tuple[Checkpoint, Checkpoint]] = {}
        began = time.time_ns()
        self._sure = False
        with self.database.brief() if at_end else self.database.write() as connection:
            self._bound(connection)
            moving = batch.moving(self.views)
            self.hold(connection, self._to_hold(moving))
            places = {view.name: self._places(view, batch) for view in moving}
            self._enter(connection, places)
            plans = [(v, self._plan(v, places[v.name], batch, moved)) for v in moving]
            advance = progress.advance_at_end if at_end else progress.advance
            advance(connection, moved)
            for view, news in plans:
                with self._blaming(view, write):
                    self._write(connection, view, [heard for _, heard in news if heard], write)
        self._sure = True
        self._stands |= {place: new for place, (_, new) in moved.items()}
        self.held_back += batch.held_back
        self.holes = batch.holes | self.holes
        if self.tracing is not None:
            self.tracing.applied(taken(plans), began, time.time_ns())
        self.upkeep.applied({log for _, log in batch.sources}, len(deliveries))
        return len({id(one) for _, news in plans for one in news})

    def _to_hold(self, moving: Sequence[Projection]) -> Sequence[Projection]:
        """Of the others it is enough to hear soon that they were switched."""
        now = self.database.clock.now()
        if 0 <= now - self._held_all < HOLD_ALL_EVERY:
            return moving
        self._held_all = now
        return self.views

    def hold(self, connection: Connection, views: Sequence[Projection]) -> None:
        """See that nothing was switched, and let it stay so until the transaction ends."""
        if self.shadow is not None:
            return  # it answers nobody
        known = {view.name: self._known[view.name] for view in views}
        if self.aside is None or self.database.sqlite:
            generations.confirm(connection, known, hold=True)
        elif locked := generations.confirm_free(connection, known):
            view = next(view for view in views if view.name in locked)
            raise ViewFailed(view) from Locked(f"another worker has locked {view.name}")

    def _bound(self, connection: Connection) -> None:
        """Nobody who shares a transaction takes long."""
        if self.aside is not None and not self.database.sqlite:
            bound = milliseconds(self.database.limits.share)
            bulk.later(connection, BOUND.format(bound, bound))

    @contextmanager
    def _blaming(self, view: Projection, write: Write) -> Iterator[None]:
        """What the view itself fails of is told from what ails the database."""
        try:
            yield
        except Exception as error:
            once_more = write is _plainly and unwritable(error)
            if self.aside is None or once_more or not of_statement(error):
                raise
            raise ViewFailed(view) from error

    def _heard(self, delivery: Delivery) -> DecodedEvent:
        recorded = delivery.recorded
        return DecodedEvent(delivery.log, recorded, read(self.codec, recorded))

    def feed(
        self, connection: Connection, view: Projection, deliveries: Sequence[Delivery]
    ) -> None:
        """Write deliveries into one view without moving it: the caller knows they are next."""
        heard = [self._heard(delivery) for delivery in deliveries]
        self._write(connection, view, heard, isolate.apply)

    def roll_up_due(self) -> None:
        self.upkeep.step()

    def roll_up_one(self, log: str) -> bool:
        """Take one rollup that is due; answers whether there was one."""
        return self.upkeep.take(log)

    def _places(self, view: Projection, batch: DeliveredBatch) -> Places:
        """Where the view may move by the batch."""
        number = self.numbers[view.name]
        return [
            (source, CheckpointKey(view.name, number, *source[0], source[1]))
            for source in batch.sources
            if batch.moves(view, source)
        ]

    def _enter(self, connection: Connection, places: Mapping[str, Places]) -> None:
        """Views new to a partition have of it what they have straight from the log."""
        starts = dict[CheckpointKey, Checkpoint]()
        for place in (place for mine in places.values() for _, place in mine):
            if place not in self._stands:
                straight = self._stands.get(
                    place._replace(topic=LOG.topic, partition=LOG.number), Checkpoint(0, 0)
                )
                starts[place] = Checkpoint(straight.position, 0)
        if starts:
            self._stands |= progress.enter(connection, starts)
            # Others may have been there, and parked something.
            self.look_again(connection, {place.view for place in starts})

    def _plan(
        self,
        view: Projection,
        places: Places,
        batch: DeliveredBatch,
        moved: dict[CheckpointKey, tuple[Checkpoint, Checkpoint]],
    ) -> list[Delivered]:
        """What is this view's next; notes the moves that it makes."""
        news = list[Delivered]()
        for source, place in places:
            start = self._stands[place]
            following, end = batch.after(view, source, start)
            if end != start:
                moved[place] = start, end
            news += following
        return news

    def _write(
        self, connection: Connection, view: Projection, heard: Sequence[DecodedEvent], write: Write
    ) -> None:
        number = self.numbers[view.name]
        stopped = self._parked[view.name]
        if skipped := self._skipped[view.name]:
            own = self.store.log
            heard = [h for h in heard if h.log != own or h.recorded.position not in skipped]
        behind = [(one, BEHIND) for one in heard if one.recorded.stream in stopped]
        flowing = [one for one in heard if one.recorded.stream not in stopped] if behind else heard
        failed = write(view, connection, number, flowing)
        poison = [(one, describe(error)) for one, error in failed]
        rows = [
            (h.log, h.recorded.position, h.recorded.stream, h.recorded.type, error)
            for h, error in sorted([*poison, *behind], key=lambda pair: pair[0].recorded.position)
        ]
        if rows:
            progress.park(connection, view.name, number, rows, self.database.now(connection))
        stopped |= {row[2] for row in rows}


def _plainly(
    view: Projection, connection: Connection, number: int, heard: Sequence[DecodedEvent]
) -> list[Failed]:
    return view.apply(connection, number, heard)
