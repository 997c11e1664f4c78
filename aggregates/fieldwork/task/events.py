"""What happens to a task."""

from datetime import datetime
from typing import Annotated, Literal

from aggregates import Event
from aggregates.marks import names

Priority = Literal["low", "normal", "high", "urgent"]
TaskEnd = Literal["done", "cancelled"]
CREATED = "created"


class TaskCreated(Event):
    """`settings` is the version that its reminder follows from; None are the defaults."""

    title: str
    text: str | None
    owner: str
    department: str
    region: str
    asked_by: Annotated[str | None, names("rep")]
    due: datetime
    priority: Priority
    customer: str | None
    opportunity: str | None
    order: str | None
    checklist: tuple[str, ...]
    remind_at: datetime | None
    created_at: datetime
    settings: str | None

    def recorded_under(self) -> str:
        return CREATED


class TaskDetailsChanged(Event):
    """All details as they are from now on."""

    title: str
    text: str | None
    priority: Priority
    customer: str | None
    opportunity: str | None
    order: str | None


class TaskRescheduled(Event):
    """It is due at another time; `overdue` says whether it was overdue before."""

    owner: str
    department: str
    region: str
    from_due: datetime
    due: datetime
    remind_at: datetime | None
    overdue: bool
    settings: str | None


class TaskReassigned(Event):
    """Handed over to another person; to the same one, it corrects the reason."""

    from_owner: str
    from_department: str
    from_region: str
    owner: str
    department: str
    region: str
    overdue: bool
    reason: str


class TaskProgressReported(Event, anytime=True):
    owner: str
    percent: int
    comment: str | None


class TaskItemTicked(Event):
    """An item of the checklist, counted from 1, was done, or is open again."""

    item: int
    done: bool


class TaskCompleted(Event, anytime=True):
    """`overdue` says whether it was marked so, `late` whether it was done after it was due."""

    owner: str
    department: str
    region: str
    due: datetime
    overdue: bool
    late: bool
    result: str | None


class TaskCancelled(Event, anytime=True):
    owner: str
    department: str
    region: str
    overdue: bool
    reason: str


class TaskReopened(Event):
    """It is open again; `ended` and `late` say how it had ended."""

    owner: str
    department: str
    region: str
    due: datetime
    ended: TaskEnd
    late: bool
    reason: str
    reopened_at: datetime


class TaskReminded(Event):
    """Its owner is to be told that it will be due."""

    owner: str
    title: str
    due: datetime


class TaskOverdue(Event):
    """It is due and not done, for the `times`th time; at `next_at` it will be so again."""

    owner: str
    department: str
    region: str
    title: str
    due: datetime
    times: int
    next_at: datetime | None
    settings: str | None


TaskEvent = (
    TaskCreated
    | TaskDetailsChanged
    | TaskRescheduled
    | TaskReassigned
    | TaskProgressReported
    | TaskItemTicked
    | TaskCompleted
    | TaskCancelled
    | TaskReopened
    | TaskReminded
    | TaskOverdue
)
