"""Brokers that fail in ways a real one can, on top of a real one."""

from collections.abc import Callable, Iterable

from infra.broker import (
    Acknowledged,
    Broker,
    BrokerRecord,
    Partition,
    PartitionReader,
    Producer,
    SendFuture,
    Subscriber,
)
from infra.cloudevents import received

Loses = Callable[[Partition, int], bool]
"""Whether the record of a position is lost on its way to a partition."""


class NeverCame:
    """No acknowledgement: the record was lost on its way."""

    is_done = False

    def get(self, timeout: float | None = None) -> Acknowledged:
        raise TimeoutError("the record was lost on its way")


class LossyProducer(Producer):
    def __init__(self, inner: Producer, loses: Loses) -> None:
        self.inner, self.loses = inner, loses

    def send(self, partition: Partition, key: bytes, value: bytes) -> SendFuture:
        told = received(BrokerRecord(partition, 0, key, value))
        if self.loses(partition, told.event.position):
            return NeverCame()
        sent = self.inner.send(partition, key, value)
        sent.get(20)  # what is not lost has arrived, whatever becomes of the sender
        return sent

    def close(self) -> None:
        self.inner.close()


class Lossy(Broker):
    """Loses the records that it is told to; the others arrive."""

    def __init__(self, inner: Broker, loses: Loses) -> None:
        self.inner, self.loses = inner, loses

    def topics(self, names: Iterable[str], partitions: int, replication: int) -> dict[str, int]:
        return self.inner.topics(names, partitions, replication)

    def described(self, names: Iterable[str]) -> dict[str, int]:
        return self.inner.described(names)

    def producer(self) -> Producer:
        return LossyProducer(self.inner.producer(), self.loses)

    def tail(self) -> PartitionReader:
        return self.inner.tail()

    def subscriber(self, group: str, topics: Iterable[str]) -> Subscriber:
        return self.inner.subscriber(group, topics)
