"""What Kafka will not take is named, so that somebody can make room for it."""

import secrets

import pytest
from clients import both_clients
from workers.company import Company

from infra import store
from infra.events import Entry
from services.workers.publish import EventTooLarge


@both_clients
@pytest.mark.timeout(120)
def test_an_old_event_that_kafka_does_not_take_is_named_with_its_size(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.work(20)
    position, data = written_long_ago(company, monkeypatch)
    company.work(20)
    with company.publishing() as work, pytest.raises(EventTooLarge) as refused:
        work.drain()
    said = str(refused.value)
    assert f"position {position}, RepRenamed of rep-old, has {len(data)} bytes" in said
    topic = f"{company.settings.topic_prefix}.rep"
    assert f"max.message.bytes of the topic {topic} to {2 * len(data)} or more" in said


def written_long_ago(company: Company, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bytes]:
    """An event that an older build stored without asking for its size."""
    monkeypatch.setattr(store, "LARGEST", 10**7)
    log, database = company.platform.store, company.platform.database
    data = f'{{"name":"{secrets.token_hex(1_000_000)}"}}'.encode()
    with database.write() as connection:
        at, head = database.now(connection), log.lock(connection)
        entry = Entry("rep-old", 1, "RepRenamed", 1, at, "x", "k", "k", None, data)
        (event,) = log.write(connection, head, [entry])
    monkeypatch.undo()
    return event.position, data
