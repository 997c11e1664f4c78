"""What the log holds: events with their envelope, each chained to the one before."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

Digest = bytes
GENESIS: Digest = bytes(32)


class Head(msgspec.Struct, frozen=True, gc=False):
    """The end of the log: what the next event is chained to.

    `now` is the database's clock when the head was read, never before `recorded_at`, so that
    the recorded clock of a log never goes backwards.
    """

    position: int
    digest: Digest
    recorded_at: int
    incarnation: str
    now: int


class Entry(msgspec.Struct, frozen=True, gc=False):
    """An event that asks to be written: everything but what the log itself gives it.

    `reference` is what it is recorded under in its stream, once for ever.
    """

    stream: str
    version: int
    type: str
    schema: int
    occurred_at: int
    actor: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    data: bytes
    reference: str | None = None


LARGEST = 700_000
"""Bytes of an event's data. Kafka takes a record of a mebibyte unless told otherwise, and in it
bytes that are no JSON become a third more.
"""
EARLIEST, LATEST = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Instants of the years 1 to 9999, which are all that RFC 3339 can write."""


class Unpublishable(ValueError):
    """The log stores nothing that Kafka would not take: it could never go on behind it."""

    def __init__(self, entry: Entry) -> None:
        what = f"{entry.type} of {entry.stream}"
        if len(entry.data) > LARGEST:
            super().__init__(f"{what} has {len(entry.data)} bytes of data, the limit is {LARGEST}")
        else:
            super().__init__(
                f"{what} happened at {entry.occurred_at} µs, beyond the years 1 to 9999"
            )


class _OfStream:
    __slots__ = ()
    stream: str

    @property
    def kind(self) -> str:
        return self.stream.partition("-")[0]

    @property
    def key(self) -> str:
        """The stream's id without its kind."""
        return self.stream.partition("-")[2]


class EventSlice(_OfStream, msgspec.Struct, frozen=True, gc=False):
    """As much of a stored event as views make figures of: the rest takes time to read."""

    position: int
    stream: str
    type: str
    schema: int
    occurred_at: int
    recorded_at: int
    data: bytes | str


class Recorded(_OfStream, msgspec.Struct, frozen=True, gc=False):
    """A stored event with its envelope; the fields stand in the order of the table's columns.

    `occurred_at` and `recorded_at` are microseconds since the epoch; `recorded_at` is the
    database's clock.
    """

    position: int
    stream: str
    version: int
    id: str
    type: str
    schema: int
    occurred_at: int
    recorded_at: int
    actor: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    incarnation: str
    digest: Digest
    data: bytes


def chain(previous: Digest, log: str, envelope: Sequence[Any], data: bytes) -> Digest:
    """SHA-256 over the digest before, the envelope as a JSON array, and the stored bytes.

    The array's members: format (1), log, then `Recorded`'s fields from position to incarnation.
    """
    head = msgspec.json.encode((1, log, *envelope))
    return hashlib.sha256(previous + head + b"\0" + data).digest()


def verify(previous: Digest, log: str, event: Recorded) -> bool:
    """Whether an event is what was chained to the digest before it."""
    envelope = msgspec.structs.astuple(event)[:-2]
    return event.digest == chain(previous, log, envelope, event.data)
