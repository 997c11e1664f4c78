"""An event as the value of a Kafka record and back: CloudEvents 1.0, structured mode.

The whole event is one JSON document, so that a reader needs a JSON parser and nothing else. In
headers its attributes would cost a reader in Python more than all that it makes of the event.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import UNSET, Raw, UnsetType

from infra.broker import BrokerRecord
from infra.clock import iso, micros
from infra.events import Recorded


class CloudEvent(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The document, in the order in which it is written; what is not set is left out.

    `time` is when it happened in the world. `sequence` is the position in the log, and `previous`
    that of this log's record before this one in the same partition, 0 for the first; both have 20
    digits, so that the order of texts is theirs. `digest` is in hexadecimal.

    A reader that has seen up to n takes a record with `previous <= n < sequence`: it drops what
    is doubled, and never passes over a hole.
    """

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: str
    recordedtime: str
    sequence: str
    previous: str
    streamversion: int
    schemaversion: int
    actor: str
    commandid: str
    correlationid: str
    causationid: str | UnsetType = UNSET
    traceparent: str | UnsetType = UNSET
    digest: str
    datacontenttype: Literal["application/json"]
    data: Raw | UnsetType = UNSET
    data_base64: bytes | UnsetType = UNSET
    """In place of `data`, stored bytes that are no JSON: damaged, and told as they are."""


class Received(msgspec.Struct, frozen=True, gc=False):
    """An event read from Kafka, with its log and its place in the partition's chain."""

    log: str
    previous: int
    event: Recorded


class NotOurs(Exception):
    """The record is not an event of this platform."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(CloudEvent).decode
_parsed = msgspec.json.Decoder(Raw).decode
_iso = lru_cache(maxsize=1024)(iso)


@lru_cache(maxsize=64)
def _source(log: str, incarnation: str) -> str:
    return f"/distributary/{log}/{incarnation}"


@lru_cache(maxsize=64)
def _origin(source: str) -> tuple[str, str]:
    """Log and incarnation; raises `ValueError` for anybody else's source."""
    before, ours, log, incarnation = source.split("/")
    if (before, ours) != ("", "distributary"):
        raise ValueError(f"its source is {source}")
    return log, incarnation


@lru_cache(maxsize=1024)
def _micros(time: str) -> int:
    return micros(datetime.fromisoformat(time))


def written(log: str, event: Recorded, previous: int, traceparent: str | None = None) -> bytes:
    """The value of a record; the key is the stream."""
    whole = _is_whole(event.data)
    return _encode(
        CloudEvent(
            specversion="1.0",
            id=event.id,
            source=_source(log, event.incarnation),
            type=event.type,
            subject=event.stream,
            time=_iso(event.occurred_at),
            recordedtime=_iso(event.recorded_at),
            sequence=f"{event.position:020}",
            previous=f"{previous:020}",
            streamversion=event.version,
            schemaversion=event.schema,
            actor=event.actor,
            commandid=event.command_id,
            correlationid=event.correlation_id,
            causationid=UNSET if event.causation_id is None else event.causation_id,
            traceparent=traceparent or UNSET,
            digest=event.digest.hex(),
            datacontenttype="application/json",
            data=Raw(event.data) if whole else UNSET,
            data_base64=UNSET if whole else event.data,
        )
    )


def _is_whole(data: bytes) -> bool:
    """Whether the stored bytes can stand in a document as they are."""
    try:
        data.decode()
        _parsed(data)
    except (UnicodeDecodeError, msgspec.DecodeError):
        return False
    return data.startswith(b"{") and data.endswith(b"}")


def received(record: BrokerRecord) -> Received:
    """The event of a record; raises `NotOurs` for a record that somebody else wrote."""
    try:
        told = _decode(record.value)
        log, incarnation = _origin(told.source)
        event = Recorded(
            int(told.sequence),
            told.subject,
            told.streamversion,
            told.id,
            told.type,
            told.schemaversion,
            _micros(told.time),
            _micros(told.recordedtime),
            told.actor,
            told.commandid,
            told.correlationid,
            None if told.causationid is UNSET else told.causationid,
            incarnation,
            bytes.fromhex(told.digest),
            _data(told),
        )
        return Received(log, int(told.previous), event)
    except (ValueError, msgspec.MsgspecError) as error:
        raise NotOurs(f"a record that is no CloudEvent of ours: {error}") from error


def of_log(records: Iterable[BrokerRecord], log: str) -> Iterator[Received]:
    """The events of a log among records; what others wrote is passed over."""
    for record in records:
        try:
            got = received(record)
        except NotOurs:
            continue
        if got.log == log:
            yield got


def _data(told: CloudEvent) -> bytes:
    if told.data is not UNSET:
        return bytes(told.data)
    if told.data_base64 is UNSET:
        raise ValueError("it has no data")
    return told.data_base64
