"""What is written is read again, letter by letter; what is not ours is left alone."""

import json
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from infra.broker import BrokerRecord, Partition
from infra.clock import micros
from infra.cloudevents import NotOurs, of_log, received, written
from infra.events import Recorded

TEXTS = st.text(st.characters(codec="utf-8"))
MOMENTS = st.integers(0, 250_000_000_000_000_000)
DAMAGED = [b"", b" ", b"\xff", b"{", b"12", b'{"a":1} ', b'{"a":"\xff"}', b'{"a":1}{', b"[1]"]
OBJECTS = st.dictionaries(st.text(), st.integers() | st.text()).map(
    lambda told: json.dumps(told).encode()
)
EVENTS = st.builds(
    Recorded,
    position=st.integers(1, 2**62),
    stream=TEXTS,
    version=st.integers(1, 2**31 - 1),
    id=TEXTS,
    type=TEXTS,
    schema=st.integers(1, 9),
    occurred_at=MOMENTS,
    recorded_at=MOMENTS,
    actor=TEXTS,
    command_id=TEXTS,
    correlation_id=TEXTS,
    causation_id=st.none() | TEXTS,
    incarnation=st.uuids().map(str),
    digest=st.binary(min_size=32, max_size=32),
    data=OBJECTS | st.sampled_from(DAMAGED) | st.binary(),
)
SAMPLE = Recorded(
    *(9, "stock-WH:tea", 2, "E", "StockReceived", 1, 10, 20, "ann", "K", "C", None, "I"),
    *(bytes(32), b'{"quantity": 1.50}'),
)


def record(value: bytes) -> BrokerRecord:
    return BrokerRecord(Partition("t.stock", 0), 0, b"key", value)


@given(EVENTS, st.integers(0, 2**62))
@example(SAMPLE, 7)
def test_an_event_is_read_as_it_was_written(event: Recorded, previous: int) -> None:
    got = received(record(written("main", event, previous)))
    assert (got.log, got.previous, got.event) == ("main", previous, event)


@given(EVENTS)
@example(SAMPLE)
def test_anybody_can_read_it_as_json(event: Recorded) -> None:
    told = json.loads(written("main", event, 3))
    assert int(told["sequence"]) == event.position
    assert micros(datetime.fromisoformat(told["time"])) == event.occurred_at
    assert bytes.fromhex(told["digest"]) == event.digest
    assert ("data" in told) != ("data_base64" in told)
    assert None not in told.values()
    if "data" in told:
        assert told["data"] == json.loads(event.data)


def test_the_stored_bytes_stand_in_it_letter_by_letter() -> None:
    assert written("main", SAMPLE, 3).endswith(b',"data":{"quantity": 1.50}}')


@pytest.mark.parametrize("data", DAMAGED)
def test_damaged_bytes_are_told_as_they_are(data: bytes) -> None:
    value = written("main", replace(SAMPLE, data=data), 3)
    assert "data_base64" in json.loads(value)
    assert received(record(value)).event.data == data


def changed(**members: object) -> bytes:
    told = {**json.loads(written("main", SAMPLE, 3)), **members}
    return json.dumps({name: value for name, value in told.items() if value is not None}).encode()


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"knows",
        b"{}",
        b"\xff",
        changed(source="/shop/main/I"),
        changed(source="distributary"),
        changed(specversion="2.0"),
        changed(sequence="first"),
        changed(time="yesterday"),
        changed(digest="xyz"),
        changed(data=None),
        changed(streamversion="2"),
    ],
)
def test_what_somebody_else_wrote_is_not_ours(value: bytes) -> None:
    with pytest.raises(NotOurs, match="no CloudEvent of ours"):
        received(record(value))


def test_events_of_other_logs_and_others_records_are_passed_over() -> None:
    values = [written("main", SAMPLE, 3), b"knows", written("east", SAMPLE, 3)]
    found = [*of_log([record(value) for value in values], "main")]
    assert [one.log for one in found] == ["main"]
