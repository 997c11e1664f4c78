"""Of three brokers one dies under load: writes go on, nothing is lost, and it comes back."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from clients import both_clients
from end_to_end import oracle, outsider
from pace import limit
from pydantic import SecretStr
from waiting import until
from workers.books import balanced
from workers.company import Company

from infra.broker import Partition, PartitionReader
from infra.kafka import KafkaBroker
from infra.limits import Limits
from infra.settings import KafkaClient, Settings
from projections.engine import progress
from scale.ground import found, shares, trading, workers
from scale.trio import NODES, Trio
from services.bootstrap import platform

LIMIT = 60
WRITE_LIMIT = 20
"""Seconds for a few hundred commands, whatever happens to a broker."""


@pytest.fixture(scope="module")
def trio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trio]:
    with Trio(tmp_path_factory.mktemp("trio")) as trio:
        yield trio


@pytest.fixture
def company(postgres_url: str, trio: Trio, topic_prefix: str) -> Iterator[Company]:
    company = found(postgres_url, trio.bootstrap, topic_prefix, copies=NODES, partitions=NODES)
    yield company
    company.close()


def goes_on(company: Company, events: int) -> None:
    """Commands are answered as if nothing were, and Kafka acknowledges what came of them."""
    goal = company.head() + events
    until(lambda: company.head() >= goal, WRITE_LIMIT, 0.05, progress=company.head)
    until(
        lambda: company.marked().get(progress.LOG, 0) >= goal, LIMIT, 0.1, progress=company.marked
    )


@pytest.mark.timeout(280)
def test_a_broker_of_three_dies_under_load_and_nothing_is_lost(
    company: Company, trio: Trio
) -> None:
    topics = company.platform.topic_names()
    with workers(company, "publish", "project", "project"):
        with trading(company):
            until(lambda: len(shares(company)) == 2, LIMIT, 0.2)
            goes_on(company, 200)
            with trio.without(trio.coordinator()):
                began = time.monotonic()
                goes_on(company, 400)
                print(f"{time.monotonic() - began:.1f} s after the kill Kafka had all again")
                assert not trio.in_sync(*topics)
            until(lambda: trio.in_sync(*topics), LIMIT, 0.2)
        until(company.is_complete, LIMIT, 0.1)
    balanced(company)
    strangers_see_the_log(company, trio)


def strangers_see_the_log(company: Company, trio: Trio) -> None:
    """Kafka's own consumer reads the stored bytes of every event, each stream's in order."""
    log = company.log()
    seen = outsider.read(trio.brokers[0], f"{company.settings.topic_prefix}.*", len(log))
    assert list(oracle.published(log, seen)) == []


def test_two_of_three_copies_must_have_what_is_acknowledged(trio: Trio, topic_prefix: str) -> None:
    topic = f"{topic_prefix}.asked"
    KafkaBroker(trio.bootstrap).topics([topic], 2, NODES)
    said = trio.brokers[0].tool("TopicCommand", "--describe", "--topic", topic)
    assert "min.insync.replicas=2" in said
    assert said.count("ReplicationFactor: 3") == 1


def _refusal(tail: PartitionReader, places: Sequence[Partition]) -> str:
    with pytest.raises(Exception, match=r".") as refused:
        tail.ends(places)
    return str(refused.value).lower()


@both_clients
def test_the_end_of_a_partition_without_a_leader_is_waited_for(
    trio: Trio, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    settings = Settings(
        database_url=SecretStr("sqlite://"), kafka=trio.bootstrap, kafka_client=kafka_client
    )
    topic = f"{topic_prefix}.alone"
    hurried, patient = Limits(answer=0.5), Limits().times(limit(4))
    broker = platform(settings, limits=patient).broker("test")
    broker.topics([topic], NODES, 1)
    places = [Partition(topic, number) for number in range(NODES)]
    tail, hasty = broker.tail(), platform(settings, limits=hurried).broker("test").tail()
    with ThreadPoolExecutor() as pool:
        with trio.without(trio.brokers[-1]):
            until(lambda: trio.lacks_a_leader(topic), LIMIT, 0.1)
            # Whoever hurries so may not even be answered by the others in time.
            until(lambda: "leader" in _refusal(hasty, places), LIMIT)
            asked = pool.submit(tail.ends, places)
        assert asked.result(limit(4 * LIMIT)) == dict.fromkeys(places, (0, 0))
    tail.close()
    hasty.close()
