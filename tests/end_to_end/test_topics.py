"""What we publish is CloudEvents 1.0 to whoever reads it, with the stored bytes as its data."""

import re
from datetime import datetime

import pytest
from end_to_end import outsider
from end_to_end.outsider import Seen
from workers.company import Company

from services.local.kafka import LocalKafka

URI_REFERENCE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def is_a_cloudevent(seen: Seen) -> None:
    """The rules of the specification, of its JSON format and its Kafka binding."""
    attributes = {name: value for name, value in seen.told.items() if name != "data"}
    assert attributes["specversion"] == "1.0"
    for required in ("id", "source", "type"):
        assert attributes[required]
    assert URI_REFERENCE.fullmatch(attributes["source"])
    assert RFC_3339.fullmatch(attributes["time"])
    assert all(ATTRIBUTE.fullmatch(name) for name in attributes)
    for value in attributes.values():
        if isinstance(value, int):
            assert -(2**31) <= value < 2**31
        else:
            assert value
            assert not CONTROL.search(value)
    assert attributes["subject"] == seen.key
    assert attributes["datacontenttype"] == "application/json"
    assert isinstance(seen.told["data"], dict)
    assert seen.headers == {"content-type": "application/cloudevents+json"}


@pytest.mark.timeout(120)
def test_a_stranger_reads_cloudevents_with_the_stored_bytes(
    company: Company, mortal_kafka: LocalKafka
) -> None:
    company.work(300)
    company.publish()
    log = {event.position: event for event in company.log()}
    homes = {(r.partition.topic, r.key.decode().partition("-")[0]) for r in company.records()}
    assert homes == {(topic, topic.rpartition(".")[2]) for topic in company.names}
    # One start for all topics: each takes as long as the reading.
    everything = outsider.read(mortal_kafka, f"{company.settings.topic_prefix}.*", len(log))
    assert sorted(one.position for one in everything) == list(log)
    for one in everything:
        is_a_cloudevent(one)
        event = log[one.position]
        at = datetime.fromisoformat(one.told["time"])
        told = (one.key, one.data.encode(), one.told["id"], one.told["type"])
        assert told == (event.stream, event.data, event.id, event.type)
        assert round(at.timestamp() * 1_000_000) == event.occurred_at
        assert event.incarnation in one.told["source"]
    assert len({(s.told["source"], s.told["id"]) for s in everything}) == len(log)
    by_sequence = sorted(everything, key=lambda one: one.told["sequence"])
    assert [one.position for one in by_sequence] == list(log)
