"""The adapters to Kafka, where its client needs help."""

import time
from typing import TYPE_CHECKING

from infra.broker import Partition
from infra.kafka import KafkaBroker

if TYPE_CHECKING:
    from servers import GivenKafka

    from services.local.kafka import LocalKafka


def test_a_reader_that_begins_before_its_topic_is_given_its_partitions(
    kafka: "LocalKafka | GivenKafka", topic_prefix: str
) -> None:
    """However short its polls are: a join that outlasts one is completed by a later one."""
    topic = f"{topic_prefix}.late"
    broker = KafkaBroker(kafka.bootstrap)
    reader = broker.subscriber(f"{topic_prefix}-readers", [topic])
    try:
        for _ in range(300):
            reader.poll(0.001, 1)
        broker.topics([topic], 3, 1)
        deadline = time.monotonic() + 20
        while len(reader.assigned()) < 3 and time.monotonic() < deadline:
            reader.poll(0.001, 1)
        assert reader.assigned() == {Partition(topic, number) for number in range(3)}
    finally:
        reader.close()
