"""The doctor sees what Kafka has lost, and what the publisher would refuse to publish upon."""

from typing import TYPE_CHECKING

import pytest
from pace import limit
from sqlalchemy import func, select, text, update

from infra import tables
from projections.engine import progress
from services.bootstrap import Platform
from services.commandline.checks import CheckFinding, CheckResult
from services.commandline.doctor import limited, of_kafka

if TYPE_CHECKING:
    from workers.company import Company


@pytest.fixture
def published(company: "Company") -> "Company":
    company.work(60)
    company.publish()
    return company


def look(platform: Platform) -> dict[str, CheckFinding]:
    """What every check of Kafka finds, whatever the one before it found."""
    return {check.name: limited(check, platform) for check in of_kafka(platform.settings)}


def test_what_was_published_is_found_and_no_topic_is_made(published: "Company") -> None:
    for _ in range(2):
        found = look(published.platform)
        assert found["Kafka"].result is CheckResult.OK
        assert found["topics"].result is CheckResult.WARN
        assert f"missing: {published.settings.topic_prefix}.product" in found["topics"].found
        assert found["records"].result is CheckResult.OK
    assert "partitions end as the publisher marked them" in found["records"].found


def test_topics_that_are_all_there_are_counted(published: "Company") -> None:
    broker, platform = published.broker, published.platform
    broker.topics(platform.topic_names(), 3, 1)
    assert "not 4" in look(platform)["topics"].found
    assert "DISTRIBUTARY_PARTITIONS" in look(platform)["topics"].do


def test_records_that_kafka_has_lost_are_named(published: "Company") -> None:
    _change(published, "UPDATE published_marks SET position = position + 1 WHERE topic <> 'log'")
    found = look(published.platform)["records"]
    assert found.result is CheckResult.FAIL
    assert "acknowledged once and gone" in found.found
    assert "publisher" in found.do


def test_a_topic_that_is_gone_or_has_grown_is_named(published: "Company") -> None:
    topic = f"{published.settings.topic_prefix}.stock"
    _mark(published, topic, 3)
    found = look(published.platform)["topics"]
    assert (found.result, f"{topic} has 3, not 4" in found.found) == (CheckResult.FAIL, True)
    _mark(published, f"{published.settings.topic_prefix}.member", 0)
    found = look(published.platform)["topics"]
    assert (found.result, found.found[:5]) == (CheckResult.FAIL, "gone:")


def test_a_log_that_is_behind_kafka_is_named(published: "Company") -> None:
    _change(published, "UPDATE log_head SET position = position - 1")
    found = look(published.platform)["records"]
    assert (found.result, "the log ends at" in found.found) == (CheckResult.FAIL, True)


def test_a_log_behind_kafka_is_named_though_something_older_was_sent_again(
    published: "Company",
) -> None:
    producer = published.broker.producer()
    again = {record.partition: record for record in reversed(published.records())}
    for place, record in again.items():
        producer.send(place, record.key, record.value).get(limit(20))
    producer.close()
    assert look(published.platform)["records"].result is CheckResult.OK
    _change(published, "UPDATE log_head SET position = position - 1")
    assert "the log ends at" in look(published.platform)["records"].found


def test_another_history_in_kafka_is_named(published: "Company") -> None:
    with published.platform.database.write() as connection:
        last = connection.execute(select(func.max(tables.events.c.position))).scalar_one()
        changed = update(tables.events).where(tables.events.c.position == last)
        connection.execute(changed.values(id="another"))
    found = look(published.platform)["records"]
    assert (found.result, f"position {last} is another" in found.found) == (CheckResult.FAIL, True)


def _change(company: "Company", statement: str) -> None:
    with company.platform.database.write() as connection:
        connection.execute(text(statement))


def _mark(company: "Company", topic: str, number: int) -> None:
    with company.platform.database.write() as connection:
        row = {"topic": topic, "partition": number, "position": 0, "before": 0, "known": 0}
        log = company.platform.store.log
        connection.execute(progress.marks.insert().values(log=log, last_offset=-1, **row))
