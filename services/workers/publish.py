"""The log to Kafka: every event, in order, by one writer who asks Kafka itself how far it got."""

import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from infra import bulk, cloudevents
from infra.broker import Broker, Partition, PartitionReader, SendFuture, partition_of
from infra.events import Recorded
from infra.store import Store
from projections.engine import progress
from projections.engine.progress import LOG, Reached, Watermark
from services.workers.leader import is_leader
from services.workers.partition_ends import walked
from services.workers.wait import Wait

if TYPE_CHECKING:
    from infra.tracing import Tracing

WINDOW = 16_000
"""Most positions between the last that was marked as acknowledged and the last one sent."""
READ = 1_000
STREAMS = 65_536
"""So many streams are known with their partition."""
MARK_EVERY = 50_000  # microseconds
LIMIT = 40.0
# Any number that nobody else in the database uses for an advisory lock of two keys.
LOCK = 4_115_116


class LogBehindTopics(Exception):
    """Kafka holds events that the log does not: the log was restored from an old backup."""


class LogForked(Exception):
    """Kafka and the log hold different events at one position."""


class NotAcknowledged(Exception):
    """The broker failed a record; start anew and ask Kafka how far it got."""


class EventTooLarge(Exception):
    """The broker takes no record of that size; behind it nothing can be published."""

    def __init__(self, event: Recorded, topic: str) -> None:
        size = len(event.data)
        super().__init__(
            f"position {event.position}, {event.type} of {event.stream}, has {size} bytes of data,"
            f" more than Kafka takes: set max.message.bytes of the topic {topic} to"
            f" {2 * size} or more; docs/operate.md says how"
        )


class Sent(NamedTuple):
    """What one step has sent up to a position: receipts, and the last position, by partition.

    `traced` are the events whose way is followed, from when the step `began` (nanoseconds).
    """

    position: int
    receipts: Mapping[Partition, list[SendFuture]]
    last: Mapping[Partition, int]
    began: int
    traced: Sequence[Recorded]


class Publisher:
    """Sends positions in order, at most `WINDOW` ahead of the last marked as acknowledged.

    Any error leaves the records sent in an unknown state: throw the publisher away and make a
    new one, whose `resume` finds out. What it then sends twice has the same positions, which
    readers drop.
    """

    def __init__(
        self,
        store: Store,
        broker: Broker,
        topics: Mapping[str, int],
        tracing: "Tracing | None" = None,
    ) -> None:
        """`topics` has the number of partitions of each topic, `<prefix>.<kind>`."""
        self.store = store
        self.broker = broker
        self.topics = topics
        self.tracing = tracing
        self.by_kind = {topic.rpartition(".")[2]: topic for topic in topics}
        self.last: dict[Partition, int] = {}
        self._ends: dict[int, str] = {}
        self._found: Mapping[Partition, Watermark] = {}
        self.sent = 0
        self.acknowledged = 0
        self._waiting: deque[Sent] = deque()
        self._place = lru_cache(STREAMS)(self._placed)
        self._marks: dict[Partition, Reached] = {}
        self._offsets: dict[Partition, int] = {}
        self._marked_at = 0
        self._told: dict[Partition, Reached] = {}
        self._marked = -1
        self._producer = broker.producer()

    def lead(self, connection: Connection) -> bool:
        """Whether this process may publish; held until the connection ends (PostgreSQL)."""
        return is_leader(connection, LOCK, self.store.log)

    def resume(self, connection: Connection) -> None:
        """Find out from Kafka what is there, per partition, and where to go on."""
        self._found = progress.published(connection, self.store.log)
        tail = self.broker.tail()
        try:
            self._marks = self._reached(tail)
        finally:
            tail.close()
        self._compare(connection)
        self.last = {at: reached.position for at, reached in self._marks.items()}
        # Acknowledged once and gone now: a broker forgot its tail, or a topic was made anew.
        marked = self._found
        lost = [p for at, p in self.last.items() if at in marked and p < marked[at].position]
        self.sent = self.acknowledged = min([marked.get(LOG, Watermark(0)).position, *lost])
        if LOG in marked:  # stays true, whatever is sent again
            self._marked = marked[LOG].position

    def _compare(self, connection: Connection) -> None:
        """The ends of the partitions must be events of this very log."""
        furthest, head = max(self._ends, default=0), self.store.head(connection).position
        if furthest > head:
            raise LogBehindTopics(
                f"Kafka has position {furthest}, the log ends at {head}: restore the log from the"
                " topics, or from a newer backup, before you publish"
            )
        for event in self.store.at(connection, list(self._ends)):
            if event.id != self._ends[event.position]:
                raise LogForked(
                    f"position {event.position} is another event in Kafka than in the log: the log"
                    " was restored from an old backup and written to; restore it from the topics"
                )

    def _reached(self, tail: PartitionReader) -> dict[Partition, Reached]:
        """How far a reader of each partition comes: records after a hole do not count."""
        ends = tail.ends(Partition(t, n) for t, count in self.topics.items() for n in range(count))
        self._offsets = {partition: end - 1 for partition, (_, end) in ends.items()}
        walks = walked(tail, self.store.log, ends, self._found)
        for walk in walks.values():
            if walk.furthest is not None:
                self._ends[walk.furthest.position] = walk.furthest.id
        return {partition: walk.reached for partition, walk in walks.items()}

    def waits(self) -> Iterator[Wait]:
        """The first position that the broker has yet to acknowledge."""
        if self.sent > self.acknowledged:
            yield Wait("broker", "", self.acknowledged + 1)

    def step(self, connection: Connection) -> int:
        """Send what is there and the window allows; answers how many events it has looked at."""
        self._reap()
        room = min(self.acknowledged, max(self._marked, 0)) + WINDOW - self.sent
        events = self.store.read(connection, self.sent, min(room, READ)) if room > 0 else []
        connection.commit()
        if events:
            self._send(events)
        elif self._waiting:
            self._acknowledge(self._waiting[0])
        self._mark(idle=not events)
        return len(events)

    def _send(self, events: Sequence[Recorded]) -> None:
        log, send, known = self.store.log, self._producer.send, self.last
        written, tracing = cloudevents.written, self.tracing
        receipts: defaultdict[Partition, list[SendFuture]] = defaultdict(list)
        last: dict[Partition, int] = {}
        began, traced = time.time_ns(), list[Recorded]()
        for event in events:
            partition, key = self._place(event.stream)
            before = known.get(partition, 0)
            if event.position > before:
                trace = tracing.traceparent(event) if tracing else None
                if trace:
                    traced.append(event)
                value = written(log, event, before, trace)
                try:
                    receipts[partition].append(send(partition, key, value))
                except Exception as error:
                    self._explain(error, [event])
                    raise
                known[partition] = last[partition] = event.position
        self.sent = events[-1].position
        self._waiting.append(Sent(self.sent, receipts, last, began, traced))

    def _placed(self, stream: str) -> tuple[Partition, bytes]:
        topic = self.by_kind[stream.partition("-")[0]]
        return Partition(topic, partition_of(stream, self.topics[topic])), stream.encode()

    def _reap(self) -> None:
        while self._waiting and all(
            receipt.is_done
            for receipts in self._waiting[0].receipts.values()
            for receipt in receipts
        ):
            self._acknowledge(self._waiting[0])

    def _acknowledge(self, sent: Sent) -> None:
        """Wait for every record: that the last of a partition is there proves nothing of others."""
        for partition, receipts in sent.receipts.items():
            offset = self._offsets.get(partition, -1)
            for receipt in receipts:
                before, offset = offset, self._offset(receipt, sent)
                if offset <= before:
                    raise NotAcknowledged(f"{partition} forgot its tail before offset {offset}")
            self._offsets[partition] = offset
            self._marks[partition] = Reached(sent.last[partition], offset)
        self._waiting.popleft()
        self.acknowledged = sent.position
        if self.tracing is not None and sent.traced:
            self.tracing.published(sent.traced, sent.began, time.time_ns())

    def _offset(self, receipt: SendFuture, sent: Sent) -> int:
        if receipt.is_done and receipt.exception is None:
            return receipt.value.offset  # a wait, even for nothing, costs as much as a header
        try:
            return receipt.get(timeout=LIMIT).offset
        except Exception as error:
            self._explain(error, ())
            raise NotAcknowledged(f"up to position {sent.position}: {error!r}") from error

    def _explain(self, error: Exception, events: Sequence[Recorded]) -> None:
        """Raise which event is too large, where that is the fault: of many, the largest."""
        if not self.broker.too_large(error):
            return
        if not events:  # a record fails with all of its batch
            with self.store.database.read() as connection:
                room = self.sent - self.acknowledged
                events = self.store.read(connection, self.acknowledged, room, self.sent)
        largest = max(events, key=lambda event: len(event.data))
        raise EventTooLarge(largest, self._place(largest.stream)[0].topic) from error

    def _mark(self, *, idle: bool) -> None:
        """Tell readers how far Kafka is, so that they know when a view has everything."""
        now = self.store.database.clock.now()
        if self.acknowledged <= self._marked or (now < self._marked_at + MARK_EVERY and not idle):
            return
        # What a predecessor sent beyond that is not yet told of: something before it is missing.
        marks = {
            at: reached if reached.position <= self.acknowledged else Reached(self.acknowledged, -1)
            for at, reached in self._marks.items()
        }
        with self.store.database.brief() as connection:
            if not self.store.database.sqlite:
                bulk.later(connection, "SET LOCAL synchronous_commit=off")
            marks[LOG] = Reached(self.acknowledged, -1)
            progress.mark(connection, self.store.log, self._told, marks)
        self._marked, self._marked_at, self._told = self.acknowledged, now, marks

    def close(self) -> None:
        self._producer.close()
