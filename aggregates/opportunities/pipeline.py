"""A pipeline of the company's own: its stages in their order, how likely each is to be won, and
what is to be done in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import Aggregate, Event
from aggregates.marks import BasisPoints
from aggregates.opportunities.stage_tasks import Gate


@dataclass(frozen=True)
class PipelineTask:
    """What is to be done in a stage; a milestone that is done moves the deal on."""

    stage_task: str
    title: str
    milestone: bool = False


@dataclass(frozen=True)
class PipelineStage:
    """`probability_bp` is in basis points: 2500 is one in four."""

    stage: str
    probability_bp: BasisPoints | None = None
    tasks: tuple[PipelineTask, ...] = ()


class PipelineDefined(Event):
    """Opportunities opened from now on go through these stages; older ones keep theirs."""

    stages: tuple[PipelineStage, ...]
    gate: Gate = "free"


@dataclass(frozen=True)
class Pipeline(Aggregate):
    kind: ClassVar[str] = "pipeline"

    stages: tuple[PipelineStage, ...] = ()
    gate: Gate = "free"

    def define(self, stages: tuple[PipelineStage, ...], gate: Gate) -> Iterator[PipelineDefined]:
        if (stages, gate) != (self.stages, self.gate):
            yield PipelineDefined(stages, gate)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: PipelineDefined) -> Self:
        return replace(self, stages=event.stages, gate=event.gate)
