"""What waits for the business: each process says what to ask for next, and remembers nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from aggregates.operations.deadline import DeadlineCancelled
from commands import Command
from infra.events import Recorded


class Schedule(NamedTuple):
    """Ask the command at that instant, or as soon after it as can be.

    A process has one deadline of each purpose and subject: scheduling it again moves it.
    """

    purpose: str
    subject: str
    at: datetime
    command: Command


class Cancel(NamedTuple):
    """Forget the deadline; where a position is named, only what that event scheduled."""

    purpose: str
    subject: str
    scheduled_by: int | None = None


@dataclass(frozen=True)
class Lateness:
    """What becomes of a deadline that is looked at late.

    Beyond `tolerance` it is dropped. Where only the `latest` counts, those are dropped that ask
    something of the same thing for the same purpose and were due before another that is due.
    """

    tolerance: timedelta | None = None
    latest: bool = False


ALWAYS = Lateness()
LATEST_ONLY = Lateness(latest=True)


def unless_later_than(tolerance: timedelta) -> Lateness:
    return Lateness(tolerance)


class Purpose(NamedTuple):
    """What the deadlines of that name ask, and what lateness means for them."""

    name: str
    command: type[Command]
    lateness: Lateness = ALWAYS


Wanted = Command | Schedule | Cancel
React = Callable[[Recorded, Any], Iterator[Wanted]]
Idle = Callable[[Command, Any], bool]


class Process:
    """`react` answers an event, for ever in the same way, with the same commands and deadlines.

    It is delivered at least once, its commands in effect once. What must be remembered is an
    aggregate. `idle` tells from the state of a command's own aggregate that asking would change
    nothing now, so that most of what is heard costs no command. Whoever schedules deadlines
    declares what they are for, so that those that are stored can be read by every later build.
    """

    def __init__(
        self,
        name: str,
        hears: Iterable[type],
        react: React,
        idle: Idle,
        purposes: Iterable[Purpose] = (),
    ) -> None:
        self.name = name
        self.react = react
        self.idle = idle
        self.purposes = {purpose.name: purpose for purpose in purposes}
        cancelled = [DeadlineCancelled] if self.purposes else []
        self.hears = frozenset(kind.__name__ for kind in (*hears, *cancelled))

    def wants(self, recorded: Recorded, event: Any) -> list[Wanted]:
        """What it asks for because of an event; a deadline of no known purpose is an error."""
        if isinstance(event, DeadlineCancelled):
            mine = recorded.key == self.name
            return [Cancel(event.purpose, event.subject, event.scheduled_by)] if mine else []
        wanted = list(self.react(recorded, event))
        for one in wanted:
            if isinstance(one, Schedule):
                purpose = self.purposes[one.purpose]
                if type(one.command) is not purpose.command or one.at.tzinfo is None:
                    raise TypeError(f"{self.name} may not schedule {one}")
        return wanted
