"""The broker's ports on kafka-python, with every default changed that could lose or double."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kafka import (
    ConsumerRebalanceListener,
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    TopicPartition,
)
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.errors import (
    KafkaError,
    LeaderNotAvailableError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAlreadyExistsError,
)
from kafka.structs import OffsetAndMetadata

from infra import kafka_admission
from infra.broker import (
    HEADERS,
    LARGEST_RECORD,
    Broker,
    BrokerRecord,
    Partition,
    PartitionReader,
    Producer,
    SendFuture,
    Subscriber,
    kept,
)
from infra.kafka_security import KafkaSecurity
from infra.limits import Limits, milliseconds

LINGER_MS = 2
BATCH_BYTES = 131_072
FETCH_BYTES = 4 * 1024 * 1024
LEADERLESS_PAUSE = 0.05
AT_ONCE = 10_000
"""Records of all partitions that are in hand at once while their ends are read."""

log = logging.getLogger(__name__)
IDLE_MS = 540_000
"""After so long connections are closed that nobody uses; it is the library's own."""


class KafkaBroker(Broker):
    def __init__(
        self,
        bootstrap: str,
        client: str = "distributary",
        limits: Limits | None = None,
        security: KafkaSecurity | None = None,
    ) -> None:
        self.limits, self.security = limits or Limits(), security or KafkaSecurity()
        self.bootstrap = bootstrap
        answer = milliseconds(self.limits.answer)
        self.common: dict[str, Any] = {
            "bootstrap_servers": bootstrap.split(","),
            "client_id": client,
            "request_timeout_ms": answer,
            # A connection that waits for an answer is not idle, however long that may take.
            "connections_max_idle_ms": max(IDLE_MS, 2 * answer),
            "reconnect_backoff_max_ms": 1_000,
            "metrics_enabled": False,
            **self.security.for_kafka_python(),
        }

    def topics(self, names: Iterable[str], partitions: int, replication: int) -> dict[str, int]:
        kafka_admission.check(self.bootstrap, self.security, self.limits.look)
        wanted = sorted(names)
        admin = KafkaAdminClient(**_without(self.common, "metrics_enabled"))
        try:
            present = set(admin.list_topics())
            for name in wanted:
                if name not in present:
                    _make(admin, name, partitions, replication, self.limits)
            return _counted(admin, wanted)
        finally:
            admin.close()

    def described(self, names: Iterable[str]) -> dict[str, int]:
        """The number of partitions of those topics that are there, without making any."""
        kafka_admission.check(self.bootstrap, self.security, self.limits.look)
        look = milliseconds(self.limits.look)
        limits = {"bootstrap_timeout_ms": look, "request_timeout_ms": look}
        admin = KafkaAdminClient(**{**_without(self.common, "metrics_enabled"), **limits})
        try:
            there = sorted(set(admin.list_topics()) & set(names))
            return _counted(admin, there) if there else {}
        finally:
            admin.close()

    def producer(self) -> Producer:
        return _Producer(
            KafkaProducer(
                **self.common,
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                batch_size=BATCH_BYTES,
                linger_ms=LINGER_MS,
                max_request_size=LARGEST_RECORD,
                delivery_timeout_ms=2 * milliseconds(self.limits.answer),
                max_block_ms=milliseconds(self.limits.answer),
                allow_auto_create_topics=False,
            ),
            self.limits,
        )

    def tail(self) -> PartitionReader:
        return _Tail(self._consumer(group_id=None), milliseconds(self.limits.answer))

    def subscriber(self, group: str, topics: Iterable[str]) -> Subscriber:
        session = milliseconds(self.limits.session)
        consumer = self._consumer(
            group_id=group,
            session_timeout_ms=session,
            heartbeat_interval_ms=session // 5,
            max_poll_interval_ms=6 * session,
            # Everybody gets a part of every topic; a sticky one gives whole topics away, and so
            # half of the work to one of four. Both are known to the other client.
            partition_assignment_strategy=[RangePartitionAssignor, RoundRobinPartitionAssignor],
        )
        return _Subscriber(consumer, topics, milliseconds(self.limits.leave))

    def too_large(self, error: BaseException) -> bool:
        return isinstance(error, MessageSizeTooLargeError | RecordListTooLargeError)

    def _consumer(self, **more: Any) -> KafkaConsumer:
        return KafkaConsumer(
            **_without(self.common, "request_timeout_ms"),
            **more,
            request_timeout_ms=milliseconds(max(self.limits.answer, self.limits.session + 5)),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            # A topic that is made while a group forms is noticed, and shared out, so soon.
            metadata_max_age_ms=3_000,
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=FETCH_BYTES,
            max_poll_records=5_000,
        )


def _counted(admin: KafkaAdminClient, names: list[str]) -> dict[str, int]:
    return {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(names)}


def _without(options: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key != name}


def _make(
    admin: KafkaAdminClient, name: str, partitions: int, replication: int, limits: Limits
) -> None:
    topic = {
        "num_partitions": partitions,
        "replication_factor": replication,
        "configs": kept(replication),
    }
    try:
        timeout = milliseconds(limits.answer)
        admin.create_topics({name: topic}, timeout_ms=timeout)
        admin.wait_for_topics([name], timeout)  # the client's own limit is its own as well
    except TopicAlreadyExistsError:
        log.info("another process made topic %s first", name)


class _Producer:
    def __init__(self, inner: KafkaProducer, limits: Limits) -> None:
        self._inner, self._limits = inner, limits

    def send(self, partition: Partition, key: bytes, value: bytes) -> SendFuture:
        topic, number = partition
        sent: SendFuture = self._inner.send(topic, value, key, HEADERS, number)
        return sent

    def close(self) -> None:
        """`close` alone would wait for what is on its way, and leave all open where it waits."""
        sender = self._inner._sender  # noqa: SLF001 - nothing public gives up at once
        sender.force_close()
        sender.join(self._limits.answer)
        self._inner.close(timeout=0)


class _Tail:
    def __init__(self, inner: KafkaConsumer, limit: int) -> None:
        self._inner, self._limit = inner, limit
        self._stands: tuple[Partition, int] | None = None

    def ends(self, partitions: Iterable[Partition]) -> Mapping[Partition, tuple[int, int]]:
        places = [TopicPartition(*partition) for partition in partitions]
        first = _answered(self._inner.beginning_offsets, places, self._limit)
        last = _answered(self._inner.end_offsets, places, self._limit)
        return {Partition(*place): (first[place], last[place]) for place in places}

    def read(self, partition: Partition, start: int, end: int) -> list[BrokerRecord]:
        place = TopicPartition(*partition)
        if self._stands != (partition, start):
            self._inner.assign([place])
            self._inner.seek(place, start)
        self._stands = None
        found: list[BrokerRecord] = []
        while (at := self._inner.position(place, timeout_ms=self._limit)) < end:
            came = self._inner.poll(timeout_ms=self._limit, max_records=end - at)
            if not came:
                raise KafkaError(
                    f"{partition}: nothing came in {self._limit} ms; is the broker well?"
                )
            found += _records(place, came.get(place, ()))
        self._stands = partition, at
        return [record for record in found if record.offset < end]

    def read_all(self, spans: Mapping[Partition, tuple[int, int]]) -> Iterator[BrokerRecord]:
        ends = {TopicPartition(*p): end for p, (start, end) in spans.items() if start < end}
        self._stands = None
        self._inner.assign(list(ends))
        for place in ends:
            self._inner.seek(place, spans[Partition(*place)][0])
        while ends:
            came = self._inner.poll(timeout_ms=self._limit, max_records=AT_ONCE)
            for place, records in came.items():
                end = ends.get(place, 0)
                yield from (one for one in _records(place, records) if one.offset < end)
            whole = [p for p in ends if self._inner.position(p, timeout_ms=self._limit) >= ends[p]]
            if not came and not whole:
                names = ", ".join(f"{place.topic}/{place.partition}" for place in ends)
                raise KafkaError(f"{names}: nothing came in {self._limit} ms; is the broker well?")
            for place in whole:
                del ends[place]

    def close(self) -> None:
        self._inner.close(autocommit=False, timeout_ms=self._limit)


def _answered(
    ask: Callable[..., dict[TopicPartition, int]], places: list[TopicPartition], limit: int
) -> dict[TopicPartition, int]:
    """The answer for each place, when each has a leader.

    kafka-python 3.0.12 leaves out a partition between two leaders and stumbles over the gap.
    """
    deadline = time.monotonic() + limit / 1000
    while True:
        try:
            return ask(places, timeout_ms=limit)
        except KeyError as error:
            if time.monotonic() > deadline:
                raise LeaderNotAvailableError(
                    f"{error.args[0]} has no leader that answers; are all brokers up?"
                ) from None
            time.sleep(LEADERLESS_PAUSE)


class _Subscriber(ConsumerRebalanceListener):  # type: ignore[misc]
    """Holds back the records of a newly assigned partition until its place is sought."""

    def __init__(self, inner: KafkaConsumer, topics: Iterable[str], leave: int = 3_000) -> None:
        self._inner, self._leave = inner, leave
        self._fresh: set[Partition] = set()
        self._joined: bytes | None = None
        self._coordinator = inner._coordinator  # noqa: SLF001 - nothing public tells of a join
        self._join = self._coordinator._do_join_and_sync_async  # noqa: SLF001
        self._coordinator._do_join_and_sync_async = self._join_once  # noqa: SLF001
        inner.subscribe(topics=list(topics), listener=self)

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._joined = None  # another join begins, maybe within the poll that ended one
        self._fresh -= {Partition(*place) for place in revoked}

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._fresh |= {Partition(*place) for place in assigned}

    def poll(self, seconds: float, most: int) -> list[BrokerRecord]:
        self._go_on_joining()
        came = self._inner.poll(timeout_ms=int(seconds * 1000), max_records=most)
        return [
            record
            for place, records in came.items()
            if Partition(*place) not in self._fresh
            for record in _records(place, records)
        ]

    def _go_on_joining(self) -> None:
        """Have the next poll complete a join that an earlier one began and ran out of time for.

        kafka-python 3.0.12 forgets such a join where this member leads the group and began it
        because topics changed: it would poll for ever, without partitions and heartbeats.
        """
        if self._coordinator.rejoining:
            self._coordinator.request_rejoin()

    async def _join_once(self) -> bytes:
        """Answer again what the broker has answered, until a poll is there to take it.

        A join that ends between two polls is begun anew by the second in kafka-python 3.0.12: a
        reader that works between its polls would disturb its group for ever.
        """
        if self._joined is None:
            self._joined = await self._join()
        return self._joined

    def fresh(self) -> set[Partition]:
        return set(self._fresh)

    def assigned(self) -> set[Partition]:
        return {Partition(*place) for place in self._inner.assignment()}

    def seek(self, offsets: Mapping[Partition, int]) -> None:
        held = self.assigned()
        for partition, offset in offsets.items():
            if partition in held:
                self._inner.seek(TopicPartition(*partition), offset)
        self._fresh -= set(offsets)

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        self._inner.commit_async(
            {TopicPartition(*p): OffsetAndMetadata(o, "", -1) for p, o in offsets.items()}
        )

    def close(self) -> None:
        self._inner.close(autocommit=False, timeout_ms=self._leave)


def _records(place: TopicPartition, records: Iterable[Any]) -> Iterator[BrokerRecord]:
    partition = Partition(*place)
    for one in records:
        yield BrokerRecord(partition, one.offset, one.key or b"", one.value or b"")
