"""The log to Kafka: every event, in order, by one writer who asks Kafka itself how far it got."""

import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, text

from infra import cloudevents
from infra.broker import Broker, Partition, Receipt, Record, Tail, partition_of
from infra.events import Recorded
from infra.store import Store
from projections import progress
from services.workers.lead import lead
from services.workers.wait import Wait

if TYPE_CHECKING:
    from infra.tracing import Tracing

WINDOW = 16_000
"""Most positions between the last that was marked as acknowledged and the last one sent.

What a broker forgets of it, or never got, is found by whoever resumes: all before is marked,
and so known to be missing if it ever is.
"""
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


class Sent(NamedTuple):
    """What one step has sent up to a position: receipts, and the last position, by partition.

    `traced` are the events whose way is followed, from when the step `began` (nanoseconds).
    """

    position: int
    receipts: Mapping[Partition, list[Receipt]]
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
        self.sent = 0
        self.acknowledged = 0
        self._waiting: deque[Sent] = deque()
        self._place = lru_cache(STREAMS)(self._placed)
        self._marks: dict[Partition, int] = {}
        self._offsets: dict[Partition, int] = {}
        self._marked_at = 0
        self._told: dict[Partition, int] = {}
        self._marked = -1
        self._producer = broker.producer()

    def lead(self, connection: Connection) -> bool:
        """Whether this process may publish; held until the connection ends (PostgreSQL)."""
        return lead(connection, LOCK, self.store.log)

    def resume(self, connection: Connection) -> None:
        """Find out from Kafka what is there, per partition, and where to go on."""
        partitions = [Partition(t, n) for t, count in self.topics.items() for n in range(count)]
        tail = self.broker.tail()
        try:
            self.last = self._last_positions(tail, partitions)
        finally:
            tail.close()
        self._compare(connection)
        furthest = max(self.last.values(), default=0)
        # Acknowledged once and gone now: a broker forgot its tail, or a topic was made anew.
        marked = progress.published(connection, self.store.log)
        lost = [p for at, p in self.last.items() if at in marked and p < marked[at].position]
        self.sent = self.acknowledged = max(0, min([furthest - WINDOW, *lost]))
        self._marks = dict(self.last)
        if progress.LOG in marked:  # stays true, whatever is sent again
            self._marked = marked[progress.LOG].position

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

    def _last_positions(self, tail: Tail, partitions: list[Partition]) -> dict[Partition, int]:
        ends = tail.ends(partitions)
        self._offsets = {partition: end - 1 for partition, (_, end) in ends.items()}
        final = {
            partition: tail.read(partition, end - 1, end)
            for partition, (first, end) in ends.items()
            if end > first
        }
        got = self._ours([record for records in final.values() for record in records])
        self._ends = {one.event.position: one.event.id for one in got}
        sure = max(0, max(self._ends, default=0) - WINDOW)
        return {
            partition: self._unbroken(tail, partition, ends[partition], sure)
            for partition in partitions
        }

    def _ours(self, records: Sequence[Record]) -> list[cloudevents.Received]:
        return list(cloudevents.of_log(records, self.store.log))

    def _unbroken(self, tail: Tail, partition: Partition, ends: tuple[int, int], sure: int) -> int:
        """The last position a reader can reach: records after a hole do not count."""
        first, end = ends
        reach = 16
        while first < end:
            start = max(first, end - reach)
            ours = self._ours(tail.read(partition, start, end))
            # The furthest need not be the last: from a hole on, all is sent again.
            furthest = max(ours, key=lambda one: one.event.position, default=None)
            if furthest is not None:
                self._ends[furthest.event.position] = furthest.event.id
            if start == first:
                return _reached(ours, 0)
            positions = [one.event.position for one in ours]
            if positions and positions[0] <= sure:
                # The first may stand after a hole. All up to `sure` is there, so a reader was
                # somewhere on the links already: at the least of them, or further.
                least = min(one.previous for one in ours)
                return max(_reached(ours, least), *(at for at in positions if at <= sure))
            reach *= 8
        return 0

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
        receipts: defaultdict[Partition, list[Receipt]] = defaultdict(list)
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
                receipts[partition].append(send(partition, key, value))
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
        self._marks |= sent.last
        self._waiting.popleft()
        self.acknowledged = sent.position
        if self.tracing is not None and sent.traced:
            self.tracing.published(sent.traced, sent.began, time.time_ns())

    def _offset(self, receipt: Receipt, sent: Sent) -> int:
        if receipt.is_done and receipt.exception is None:
            return receipt.value.offset  # a wait, even for nothing, costs as much as a header
        try:
            return receipt.get(timeout=LIMIT).offset
        except Exception as error:
            raise NotAcknowledged(f"up to position {sent.position}: {error!r}") from error

    def _mark(self, *, idle: bool) -> None:
        """Tell readers how far Kafka is, so that they know when a view has everything."""
        now = self.store.database.clock.now()
        if self.acknowledged <= self._marked or (now < self._marked_at + MARK_EVERY and not idle):
            return
        # A predecessor's records beyond that may stand after a hole: they are not yet told of.
        marks = {at: min(position, self.acknowledged) for at, position in self._marks.items()}
        with self.store.database.write() as connection:
            if not self.store.database.sqlite:
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            marks[progress.LOG] = self.acknowledged
            progress.mark(connection, self.store.log, self._told, marks)
        self._marked, self._marked_at, self._told = self.acknowledged, now, marks

    def close(self) -> None:
        self._producer.close()


def _reached(records: Sequence[cloudevents.Received], reached: int) -> int:
    """Follow the chain of positions as a reader does: drop what is doubled, stop at a hole."""
    for record in records:
        if record.previous <= reached < record.event.position:
            reached = record.event.position
    return reached
