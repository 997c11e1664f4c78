"""What is to be reached has one target for the same period, and which that is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar, Self

from aggregates import Aggregate, Event


class TargetKeyTaken(Event, anytime=True):
    """`taken_by` is the target; it counts for as long as that is not withdrawn."""

    taken_by: str


@dataclass(frozen=True)
class TargetKey(Aggregate):
    """Its id is a digest of the metric, the period and what the target is limited to."""

    kind: ClassVar[str] = "target_key"

    target: str = ""

    @staticmethod
    def id_of(*told: str | None) -> str:
        return sha256("\n".join(one or "" for one in told).encode()).hexdigest()[:32]

    def take(self, target: str) -> Iterator[TargetKeyTaken]:
        if self.target != target:
            yield TargetKeyTaken(target)

    def evolve(self, event: TargetKeyTaken) -> Self:
        return replace(self, target=event.taken_by)
