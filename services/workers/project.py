"""Kafka into the views: one member of a group, which reads anew what it lacks."""

from collections.abc import Iterable, Iterator

from infra import cloudevents
from infra.broker import BrokerRecord, Partition, Subscriber
from projections.engine.progress import StaleCheckpoint
from services.workers.apply import Applier
from services.workers.batch import Delivery
from services.workers.wait import Wait

BATCH = 5_000
"""Records a transaction, at most: with 2,000 the trips to the database take a tenth more."""
LOOK_EVERY = 20
"""So many empty polls pass between two looks whether a view was switched."""
COMMIT_EVERY = 1_000_000
"""Microseconds between two commits of offsets while there is always more."""
FIRST_REACH = 64
"""Offsets to go back when a hole is met; eight times as many each time it is met again."""


class Projector:
    """One member of the group: polls Kafka, applies, commits offsets as a courtesy."""

    def __init__(self, applier: Applier, subscriber: Subscriber) -> None:
        self.applier = applier
        self.subscriber = subscriber
        self.foreign = 0
        self._quiet = 0
        self._reach: dict[Partition, tuple[int, int]] = {}
        self._held: dict[Partition, int] = {}
        self._ends: dict[Partition, int] = {}
        self._committed_at = 0

    def step(self, seconds: float = 0.1, most: int = BATCH) -> int:
        """One poll; answers how many events were new. Safe to call again after any error."""
        if self.applier.rejoin():
            self._take_places(self.subscriber.assigned())
        records = self.subscriber.poll(seconds, most)
        if self.subscriber.fresh():
            self._take_places(self.subscriber.assigned())
            return 0
        deliveries = [d for record in records if (d := self._delivery(record)) is not None]
        try:
            new = self.applier.apply(deliveries) if deliveries else self._idle()
        except StaleCheckpoint:
            self._take_places(self.subscriber.assigned())
            return 0
        except Exception:
            self._take_places(self.subscriber.assigned())
            raise
        self._ends |= {one.partition: one.next_offset for one in deliveries}
        self._commit(idle=not deliveries)
        self._reach_back()
        return new

    def waits(self) -> Iterator[Wait]:
        """The holes that are not filled yet: each partition's last position before one."""
        assigned = self.subscriber.assigned() if self._held else set()
        for partition, stand in list(self._held.items()):
            if partition in assigned and self.applier.stands_at(partition, stand):
                yield Wait("hole", f"{partition.topic}/{partition.number}", stand)
            else:
                del self._held[partition]

    def _commit(self, *, idle: bool) -> None:
        now = self.applier.database.clock.now()
        if self._ends and (idle or not 0 <= now - self._committed_at < COMMIT_EVERY):
            self.subscriber.commit(self._ends)
            self._ends, self._committed_at = {}, now

    def _idle(self) -> int:
        """Close books; look now and then whether a view was switched, or stays behind."""
        self.applier.roll_up_due()
        self._quiet = (self._quiet + 1) % LOOK_EVERY
        if self._quiet == 0:
            self._reach.clear()
            self.applier.confirm()
            self.applier.look_behind(self.subscriber.assigned())
        return 0

    def _reach_back(self) -> None:
        """Read anew before a hole, further each time and at last from the start.

        What fills a hole comes after it, but not where a broker has lost the end of a partition:
        what was sent again since may lie at other offsets, before those that we know.
        """
        holes, self.applier.holes = self.applier.holes, {}
        for partition, (stand, offset) in holes.items():
            self._held[partition] = stand
            met_at, reach = self._reach.get(partition, (-1, 0))
            if met_at == stand and reach >= offset:
                continue  # all of it was read anew: the hole is not filled yet
            reach = reach * 8 if met_at == stand else FIRST_REACH
            self._reach[partition] = stand, reach
            self.subscriber.seek({partition: max(0, offset - reach)})

    def _take_places(self, partitions: Iterable[Partition]) -> None:
        self._ends = {}
        self.subscriber.seek(self.applier.stand(partitions))

    def _delivery(self, record: BrokerRecord) -> Delivery | None:
        try:
            got = cloudevents.received(record)
        except cloudevents.NotOurs:
            self.foreign += 1
            return None
        return Delivery(record.partition, record.offset + 1, got.log, got.previous, got.event)
