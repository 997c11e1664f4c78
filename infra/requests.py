"""What is asked of the log, and what is answered."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

import msgspec


class Decides(Protocol):
    """What a command is to the executor."""

    @property
    def stream(self) -> str: ...

    @property
    def aggregate(self) -> Any: ...

    @property
    def occurred_at(self) -> datetime | None: ...

    @property
    def numbering(self) -> "Numbered | None": ...

    def touches(self) -> Iterator[tuple[Any, str]]: ...

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Any]]: ...

    def day_end(self) -> datetime | None: ...

    def follows(self, load: Any) -> datetime | None: ...

    def refuse_future(self, given: datetime, latest: datetime) -> None: ...

    def refuse_date(self, before: datetime, asked: datetime) -> None: ...

    def out_of_order(self, event: Any, given: datetime, limit: datetime) -> Iterator[Any]: ...


Numbered = Callable[[Any, datetime], tuple[Decides, tuple[str, Any]]]
"""Answers a command with the id that it gets as it is decided, and the event that tells of it."""


class Request(msgspec.Struct, frozen=True, gc=False):
    """A command with who asks, under which key, and what was seen before asking.

    `content` is the hash of all that makes the request what it is; the same key with another
    content is refused; `older` is the content as older builds had it, where that was another.
    `expected` is the stream's version that the asker has seen. Where it is `checked`, the actor
    must have the right to ask it. It is not decided before the instant `not_before`. `numbered`
    gives a command without an id the next number. `reason` is why it is asked, for whoever has to
    agree to it.
    """

    command: Decides
    key: str
    content: bytes
    actor: str
    correlation_id: str
    causation_id: str | None = None
    expected: int | None = None
    older: bytes | None = None
    checked: bool = False
    not_before: int = 0
    numbered: Numbered | None = None
    reason: str | None = None


class Written(msgspec.Struct, frozen=True, gc=False):
    """One event of an outcome."""

    position: int
    stream: str
    version: int
    type: str


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a key led to: stored with the events, in their transaction, for ever.

    `refusal` names the rule that said no. A refusal may have events: the record of the no. One
    without any says in `message` what to do, and in `zh` the same in Chinese; it is not stored,
    so that the same key is decided anew once what was wrong has been mended. `repeated` says
    that nothing new happened: the key has had its outcome, or what was asked for had been
    recorded before, by the `events` that are named.
    `position` is what a reader must have seen to see this outcome. `version` is that of the
    command's own stream.
    """

    position: int
    stream: str
    version: int
    events: tuple[Written, ...] = ()
    refusal: str | None = None
    message: str | None = None
    zh: str | None = None
    repeated: bool = False


class KeyReused(Exception):
    """The key has been used for another request."""


class VersionMismatch(Exception):
    """The stream is at another version than the asker has seen."""

    def __init__(self, stream: str, expected: int, version: int) -> None:
        super().__init__(f"{stream} is at version {version}, not {expected}: read it again")
        self.version = version


class TooEarly(Exception):
    """By the clock of the log, the instant has not come at which it is to be decided."""


class Unavailable(Exception):
    """The database did not answer in time; the outcome is unknown. Ask again, same key."""


Answer = Outcome | Exception


def batches(requests: Iterable[Request], size: int) -> Iterator[list[Request]]:
    """Requests in lists of at most `size`, in order."""
    batch: list[Request] = []
    for request in requests:
        batch.append(request)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
