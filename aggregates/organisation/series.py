"""A series gives each of its numbers once, in order, with the thing that begins by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from aggregates import Aggregate, Event


class NumberDrawn(Event, anytime=True):
    """`begun` is the id that the number makes; `settings` is the version that it follows from."""

    number: int
    begun: str
    settings: str | None = None


@dataclass(frozen=True)
class NumberSeries(Aggregate):
    """Its id is the kind of what it numbers, a dot, and what all of its numbers begin with."""

    kind: ClassVar[str] = "series"

    last: int = 0

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: NumberDrawn) -> Self:
        return type(self)(event.number)
