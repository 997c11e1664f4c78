"""A company of one's own on real servers: its log, its topics, and business that never ends."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

from originals import prepared
from pace import limit, limits
from pydantic import SecretStr
from waiting import until

from aggregates.opportunities.opportunity import PIPELINES
from commands import Command
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import ReceiveStock, ReleaseStock, ReserveStock, SellOut
from commands.opportunities.opportunity import AdvanceOpportunity, OpenOpportunity, WinOpportunity
from commands.organisation.rep import HireRep
from infra import cloudevents
from infra.broker import Broker, BrokerRecord, Partition
from infra.events import Recorded
from infra.requests import Outcome, Request
from infra.settings import KafkaClient, Settings
from projections.engine import View, generations, progress, view_status
from services.bootstrap import Platform, platform, request
from services.commandline.loops import Made, WorkerLoop, publishing
from services.workers.apply import Applier
from services.workers.batch import Delivery
from services.workers.project import Projector
from services.workers.publish import Publisher

KINDS = ("rep", "customer", "opportunity", "portfolio", "stock")
PARTITIONS = 3
STAGES = PIPELINES["standard"]


class Company:
    """`work` does business; `publishing` and `projecting` are workers in the test's own process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.platform: Platform = platform(settings, limits=limits())
        self.broker: Broker = self.platform.broker("test")
        self.names = self.platform.topic_names(KINDS)
        self.topics = self.broker.topics(self.names, PARTITIONS, 1)
        self.business = Business(random.Random(7), "")

    @property
    def environment(self) -> dict[str, str]:
        """The settings of another process that works for the same company."""
        return {
            "DISTRIBUTARY_DATABASE_URL": self.settings.database,
            "DISTRIBUTARY_KAFKA": self.settings.kafka or "",
            "DISTRIBUTARY_KAFKA_CLIENT": self.settings.kafka_client,
            "DISTRIBUTARY_TOPIC_PREFIX": self.settings.topic_prefix,
        }

    def work(self, count: int) -> list[Outcome]:
        """Ask so many things; answers what came of those that were not refused."""
        asked = [request(self.business.next(), "test") for _ in range(count)]
        answers = self.platform.executor.commit(asked)
        return [a for a in answers if isinstance(a, Outcome) and a.refusal is None]

    def head(self) -> int:
        with self.platform.database.read() as connection:
            return self.platform.store.head(connection).position

    def log(self) -> list[Recorded]:
        with self.platform.database.read() as connection:
            return self.platform.store.read(connection, 0, 10_000_000)

    def complete(self, view: View) -> int:
        with self.platform.database.read() as connection:
            number = generations.generation(connection, view.name)
            return progress.complete(connection, view, number, self.platform.store.log)

    def is_complete(self) -> bool:
        """Few statements, however many views there are: it is asked again and again."""
        head, views = self.head(), self.platform.views
        with self.platform.database.read() as connection:
            found = view_status.statuses(connection, views, self.platform.store.log)
        return all(status.position == head for status in found.values())

    def marked(self) -> Mapping[Partition, int]:
        with self.platform.database.read() as connection:
            marks = progress.published(connection, self.platform.store.log)
        return {partition: mark.position for partition, mark in marks.items()}

    @contextmanager
    def publishing(self, broker: Broker | None = None) -> Iterator["Publishing"]:
        with self.platform.database.read() as connection:
            publisher = Publisher(self.platform.store, broker or self.broker, self.topics)
            try:
                # The server may yet have to notice that the one before is gone.
                until(lambda: publisher.lead(connection))
                publisher.resume(connection)
                yield Publishing(self, publisher, connection)
            finally:
                publisher.close()
                connection.invalidate()  # the lock goes with the connection

    def publish(self) -> int:
        """Publish all there is by a publisher that starts anew; answers how many it sent."""
        before = len(self.records())
        with self.publishing() as work:
            work.drain()
        return len(self.records()) - before

    @contextmanager
    def projecting(self, group: str = "views") -> Iterator[Projector]:
        subscriber = self.broker.subscriber(f"{self.settings.topic_prefix}-{group}", self.names)
        try:
            yield Projector(self.applier(), subscriber)
        finally:
            subscriber.close()

    def applier(self, views: Sequence[View] | None = None) -> Applier:
        platform = self.platform
        return Applier(platform.store, views or platform.views, platform.codec)

    def records(self) -> list[BrokerRecord]:
        """All that is in the topics, each partition's in order."""
        tail = self.broker.tail()
        try:
            ends = tail.ends(
                [Partition(t, n) for t, count in self.topics.items() for n in range(count)]
            )
            return [r for p, (first, end) in ends.items() if end for r in tail.read(p, first, end)]
        finally:
            tail.close()

    def delivered(self) -> list[Delivery]:
        """The records as a projector hands them on, in the order of the log."""
        found = []
        for record in self.records():
            got = cloudevents.received(record)
            place = record.partition, record.offset + 1
            found.append(Delivery(*place, got.log, got.previous, got.event))
        return sorted(found, key=lambda one: one.recorded.position)

    def close(self) -> None:
        self.platform.close()


def opened(
    database_url: str,
    bootstrap: str,
    prefix: str,
    client: KafkaClient = "kafka-python",
    files: str | None = None,
) -> Company:
    """A company whose database is prepared."""
    address, kafka = SecretStr(database_url), {"kafka": bootstrap, "kafka_client": client}
    return Company(Settings(database_url=address, topic_prefix=prefix, files=files, **kafka))  # type: ignore[arg-type]


def found(
    database_url: str,
    bootstrap: str,
    prefix: str,
    client: KafkaClient = "kafka-python",
    files: str | None = None,
) -> Company:
    """A company with a log that is empty."""
    prepared(database_url)
    return opened(database_url, bootstrap, prefix, client, files)


@contextmanager
def running(made: Made) -> Iterator[None]:
    """A worker in a thread, in the loop it has in real life."""
    loop = WorkerLoop("test")
    thread = Thread(target=loop.run, args=(made,))
    thread.start()
    try:
        yield
    finally:
        loop.stop()
        thread.join(limit(30))
        assert not thread.is_alive()


@contextmanager
def busy(company: Company, pause: float = 0.03) -> Iterator[None]:
    """Commands all the while, and a publisher that sends what comes of them."""

    def work() -> int:
        time.sleep(pause)
        return len(company.work(8))

    @contextmanager
    def working() -> Iterator[Callable[[], int]]:
        yield work

    with running(publishing(company.platform, WorkerLoop("publish"))), running(working):
        yield


class Publishing:
    def __init__(self, company: Company, publisher: Publisher, connection: Any) -> None:
        self.company, self.publisher, self.connection = company, publisher, connection

    def step(self) -> int:
        return self.publisher.step(self.connection)

    def drain(self) -> None:
        """Step until Kafka has all and the readers have been told."""
        done = self._all_is_marked
        until(
            lambda: not self.step() and done(), 30, 0, progress=lambda: self.publisher.acknowledged
        )

    def _all_is_marked(self) -> bool:
        marked = self.company.marked().get(progress.LOG, 0)
        return marked == self.company.head() == self.publisher.acknowledged


class Business:
    """Commands one after the other, drawn at random; `who` keeps two of them apart."""

    def __init__(self, draw: random.Random, who: str) -> None:
        self.draw, self.who, self.number = draw, who, 0
        self.open: list[str] = []

    def next(self) -> Command:
        self.number += 1
        if self.number == 1:
            return HireRep(id=f"rep{self.who}", name="R", department="north", region="east")
        if self.number == 2:
            what = {"name": "C", "customer_kind": "dealer", "owner": f"rep{self.who}"}
            return RegisterCustomer.model_validate({"id": f"customer{self.who}", **what})
        return self.draw.choice(
            (self._receive, self._reserve, self._release, self._sell, self._deal)
        )()

    def _place(self) -> dict[str, Any]:
        return {"location": f"wh-{self.draw.randrange(8)}", "item": self.draw.choice("abc")}

    def _receive(self) -> Command:
        reference, quantity = f"r{self.who}{self.number}", self.draw.randint(1, 50)
        return ReceiveStock(**self._place(), quantity=quantity, reference=reference)

    def _reserve(self) -> Command:
        order, quantity = f"o{self.who}{self.draw.randrange(40)}", self.draw.randint(1, 9)
        return ReserveStock(**self._place(), order=order, quantity=quantity)

    def _release(self) -> Command:
        return ReleaseStock(**self._place(), order=f"o{self.who}{self.draw.randrange(40)}")

    def _sell(self) -> Command:
        place = {"location": f"dealer-{self.draw.randrange(5)}", "item": self.draw.choice("abc")}
        quantity = self.draw.randint(1, 9)
        sold = {"quantity": quantity, "amount": quantity * 990, "currency": "CNY"}
        return SellOut.model_validate({**place, **sold, "sale": f"s{self.who}{self.number}"})

    def _deal(self) -> Command:
        if not self.open or self.draw.random() < 0.3:
            self.open.append(f"deal{self.who}-{self.number}")
            return OpenOpportunity(
                id=self.open[-1], customer=f"customer{self.who}", title="T",
                amount=self.draw.randrange(10**6), currency="CNY",
            )  # fmt: skip
        if self.draw.random() < 0.2:
            return WinOpportunity(id=self.open.pop(self.draw.randrange(len(self.open))))
        return AdvanceOpportunity(id=self.draw.choice(self.open), stage=self.draw.choice(STAGES))

    def requests(self, count: int) -> list[Request]:
        return [request(self.next(), "test", f"{self.who}-{self.number}") for _ in range(count)]
