"""Task reminders: before a task is due, when it is, and again each day until it is done."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args

from aggregates.fieldwork.task.events import (
    TaskCancelled,
    TaskCompleted,
    TaskCreated,
    TaskOverdue,
    TaskReopened,
    TaskRescheduled,
)
from commands import Command
from commands.fieldwork.task import MarkTaskOverdue, RemindOfTask
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = TaskCreated | TaskRescheduled | TaskReopened | TaskOverdue | TaskCompleted | TaskCancelled


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    task = recorded.stream
    match event:
        case TaskCreated() | TaskRescheduled():
            yield _reminder(recorded, event.remind_at)
            yield _overdue(recorded, event.due)
        case TaskReopened():
            yield _overdue(recorded, event.due)
        case TaskOverdue(next_at=datetime() as next_at):
            yield _overdue(recorded, next_at)
        case TaskCompleted() | TaskCancelled():
            yield Cancel("reminder", task)
            yield Cancel("overdue", task)


def _reminder(recorded: Recorded, at: datetime | None) -> Schedule | Cancel:
    if at is None:
        return Cancel("reminder", recorded.stream)
    return Schedule("reminder", recorded.stream, at, RemindOfTask(id=recorded.key))


def _overdue(recorded: Recorded, at: datetime) -> Schedule:
    return Schedule("overdue", recorded.stream, at, MarkTaskOverdue(id=recorded.key))


def idle(command: Command, state: Any) -> bool:
    if isinstance(command, RemindOfTask):
        return state.remind_at is None
    return isinstance(command, MarkTaskOverdue) and state.overdue_at is None


process = Process(
    "task_reminders",
    get_args(Heard),
    react,
    idle,
    [Purpose("reminder", RemindOfTask), Purpose("overdue", MarkTaskOverdue)],
)
