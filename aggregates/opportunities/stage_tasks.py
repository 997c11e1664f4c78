"""The tasks that are to be done in the stages of a deal, and which of them keep it there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from aggregates import Refused

Gate = Literal["free", "strict"]
"""Whether a stage can be passed while tasks of it are open."""


class NoSuchStageTask(Refused):
    """A deal has the tasks of its pipeline and no others."""


class StageTasksOpen(Refused):
    """A strict stage is not passed while its tasks are open."""


class StageTaskNotDone(Refused):
    """Only what is done can be open again."""


@dataclass(frozen=True)
class StageTask:
    """A milestone that is done moves the deal to the next stage."""

    stage: str
    stage_task: str
    title: str
    milestone: bool = False


@dataclass(frozen=True)
class StageTasks:
    """`done` are those that are done, each with its result, `reopened` those that were, and why;
    `passed` are milestones whose stage was left since they were done.
    """

    every: tuple[StageTask, ...] = ()
    gate: Gate = "free"
    done: Mapping[str, str | None] = field(default_factory=dict)
    reopened: Mapping[str, str] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, event: Any) -> Self:
        """Of an event that says which there are."""
        return cls(tuple(event.tasks or ()), event.gate)

    def find(self, task: str) -> StageTask:
        for one in self.every:
            if one.stage_task == task:
                return one
        known = ", ".join(one.stage_task for one in self.every) or "none"
        said = "、".join(one.stage_task for one in self.every) or "无"
        raise NoSuchStageTask(
            f"This opportunity has no task {task}; it has: {known}. Name one of these.",
            f"此商机没有任务 {task}；现有：{said}。请从中选择。",
        )

    def refuse_undone(self, task: str) -> None:
        """Refuse to open a task again that is open and always was."""
        if task not in self.done and task not in self.reopened:
            raise StageTaskNotDone(
                f"{task} is not done yet. Go on with it, or name another task.",
                f"{task} 尚未完成。请继续处理，或指定其他任务。",
            )

    def refuse_open(self, stages: Collection[str]) -> None:
        """Refuse to pass these stages while tasks of them are open, where that is not free."""
        left = [
            one for one in self.every if one.stage in stages and one.stage_task not in self.done
        ]
        if self.gate == "strict" and left:
            every = "; ".join(f"{one.stage_task} ({one.title})" for one in left)
            said = "；".join(f"{one.stage_task}（{one.title}）" for one in left)
            raise StageTasksOpen(
                f"{len(left)} tasks of the stage are open: {every}. Complete them first.",
                f"该阶段还有 {len(left)} 项任务未完成：{said}。请先完成。",
            )

    def milestone(self, stage: str) -> str | None:
        """The milestone that lets a deal leave the stage by itself, if nothing keeps it there."""
        here = [one for one in self.every if one.stage == stage]
        if self.gate == "strict" and any(one.stage_task not in self.done for one in here):
            return None
        reached = (one.stage_task for one in here if one.milestone and one.stage_task in self.done)
        return next((task for task in reached if task not in self.passed), None)

    def completed(self, task: str, result: str | None) -> Self:
        reopened = {name: why for name, why in self.reopened.items() if name != task}
        return replace(self, done={**self.done, task: result}, reopened=reopened)

    def opened_again(self, task: str, reason: str) -> Self:
        done = {name: result for name, result in self.done.items() if name != task}
        again = replace(self, done=done, reopened={**self.reopened, task: reason})
        return replace(again, passed=self.passed - {task})

    def left(self, stage: str) -> Self:
        """The milestones of a stage that is left move nothing any more."""
        mine = {one.stage_task for one in self.every if one.stage == stage and one.milestone}
        return replace(self, passed=self.passed | (mine & self.done.keys()))


def between(stages: Sequence[str], first: str, after: str) -> list[str]:
    """The stages that are passed on the way from one to another, further on."""
    return list(stages[stages.index(first) : stages.index(after)])
