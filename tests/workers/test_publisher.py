"""Every event reaches Kafka, in the order of its stream, whichever publisher dies when."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from clients import both_clients
from sqlalchemy import update
from waiting import until
from workers.books import balanced
from workers.brokers import Lossy
from workers.company import Company, Publishing

from commands.inventory.stock import ReceiveStock
from infra.broker import BrokerRecord, Partition, partition_of
from infra.cloudevents import Received, received
from projections.engine import progress
from projections.engine.progress import LOG, Reached
from projections.inventory import dealer_stock
from services.bootstrap import request
from services.workers import publish
from services.workers.publish import LogBehindTopics, LogForked, NotAcknowledged, Publisher

Chains = dict[Partition, list[Received]]


def chains(records: Sequence[BrokerRecord]) -> Chains:
    """What a reader takes of each partition: doubles dropped, nothing after a hole."""
    taken: Chains = {}
    for record in records:
        got = received(record)
        chain = taken.setdefault(record.partition, [])
        at = chain[-1].event.position if chain else 0
        if got.previous <= at < got.event.position:
            chain.append(got)
    return taken


def everything_can_be_read(company: Company) -> None:
    """The stored bytes, each once for a reader who drops doubles and waits at holes."""
    read = [got.event for chain in chains(company.records()).values() for got in chain]
    assert sorted(read, key=lambda event: event.position) == company.log()


@contextmanager
def dying(company: Company, lost: set[int]) -> Iterator[Publishing]:
    """A publisher whose records at these positions are lost; it gets on until it finds out."""
    broker = Lossy(company.broker, lambda _, position: position in lost)
    with company.publishing(broker) as work:
        yield work


@pytest.mark.timeout(120)
def test_a_stream_keeps_to_its_partition_and_each_record_names_the_one_before(
    company: Company,
) -> None:
    company.work(400)
    assert company.publish() == company.head()
    for partition, chain in chains(company.records()).items():
        positions = [got.event.position for got in chain]
        assert positions == sorted(set(positions))
        assert [got.previous for got in chain] == [0, *positions[:-1]]
        assert {got.event.kind for got in chain} == {partition.topic.rpartition(".")[2]}
    homes = {(r.key, r.partition) for r in company.records()}
    assert len(homes) == len({key for key, _ in homes}) == len({e.stream for e in company.log()})
    everything_can_be_read(company)


@both_clients
@pytest.mark.timeout(120)
def test_a_publisher_that_starts_anew_sends_nothing_twice_and_misses_nothing(
    company: Company,
) -> None:
    for _ in range(3):
        company.work(60)
        company.publish()
        assert company.publish() == 0
    assert len(company.records()) == company.head()
    everything_can_be_read(company)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(3))
def test_what_was_lost_in_a_crash_is_sent_by_the_next_publisher(
    company: Company, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crash upon crash, each with other records of its window lost, the very first among them."""
    draw = random.Random(seed)
    monkeypatch.setattr(publish, "WINDOW", 60)
    for crash in range(5):
        first = company.head() + 1
        company.work(60)
        everyone = range(first, company.head() + 1)
        lost = {p for p in everyone if draw.random() < 0.3} | ({1} if crash == 0 else set())
        with suppress(NotAcknowledged), dying(company, lost) as work:
            work.drain()
    company.publish()
    everything_can_be_read(company)
    assert company.publish() == 0


@pytest.mark.timeout(120)
def test_a_hole_healed_in_part_is_not_taken_for_whole(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the partition looks unbroken, if one looks no further back than a window."""
    monkeypatch.setattr(publish, "WINDOW", 10)
    home, away = two_partitions(company)
    receive(company, [home] * 10 + [away] * 9)
    for lost in ({*range(2, 20)}, {2, *range(11, 20)}, {10}):
        with suppress(NotAcknowledged), dying(company, lost) as work:
            work.drain()
    company.publish()
    everything_can_be_read(company)


def two_partitions(company: Company) -> list[str]:
    """A location in each of two partitions."""
    counts = company.topics[f"{company.settings.topic_prefix}.stock"]
    by_home = {partition_of(f"stock-wh-{n}:a", counts): f"wh-{n}" for n in range(20)}
    return list(by_home.values())[:2]


def receive(company: Company, locations: Sequence[str]) -> None:
    for number, location in enumerate(locations):
        what = {"location": location, "item": "a", "quantity": 1, "reference": f"r{number}"}
        asked = ReceiveStock.model_validate(what)
        company.platform.executor.execute(request(asked, "test"))


@pytest.mark.timeout(120)
def test_nobody_is_told_that_kafka_has_what_was_lost(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A successor knows of records after the lost one; its marks must not speak of them yet."""
    home, away = two_partitions(company)
    receive(company, [home, away] * 20)
    monkeypatch.setattr(publish, "MARK_EVERY", 10**18)  # the first dies before it can tell
    with suppress(NotAcknowledged), dying(company, {21}) as work:
        work.drain()
    monkeypatch.undo()
    with suppress(NotAcknowledged), dying(company, set(range(100))) as successor:
        successor.step()
    heard = company.delivered()
    applier = company.applier([dealer_stock.view])
    applier.stand([])
    applier.apply([one for one in heard if one.recorded.position <= 30])
    assert company.complete(dealer_stock.view) < 21
    company.publish()
    assert company.complete(dealer_stock.view) < 21
    applier.apply(company.delivered())
    assert company.complete(dealer_stock.view) == company.head()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("beyond", [0, 3])
def test_a_hole_where_all_was_acknowledged_once_is_found(
    company: Company, monkeypatch: pytest.MonkeyPatch, beyond: int
) -> None:
    """A broker forgot what had filled it; what stands behind it is far from the end."""
    monkeypatch.setattr(publish, "WINDOW", 40)
    home, away = two_partitions(company)
    receive(company, [home] * 36 + [away])
    with suppress(NotAcknowledged), dying(company, {6}) as work:
        work.drain()
    place = next(at for at, chain in chains(company.records()).items() if len(chain) == 5)
    monkeypatch.setattr(publish, "WINDOW", 10)
    acknowledged = {place: Reached(36, 35 - beyond), LOG: Reached(37, -1)}
    with company.platform.database.write() as connection:
        progress.mark(connection, company.platform.store.log, {}, acknowledged)
    company.publish()
    everything_can_be_read(company)
    assert company.publish() == 0


@pytest.mark.timeout(120)
@both_clients
def test_a_publisher_that_starts_anew_reads_all_partitions_at_once_and_what_is_not_marked_alone(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a partition whose marked record is no longer in its place, all is read once more."""
    company.work(200)
    company.publish()
    read: list[dict[Partition, tuple[int, int]]] = []
    tail = type(company.broker.tail())
    whole = tail.read_all

    def counted(self: Any, spans: dict[Partition, tuple[int, int]]) -> Iterator[BrokerRecord]:
        read.append({place: span for place, span in spans.items() if span[0] < span[1]})
        return whole(self, spans)

    monkeypatch.setattr(tail, "read_all", counted)
    assert company.publish() == 0
    first, again = read
    assert len(first) > 1
    assert all(end == start + 1 for start, end in first.values())
    assert not again
    moved = max(first)
    with company.platform.database.write() as connection:
        marks = progress.marks.c
        mine = update(progress.marks).where(marks.topic == moved.topic)
        mine = mine.where(marks.partition == moved.number)
        connection.execute(mine.values(last_offset=marks.last_offset - 1))
    assert company.publish() == 0
    assert read[-1] == {moved: (0, first[moved][1])}
    everything_can_be_read(company)


@pytest.mark.timeout(120)
def test_a_log_that_lost_what_kafka_has_is_not_published(company: Company) -> None:
    """Whether the log ends before Kafka does, or has grown another way since it was restored."""
    company.work(50)
    company.publish()
    head, records = company.head(), company.records()
    rewind(company, head - 20)
    with pytest.raises(LogBehindTopics, match="restore the log"), company.publishing():
        pass
    company.work(100)
    assert company.head() > head
    with pytest.raises(LogForked, match="restore it"), company.publishing():
        pass
    assert company.records() == records


@pytest.mark.timeout(120)
def test_what_kafka_has_is_seen_though_a_partition_ends_with_something_older(
    company: Company,
) -> None:
    """After a lost record a successor sent again what came before the last; then it died too."""
    home, _ = two_partitions(company)
    receive(company, [home] * 5)
    for lost in ({4}, {5}):
        with suppress(NotAcknowledged), dying(company, lost) as work:
            work.drain()
    assert [chain[-1].event.position for chain in chains(company.records()).values()] == [4]
    rewind(company, 4)
    with pytest.raises(LogBehindTopics, match="Kafka has position 5"), company.publishing():
        pass


def rewind(company: Company, position: int) -> None:
    """As a restore from an older backup would."""
    last = company.log()[position - 1]
    with company.platform.database.write() as connection:
        run = connection.exec_driver_sql
        run(f"DELETE FROM log_events WHERE position > {position}")
        run("DELETE FROM log_snapshots")
        moved = f"UPDATE log_head SET position = {position}, digest = %s"
        run(moved, (last.digest,))
    company.platform.log.forget()


@pytest.mark.timeout(120)
def test_of_two_publishers_one_leads_until_it_is_gone(company: Company) -> None:
    database, store = company.platform.database, company.platform.store
    second = Publisher(store, company.broker, company.topics)
    with database.read() as connection:
        with company.publishing():
            assert not second.lead(connection)
        until(lambda: second.lead(connection))
        connection.invalidate()
    second.close()


@pytest.mark.timeout(120)
def test_a_publisher_that_wakes_after_another_took_over_harms_no_reader(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sends its window, which another has long sent, and goes on as if it led."""
    monkeypatch.setattr(publish, "WINDOW", 50)
    company.work(40)
    company.publish()
    with company.publishing() as sleeper:
        company.work(200)
        sleeper.connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
        company.publish()
        company.work(30)
        with company.projecting() as projector:
            assert sleeper.step() == publish.WINDOW
            company.publish()
            until(lambda: projector.step() * 0 == 0 and company.is_complete(), 45)
    assert len(company.records()) > company.head()
    assert company.publish() <= publish.WINDOW  # doubles at the end hide what was before them
    balanced(company)
    everything_can_be_read(company)


@both_clients
@pytest.mark.timeout(120)
def test_a_record_that_somebody_else_wrote_stops_nobody(company: Company) -> None:
    company.work(60)
    company.publish()
    producer = company.broker.producer()
    for topic, count in company.topics.items():
        for number in range(count):
            producer.send(Partition(topic, number), b"who", b"knows").get(10)
    producer.close()
    company.work(60)
    with company.publishing() as work:
        work.drain()
    with company.projecting() as projector:
        until(lambda: projector.step() * 0 == 0 and company.is_complete(), 45)
        assert projector.foreign == sum(company.topics.values())
    balanced(company)


@pytest.mark.timeout(120)
def test_the_mark_says_how_far_kafka_is(company: Company) -> None:
    company.work(100)
    company.publish()
    last = {p: chain[-1].event.position for p, chain in chains(company.records()).items()}
    marked = dict(company.marked())
    assert marked.pop(LOG) == company.head()
    assert {p: at for p, at in marked.items() if at} == last
