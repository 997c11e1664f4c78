"""Milestones: a deal whose milestone is done enters the next stage by itself."""

from collections.abc import Iterator
from typing import Any

from aggregates.opportunities.opportunity import StageTaskCompleted
from commands import Command
from commands.opportunities.opportunity import FollowMilestone
from infra.events import Recorded
from services.processes import Process


def react(recorded: Recorded, _: StageTaskCompleted) -> Iterator[Command]:
    """Whatever was done: in a strict stage the last task may be another than the milestone."""
    yield FollowMilestone(id=recorded.key)


def idle(_: Command, state: Any) -> bool:
    return state.tasks.milestone(state.stage) is None


process = Process("milestones", [StageTaskCompleted], react, idle)
