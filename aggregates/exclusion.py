"""What a view leaves out for good is on record: which events, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from aggregates import Aggregate, Event


class StreamSkipped(Event):
    """Events of a stream, named by their positions, that the view is to leave out."""

    stream: str
    positions: tuple[int, ...]
    reason: str


ExclusionEvent = StreamSkipped


@dataclass(frozen=True)
class Exclusion(Aggregate):
    """All that one view leaves out; its id is the view's name."""

    kind: ClassVar[str] = "exclusion"

    skipped: frozenset[int] = frozenset()

    def skip(
        self, stream: str, positions: tuple[int, ...], reason: str
    ) -> Iterator[ExclusionEvent]:
        """Asked twice, it is done once."""
        fresh = tuple(sorted(set(positions) - self.skipped))
        if fresh:
            yield StreamSkipped(stream, fresh, reason)

    def evolve(self, event: ExclusionEvent) -> Self:
        return type(self)(self.skipped.union(event.positions))
