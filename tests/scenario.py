"""Stories are told as given, when, then; worlds hold as many streams as a command needs."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

import pytest

from aggregates import Aggregate, Event, Refused
from aggregates.mentions import Mention, mentioned_as, mentions
from commands import Command, Decision

FIGURE = re.compile(r"\d+")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Rehearsed(NamedTuple):
    command: Command
    events: list[Event]
    load: "Loader"


class Loader:
    """What a command sees of a world."""

    now = NOON
    actor = "tester"

    def __init__(self, world: "World") -> None:
        self.world = world

    def __call__(self, kind: type[Aggregate], id: str) -> Any:
        stream, states = kind.stream(id), self.world.states
        if stream not in states:
            states[stream] = kind.after(self.world.streams.get(stream, ()))
        return states[stream]

    def event(self, kind: type[Aggregate], id: str, reference: str) -> Event | None:
        events = self.world.streams.get(kind.stream(id), ())
        return next((one for one in events if one.recorded_under() == reference), None)

    def remember(self, key: Hashable, make: Callable[[Any], Any]) -> Any:
        return make(self)

    def prefetch(self, kind: type[Aggregate], ids: Iterable[str]) -> None:
        """All is at hand."""

    def version(self, kind: type[Aggregate], id: str) -> int:
        return len(self.world.streams.get(kind.stream(id), ()))

    def latest(self, kind: type[Aggregate], id: str) -> datetime:
        return NOON

    def perform(self, command: Command, actor: str, *_: object) -> list[Event]:
        own, self.actor = self.actor, actor
        try:
            return [event for _, event in self.world.decide(command, NOON)]
        finally:
            self.actor = own

    def rehearse(self, command: Command, actor: str) -> "Rehearsed":
        apart = self.world.copy()
        return Rehearsed(command, [*apart.ask(command)], apart.load)

    def naming(self, kind: type[Aggregate], id: str) -> list[str]:
        ways = set(mentioned_as(kind.kind, id))
        own = kind.stream(id)
        return [n for n in self.world.streams if n != own and ways & set(self._named(n))]

    def _named(self, stream: str) -> Iterator[Mention]:
        kind, _, own = stream.partition("-")
        for event in self.world.streams[stream]:
            yield from mentions(Aggregate.kinds[kind], own, event)


class World:
    """Streams in memory. What a command yields is kept together or not at all."""

    def __init__(self, streams: Mapping[str, tuple[Event, ...]] | None = None) -> None:
        self.streams = dict(streams or {})
        self.states: dict[str, Any] = {}
        self.load = Loader(self)

    def copy(self) -> "World":
        """What happens in the one does not happen in the other."""
        made = World(self.streams)
        made.states = dict(self.states)
        return made

    def acting(self, actor: str) -> Self:
        """The same world, of which that actor asks what is asked next."""
        self.load.actor = actor
        return self

    def ask(self, *commands: Command, at: datetime = NOON) -> tuple[Event, ...]:
        """Do what is asked; answer the last command's events."""
        news: tuple[Decision, ...] = ()
        for command in commands:
            before = dict(self.streams), dict(self.states)
            try:
                news = tuple(self.decide(command, at))
            except Refused:
                self.streams, self.states = before
                raise
        return tuple(event for _, event in news)

    def decide(self, command: Command, at: datetime) -> Iterator[Decision]:
        for stream, event in command.across(self.load, at):
            self.streams[stream] = (*self.streams.get(stream, ()), event)
            if stream in self.states:
                self.states[stream] = self.states[stream].fold(event)
            yield stream, event

    def refuses(self, command: Command, reason: type[Refused], at: datetime = NOON) -> str:
        """The command is refused, for this reason, and nothing happened. Answers the sentence."""
        before = dict(self.streams)
        with pytest.raises(reason) as refused:
            self.ask(command, at=at)
        assert self.streams == before
        no = refused.value
        assert str(no).endswith(".")
        assert no.zh.endswith("。")
        assert sorted(FIGURE.findall(str(no))) == sorted(FIGURE.findall(no.zh))
        return str(no)


class given:  # noqa: N801
    """`given(*events).when(command).then(*events)` for one stream."""

    def __init__(self, *events: Event) -> None:
        self.events = events

    def when(self, command: Command, at: datetime = NOON) -> Self:
        self.command, self.at = command, at
        self.world = World({command.stream: self.events})
        return self

    def then(self, *expected: Event) -> None:
        assert self.world.ask(self.command, at=self.at) == expected

    def refused(self, reason: type[Refused]) -> None:
        self.world.refuses(self.command, reason, at=self.at)
