"""The log stores nothing that could never leave it."""

import msgspec
import pytest

from infra import cloudevents
from infra.broker import BrokerRecord, Partition
from infra.database import Database
from infra.events import EARLIEST, LARGEST, LATEST, Entry, Unpublishable
from infra.recorder import LogRecorder

ENTRY = Entry("stock-W1:tea", 1, "StockReceived", 1, 0, "a", "c", "c", None, b"{}")
KAFKA = 1_048_576


@pytest.fixture
def store(database_url: str) -> LogRecorder:
    store = LogRecorder(Database(database_url, durable=False))
    store.create()
    return store


def write(store: LogRecorder, entry: Entry) -> bytes:
    with store.database.write() as connection:
        (event,) = store.write(connection, store.lock(connection), [entry])
    return cloudevents.written("main", event, 0)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (
            {"data": b"x" * (LARGEST + 1)},
            f"has {LARGEST + 1} bytes of data, the limit is {LARGEST}",
        ),
        ({"occurred_at": LATEST + 1}, "beyond the years 1 to 9999"),
        ({"occurred_at": EARLIEST - 1}, "beyond the years 1 to 9999"),
    ],
)
def test_what_kafka_would_not_take_is_not_stored(
    store: LogRecorder, changed: dict[str, bytes | int], why: str
) -> None:
    with pytest.raises(Unpublishable, match=f"StockReceived of stock-W1:tea .*{why}"):
        write(store, msgspec.structs.replace(ENTRY, **changed))
    with store.database.read() as connection:
        assert store.head(connection).position == 0


@pytest.mark.parametrize(
    "changed",
    [{"data": b"x" * LARGEST}, {"occurred_at": LATEST}, {"occurred_at": EARLIEST}],
    ids=["data", "latest", "earliest"],
)
def test_what_is_stored_is_a_record_that_kafka_takes_and_gives_back(
    store: LogRecorder, changed: dict[str, bytes | int]
) -> None:
    value = write(store, msgspec.structs.replace(ENTRY, stream="stock-" + "w" * 300, **changed))
    assert len(value) < KAFKA
    got = cloudevents.received(BrokerRecord(Partition("t", 0), 0, b"", value)).event
    assert len(got.data) == len(changed.get("data", b"{}"))  # type: ignore[arg-type]
    assert got.occurred_at == changed.get("occurred_at", 0)
