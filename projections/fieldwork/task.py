"""Tasks: what is to be done, by whom and by when, and how far it is."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.fieldwork.task import Task
from aggregates.fieldwork.task.events import (
    Priority,
    TaskCancelled,
    TaskCompleted,
    TaskCreated,
    TaskItemTicked,
    TaskOverdue,
    TaskProgressReported,
    TaskReassigned,
    TaskReopened,
    TaskRescheduled,
)
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, SEARCHED, Name, names, taking
from projections.engine.scopes import BY_OWNER

TaskStatus = Literal["open", "done", "cancelled"]


class Row(NamedTuple):
    title: Name = ""
    text: Annotated[str | None, SEARCHED] = None
    status: Annotated[TaskStatus, INDEXED] = "open"
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    asked_by: Annotated[str | None, names("rep")] = None
    due: Annotated[int, INSTANT, INDEXED] = 0
    priority: Annotated[Priority, INDEXED] = "normal"
    times_overdue: Annotated[int, INDEXED] = 0
    customer: Annotated[str | None, names("customer")] = None
    opportunity: Annotated[str | None, names("opportunity")] = None
    order: Annotated[str | None, names("order")] = None
    percent: int = 0
    comment: str | None = None
    checklist: tuple[dict[str, Any], ...] = ()
    result: str | None = None
    reason: str | None = None
    created_at: Annotated[int, INSTANT, INDEXED] = 0
    ended_at: Annotated[int | None, INSTANT, INDEXED] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case TaskCreated():
            items = ({"text": text, "done": False} for text in event.checklist)
            created = taking(row, event, "due", "checklist", "created_at")
            born = created._replace(created_at=recorded.occurred_at, checklist=tuple(items))
            return born._replace(due=micros(event.due))
        case TaskRescheduled(due=due):
            return row._replace(due=micros(due), times_overdue=0)
        case TaskProgressReported(_, percent, comment):
            return row._replace(percent=percent, comment=comment)
        case TaskItemTicked(item, done):
            return row._replace(checklist=_ticked(row.checklist, item, done=done))
        case TaskCompleted(result=result):
            done_now = row._replace(status="done", percent=100, result=result)
            return done_now._replace(ended_at=recorded.occurred_at)
        case TaskCancelled(reason=reason):
            return row._replace(status="cancelled", reason=reason, ended_at=recorded.occurred_at)
        case TaskReopened(reason=reason):
            again = row._replace(status="open", reason=reason, result=None, ended_at=None)
            return again._replace(times_overdue=0)
        case TaskOverdue(times=times):
            return row._replace(times_overdue=times)
        case TaskReassigned():
            return taking(row, event)
        case _:
            return taking(row, event, "due")


def _ticked(
    items: tuple[dict[str, Any], ...], number: int, *, done: bool
) -> tuple[dict[str, Any], ...]:
    numbered = enumerate(items, 1)
    return tuple({**one, "done": done} if n == number else one for n, one in numbered)


record = Record("tasks", Task, Row, fold, scope=BY_OWNER)
