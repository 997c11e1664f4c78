"""A notice that the platform offers: of which events, and who is told without having asked."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from aggregates import Aggregate, Event
from aggregates.organisation.rights import Paths
from commands import Load
from commands.authorisation import paths
from infra.events import Recorded

REFUSED = "process-refused"
"""The notice of what no event tells of: that a process asked for something and was refused."""
Holding = Literal["person", "dealer", "account", "right"]


class Recipient(NamedTuple):
    """Every account of a person or of a dealer, one account, or each that has a right."""

    holding: Holding
    name: str


class NoticedEvent(NamedTuple):
    """An event with the log as it is now."""

    load: Load
    recorded: Recorded
    event: Any


Recipients = Callable[[NoticedEvent], Iterable[Recipient]]


@dataclass(frozen=True)
class Notice:
    """`to` says who is told of an event, unless the account has unsubscribed from `name`."""

    name: str
    events: tuple[type[Event], ...]
    to: Recipients

    @property
    def hears(self) -> tuple[str, ...]:
        return tuple(event.__name__ for event in self.events)


def owner(noticed: NoticedEvent) -> Iterator[Recipient]:
    """Whose the thing is now."""
    for person in whose(noticed.load, noticed.recorded).get("owner", ()):
        yield Recipient("person", person)


def whose(load: Load, recorded: Recorded) -> Paths:
    """By what a scope would reach the thing of an event now; nothing where none does."""
    return paths(load, Aggregate.kinds[recorded.kind], recorded.key) or {}


def person_in(field: str) -> Recipients:
    """The person whom the event names in that field."""
    return lambda noticed: [Recipient("person", getattr(noticed.event, field))]


def taker(field: str) -> Recipients:
    """The person whom the event names in that field, unless it was the same before."""

    def named(noticed: NoticedEvent) -> Iterator[Recipient]:
        now = getattr(noticed.event, field)
        before = getattr(noticed.event, f"from_{field}", None)
        if now != before:
            yield Recipient("person", now)

    return named


def holders(action: str) -> Recipients:
    """Every account that may do that, such as `operate:parked`."""
    return lambda _: [Recipient("right", action)]
