"""A broker in memory that does what Kafka may do: delay, lose answers, rebalance, forget."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.broker import BrokerRecord, Partition, Subscriber
from simulation.faults import Chance


class NotDelivered(Exception):
    """The broker did not take a record in time."""


@dataclass
class Place:
    offset: int


@dataclass
class Promise:
    """A receipt: kept, broken, or still open."""

    broker: "SimulatedBroker"
    value: Any = None  # a place, once it is kept
    exception: Exception | None = None

    @property
    def is_done(self) -> bool:
        return self.value is not None or self.exception is not None

    def get(self, timeout: float | None = None) -> Place:
        for _ in range(200):
            if self.is_done:
                break
            self.broker.turn()
        if self.exception is not None:
            raise self.exception
        if self.value is None:
            raise NotDelivered("timed out")
        place: Place = self.value
        return place


@dataclass
class Pending:
    record: BrokerRecord
    promise: Promise


@dataclass
class SimulatedProducer:
    """In order within a partition; a batch may fail and what follows it may still arrive."""

    broker: "SimulatedBroker"
    queues: dict[Partition, deque[Pending]] = field(default_factory=lambda: defaultdict(deque))
    closed: bool = False

    def send(self, partition: Partition, key: bytes, value: bytes) -> Promise:
        self.broker.chance.die("before produce", 0.001)
        promise = Promise(self.broker)
        self.queues[partition].append(Pending(BrokerRecord(partition, 0, key, value), promise))
        self.broker.chance.die("after produce", 0.001)
        return promise

    def close(self) -> None:
        """What is on the wire may still land: the first of each partition, some of them."""
        self.closed = True

    def turn(self) -> None:
        chance = self.broker.chance
        for partition in sorted(self.queues):
            queue = self.queues[partition]
            if not queue or (not chance.calm and chance.random.random() < 0.4):
                continue
            batch = [queue.popleft() for _ in range(chance.random.randrange(1, len(queue) + 1))]
            if self.closed and chance.random.random() < 0.7:
                queue.clear()
                continue
            if chance.of("batch failed", 0.02):
                for pending in batch:
                    pending.promise.exception = NotDelivered("epoch bumped")
                continue
            answered = not chance.of("answer of produce lost", 0.01)
            for pending in batch:
                offset = self.broker.append(partition, pending.record)
                if answered:
                    pending.promise.value = Place(offset)
                else:
                    pending.promise.exception = NotDelivered("no answer")
            if self.closed:
                queue.clear()


class SimulatedTail:
    def __init__(self, broker: "SimulatedBroker") -> None:
        self.broker = broker

    def ends(self, partitions: Iterable[Partition]) -> Mapping[Partition, tuple[int, int]]:
        self.broker.chance.die("while asking for ends", 0.01)
        return {partition: (0, len(self.broker.kept[partition])) for partition in partitions}

    def read(self, partition: Partition, start: int, end: int) -> list[BrokerRecord]:
        return self.broker.kept[partition][start:end]

    def read_all(self, spans: Mapping[Partition, tuple[int, int]]) -> Iterator[BrokerRecord]:
        for partition, (start, end) in spans.items():
            yield from self.read(partition, start, end)

    def close(self) -> None:
        pass


class SimulatedSubscriber:
    """A member of the one group; expelled while it sleeps, it wakes with old records in hand."""

    def __init__(self, broker: "SimulatedBroker", topics: Iterable[str]) -> None:
        self.broker = broker
        self.topics = frozenset(topics)
        self.generation = -1
        self.held: set[Partition] = set()
        self.unsought: set[Partition] = set()
        self.offsets: dict[Partition, int] = {}
        broker.join(self)

    def poll(self, seconds: float, most: int) -> list[BrokerRecord]:
        chance = self.broker.chance
        stale = self.generation != self.broker.generation
        if stale and not chance.of("zombie polled", 0.3):
            self.held = self.broker.assignment(self)
            self.unsought = set(self.held)
            self.generation = self.broker.generation
            return []
        found: list[BrokerRecord] = []
        for partition in sorted(self.held - self.unsought):
            found += self._take(partition, chance.random.randrange(1, 30))
        return found

    def _take(self, partition: Partition, most: int) -> list[BrokerRecord]:
        kept, start = self.broker.kept[partition], self.offsets.get(partition, 0)
        if start > len(kept):
            start = 0  # out of range: begin again
        records = kept[start : start + most]
        self.offsets[partition] = start + len(records)
        return [r._replace(offset=start + n) for n, r in enumerate(records)]

    def fresh(self) -> set[Partition]:
        return set(self.unsought)

    def assigned(self) -> set[Partition]:
        return set(self.held)

    def seek(self, offsets: Mapping[Partition, int]) -> None:
        for partition in self.held & set(offsets):
            self.offsets[partition] = offsets[partition]
        self.unsought -= set(offsets)

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        self.broker.chance.die("while committing offsets", 0.005)

    def close(self) -> None:
        self.broker.leave(self)


class SimulatedBroker:
    """`steady` is one that forgets nothing."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.kept: dict[Partition, list[BrokerRecord]] = defaultdict(list)
        self.producers: list[SimulatedProducer] = []
        self.members: list[SimulatedSubscriber] = []
        self.generation = 0
        self.counts: dict[str, int] = {}
        self.steady = False

    def topics(self, names: Iterable[str], partitions: int, replication: int) -> dict[str, int]:
        self.counts |= dict.fromkeys(names, partitions)
        return dict(self.counts)

    def described(self, names: Iterable[str]) -> dict[str, int]:
        return {name: self.counts[name] for name in names if name in self.counts}

    def producer(self) -> SimulatedProducer:
        made = SimulatedProducer(self)
        self.producers.append(made)
        return made

    def tail(self) -> SimulatedTail:
        return SimulatedTail(self)

    def too_large(self, error: BaseException) -> bool:
        """Whatever it does not take, it would take another time."""
        return False

    def subscriber(self, group: str, topics: Iterable[str]) -> SimulatedSubscriber:
        return SimulatedSubscriber(self, topics)

    def append(self, partition: Partition, record: BrokerRecord) -> int:
        kept = self.kept[partition]
        kept.append(record._replace(offset=len(kept)))
        return len(kept) - 1

    def turn(self) -> None:
        """Some of what was sent arrives; rarely the end of a partition is forgotten."""
        for producer in self.producers:
            producer.turn()
        self.producers = [p for p in self.producers if not p.closed or any(p.queues.values())]
        # Not while two publish at once: the one's records would hide the loss of the other's.
        alone = len(self.producers) < 2 and not self.steady
        if alone and self.chance.of("broker forgot its tail", 0.012):
            partition = self.chance.random.choice(sorted(self.kept) or [Partition("none", 0)])
            kept = self.kept[partition]
            del kept[len(kept) - self.chance.random.randrange(1, 9) :]

    def join(self, member: SimulatedSubscriber) -> None:
        self.members.append(member)
        self.generation += 1

    def leave(self, member: Subscriber) -> None:
        if member in self.members:
            self.members.remove(member)
            self.generation += 1

    def assignment(self, member: SimulatedSubscriber) -> set[Partition]:
        """An expelled member that polls again joins again."""
        if member not in self.members:
            self.join(member)
        counts = sorted((topic, self.counts[topic]) for topic in member.topics & set(self.counts))
        every = [Partition(topic, n) for topic, count in counts for n in range(count)]
        mine = self.members.index(member)
        return {p for n, p in enumerate(every) if n % len(self.members) == mine}
