"""The reader that the page shows takes every event once, whatever lies in the topics."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docs.pages import ROOT, blocks
from pace import limit, limits
from pydantic import SecretStr

from aggregates import Event
from commands.inventory.stock import ReceiveStock
from infra.broker import Partition
from infra.cloudevents import CloudEvent
from infra.kafka import KafkaBroker
from infra.settings import Settings
from services.bootstrap import AGGREGATES, Platform, platform, request
from services.workers.publish import Publisher

PAGE = ROOT / "docs/subscribe.md"
LIMIT = 60


@contextmanager
def shop(url: str, kafka: Any, prefix: str) -> Iterator[Platform]:
    database = SecretStr(url)
    made = platform(
        Settings(database_url=database, kafka=kafka.bootstrap, topic_prefix=prefix, partitions=2),
        limits=limits(),
    )
    made.prepare()
    try:
        yield made
    finally:
        made.close()


def publish(made: Platform, *quantities: int, doubled: bool = False) -> None:
    """Receive so many teas and publish them; doubled, as a publisher that has forgotten."""
    for number, quantity in enumerate(quantities):
        what = {"location": f"WH-{number % 3}", "item": "tea", "quantity": quantity}
        asked = ReceiveStock.model_validate({**what, "reference": f"R-{number}"})
        made.executor.execute(request(asked, "test", f"receive-{number}"))
    broker = KafkaBroker(made.settings.kafka or "", "test")
    publisher = Publisher(made.store, broker, broker.topics(made.topic_names(), 2, 1))
    try:
        with made.database.read() as connection:
            publisher.resume(connection)
            if doubled:
                publisher.sent = publisher.acknowledged = 0
                publisher.last = dict.fromkeys(publisher.last, 0)
            head = made.store.head(connection).position
            while publisher.acknowledged < head:
                publisher.step(connection)
    finally:
        publisher.close()


def read(folder: Path, kafka: Any, topic: str) -> list[str]:
    code = next(b.text for b in blocks(PAGE, "python") if b.text.startswith("# received.py"))
    (folder / "received.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "received.py"],
        cwd=folder,
        env={**os.environ, "TOPIC": topic, "DISTRIBUTARY_KAFKA": kafka.bootstrap},
        capture_output=True,
        text=True,
        timeout=limit(LIMIT),
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_reader_of_the_page_takes_each_event_once(
    sqlite_url: str, kafka: Any, topic_prefix: str, tmp_path: Path
) -> None:
    with shop(sqlite_url, kafka, topic_prefix) as made:
        publish(made, 1, 2, 3, 4, 5, 6)
        sums = ["stock-WH-0:tea 5", "stock-WH-1:tea 7", "stock-WH-2:tea 9"]
        topic = f"{topic_prefix}.stock"
        assert read(tmp_path, kafka, topic) == sums
        publish(made, doubled=True)
        assert count(made, topic) == 12
        assert read(tmp_path, kafka, topic) == sums
        (tmp_path / "received.sqlite").unlink()
        assert read(tmp_path, kafka, topic) == sums


def count(made: Platform, topic: str) -> int:
    tail = KafkaBroker(made.settings.kafka or "", "test").tail()
    try:
        ends = tail.ends([Partition(topic, number) for number in range(2)])
        return sum(end - first for first, end in ends.values())
    finally:
        tail.close()


def test_the_page_names_every_member_of_a_record_in_its_order() -> None:
    text = PAGE.read_text("utf-8")
    rows = [f"| `{field}` |" for field in CloudEvent.__struct_fields__]
    assert all(row in text for row in rows)
    assert [text.index(row) for row in rows] == sorted(text.index(row) for row in rows)


def test_the_page_names_every_topic_and_every_refusal() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f".{aggregate.kind}`" in text for aggregate in AGGREGATES)
    assert all(f"`{name}`" in text for name, event in Event.known.items() if event.refusal)
