"""How many tasks each person has: open, overdue, done in time or late."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.fieldwork.task.events import (
    TaskCancelled,
    TaskCompleted,
    TaskCreated,
    TaskOverdue,
    TaskReassigned,
    TaskReopened,
    TaskRescheduled,
)
from projections.engine import EventHeader, View
from projections.engine.figure import Figure
from projections.engine.scopes import BY_OWNER


class Change(NamedTuple):
    owner: str
    department: str
    region: str
    created: int = 0
    open: int = 0
    overdue: int = 0
    times_overdue: int = 0
    done: int = 0
    late: int = 0
    cancelled: int = 0


MEASURES = ("created", "open", "overdue", "times_overdue", "done", "late", "cancelled")


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case TaskCreated():
            yield _of(event, created=1, open=1)
        case TaskOverdue(times=times):
            yield _of(event, overdue=int(times == 1), times_overdue=1)
        case TaskRescheduled(overdue=True):
            yield _of(event, overdue=-1)
        case TaskReassigned():
            yield from _moved(event)
        case TaskCompleted(overdue=overdue, late=late):
            yield _of(event, open=-1, overdue=-int(overdue), done=1, late=int(late))
        case TaskCancelled(overdue=overdue):
            yield _of(event, open=-1, overdue=-int(overdue), cancelled=1)
        case TaskReopened(ended="done", late=late):
            yield _of(event, open=1, done=-1, late=-int(late))
        case TaskReopened():
            yield _of(event, open=1, cancelled=-1)


def _of(event: Any, **measures: int) -> Change:
    return Change(event.owner, event.department, event.region, **measures)


def _moved(event: TaskReassigned) -> Iterator[Change]:
    """A corrected reason moves nothing."""
    before = event.from_owner, event.from_department, event.from_region
    after = event.owner, event.department, event.region
    if before != after:
        yield Change(*before, open=-1, overdue=-int(event.overdue))
        yield Change(*after, open=1, overdue=int(event.overdue))


view = View(
    name="task_counts",
    kinds=frozenset({"task"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("owner",), ("department",)),
    scope=BY_OWNER,
)


figure = Figure(
    "task_counts",
    "/task-counts",
    view,
    """Tasks by owner and department: how many are open, and how many of these are overdue.

    `done` are those that are done now, `late` those of them that were done after they were due.
    """,
    key=("owner", "department"),
    days=True,
)
