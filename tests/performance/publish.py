"""The log to Kafka: against a bare producer that has everything in memory."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

from kafka import KafkaProducer

from infra import cloudevents
from infra.broker import HEADERS, Broker, partition_of
from infra.events import Recorded
from services.bootstrap import Platform
from services.memory import BATCHES
from services.workers.publish import Publisher
from tests.performance import workload
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import Stage

PARTITIONS = 4
LIMIT = 120.0


class Message(NamedTuple):
    topic: str
    value: bytes
    key: bytes
    partition: int


def publish(stage: Stage) -> Figure:
    platform = stage.platform(kafka=True)
    events = stage.scale.events
    workload.fill(platform, events)
    prefixes = (f"{platform.settings.topic_prefix}-{n}" for n in range(100))

    def ours() -> float:
        publisher = Publisher(platform.store, platform.broker("bench"), topics(platform, prefixes))
        start = perf_counter()
        drain(platform, publisher, events)
        rate = events / (perf_counter() - start)
        publisher.close()
        return rate

    with platform.database.read() as connection:
        recorded = platform.store.read(connection, 0, events)

    def reference() -> float:
        made = topics(platform, prefixes)
        return _bare(platform, _messages(platform.store.log, recorded, made))

    return in_turns(ours, reference, stage.scale.rounds, "events/s", BATCHES)


def topics(platform: Platform, prefixes: Any) -> dict[str, int]:
    """Topics that nobody has written to yet."""
    prefix = next(prefixes)
    names = [
        name.replace(platform.settings.topic_prefix, prefix) for name in platform.topic_names()
    ]
    return platform.broker("bench").topics(names, PARTITIONS, 1)


def to_kafka(platform: Platform, broker: Broker, events: int) -> None:
    """Have all of a company's events in topics of its own."""
    topics = broker.topics(platform.topic_names(), PARTITIONS, 1)
    publisher = Publisher(platform.store, broker, topics)
    drain(platform, publisher, events)
    publisher.close()


def drain(platform: Platform, publisher: Publisher, events: int) -> None:
    """Publish until the broker has acknowledged all."""
    deadline = perf_counter() + LIMIT
    with platform.database.read() as connection:
        while publisher.acknowledged < events:
            publisher.step(connection)
            assert perf_counter() < deadline, "Kafka does not keep up: look at build/logs"


def _messages(log: str, recorded: list[Recorded], topics: dict[str, int]) -> list[Message]:
    by_kind = {name.rpartition(".")[2]: name for name in topics}
    last: dict[tuple[str, int], int] = {}
    made = []
    for event in recorded:
        place = by_kind[event.kind], partition_of(event.stream, PARTITIONS)
        value = cloudevents.written(log, event, last.get(place, 0))
        last[place] = event.position
        made.append(Message(place[0], value, event.stream.encode(), place[1]))
    return made


def _bare(platform: Platform, messages: list[Message]) -> float:
    producer = KafkaProducer(
        bootstrap_servers=platform.settings.kafka,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        batch_size=131_072,
        linger_ms=2,
        metrics_enabled=False,
    )
    send: Callable[..., Any] = producer.send
    start = perf_counter()
    sent = [send(m.topic, m.value, m.key, HEADERS, m.partition) for m in messages]
    producer.flush(timeout=LIMIT)
    rate = len(messages) / (perf_counter() - start)
    assert all(receipt.succeeded() for receipt in sent)
    producer.close()
    return rate
