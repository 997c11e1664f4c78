"""What the platform asks of a broker: so little that a simulation can stand in for it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol
from zlib import crc32


class Partition(NamedTuple):
    topic: str
    number: int


HEADERS: list[tuple[str, str | bytes | None]] = [("content-type", b"application/cloudevents+json")]
"""Of every record: the whole event is its value."""


LARGEST_RECORD = 16 * 1024 * 1024
"""Bytes of a record that a client sends: the topic alone says what is too large."""


class BrokerRecord(NamedTuple):
    partition: Partition
    offset: int
    key: bytes
    value: bytes


class Acknowledged(Protocol):
    @property
    def offset(self) -> int: ...


class SendFuture(Protocol):
    """The promise of an acknowledgement."""

    @property
    def is_done(self) -> bool: ...

    @property
    def exception(self) -> BaseException | None: ...

    @property
    def value(self) -> Acknowledged: ...

    def get(self, timeout: float | None = None) -> Acknowledged:
        """Wait; raises the broker's error, or a timeout."""
        ...


class Producer(Protocol):
    """Keeps the order within a partition and never doubles a record by its own retries."""

    def send(self, partition: Partition, key: bytes, value: bytes) -> SendFuture: ...

    def close(self) -> None:
        """Give up at once; what is not acknowledged may or may not arrive."""
        ...


class PartitionReader(Protocol):
    """Reads the end of partitions, outside of any group."""

    def ends(self, partitions: Iterable[Partition]) -> Mapping[Partition, tuple[int, int]]:
        """First offset and the offset after the last, of each partition."""
        ...

    def read(self, partition: Partition, start: int, end: int) -> list[BrokerRecord]:
        """Records with `start <= offset < end`; reading on where the last call ended is cheap."""
        ...

    def read_all(self, spans: Mapping[Partition, tuple[int, int]]) -> Iterator[BrokerRecord]:
        """The same of many partitions at once: in order within each, in any order among them."""
        ...

    def close(self) -> None: ...


class Subscriber(Protocol):
    """A member of a consumer group."""

    def poll(self, seconds: float, most: int) -> list[BrokerRecord]:
        """What has come, at most so many; `fresh` partitions are told before their records."""
        ...

    def fresh(self) -> set[Partition]:
        """Partitions assigned since last asked: nothing of them is delivered before `seek`."""
        ...

    def assigned(self) -> set[Partition]: ...

    def seek(self, offsets: Mapping[Partition, int]) -> None: ...

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """A courtesy to those who look at the group; nothing of ours reads it."""
        ...

    def close(self) -> None: ...


class Broker(Protocol):
    def topics(self, names: Iterable[str], partitions: int, replication: int) -> dict[str, int]:
        """Make the topics where they are missing; answers each one's number of partitions."""
        ...

    def described(self, names: Iterable[str]) -> dict[str, int]:
        """The number of partitions of those topics that are there; makes none."""
        ...

    def producer(self) -> Producer: ...

    def tail(self) -> PartitionReader: ...

    def subscriber(self, group: str, topics: Iterable[str]) -> Subscriber: ...

    def too_large(self, error: BaseException) -> bool:
        """Whether that is why it took no record."""
        del error
        return False


def partition_of(stream: str, partitions: int) -> int:
    """Which partition a stream's events go to, for ever: CRC-32 of its name."""
    return crc32(stream.encode()) % partitions


def kept(replication: int) -> dict[str, str]:
    """How a topic keeps its records: for ever, and in half of its copies or more."""
    for_ever = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
    # Of three copies two must have what is acknowledged; Kafka would be content with one.
    return for_ever | {"min.insync.replicas": str((replication + 1) // 2)}
