"""What may be asked about the pipelines that opportunities go through."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aggregates import Unknown
from aggregates.opportunities.opportunity import PIPELINES
from aggregates.opportunities.pipeline import Pipeline, PipelineDefined, PipelineStage
from commands import Command, Id, Load, Share
from commands.fields import fault

ENDS = "won", "lost"


class Stage(BaseModel):
    """One stage, and how likely an opportunity in it is to be won."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Id
    probability_bp: Share | None = Field(None, description="In basis points: 2500 is 25 %.")


def _apart(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    seen = set(ENDS)
    for each in stages:
        if each.stage in seen:
            en = "{stage} is there already: give each stage a name of its own"
            zh = "{stage} 已存在：请为每个阶段取不同的名称"
            raise fault("stage_taken", en, zh, stage=each.stage)
        seen.add(each.stage)
    return stages


Stages = Annotated[tuple[Stage, ...], Field(min_length=1, max_length=50), AfterValidator(_apart)]


class DefinePipeline(Command, of=Pipeline):
    """Define a pipeline, or change it: opportunities opened before keep their stages."""

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    stages: Stages = Field(description="In their order; won and lost come by themselves.")

    def decide(self, state: Pipeline, at: datetime) -> Iterator[PipelineDefined]:
        stages = (PipelineStage(each.stage, each.probability_bp) for each in self.stages)
        return state.define(tuple(stages))


def stages_of(load: Load, pipeline: str) -> tuple[PipelineStage, ...]:
    """Those that the company defined, or else those of a built-in pipeline."""
    state: Pipeline = load(Pipeline, pipeline)
    stages = state.stages or tuple(map(PipelineStage, PIPELINES.get(pipeline, ())))
    if not stages:
        known = ", ".join(PIPELINES)
        raise Unknown(
            f"There is no pipeline {pipeline}. Define it first, or choose {known}.",
            f"没有销售流程 {pipeline}。请先定义，或选择 {known}。",
        )
    return stages
