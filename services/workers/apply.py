"""Events into the views: rows and positions in one transaction, each event once in effect."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from infra.broker import Partition
from infra.codec import Codec
from infra.database import unwritable
from infra.events import Recorded
from infra.store import Store
from projections.engine import (
    Failed,
    Heard,
    Projection,
    apart,
    closings,
    generations,
    progress,
    unclosed,
    zones,
)
from projections.engine.generations import Answering
from projections.engine.progress import LOG, Place, Stand, Superseded
from services.workers.excluded import all_excluded, excluded

if TYPE_CHECKING:
    from infra.tracing import Tracing

CLOSE_EVERY = closings.BLOCK // 2
"""So many events are applied between two looks whether a closing is due."""
AT_ONCE = 4
"""Closings and balances of each log that a step takes, at most."""
told = logging.getLogger(__name__)
BEHIND = "waits behind an earlier event of its stream"
LONGEST = 2_000
"""Characters that are kept of an error."""


class Delivery(NamedTuple):
    """An event as it came: from where, and what came before it there."""

    partition: Partition
    next_offset: int
    log: str
    previous: int
    recorded: Recorded


Write = Callable[[Projection, Connection, int, Sequence[Heard]], list[Failed]]
"""Writes what events changed in a view; answers those that could not be read, or written."""
Source = tuple[Partition, str]
"""A partition and a log: its events there name each the one before."""
Came = tuple[Delivery, Heard | None]
"""A delivery, read once for all views; of a kind that none of them hears, not at all."""


class Applier:
    """Applies deliveries to all views at once; knows where each view stands.

    A delivery is taken when `previous <= stand < position`: what is doubled is dropped, and
    what comes after a hole is left until the hole is filled. When another worker has moved a
    view's position, the view was switched to another generation, or parked events were let go,
    nothing is written and `Superseded` is raised: `stand` again. So it is after any error, since
    what was learned while it was written may be lost with it. What the log says is skipped
    is passed over, whichever generation answers. A `shadow` generation is fed whatever is live.
    """

    def __init__(
        self,
        store: Store,
        views: Sequence[Projection],
        codec: Codec,
        *,
        shadow: int | None = None,
        tracing: "Tracing | None" = None,
    ) -> None:
        self.store = store
        self.database = store.database
        self.views = views
        self.codec = codec
        self.shadow = shadow
        self.tracing = tracing
        self.held_back = 0
        self.holes: dict[Partition, tuple[int, int]] = {}
        self._sure = False
        """Whether all that is known is as the database has it."""
        self._since_closing = 0
        self._unclosed: set[str] = set()
        self._open: set[tuple[str, int, str]] = set()
        self._stands: dict[Place, Stand] = {}
        self._generations: dict[str, int] = {}
        self._known: dict[str, Answering] = {}
        self._parked: dict[str, set[str]] = {}
        self._skipped: dict[str, Collection[int]] = {}

    def stand(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Learn anew where every view stands; answers the offset to read each partition from."""
        self._sure = False
        views = [view.name for view in self.views]
        with self.database.read() as connection:
            self._known = generations.all_answering(connection, views)
            self._generations = {
                view: self.shadow or known.generation for view, known in self._known.items()
            }
            zones.check(connection, self._generations)
            self._stands = progress.all_stands(connection, self._generations)
            self._parked = progress.all_parked_streams(connection, self._generations)
            self._skipped = dict(all_excluded(connection, self.store, self.codec, views))
        self._sure = True
        return {partition: self._offset(partition) for partition in partitions}

    def straight(self) -> int:
        """The least position that some view has straight from the log."""
        log = self.store.log
        places = (Place(view, number, *LOG, log) for view, number in self._generations.items())
        return min((self._stands.get(at, Stand(0, 0)).position for at in places), default=0)

    def look_again(self, connection: Connection, view: Projection) -> None:
        """Learn anew which streams of a view are parked, and what it is to leave out."""
        name, number = view.name, self._generations[view.name]
        self._parked[name] = progress.parked_streams(connection, name, number)
        self._skipped[name] = excluded(connection, self.store, self.codec, name)

    def _offset(self, partition: Partition) -> int:
        """The least offset that some view needs; 0 where one has heard nothing of it yet."""
        kind = partition.topic.rpartition(".")[2]
        hearing = [view for view in self.views if kind in view.kinds]
        held = {
            view.name: [
                stand.next_offset
                for place, stand in self._stands.items()
                if place.view == view.name and (place.topic, place.partition) == partition
            ]
            for view in hearing
        }
        return min((min(offsets, default=0) for offsets in held.values()), default=0)

    def confirm(self) -> None:
        """Raise `Superseded` where a view was switched since its places were taken."""
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

    def apply(self, deliveries: Sequence[Delivery]) -> int:
        """Take what is new; answers how many deliveries were new to some view.

        Nearly always all of it can be written, and is by few statements. Where the data cannot,
        it is begun once more, and what cannot be written is set apart and parked.
        """
        try:
            return self._take(deliveries, _plainly)
        except Exception as error:
            if not unwritable(error):
                raise
        self.stand([])
        return self._take(deliveries, apart.apply)

    def _take(self, deliveries: Sequence[Delivery], write: Write) -> int:
        if not self._sure:
            raise Superseded("what was known may be lost with an error: read the positions again")
        sources = self._sources(deliveries)
        moved: dict[Place, tuple[Stand, Stand]] = {}
        began = time.time_ns()
        self._sure = False
        with self.database.write() as connection:
            if self.shadow is None:
                generations.confirm(connection, self._known, hold=True)
            plans = [(v, self._plan(connection, v, sources, moved)) for v in self.views]
            progress.advance(connection, moved)
            for view, news in plans:
                self._write(connection, view, [heard for _, heard in news if heard], write)
        self._sure = True
        self._stands |= {place: new for place, (_, new) in moved.items()}
        if self.tracing is not None:
            self.tracing.applied(_taken(plans), began, time.time_ns())
        self._close_in_time({log for _, log in sources}, len(deliveries))
        return len({id(one) for _, news in plans for one in news})

    def _sources(self, deliveries: Iterable[Delivery]) -> dict[Source, list[Came]]:
        """The deliveries in their order, by where they came from."""
        kinds = frozenset[str]().union(*(view.kinds for view in self.views))
        found: dict[Source, list[Came]] = defaultdict(list)
        for delivery in deliveries:
            heard = self._heard(delivery) if delivery.recorded.kind in kinds else None
            found[delivery.partition, delivery.log].append((delivery, heard))
        return found

    def _heard(self, delivery: Delivery) -> Heard:
        recorded = delivery.recorded
        return Heard(delivery.log, recorded, read(self.codec, recorded))

    def _close_in_time(self, logs: Iterable[str], applied: int) -> None:
        self._since_closing += applied
        if self._since_closing >= CLOSE_EVERY:
            self._since_closing = 0
            self._unclosed |= set(logs)
        self.close_due()

    def close_due(self) -> None:
        """Take a few of the closings that are due; the next step takes more.

        Whoever steps must hear soon that it shall end, and poll soon, to stay in its group.
        """
        for log in sorted(self._unclosed):
            if not all(self.close_books(log) for _ in range(AT_ONCE)):
                self._unclosed.discard(log)

    def feed(
        self, connection: Connection, view: Projection, deliveries: Sequence[Delivery]
    ) -> None:
        """Write deliveries into one view without moving it: the caller knows they are next."""
        heard = [self._heard(delivery) for delivery in deliveries]
        self._write(connection, view, heard, apart.apply)

    def close_books(self, log: str) -> bool:
        """Take one closing that is due; answers whether there was one."""
        for view in self.views:
            number = self._generations[view.name]
            if (view.name, number, log) in self._open:
                continue
            try:
                with self.database.write() as connection:
                    if self.shadow is None:  # what was parked must not come in meanwhile
                        known = {view.name: self._known[view.name]}
                        generations.confirm(connection, known, hold=True)
                    if view.upkeep(connection, number, log):
                        unclosed.clear(connection, view.name, number, log)
                        return True
            except IntegrityError:
                continue  # another worker closed it
            except Exception as error:
                if not unwritable(error):
                    raise
                self._leave_open(view, log, error)
        return False

    def _leave_open(self, view: Projection, log: str, error: Exception) -> None:
        """A sum of a block, or of all before it, is beyond 64 bits: reads go on by what it would
        have summed up, which takes longer and is right.
        """
        self._open.add((view.name, self._generations[view.name], log))
        number, now = self._generations[view.name], self.database.clock.now()
        row = unclosed.Unclosed(view.name, number, log, said(error), now)
        with self.database.write() as connection:
            unclosed.note(connection, row)
        told.error("%s: a closing of %s cannot be written: %s", view.name, log, said(error))

    def _plan(
        self,
        connection: Connection,
        view: Projection,
        sources: Mapping[Source, Sequence[Came]],
        moved: dict[Place, tuple[Stand, Stand]],
    ) -> list[Came]:
        """What is this view's next; notes the moves that it makes."""
        number, news = self._generations[view.name], list[Came]()
        for (partition, log), came in sources.items():
            straight = partition == LOG
            mine = came if straight else _of(view, came)
            if not mine:
                continue
            place = Place(view.name, number, *partition, log)
            start = self._stand_at(connection, view, place)
            following, end = self._following(start, mine)
            if end != start:
                moved[place] = start, end
            news += _of(view, following) if straight else following
        return news

    def _following(self, start: Stand, came: Sequence[Came]) -> tuple[list[Came], Stand]:
        """What comes after a stand without a hole, and where it leads to."""
        news, (reached, offset) = [], start
        for one in came:
            partition, next_offset, _, previous, recorded = one[0]
            position = recorded.position
            if position <= reached:
                continue
            if previous > reached:
                self.held_back += 1
                self.holes.setdefault(partition, (reached, next_offset - 1))
                continue
            reached, offset = position, next_offset
            news.append(one)
        return news, Stand(reached, offset)

    def _stand_at(self, connection: Connection, view: Projection, place: Place) -> Stand:
        """Where a view stands; new to a partition, it has what it has straight from the log."""
        known = self._stands.get(place)
        if known is None:
            straight = self._stands.get(place._replace(topic=LOG.topic, partition=LOG.number))
            start = Stand(straight.position if straight else 0, 0)
            known = self._stands[place] = progress.enter(connection, place, start)
            self.look_again(connection, view)  # another may have been there, and parked something
        return known

    def _write(
        self, connection: Connection, view: Projection, heard: Sequence[Heard], write: Write
    ) -> None:
        number = self._generations[view.name]
        stopped = self._parked[view.name]
        if skipped := self._skipped[view.name]:
            own = self.store.log
            heard = [h for h in heard if h.log != own or h.recorded.position not in skipped]
        behind = [(one, BEHIND) for one in heard if one.recorded.stream in stopped]
        flowing = [one for one in heard if one.recorded.stream not in stopped] if behind else heard
        failed = write(view, connection, number, flowing)
        poison = [(one, said(error)) for one, error in failed]
        rows = [
            (h.log, h.recorded.position, h.recorded.stream, h.recorded.type, error)
            for h, error in sorted([*poison, *behind], key=lambda pair: pair[0].recorded.position)
        ]
        if rows:
            progress.park(connection, view.name, number, rows, self.database.now(connection))
        stopped |= {row[2] for row in rows}


def _plainly(
    view: Projection, connection: Connection, number: int, heard: Sequence[Heard]
) -> list[Failed]:
    return view.apply(connection, number, heard)


def _of(view: Projection, came: Iterable[Came]) -> list[Came]:
    """What that view hears."""
    return [one for one in came if one[1] and one[1].recorded.kind in view.kinds]


def _taken(
    plans: Sequence[tuple[Projection, Sequence[Came]]],
) -> list[tuple[Recorded, bool, Sequence[str]]]:
    """Each event that was new, whether it came by Kafka, and to which views it was new."""
    found: dict[tuple[str, int], tuple[Recorded, bool, list[str]]] = {}
    for view, news in plans:
        for one, _ in news:
            key = one.log, one.recorded.position
            found.setdefault(key, (one.recorded, one.partition != LOG, []))[2].append(view.name)
    return list(found.values())


def read(codec: Codec, recorded: Recorded) -> Any:
    """The event, or the error where it cannot be decoded."""
    try:
        return codec.decode(recorded.type, recorded.schema, recorded.data)
    except Exception as error:  # noqa: BLE001 - whatever it is, its stream is parked
        return error


def said(error: Exception) -> str:
    """An error as it can be stored, whatever text of the event it quotes."""
    text = f"{type(error).__name__}: {error}".replace("\0", "\\0")[:LONGEST]
    return text.encode(errors="backslashreplace").decode()
