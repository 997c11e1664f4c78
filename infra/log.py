"""The log: states folded from streams, kept at hand, and true whoever else writes."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from infra import tables
from infra.clock import micros
from infra.codec import Codec
from infra.events import Head, Recorded
from infra.recorder import LogRecorder
from infra.store import Snapshot

SNAPSHOT_EVERY = 256
BEFORE_ALL = micros(datetime.min.replace(tzinfo=UTC))
STATES = 20_000
"""States at hand, unless told otherwise. Each takes 1 to 6 KB."""


class State(NamedTuple):
    """An aggregate's state, immutable and so shared, and the version it stands at.

    `latest` is the greatest instant of its events that keep their order; before any, whatever is
    told comes after it.
    """

    state: Any
    version: int = 0
    latest: int = BEFORE_ALL

    def after(self, event: Any, at: int) -> "State":
        """What an event of that instant makes of it."""
        latest = self.latest if event.anytime or at < self.latest else at
        return State(self.state.fold(event), self.version + 1, latest)


class Log:
    """Loads aggregates of any kind: a class with `evolve`, `after()` and a bound on its fold.

    The cache holds the states of at most `cache` streams. It is exact at the position `known`;
    `catch_up` forgets what other processes changed since.
    """

    def __init__(self, recorder: LogRecorder, codec: Codec, *, cache: int = STATES) -> None:
        self.recorder = recorder
        self.codec = codec
        self.known = 0
        self._cache = cache
        self._states: OrderedDict[str, State] = OrderedDict()
        self._shapes: dict[type[Any], str] = {}

    def held(self, stream: str) -> State | None:
        return self._states.get(stream)

    def load(self, connection: Connection, kind: type[Any], stream: str) -> State:
        """The state after the newest snapshot and the events that follow it."""
        if stream not in self._states:
            self.fetch(connection, {stream: kind})
        return self._states[stream]

    def missing(self, streams: Iterable[str]) -> list[str]:
        return [stream for stream in streams if stream not in self._states]

    def fetch(self, connection: Connection, streams: Mapping[str, type[Any]]) -> None:
        """Bring the states of all those streams to hand, in two reads where none is long."""
        missing = self.missing(streams)
        if not missing:
            return
        states = {stream: State(streams[stream]()) for stream in missing}
        for stream, version, shape, data, latest in self.recorder.snapshots(connection, missing):
            if shape == self._shape(streams[stream]):
                state = msgspec.json.decode(data, type=streams[stream])
                states[stream] = State(state, version, latest)
        short = [stream for stream in missing if not states[stream].version]
        for event in self.recorder.histories(connection, short) if short else ():
            states[event.stream] = self._after(states[event.stream], event)
        for stream in set(missing) - set(short):
            for event in self.recorder.history(connection, stream, after=states[stream].version):
                states[stream] = self._after(states[stream], event)
        for stream, state in states.items():
            self.keep(stream, state)

    def _after(self, state: State, event: Recorded) -> State:
        return state.after(self.event(event), event.occurred_at)

    def event(self, recorded: Recorded) -> Any:
        return self.codec.decode(recorded.type, recorded.schema, recorded.data)

    def keep(self, stream: str, state: State) -> None:
        self._states[stream] = state
        self._states.move_to_end(stream)
        while len(self._states) > self._cache:
            self._states.popitem(last=False)

    def catch_up(self, connection: Connection, head: Head) -> None:
        """Forget the states of streams that others have written to since we last looked."""
        if head.position == self.known:
            return
        if head.position - self.known > self._cache or head.position < self.known:
            self._states.clear()
        else:
            column = tables.events.c
            changed = select(column.stream).where(column.position > self.known).distinct()
            for (stream,) in connection.execute(changed):
                self._states.pop(stream, None)
        self.known = head.position

    def forget(self) -> None:
        self._states.clear()

    def snapshots(self, changed: Iterable[tuple[str, State, int]]) -> list[Snapshot]:
        """A snapshot of each state whose version has passed a multiple of the interval.

        The number is the version before the change.
        """
        return [
            (stream, version, self._shape(type(state)), self.codec.encode(state), latest)
            for stream, (state, version, latest), before in changed
            if version // SNAPSHOT_EVERY > before // SNAPSHOT_EVERY
        ]

    def _shape(self, kind: type[Any]) -> str:
        """Names the fields and the class's `revision`: where one has changed, old snapshots are
        passed over. A fold that makes something else of the same fields raises the revision.
        """
        known = self._shapes.get(kind)
        if known is None:
            schema = msgspec.json.encode(msgspec.json.schema(kind), order="deterministic")
            digest = hashlib.sha256(schema + str(getattr(kind, "revision", 1)).encode())
            known = self._shapes[kind] = f"{kind.__name__}:{digest.hexdigest()[:16]}"
        return known
