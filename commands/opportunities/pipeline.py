"""What may be asked about the pipelines that opportunities go through."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aggregates import Unknown
from aggregates.opportunities.opportunity import PIPELINES
from aggregates.opportunities.pipeline import (
    Pipeline,
    PipelineDefined,
    PipelineStage,
    PipelineTask,
)
from aggregates.opportunities.stage_tasks import Gate, StageTask, StageTasks
from aggregates.settings import named_twice
from commands import Command, Id, Load, Share, Text, Truth
from commands.fields import fault

ENDS = "won", "lost"


class NewStageTask(BaseModel):
    """What is to be done in a stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage_task: Id = Field(description="Its own id, one for each of the pipeline's.")
    title: Text
    milestone: Truth = Field(False, description="Once it is done, the deal moves on by itself.")


class Stage(BaseModel):
    """One stage, how likely an opportunity in it is to be won, and what is to be done in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Id
    probability_bp: Share | None = Field(None, description="In basis points: 2500 is 25 %.")
    tasks: Annotated[tuple[NewStageTask, ...], Field(max_length=50)] = ()


def _apart(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    seen = set(ENDS)
    for each in stages:
        if each.stage in seen:
            en = "{stage} is there already: give each stage a name of its own"
            zh = "{stage} 已存在：请为每个阶段取不同的名称"
            raise fault("stage_taken", en, zh, stage=each.stage)
        seen.add(each.stage)
    tasks = [one.stage_task for each in stages for one in each.tasks]
    if twice := named_twice(tasks):
        en = "{task} is there already: give each task of a pipeline an id of its own"
        zh = "{task} 已存在：请为流程中的每项任务取不同的编号"
        raise fault("task_taken", en, zh, task=twice)
    return stages


Stages = Annotated[tuple[Stage, ...], Field(min_length=1, max_length=50), AfterValidator(_apart)]


class DefinePipeline(Command, of=Pipeline):
    """Define a pipeline, or change it: opportunities opened before keep their stages."""

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    added = (*Command.added, "gate")

    stages: Stages = Field(description="In their order; won and lost come by themselves.")
    gate: Gate = Field("free", description="`strict`: no stage is passed while its tasks are open.")

    def decide(self, state: Pipeline, at: datetime) -> Iterator[PipelineDefined]:
        stages = (
            PipelineStage(
                each.stage,
                each.probability_bp,
                tuple(PipelineTask(one.stage_task, one.title, one.milestone) for one in each.tasks),
            )
            for each in self.stages
        )
        return state.define(tuple(stages), self.gate)


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


def tasks_of(load: Load, pipeline: str) -> StageTasks:
    """What is to be done in the stages of a pipeline; nothing in a built-in one."""
    state: Pipeline = load(Pipeline, pipeline)
    every = (
        StageTask(each.stage, one.stage_task, one.title, one.milestone)
        for each in state.stages
        for one in each.tasks
    )
    return StageTasks(tuple(every), state.gate)
