"""The port to Kafka keeps its promises, whichever client is behind it."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from clients import EACH, both_clients
from kafka import KafkaAdminClient
from pace import limit, limits
from pydantic import SecretStr
from waiting import until

from infra.broker import Broker, BrokerRecord, Partition, Subscriber
from infra.kafka import _Subscriber
from infra.limits import Limits
from infra.settings import KafkaClient, Settings
from services import bootstrap
from services.bootstrap import Platform

if TYPE_CHECKING:
    from servers import GivenKafka

    from services.local.kafka import LocalKafka

Speak = Callable[[KafkaClient], Broker]


@pytest.fixture
def speak(kafka: "LocalKafka | GivenKafka") -> Speak:
    """A broker's port, as the platform chooses it."""

    def by(client: KafkaClient) -> Broker:
        settings = Settings(database_url="sqlite://", kafka=kafka.bootstrap, kafka_client=client)
        return Platform.broker(bootstrap.platform(settings, limits=limits()), "test")

    return by


def two(broker: Broker, topic: str) -> list[Partition]:
    """The partitions of a topic that is made with two."""
    broker.topics([topic], 2, 1)
    return [Partition(topic, 0), Partition(topic, 1)]


def fill(broker: Broker, places: Sequence[Partition], count: int) -> None:
    producer = broker.producer()
    sent = [
        producer.send(place, b"key", b"%d" % number) for number in range(count) for place in places
    ]
    offsets = [receipt.get(limit(20)).offset for receipt in sent]
    assert all(receipt.is_done and receipt.exception is None for receipt in sent)
    assert offsets == [number for number in range(count) for _ in places]
    assert [receipt.value.offset for receipt in sent] == offsets
    producer.close()


def settle(reader: Subscriber, count: int) -> None:
    """Poll until so many partitions are given, and begin each at its start."""
    until(lambda: (not reader.poll(0.05, 9)) and len(reader.assigned()) == count)
    reader.seek(dict.fromkeys(reader.assigned(), 0))


def read(reader: Subscriber, count: int) -> list[BrokerRecord]:
    found: list[BrokerRecord] = []

    def enough() -> bool:
        found.extend(reader.poll(0.1, 1_000))
        return len(found) >= count

    until(enough, progress=lambda: len(found))
    return found


def numbers(records: Sequence[BrokerRecord], place: Partition) -> list[int]:
    return [int(record.value) for record in records if record.partition == place]


@both_clients
def test_a_topic_is_made_once_and_kept_for_ever(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    broker, name = speak(kafka_client), f"{topic_prefix}.made"
    assert broker.described([name]) == {}
    assert broker.topics([name], 3, 1) == {name: 3}
    assert broker.topics([name], 5, 1) == broker.described([name, "gone"]) == {name: 3}


def test_a_topic_that_was_made_is_waited_for_as_long_as_any_answer(
    kafka: "LocalKafka | GivenKafka", topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited, plain = list[float](), KafkaAdminClient.wait_for_topics

    def wait(self: KafkaAdminClient, names: list[str], timeout_ms: float = 0) -> None:
        waited.append(timeout_ms)
        plain(self, names, timeout_ms)

    monkeypatch.setattr(KafkaAdminClient, "wait_for_topics", wait)
    settings = Settings(database_url=SecretStr("sqlite://"), kafka=kafka.bootstrap)
    broker = bootstrap.platform(settings, limits=Limits(answer=77.0)).broker("test")
    broker.topics([f"{topic_prefix}.made"], 1, 1)
    assert waited == [77_000]


@both_clients
def test_whoever_is_far_away_may_have_limits_of_any_length(
    kafka: "LocalKafka | GivenKafka", topic_prefix: str, kafka_client: KafkaClient
) -> None:
    settings = Settings(database_url="sqlite://", kafka=kafka.bootstrap, kafka_client=kafka_client)
    broker = bootstrap.platform(settings, limits=Limits().times(45)).broker("test")
    places = two(broker, f"{topic_prefix}.far")
    fill(broker, places, 1)
    reader = broker.subscriber(f"{topic_prefix}.far", [places[0].topic])
    settle(reader, 2)
    assert len(read(reader, 2)) == 2
    reader.close()


@both_clients
def test_what_was_sent_is_there_in_order_with_all_it_carries(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    broker = speak(kafka_client)
    places = two(broker, f"{topic_prefix}.sent")
    tail = broker.tail()
    assert tail.ends(places) == dict.fromkeys(places, (0, 0))
    fill(broker, places, 300)
    assert tail.ends(places) == dict.fromkeys(places, (0, 300))
    found = tail.read(places[1], 250, 280)
    assert [record.offset for record in found] == list(range(250, 280))
    assert numbers(found, places[1]) == list(range(250, 280))
    assert found[-1][2:] == (b"key", b"279")
    assert tail.read(places[0], 299, 300)[0].offset == 299
    assert tail.read(places[0], 5, 5) == []
    tail.close()


@both_clients
def test_who_leaves_while_the_group_shares_out_anew_does_not_wait_for_it(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    """A worker ends within ten seconds, and one that joins hears only once all others poll."""
    broker, topic = speak(kafka_client), f"{topic_prefix}.left"
    two(broker, topic)
    works_long = broker.subscriber(f"{topic_prefix}-group", [topic])
    settle(works_long, 2)
    ends = broker.subscriber(f"{topic_prefix}-group", [topic])
    for _ in range(10):
        ends.poll(0.1, 9)
    began = time.monotonic()
    ends.close()
    assert time.monotonic() - began < limit(7)
    until(lambda: (not works_long.poll(0.1, 9)) and len(works_long.assigned()) == 2)
    works_long.close()


@both_clients
def test_a_tail_reads_on_where_it_ended_and_anywhere_else(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    broker = speak(kafka_client)
    places = two(broker, f"{topic_prefix}.tail")
    fill(broker, places, 300)
    tail = broker.tail()
    for place, start, end in (
        (places[0], 0, 70),
        (places[0], 70, 140),  # on
        (places[1], 140, 200),  # elsewhere
        (places[0], 140, 141),  # back, where it had ended before
        (places[0], 141, 300),
        (places[0], 20, 90),  # before that
    ):
        assert numbers(tail.read(place, start, end), place) == list(range(start, end))
    tail.close()


@both_clients
def test_a_tail_reads_many_partitions_at_once_each_in_its_order(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    """Those of several topics, from wherever it is asked, of some nothing, and one by one again."""
    broker = speak(kafka_client)
    first, second = (two(broker, f"{topic_prefix}.{name}") for name in ("all", "others"))
    fill(broker, first, 300)
    fill(broker, second, 20)
    tail = broker.tail()
    for spans in (
        {first[0]: (0, 300), first[1]: (299, 300), second[0]: (0, 20), second[1]: (5, 5)},
        {first[0]: (10, 11), second[1]: (0, 19)},
        {second[0]: (20, 20)},
        {},
    ):
        found = list(tail.read_all(spans))
        for place, (start, end) in spans.items():
            assert numbers(found, place) == list(range(start, end))
            assert [one.offset for one in found if one.partition == place] == [*range(start, end)]
        assert len(found) == sum(end - start for start, end in spans.values())
        assert numbers(tail.read(first[1], 100, 140), first[1]) == list(range(100, 140))
    tail.close()


@both_clients
def test_nothing_comes_of_a_new_partition_before_it_is_sought_and_all_of_it_after(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    broker, topic = speak(kafka_client), f"{topic_prefix}.read"
    broker.topics([topic], 2, 1)
    one, other = Partition(topic, 0), Partition(topic, 1)
    fill(broker, [one, other], 100)
    reader = broker.subscriber(f"{topic_prefix}-group", [topic])
    until(lambda: (not reader.poll(0.02, 9)) and reader.assigned() == {one, other})
    assert reader.fresh() == {one, other}
    assert not reader.poll(0.3, 9)
    reader.seek({one: 40, other: 70, Partition("of nobody", 3): 1})
    assert not reader.fresh()
    found = read(reader, 90)
    assert (numbers(found, one), numbers(found, other)) == ([*range(40, 100)], [*range(70, 100)])
    reader.commit({one: 100, other: 100})
    reader.seek({one: 95})  # to read something again is always possible
    assert numbers(read(reader, 5), one) == [*range(95, 100)]
    fill_again = broker.producer()
    fill_again.send(other, b"key", b"100").get(10)
    fill_again.close()
    assert read(reader, 1)[0][:4] == (other, 100, b"key", b"100")
    reader.close()


@pytest.mark.parametrize("other_client", EACH[1:])
def test_workers_can_be_moved_from_one_client_to_the_other_one_by_one(
    speak: Speak, topic_prefix: str, other_client: KafkaClient
) -> None:
    topic, group = f"{topic_prefix}.shared", f"{topic_prefix}-group"
    broker = speak("kafka-python")
    broker.topics([topic], 4, 1)
    places = [Partition(topic, number) for number in range(4)]
    fill(broker, places, 10)
    early = broker.subscriber(group, [topic])
    settle(early, 4)
    late = speak(other_client).subscriber(group, [topic])

    def shared() -> bool:
        early.poll(0.05, 9)
        late.poll(0.05, 9)
        return len(early.assigned()) == len(late.assigned()) == 2

    until(shared)
    assert early.assigned() | late.assigned() == set(places)
    early.close()
    settle(late, 4)
    assert len(read(late, 40)) == 40
    late.close()


@both_clients
def test_a_join_that_ends_between_two_polls_is_not_begun_again(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    """Else a reader that works between short polls joins for ever, and the others with it."""
    topic, broker = f"{topic_prefix}.between", speak(kafka_client)
    broker.topics([topic], 2, 1)
    reader = broker.subscriber(f"{topic_prefix}-workers", [topic])

    def given() -> bool:
        time.sleep(0.1)
        return not reader.poll(0.001, 1) and len(reader.assigned()) == 2

    try:
        until(given)
    finally:
        reader.close()


def test_a_join_that_is_kept_is_not_taken_for_the_next_one() -> None:
    """A poll that joined before it knew its topics joins again at once, and gets them then."""

    class Coordinator:
        answers = iter([b"nothing", b"all"])

        async def _do_join_and_sync_async(self) -> bytes:
            return next(self.answers)

    coordinator = Coordinator()
    reader = _Subscriber(Mock(_coordinator=coordinator), ["topic"])

    def joined() -> bytes:
        return asyncio.run(coordinator._do_join_and_sync_async())

    assert [joined(), joined()] == [b"nothing", b"nothing"]
    reader.on_partitions_revoked([])
    assert [joined(), joined()] == [b"all", b"all"]


@both_clients
def test_a_reader_that_begins_before_its_topic_is_given_its_partitions(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    """However short its polls are: a join that outlasts one is completed by a later one."""
    topic, broker = f"{topic_prefix}.late", speak(kafka_client)
    reader = broker.subscriber(f"{topic_prefix}-readers", [topic])
    try:
        for _ in range(300):
            reader.poll(0.001, 1)
        broker.topics([topic], 3, 1)
        until(lambda: (not reader.poll(0.001, 1)) and len(reader.assigned()) == 3)
        assert reader.assigned() == {Partition(topic, number) for number in range(3)}
    finally:
        reader.close()


@both_clients
def test_a_producer_that_is_closed_does_not_wait(
    speak: Speak, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    topic, broker = f"{topic_prefix}.left", speak(kafka_client)
    broker.topics([topic], 1, 1)
    producer = broker.producer()
    producer.send(Partition(topic, 0), b"key", b"first").get(limit(10))
    for _ in range(5_000):
        producer.send(Partition(topic, 0), b"key", b"more" * 100)
    began = time.monotonic()
    producer.close()
    assert time.monotonic() - began < 5


def test_a_client_that_is_missing_is_named_with_what_to_do(
    speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("infra.confluent", "infra.confluent_readers"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(SystemExit, match=r"distributary\[confluent\]"):
        speak("confluent")
