"""A pipeline of the company's own: its stages in their order, and how likely each is to be won."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import Aggregate, Event
from aggregates.marks import BasisPoints


@dataclass(frozen=True)
class PipelineStage:
    """`probability_bp` is in basis points: 2500 is one in four."""

    stage: str
    probability_bp: BasisPoints | None = None


class PipelineDefined(Event):
    """Opportunities opened from now on go through these stages; older ones keep theirs."""

    stages: tuple[PipelineStage, ...]


@dataclass(frozen=True)
class Pipeline(Aggregate):
    kind: ClassVar[str] = "pipeline"

    stages: tuple[PipelineStage, ...] = ()

    def define(self, stages: tuple[PipelineStage, ...]) -> Iterator[PipelineDefined]:
        if stages != self.stages:
            yield PipelineDefined(stages)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: PipelineDefined) -> Self:
        return replace(self, stages=event.stages)
