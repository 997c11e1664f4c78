"""The broker's ports on confluent-kafka: the promises of `infra.kafka`, for less processor time."""

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, Message
from confluent_kafka import Producer as Sender
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from infra import kafka_admission
from infra.broker import (
    HEADERS,
    LARGEST_RECORD,
    Broker,
    Partition,
    PartitionReader,
    Producer,
    SendFuture,
    Subscriber,
    kept,
)
from infra.confluent_readers import ConfluentSubscriber, ConfluentTail
from infra.kafka_security import KafkaSecurity
from infra.limits import Limits, milliseconds

LONGEST_MS = 300_000
"""The client waits no longer than so for one answer of a socket."""

TOO_LARGE = KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.RECORD_LIST_TOO_LARGE
# Their public names.
NOT_ADMITTED = KafkaError._AUTHENTICATION, KafkaError._SSL  # noqa: SLF001

log = logging.getLogger(__name__)


class ConfluentBroker(Broker):
    def __init__(
        self,
        bootstrap: str,
        client: str = "distributary",
        limits: Limits | None = None,
        security: KafkaSecurity | None = None,
    ) -> None:
        self.limits, self.security = limits or Limits(), security or KafkaSecurity()
        self.bootstrap = bootstrap
        self.common: dict[str, Any] = {
            "bootstrap.servers": bootstrap,
            "client.id": client,
            "socket.timeout.ms": min(milliseconds(self.limits.answer), LONGEST_MS),
            "socket.keepalive.enable": True,
            "reconnect.backoff.max.ms": 1_000,
            "logger": log,
            "error_cb": _raise_refusal,
            **self.security.for_confluent(),
        }

    def topics(self, names: Iterable[str], partitions: int, replication: int) -> dict[str, int]:
        kafka_admission.check(self.bootstrap, self.security, self.limits.look)
        wanted = sorted(names)
        admin = AdminClient(self.common)
        limit = self.limits.answer
        missing = set(wanted) - _counted(admin, wanted, limit).keys()
        made = [
            NewTopic(name, partitions, replication, config=kept(replication)) for name in missing
        ]
        for name, done in (admin.create_topics(made) if made else {}).items():
            _made(name, done, limit)
        return _complete(admin, wanted, limit)

    def described(self, names: Iterable[str]) -> dict[str, int]:
        kafka_admission.check(self.bootstrap, self.security, self.limits.look)
        return _counted(AdminClient(self.common), names, self.limits.look)

    def producer(self) -> Producer:
        return _Producer(
            Sender(
                {
                    **self.common,
                    "enable.idempotence": True,
                    "compression.type": "lz4",
                    "batch.size": 131_072,
                    "linger.ms": 2,
                    "message.max.bytes": LARGEST_RECORD,
                    "request.timeout.ms": self.common["socket.timeout.ms"],
                    "delivery.timeout.ms": 2 * self.common["socket.timeout.ms"],
                }
            ),
            self.limits.answer,
        )

    def tail(self) -> PartitionReader:
        # A group must be named, but none is joined. Stretches of partitions are read one after
        # another: what is fetched beyond one is thrown away, and what was asked for, waited for.
        ways = {
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 10,
            "queued.min.messages": 10_000,
        }
        return ConfluentTail(self._consumer("distributary-tail", **ways), self.limits)

    def subscriber(self, group: str, topics: Iterable[str]) -> Subscriber:
        session = milliseconds(self.limits.session)
        consumer = self._consumer(
            group,
            **{
                "session.timeout.ms": session,
                "heartbeat.interval.ms": session // 5,
                "max.poll.interval.ms": 6 * session,
                "partition.assignment.strategy": "range,roundrobin",
            },
        )
        return ConfluentSubscriber(consumer, topics)

    def too_large(self, error: BaseException) -> bool:
        return isinstance(error, KafkaException) and error.args[0].code() in TOO_LARGE

    def _consumer(self, group: str, **more: Any) -> Consumer:
        return Consumer(
            {
                **self.common,
                "group.id": group,
                "allow.auto.create.topics": False,
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
                # A topic that is made while a group forms is noticed, and shared out, so soon.
                "topic.metadata.refresh.interval.ms": 3_000,
                "isolation.level": "read_committed",
                "check.crcs": True,
                "fetch.wait.max.ms": 100,
                "max.partition.fetch.bytes": 4 * 1024 * 1024,
                # A full queue is looked at again so soon; a second, unless told otherwise.
                "fetch.queue.backoff.ms": 10,
                **more,
            }
        )


def _raise_refusal(error: KafkaError) -> None:
    """Out of the poll that hears of it: the client itself would try again for ever."""
    if error.code() in NOT_ADMITTED:
        raise KafkaException(error)


def _made(name: str, done: Any, limit: float) -> None:
    try:
        done.result(limit)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise
        log.info("another process made topic %s first", name)


def _counted(admin: AdminClient, names: Iterable[str], limit: float) -> dict[str, int]:
    """How many partitions each of the topics has; those that are not there are left out."""
    known = admin.list_topics(timeout=limit).topics
    return {name: len(known[name].partitions) for name in names if name in known}


def _complete(admin: AdminClient, names: Sequence[str], limit: float) -> dict[str, int]:
    """The same, when the broker that is asked knows of all that was made."""
    deadline = time.monotonic() + limit
    while len(found := _counted(admin, names, limit)) < len(names) or not all(found.values()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"of {names} only {found} came in {limit} s; is the broker well?")
        time.sleep(0.05)
    return found


class _Acknowledged(NamedTuple):
    offset: int


class _Receipt:
    """Learns of its acknowledgement when somebody asks: the client calls back only while polled."""

    __slots__ = ("_came", "_limit", "_sender", "exception")

    def __init__(self, sender: Sender, limit: float) -> None:
        self._sender, self._limit = sender, limit
        self._came: Message | None = None
        self.exception: BaseException | None = None

    def came(self, error: KafkaError | None, message: Message) -> None:
        self._came = message
        if error is not None:
            self.exception = KafkaException(error)

    @property
    def is_done(self) -> bool:
        if self._came is None:
            self._sender.poll(0)
        return self._came is not None

    @property
    def value(self) -> _Acknowledged:
        if self.exception is not None:
            raise self.exception
        offset = None if self._came is None else self._came.offset()
        assert offset is not None, "not acknowledged yet: ask `is_done` first"
        return _Acknowledged(offset)

    def get(self, timeout: float | None = None) -> _Acknowledged:
        deadline = time.monotonic() + (self._limit * 3 if timeout is None else timeout)
        while not self.is_done:
            if (left := deadline - time.monotonic()) <= 0:
                raise TimeoutError("no acknowledgement came in time; is the broker well?")
            self._sender.poll(min(left, 0.1))
        return self.value


class _Producer:
    def __init__(self, inner: Sender, limit: float) -> None:
        self._inner, self._limit = inner, limit

    def send(self, partition: Partition, key: bytes, value: bytes) -> SendFuture:
        topic, number = partition
        receipt = _Receipt(self._inner, self._limit)
        deadline = time.monotonic() + self._limit
        while True:
            try:
                self._inner.produce(topic, value, key, number, receipt.came, headers=HEADERS)
            except BufferError:  # the client's own queue is full
                if time.monotonic() > deadline:
                    raise
                self._inner.poll(0.1)
            else:
                return receipt

    def close(self) -> None:
        self._inner.purge(blocking=False)
        self._inner.flush(0)
