"""What a view is to leave out, as the log says it: every worker reads it from there."""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from aggregates import Event
from aggregates.operations.exclusion import Exclusion, StreamRestored, StreamSkipped
from infra.clock import iso
from infra.codec import Codec
from infra.events import Recorded
from infra.store import Store


class Word(NamedTuple):
    """The last that was said of an event of the store's own log: that, and by whom and when."""

    event: StreamSkipped | StreamRestored
    recorded: Recorded

    @property
    def out(self) -> bool:
        return isinstance(self.event, StreamSkipped)


def last_words(connection: Connection, store: Store, codec: Codec, view: str) -> dict[int, Word]:
    """The last word on each position."""
    found: dict[int, Word] = {}
    for one in store.history(connection, Exclusion.stream(view)):
        event: Event = codec.decode(one.type, one.schema, one.data)
        if isinstance(event, StreamSkipped | StreamRestored):
            found |= dict.fromkeys(event.positions, Word(event, one))
    return found


def excluded(connection: Connection, store: Store, codec: Codec, view: str) -> dict[int, str]:
    """Positions that are left out, each with its stream."""
    found = last_words(connection, store, codec, view)
    return {at: word.event.stream for at, word in found.items() if word.out}


def shown(connection: Connection, store: Store, codec: Codec, view: str) -> list[dict[str, Any]]:
    """What is left out, as people and programs are shown it."""
    return [
        {
            "view": view,
            "stream": word.event.stream,
            "position": at,
            "reason": word.event.reason,
            "actor": word.recorded.actor,
            "skipped_at": iso(word.recorded.recorded_at),
        }
        for at, word in sorted(last_words(connection, store, codec, view).items())
        if word.out
    ]
