"""What one command sees of the log while it decides, and what it has yielded so far."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from infra.clock import instant
from infra.log import State
from infra.requests import Request, Written

if TYPE_CHECKING:
    from infra.batch import Batch


T = TypeVar("T")


class Remembered(NamedTuple):
    """What was made of the states of some streams."""

    streams: frozenset[str]
    made: Any


class Recalled(NamedTuple):
    """An event that was recorded under a reference, where, and of which instant."""

    written: Written
    event: Any
    at: int


class Rehearsed(NamedTuple):
    """A command as it was decided, what it yielded, and the states as they would be."""

    command: Any
    events: list[Any]
    load: "StateReader"

    @property
    def taken(self) -> Sequence[tuple[str, int, Any, int]]:
        """What it yielded: the stream, its version then, the event and its instant."""
        return self.load.events


class StateReader:
    """`sight(kind, id)` is a state; `sight.event(kind, id, reference)` an event, or None."""

    __slots__ = ("actor", "batch", "events", "met", "performed", "rests_on", "states")

    def __init__(self, batch: "Batch", actor: str = "") -> None:
        """`actor` is who asks, where it is asked for a command."""
        self.actor = actor
        self.batch = batch
        self.states: dict[str, State] = {}
        self.events: list[tuple[str, int, Any, int]] = []
        """What was yielded: the stream, its version then, the event and its instant."""
        self.met: list[Recalled] = []
        self.rests_on: set[str] | None = None
        """Of what is being made to be remembered: the streams behind what it was made of that was
        remembered itself.
        """
        self.performed: dict[int, tuple[str, str, str | None]] = {}
        """Of the events that another command yielded, by number: in whose name, by what they were
        caused, and what they belong to.
        """

    @property
    def now(self) -> datetime:
        return self.batch.moment

    def __call__(self, kind: type[Any], id: str) -> Any:
        stream = kind.stream(id)
        return (self.states.get(stream) or self._met(kind, stream)).state

    def fetch(self, streams: Mapping[str, type[Any]]) -> None:
        """Bring their states to hand, all at once."""
        self.batch.fetch(streams)

    def prefetch(self, kind: type[Any], ids: Iterable[str]) -> None:
        """Bring things to hand that are asked of one after another, all at once."""
        changed, streams = self.batch.states, map(kind.stream, ids)
        self.batch.fetch({stream: kind for stream in streams if stream not in changed})

    def state(self, kind: type[Any], stream: str) -> State:
        return self.states.get(stream) or self._met(kind, stream)

    def _met(self, kind: type[Any], stream: str) -> State:
        found = self.states[stream] = self.batch.state(kind, stream)
        return found

    def event(self, kind: type[Any], id: str, reference: str) -> Any:
        stream = kind.stream(id)
        key, batch = (stream, reference), self.batch
        for name, _, event, _ in self.events:  # a command rarely yields more than a few
            if name == stream and event.recorded_under() == reference:
                return event
        found = batch.recorded.get(key)
        if found is None:
            if key not in batch.recalled:
                batch.unsure.add(key)
                return None
            found = batch.recalled[key]
        if found is None:
            return None
        self.met.append(found)
        return found.event

    def remember(self, key: Hashable, make: Callable[["StateReader"], T]) -> T:
        """What is made of states alone: once in a batch, and anew after one of them has changed.

        Ask before anything is yielded.
        """
        batch = self.batch
        known = batch.remembered.get(key)
        if known is None or not batch.before.keys().isdisjoint(known.streams):
            look = StateReader(batch)
            look.rests_on = set()
            made = make(look)
            streams = frozenset(look.rests_on).union(look.states)
            known = batch.remembered[key] = Remembered(streams, made)
        if self.rests_on is not None:
            self.rests_on |= known.streams
        found: T = known.made
        return found

    def naming(self, kind: type[Any], id: str) -> Iterable[str]:
        """The streams of other things whose events name that one, as the log is now."""
        return self.batch.naming(kind.kind, id)

    def version(self, kind: type[Any], id: str) -> int:
        return self.state(kind, kind.stream(id)).version

    def latest(self, kind: type[Any], id: str) -> datetime:
        return instant(self.state(kind, kind.stream(id)).latest)

    def perform(
        self, command: Any, actor: str, causation: str, correlation: str | None
    ) -> list[Any]:
        """Let another command decide upon this sight; answers what it yielded."""
        before, own = len(self.events), self.actor
        self.actor = actor
        try:
            self._decide(command)
        finally:
            self.actor = own
        numbers = range(before, len(self.events))
        self.performed.update(dict.fromkeys(numbers, (actor, causation, correlation)))
        return [self.events[number][2] for number in numbers]

    def rehearse(self, command: Any, actor: str) -> Rehearsed:
        """What would become of a command; it is decided upon a sight that nobody else sees."""
        apart = StateReader(self.batch, actor)
        apart.states.update(self.states)
        decided = apart._decide(command)
        return Rehearsed(decided, [event for _, _, event, _ in apart.events], apart)

    def _decide(self, command: Any) -> Any:
        request = Request(command, "", b"", self.actor, "", numbered=command.numbering)
        return self.batch.perform(request, self)

    def take(self, stream: str, event: Any, at: int) -> None:
        """Let an event follow in its stream."""
        state = self.states[stream] = self.states[stream].after(event, at)
        self.events.append((stream, state.version, event, at))
