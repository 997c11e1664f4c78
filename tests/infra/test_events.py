"""The chain's arithmetic, fixed for ever: another program can recompute it from the description."""

import hashlib
import json

import pytest
from msgspec.structs import fields, replace

from infra import tables
from infra.clock import instant, iso, micros
from infra.events import GENESIS, Recorded, chain, verify

ENVELOPE = (7, "stock-a", 2, "id", "Paid", 1, 10, 11, "安", "key", "corr", None, "life")
DATA = '{"amount":1,"note":"é"}'.encode()
EVENT = Recorded(*ENVELOPE, chain(GENESIS, "main", ENVELOPE, DATA), DATA)


def test_the_digest_can_be_recomputed_without_this_program() -> None:
    array = [1, "main", *ENVELOPE]
    text = json.dumps(array, separators=(",", ":"), ensure_ascii=False).encode()
    assert EVENT.digest == hashlib.sha256(bytes(32) + text + b"\0" + DATA).digest()


def test_the_digest_is_what_it_was_when_first_shipped() -> None:
    assert EVENT.digest.hex() == (
        "b9f968645ee76956470fc73b40ee6525f6f396cea0133dd8e15f3e96aa814a2d"
    )


def test_an_event_stands_after_one_other_in_one_log_only() -> None:
    assert verify(GENESIS, "main", EVENT)
    assert not verify(GENESIS, "other", EVENT)
    assert not verify(EVENT.digest, "main", EVENT)


@pytest.mark.parametrize("name", [field.name for field in fields(Recorded)])
def test_every_field_is_under_the_digest(name: str) -> None:
    value = getattr(EVENT, name)
    other = value + 1 if isinstance(value, int) else b"x" if isinstance(value, bytes) else "x"
    assert not verify(GENESIS, "main", replace(EVENT, **{name: other}))


def test_values_do_not_run_into_each_other() -> None:
    one = replace(EVENT, actor="an", command_id="nkey")
    other = replace(EVENT, actor="ann", command_id="key")
    digests = {
        chain(GENESIS, "main", [getattr(event, name) for name in NAMES], DATA)
        for event in (one, other)
    }
    assert len(digests) == 2


NAMES = [field.name for field in fields(Recorded)][:-2]


def test_fields_stand_in_the_order_of_the_columns() -> None:
    columns = [column.name for column in tables.events.columns]
    assert columns == [field.name for field in fields(Recorded)]


def test_a_stream_is_its_kind_and_its_key() -> None:
    event = replace(EVENT, stream="stock-shop-1:milk")
    assert (event.kind, event.key) == ("stock", "shop-1:milk")


def test_an_instant_is_exact_to_the_microsecond() -> None:
    at = 1_709_208_000_123_457
    assert micros(instant(at)) == at
    assert iso(at) == "2024-02-29T12:00:00.123457Z"
    assert iso(at - 123_457) == "2024-02-29T12:00:00.000000Z"
    assert micros(instant(-1)) == -1
