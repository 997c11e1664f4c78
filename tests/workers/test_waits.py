"""A worker that holds says what it waits for, and no longer than it does."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from unittest.mock import Mock

import pytest

from commands.inventory.stock import ReceiveStock
from infra.broker import Broker, BrokerRecord, Partition
from infra.cloudevents import written
from infra.settings import Settings
from services import bootstrap
from services.bootstrap import Platform, request
from services.workers.apply import Applier
from services.workers.project import Projector
from services.workers.publish import Publisher
from services.workers.wait import Wait

HOME = Partition("distributary.stock", 0)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """Three events of one stream are in its log."""
    made = bootstrap.platform(Settings(data=tmp_path))
    made.prepare()
    for number in range(3):
        received = ReceiveStock(location="WH", item="tea", quantity=1, reference=f"r{number}")
        made.executor.execute(request(received, "tester"))
    yield made
    made.close()


class Fed:
    """A member of a group that gets what it is fed."""

    def __init__(self) -> None:
        self.records: list[BrokerRecord] = []

    def poll(self, seconds: float, most: int) -> list[BrokerRecord]:
        polled, self.records = self.records, []
        return polled

    def fresh(self) -> set[Partition]:
        return set()

    def assigned(self) -> set[Partition]:
        return {HOME}

    def seek(self, offsets: Mapping[Partition, int]) -> None: ...

    def commit(self, offsets: Mapping[Partition, int]) -> None: ...

    def close(self) -> None: ...


def records(platform: Platform, positions: Iterable[int]) -> list[BrokerRecord]:
    with platform.database.read() as connection:
        events = {one.position: one for one in platform.store.read(connection, 0, 10)}
    return [
        BrokerRecord(HOME, at, events[at].stream.encode(), written("main", events[at], at - 1))
        for at in positions
    ]


def test_a_projector_waits_for_what_is_missing_until_it_comes(platform: Platform) -> None:
    fed = Fed()
    applier = Applier(platform.store, platform.views, platform.codec)
    applier.stand([HOME])
    projector = Projector(applier, fed)
    waits = []
    for positions in ((1, 3), (), (2, 3)):
        fed.records = records(platform, positions)
        projector.step()
        waits.append(list(projector.waits()))
    hole = Wait("hole", "distributary.stock/0", 1)
    assert waits == [[hole], [hole], []]


def test_a_publisher_waits_for_the_broker_until_it_has_acknowledged(platform: Platform) -> None:
    offsets = count()
    receipt = Mock(is_done=False, exception=None)
    type(receipt.value).offset = property(lambda _: next(offsets))
    broker = Mock(spec=Broker)
    broker.producer().send.return_value = receipt
    publisher = Publisher(platform.store, broker, {"distributary.stock": 1})
    with platform.database.read() as connection:
        assert list(publisher.waits()) == []
        publisher.step(connection)
        assert list(publisher.waits()) == [Wait("broker", "", 1)]
        receipt.is_done = True
        publisher.step(connection)
    assert list(publisher.waits()) == []
