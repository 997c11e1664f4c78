"""An event as a Kafka record and back: CloudEvents 1.0, binary mode, nothing lost on the way.

The value is the stored bytes. What CloudEvents has no word for travels in one extension,
`ce_envelope`, because every header costs a reader as much as the decoding of a small event.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from infra.broker import Record
from infra.clock import iso
from infra.events import Recorded

Headers = list[tuple[str, bytes]]
CONTENT_TYPE = ("content-type", b"application/json")
SPEC_VERSION = ("ce_specversion", b"1.0")


class Envelope(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """`previous` is the position of this log's record before this one in the same partition.

    A reader that has seen up to n takes a record with `previous <= n < position`: it drops what
    is doubled, and never passes over a hole.
    """

    version: int
    schema: int
    occurred_at: int
    recorded_at: int
    actor: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    digest: bytes
    previous: int


class Received(msgspec.Struct, frozen=True, gc=False):
    """An event read from Kafka, with its log and its place in the partition's chain."""

    log: str
    previous: int
    event: Recorded


class NotOurs(Exception):
    """The record is not an event of this platform."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Envelope).decode


@lru_cache(maxsize=64)
def source(log: str, incarnation: str) -> bytes:
    return f"/distributary/{log}/{incarnation}".encode()


@lru_cache(maxsize=64)
def _origin(source: bytes) -> tuple[str, str]:
    _, _, log, incarnation = source.decode().split("/")
    return log, incarnation


@lru_cache(maxsize=1024)
def _type(name: bytes) -> str:
    return name.decode()


def headers(log: str, event: Recorded, previous: int) -> Headers:
    envelope = (
        event.version,
        event.schema,
        event.occurred_at,
        event.recorded_at,
        event.actor,
        event.command_id,
        event.correlation_id,
        event.causation_id,
        event.digest,
        previous,
    )
    return [
        CONTENT_TYPE,
        SPEC_VERSION,
        ("ce_id", event.id.encode()),
        ("ce_source", source(log, event.incarnation)),
        ("ce_type", event.type.encode()),
        ("ce_time", iso(event.occurred_at).encode()),
        ("ce_sequence", b"%020d" % event.position),
        ("ce_envelope", _encode(envelope)),
    ]


def received(key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]]) -> Received:
    """The event of a record; raises `NotOurs` for a record that somebody else wrote."""
    try:
        named = dict(headers)
        envelope = _decode(named["ce_envelope"])
        log, incarnation = _origin(named["ce_source"])
        event = Recorded(
            int(named["ce_sequence"]),
            key.decode(),
            envelope.version,
            named["ce_id"].decode(),
            _type(named["ce_type"]),
            envelope.schema,
            envelope.occurred_at,
            envelope.recorded_at,
            envelope.actor,
            envelope.command_id,
            envelope.correlation_id,
            envelope.causation_id,
            incarnation,
            envelope.digest,
            value,
        )
    except (KeyError, ValueError, AttributeError, TypeError, msgspec.MsgspecError) as error:
        raise NotOurs(f"a record without our CloudEvents headers: {error!r}") from error
    return Received(log, envelope.previous, event)


def of_log(records: Iterable[Record], log: str) -> Iterator[Received]:
    """The events of a log among records; what others wrote is passed over."""
    for record in records:
        try:
            got = received(record.key, record.value, record.headers)
        except NotOurs:
            continue
        if got.log == log:
            yield got
