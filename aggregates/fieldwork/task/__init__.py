"""A task has one owner at any time, and is open until it is done or cancelled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Unknown, refuse_unequal, repeats
from aggregates.assignee import Assignee
from aggregates.fieldwork.task import refusals
from aggregates.fieldwork.task.events import (
    TaskCancelled,
    TaskCompleted,
    TaskCreated,
    TaskDetailsChanged,
    TaskEvent,
    TaskItemTicked,
    TaskOverdue,
    TaskProgressReported,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskRescheduled,
)


class TaskDetails(NamedTuple):
    """What a task is about, as it is now."""

    title: str = ""
    text: str | None = None
    priority: str = "normal"
    customer: str | None = None
    opportunity: str | None = None
    order: str | None = None


@dataclass(frozen=True)
class Task(Aggregate):
    kind: ClassVar[str] = "task"

    created: TaskCreated | None = None  # as it was at first, to know a repeat
    status: Literal["", "open", "done", "cancelled"] = ""
    details: TaskDetails = field(default_factory=TaskDetails)
    who: Assignee = field(default_factory=Assignee)
    due: datetime | None = None
    open_since: datetime | None = None
    progress: tuple[int, str | None] = (0, None)  # percent, and what was said last
    ticked: frozenset[int] = frozenset()
    remind_at: datetime | None = None
    overdue_at: datetime | None = None  # when it is marked as overdue next
    times_overdue: int = 0
    late: bool = False
    end: str | None = None  # the result, or why it was cancelled
    handed_over: str | None = None  # why, the last time
    reopened: str | None = None  # why, the last time

    def create(self, task: TaskCreated) -> Iterator[TaskEvent]:
        if not repeats(self.created, task):
            if task.due <= task.created_at:
                raise refusals.due_in_the_past(task.due, task.created_at)
            yield task

    def change(self, **told: Any) -> Iterator[TaskEvent]:
        """Change what is told of its details, and keep the rest."""
        self.live()
        after = self.details._replace(**told)
        if after != self.details:
            yield TaskDetailsChanged(*after)  # type: ignore[arg-type]

    def reschedule(
        self, due: datetime, at: datetime, remind_at: datetime | None, settings: str | None
    ) -> Iterator[TaskEvent]:
        before = self.live()
        if due != before:
            if due <= at:
                raise refusals.due_in_the_past(due, at)
            yield TaskRescheduled(*self.who, before, due, remind_at, self.overdue, settings)

    def reassign(self, who: Assignee, reason: str) -> Iterator[TaskEvent]:
        self.live()
        if who != self.who or reason != self.handed_over:
            yield TaskReassigned(*self.who, *who, self.overdue, reason)

    def report(self, percent: int, comment: str | None) -> Iterator[TaskEvent]:
        self.live()
        if (percent, comment) != self.progress:
            yield TaskProgressReported(self.who.owner, percent, comment)

    def tick(self, item: int, *, done: bool) -> Iterator[TaskEvent]:
        self.live()
        if not 1 <= item <= len(self.checklist):
            raise refusals.no_such_item(item, len(self.checklist))
        if (item in self.ticked) != done:
            yield TaskItemTicked(item, done)

    def complete(self, result: str | None, at: datetime) -> Iterator[TaskEvent]:
        if self.status == "done":
            refuse_unequal(("result", self.end, result))
            return
        due = self.live()
        if left := self.unticked:
            raise refusals.checklist_open(left, len(self.checklist))
        yield TaskCompleted(*self.who, due, self.overdue, at > due, result)

    def cancel(self, reason: str) -> Iterator[TaskEvent]:
        if self.status == "cancelled":
            refuse_unequal(("reason", self.end, reason))
            return
        self.live()
        yield TaskCancelled(*self.who, self.overdue, reason)

    def reopen(self, reason: str, at: datetime) -> Iterator[TaskEvent]:
        due = self.known()
        if self.status == "open":
            if self.reopened is None:
                raise refusals.still_open()
            refuse_unequal(("reason", self.reopened, reason))
            return
        end: Any = self.status
        yield TaskReopened(*self.who, due, end, self.late, reason, at)

    def remind(self, at: datetime) -> Iterator[TaskEvent]:
        """Its owner is reminded once of each time at which it is due."""
        if self.remind_at is not None and self.due is not None and self.remind_at <= at < self.due:
            yield TaskReminded(self.who.owner, self.details.title, self.due)

    def mark_overdue(
        self, at: datetime, next_at: datetime | None, settings: str | None
    ) -> Iterator[TaskEvent]:
        """Say that it is due and not done, and when that is said next."""
        if self.overdue_at is not None and self.due is not None and self.overdue_at <= at:
            title, times = self.details.title, self.times_overdue + 1
            yield TaskOverdue(*self.who, title, self.due, times, next_at, settings)

    @property
    def unticked(self) -> list[str]:
        """The items of the checklist that are left."""
        return [text for n, text in enumerate(self.checklist, 1) if n not in self.ticked]

    @property
    def checklist(self) -> tuple[str, ...]:
        return self.created.checklist if self.created else ()

    @property
    def overdue(self) -> bool:
        return self.times_overdue > 0

    def known(self) -> datetime:
        """When it is due; refuses what was never created."""
        if self.due is None:
            raise Unknown("There is no such task. Create it first.", "没有这个任务。请先创建。")
        return self.due

    def live(self) -> datetime:
        """When it is due; refuses what is done or cancelled."""
        due = self.known()
        if self.status != "open":
            raise refusals.ended(self.status, self.end)
        return due

    @property
    def dimensions(self) -> Mapping[str, str]:
        return self.who._asdict()

    def evolve(self, event: TaskEvent) -> Self:
        match event:
            case TaskCreated():
                return self._created(event)
            case TaskDetailsChanged():
                return replace(self, details=_details(event))
            case TaskRescheduled(due=due, remind_at=remind_at):
                return replace(self, due=due, remind_at=remind_at, overdue_at=due, times_overdue=0)
            case TaskReassigned(reason=reason):
                return replace(self, who=Assignee.of(event), handed_over=reason)
            case TaskProgressReported(_, percent, comment):
                return replace(self, progress=(percent, comment))
            case TaskItemTicked(item, done):
                ticked = self.ticked | {item} if done else self.ticked - {item}
                return replace(self, ticked=ticked)
            case TaskCompleted(late=late, result=result):
                return self._ended("done", result, late=late)
            case TaskCancelled(reason=reason):
                return self._ended("cancelled", reason)
            case TaskReopened(due=due, reason=reason, reopened_at=at):
                again = replace(self, status="open", end=None, late=False, open_since=at)
                return replace(again, overdue_at=due, times_overdue=0, reopened=reason)
            case TaskReminded():
                return replace(self, remind_at=None)
            case TaskOverdue(times=times, next_at=next_at):
                return replace(self, times_overdue=times, overdue_at=next_at)

    def _created(self, event: TaskCreated) -> Self:
        born = replace(self, created=event, status="open", open_since=event.created_at)
        born = replace(born, details=_details(event), who=Assignee.of(event))
        return replace(born, due=event.due, remind_at=event.remind_at, overdue_at=event.due)

    def _ended(
        self, status: Literal["done", "cancelled"], end: str | None, *, late: bool = False
    ) -> Self:
        over = replace(self, status=status, end=end, late=late)
        return replace(over, remind_at=None, overdue_at=None)


def _details(event: TaskCreated | TaskDetailsChanged) -> TaskDetails:
    return TaskDetails(*(getattr(event, name) for name in TaskDetails._fields))
