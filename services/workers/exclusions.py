"""What a view is to leave out, as the log says it: every worker reads it from there."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from aggregates import Event
from aggregates.operations.exclusion import Exclusion, StreamRestored, StreamSkipped
from infra.clock import iso
from infra.codec import Codec
from infra.events import Recorded
from infra.store import Store


class ExclusionEntry(NamedTuple):
    """The last that was said of an event of the store's own log: that, and by whom and when."""

    event: StreamSkipped | StreamRestored
    recorded: Recorded

    @property
    def out(self) -> bool:
        return isinstance(self.event, StreamSkipped)


def latest_exclusions(
    connection: Connection, store: Store, codec: Codec, view: str
) -> dict[int, ExclusionEntry]:
    """The last word on each position."""
    return _last(store.history(connection, Exclusion.stream(view)), codec)


def excluded(connection: Connection, store: Store, codec: Codec, view: str) -> dict[int, str]:
    """Positions that are left out, each with its stream."""
    return _out(latest_exclusions(connection, store, codec, view))


def all_excluded(
    connection: Connection, store: Store, codec: Codec, views: Collection[str]
) -> dict[str, dict[int, str]]:
    """`excluded` of each of the views, by one statement."""
    said: dict[str, list[Recorded]] = {Exclusion.stream(view): [] for view in views}
    for one in store.histories(connection, list(said)):
        said[one.stream].append(one)
    return {view: _out(_last(said[Exclusion.stream(view)], codec)) for view in views}


def _last(history: Iterable[Recorded], codec: Codec) -> dict[int, ExclusionEntry]:
    found: dict[int, ExclusionEntry] = {}
    for one in history:
        event: Event = codec.decode(one.type, one.schema, one.data)
        if isinstance(event, StreamSkipped | StreamRestored):
            found |= dict.fromkeys(event.positions, ExclusionEntry(event, one))
    return found


def _out(found: Mapping[int, ExclusionEntry]) -> dict[int, str]:
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
        for at, word in sorted(latest_exclusions(connection, store, codec, view).items())
        if word.out
    ]
