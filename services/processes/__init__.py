"""What waits for the business: each process says what to ask for next, and remembers nothing."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from commands import Command
from infra.events import Recorded

React = Callable[[Recorded, Any], Iterator[Command]]
Idle = Callable[[Command, Any], bool]


class Process:
    """`react` answers an event, for ever in the same way, with the same commands.

    It is delivered at least once, its commands in effect once. What must be remembered is an
    aggregate. `idle` tells from the state of a command's own aggregate that asking would change
    nothing now, so that most of what is heard costs no command.
    """

    def __init__(self, name: str, hears: Iterable[type], react: React, idle: Idle) -> None:
        self.name = name
        self.hears = frozenset(kind.__name__ for kind in hears)
        self.react = react
        self.idle = idle
