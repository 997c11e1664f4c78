"""One batch as it came: read once, and cut up for every view that hears some of it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from infra.broker import Partition
from infra.events import Recorded
from projections.engine import DecodedEvent, Projection
from projections.engine.progress import LOG, Checkpoint


class Delivery(NamedTuple):
    """An event as it came: from where, and what came before it there."""

    partition: Partition
    next_offset: int
    log: str
    previous: int
    recorded: Recorded


Source = tuple[Partition, str]
"""A partition and a log: its events there name each the one before."""
Delivered = tuple[Delivery, DecodedEvent | None]
"""A delivery, read once for all views; of a kind that none of them hears, not at all."""


class _Following(NamedTuple):
    """What comes after a stand without a hole, by kind, and where it leads to."""

    by_kind: dict[str, list[Delivered]]
    end: Checkpoint


class DeliveredBatch:
    """Views that stand at the same place and hear the same share one look through the batch."""

    def __init__(
        self,
        deliveries: Iterable[Delivery],
        kinds: Collection[str],
        read: Callable[[Delivery], DecodedEvent],
    ) -> None:
        self.held_back = 0
        self.holes: dict[Partition, tuple[int, int]] = {}
        self.sources: dict[Source, list[Delivered]] = defaultdict(list)
        for one in deliveries:
            heard = read(one) if one.recorded.kind in kinds else None
            self.sources[one.partition, one.log].append((one, heard))
        self._kinds = {
            source: frozenset(one.recorded.kind for one, heard in came if heard)
            for source, came in self.sources.items()
        }
        self._found: dict[tuple[Source, Checkpoint, frozenset[str]], _Following] = {}

    def moves(self, view: Projection, source: Source) -> bool:
        """Whether the view's place there may move: in the log by any event, else by its own."""
        return source[0] == LOG or not view.kinds.isdisjoint(self._kinds[source])

    def moving(self, views: Sequence[Projection]) -> list[Projection]:
        """Those that may move by it."""
        return [view for view in views if any(self.moves(view, one) for one in self.sources)]

    def after(
        self, view: Projection, source: Source, start: Checkpoint
    ) -> tuple[list[Delivered], Checkpoint]:
        """What the view hears after a stand, up to a hole, and where that leads to."""
        kinds = self._kinds[source]
        passing = kinds if source[0] == LOG else kinds & view.kinds
        key = source, start, passing
        if (found := self._found.get(key)) is None:
            found = self._found[key] = self._look_through(source, start, passing)
        lists = [came for kind, came in found.by_kind.items() if kind in view.kinds]
        if len(lists) == 1:
            return lists[0], found.end
        mine = [one for came in lists for one in came]
        return sorted(mine, key=_position), found.end

    def _look_through(self, source: Source, start: Checkpoint, kinds: frozenset[str]) -> _Following:
        came = self.sources[source]
        if source[0] != LOG and kinds != self._kinds[source]:
            came = [one for one in came if one[1] and one[0].recorded.kind in kinds]
        following, end = self._following(start, came)
        by_kind: dict[str, list[Delivered]] = defaultdict(list)
        for one in following:
            if one[1]:
                by_kind[one[1].recorded.kind].append(one)
        return _Following(by_kind, end)

    def _following(
        self, start: Checkpoint, came: Sequence[Delivered]
    ) -> tuple[list[Delivered], Checkpoint]:
        news, (reached, offset) = list[Delivered](), start
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
        return news, Checkpoint(reached, offset)


def _position(came: Delivered) -> int:
    return came[0].recorded.position


def taken(
    plans: Sequence[tuple[Projection, Sequence[Delivered]]],
) -> list[tuple[Recorded, bool, Sequence[str]]]:
    """Each event that was new, whether it came by Kafka, and to which views it was new."""
    found: dict[tuple[str, int], tuple[Recorded, bool, list[str]]] = {}
    for view, news in plans:
        for one, _ in news:
            key = one.log, one.recorded.position
            found.setdefault(key, (one.recorded, one.partition != LOG, []))[2].append(view.name)
    return list(found.values())
