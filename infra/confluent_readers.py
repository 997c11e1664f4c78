"""Reading by confluent-kafka: the end of a partition, or as a member of a group."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from infra.broker import BrokerRecord, Partition, PartitionReader, Subscriber
from infra.limits import Limits

# A topic may yet come, a partition gets another leader, a member that was slow joins again.
PASSING = {
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001 - its public name, of one without a leader
    KafkaError._MAX_POLL_EXCEEDED,  # noqa: SLF001 - its public name
}

AT_ONCE = 10_000
"""Records of all partitions that are in hand at once while their ends are read."""
ASKING = 16
"""Partitions whose ends are asked for at once."""


class ConfluentTail(PartitionReader):
    def __init__(self, inner: Consumer, limits: Limits) -> None:
        self._inner, self._limit = inner, limits.answer
        self._stands: tuple[Partition, int] | None = None
        self._known: set[str] = set()

    def ends(self, partitions: Iterable[Partition]) -> Mapping[Partition, tuple[int, int]]:
        places = list(partitions)  # each is asked for by itself, so many at once
        with ThreadPoolExecutor(ASKING) as pool:
            return dict(zip(places, pool.map(self._end, places), strict=True))

    def _end(self, partition: Partition) -> tuple[int, int]:
        """Each has a time of its own: whoever was waited for leaves the next one all of it."""
        deadline = time.monotonic() + self._limit
        while True:
            left = max(deadline - time.monotonic(), 0.1)
            try:
                return self._inner.get_watermark_offsets(TopicPartition(*partition), left)
            except KafkaException as error:  # of a partition between two leaders, too
                silent = error.args[0].code() == KafkaError._TIMED_OUT  # noqa: SLF001 - its public name
                if not silent and not _passes(error.args[0]):
                    raise
                if silent or time.monotonic() > deadline:
                    raise TimeoutError(
                        f"{partition} has no leader that answers; are all brokers up?"
                    ) from error
                time.sleep(0.05)

    def read(self, partition: Partition, start: int, end: int) -> list[BrokerRecord]:
        if self._stands != (partition, start):
            self._seek(partition, start)
        self._stands = None
        found: list[BrokerRecord] = []
        while start < end:
            for came in self._come(partition, end - start):
                error = came.error()
                if error is None:
                    found.append(_record(partition, came))
                    start = found[-1].offset + 1
                elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - its public name
                    start = max(start, came.offset() or 0)
                else:
                    _pass_over_in_tail(error)
        self._stands = partition, start
        return [record for record in found if record.offset < end]

    def read_all(self, spans: Mapping[Partition, tuple[int, int]]) -> Iterator[BrokerRecord]:
        ends = {p: end for p, (start, end) in spans.items() if start < end}
        self._stands = None
        if not {partition.topic for partition in ends} <= self._known:
            self._known |= self._inner.list_topics(timeout=self._limit).topics.keys()
        self._inner.assign([TopicPartition(*p, spans[p][0]) for p in ends])
        while ends:
            for came in self._come("all partitions", AT_ONCE):
                partition, error = _place(came), came.error()
                end, offset = ends.get(partition), came.offset() or 0
                if error is None and end is not None:
                    if offset < end:
                        yield _record(partition, came)
                    if offset + 1 >= end:
                        del ends[partition]
                elif error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - its public name
                    _pass_over_in_tail(error)
                elif end is not None and offset >= end:
                    del ends[partition]

    def _seek(self, partition: Partition, start: int) -> None:
        # What is assigned of a topic that the client knows nothing of is asked for a second later.
        if partition.topic not in self._known:
            self._inner.list_topics(partition.topic, self._limit)
            self._known.add(partition.topic)
        self._inner.assign([TopicPartition(*partition, start)])

    def _come(self, partition: Partition | str, most: int) -> list[Message]:
        # `consume` alone would wait for the whole time unless so many come.
        first = self._inner.poll(self._limit)
        if first is None:
            raise TimeoutError(f"{partition}: nothing came in {self._limit} s; is the broker well?")
        return [first, *self._inner.consume(most - 1, 0)] if most > 1 else [first]

    def close(self) -> None:
        self._inner.close()


class ConfluentSubscriber(Subscriber):
    """Fetches nothing of a newly assigned partition until its place is sought.

    The group's assignment is taken as it comes and its partitions are put to the client only
    with the offset to begin at: seeking a partition that is not fetched yet is an error there.
    """

    def __init__(self, inner: Consumer, topics: Iterable[str]) -> None:
        self._inner = inner
        self._held: set[Partition] = set()
        self._next: dict[Partition, int] = {}
        taken, lost = self._on_assign, self._on_revoke
        inner.subscribe(list(topics), on_assign=taken, on_revoke=lost, on_lost=lost)

    def _on_assign(self, consumer: Consumer, places: Sequence[TopicPartition]) -> None:
        self._held = {Partition(place.topic, place.partition) for place in places}
        self._next = {}
        consumer.assign([])

    def _on_revoke(self, consumer: Consumer, _: Sequence[TopicPartition]) -> None:
        self._held, self._next = set(), {}
        consumer.unassign()

    def poll(self, seconds: float, most: int) -> list[BrokerRecord]:
        # `consume` alone would wait for the whole time unless so many come.
        first = self._inner.poll(seconds)
        if first is None:
            return []
        came = [first, *(self._inner.consume(most - 1, 0) if most > 1 else ())]
        records = [_record(_place(one), one) for one in came if _is_record(one)]
        taken = [record for record in records if record.partition in self._next]
        self._next.update((record.partition, record.offset + 1) for record in taken)
        return taken

    def fresh(self) -> set[Partition]:
        return self._held - self._next.keys()

    def assigned(self) -> set[Partition]:
        return set(self._held)

    def seek(self, offsets: Mapping[Partition, int]) -> None:
        self._next |= {place: offset for place, offset in offsets.items() if place in self._held}
        self._inner.assign([TopicPartition(*place, at) for place, at in self._next.items()])

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        with suppress(KafkaException):  # a courtesy, and the group may be forming anew
            self._inner.commit(offsets=[TopicPartition(*p, o) for p, o in offsets.items()])

    def close(self) -> None:
        self._inner.close()


def _is_record(message: Message) -> bool:
    error = message.error()
    if error is not None:
        _pass_over(error)
    return error is None


def _pass_over(error: KafkaError) -> None:
    if not _passes(error):
        raise KafkaException(error)


def _pass_over_in_tail(error: KafkaError) -> None:
    """The client looks for a tail's group although none is joined: no right to it is needed."""
    if error.code() != KafkaError.GROUP_AUTHORIZATION_FAILED:
        _pass_over(error)


def _passes(error: KafkaError) -> bool:
    """Whether it is over by itself: the client goes on meanwhile."""
    return not error.fatal() and (error.retriable() or error.code() in PASSING)


def _record(partition: Partition, message: Message) -> BrokerRecord:
    offset: Any = message.offset()
    return BrokerRecord(partition, offset, message.key() or b"", message.value() or b"")


def _place(message: Message) -> Partition:
    return _partition(message.topic(), message.partition())


@lru_cache(maxsize=1024)
def _partition(topic: Any, number: Any) -> Partition:
    return Partition(topic, number)
