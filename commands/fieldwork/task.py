"""What may be asked about tasks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from aggregates import Aggregate
from aggregates.fieldwork.numbers import TaskNumbers
from aggregates.fieldwork.planning import TaskSettings
from aggregates.fieldwork.task import Task
from aggregates.fieldwork.task.events import CREATED, Priority, TaskCreated, TaskEvent
from commands import Command, Decision, Id, Load, Text, Whole, registers
from commands.business import assignee, together
from commands.change import Change, Kept
from commands.fields import LongText, Truth, When, last_of
from commands.numbers import Numbered
from commands.settings import in_force

Checklist = Annotated[tuple[Text, ...], Field(max_length=50)]
DETAILS = "title", "text", "priority", "customer", "opportunity", "order"
NAMED = "customer", "opportunity", "order"
DUE = "The instant by which it is to be done, or the last day."


def _open(state: Task) -> bool:
    return state.status == "open"


class CreateTask(Numbered, of=Task):
    """Give a person a task, due at a time. Until it is done the person is reminded of it."""

    numbers = TaskNumbers

    title: Text
    text: LongText | None = None
    owner: Id = Field(description="Who is to do it.")
    due: When = Field(description=DUE)
    priority: Priority = "normal"
    asked_by: Id | None = Field(None, description="The person who wants it done.")
    customer: Id | None = Field(None, description="What it is about: it is in its timeline.")
    opportunity: Id | None = None
    order: Id | None = None
    checklist: Checklist = Field((), description="Steps that all have to be ticked.")

    def apart(self, load: Load, _: str) -> str:
        return assignee(load, self.owner).department

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Task = load(Task, self.id)
        if state.created is None:
            asked = self._new(load, at)
        else:
            load.event(Task, self.id, CREATED)  # so that the answer tells of it
            asked = replace(state.created, **self._told())
        for event in state.create(asked):
            yield self.stream, event

    def _new(self, load: Load, at: datetime) -> TaskCreated:
        who = assignee(load, self.owner)
        if self.asked_by is not None:
            registers.person(load, self.asked_by)
        about(load, self.customer, self.opportunity, self.order)
        settings, version = in_force(load, TaskSettings, at)
        remind_at = settings.remind_at(last_of(self.due), at)
        more: dict[str, Any] = {"remind_at": remind_at, "created_at": at, "settings": version}
        return TaskCreated(**self._told() | who._asdict() | more)

    def _told(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in (*DETAILS, "owner", "asked_by", "checklist")}
        return {**told, "due": last_of(self.due)}


class ChangeTaskDetails(Change, of=Task, when=_open):
    """Correct what a task is about; what is left out stays, and null clears it."""

    title: Kept[Text] = None
    text: LongText | None = None
    priority: Kept[Priority] = None
    customer: Id | None = None
    opportunity: Id | None = None
    order: Id | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Task = load(Task, self.id)
        told = self.told(*DETAILS)
        if {*NAMED} & told.keys():
            about(load, *(told.get(name, getattr(state.details, name)) for name in NAMED))
        for event in state.change(**told):
            yield self.stream, event


class RescheduleTask(Command, of=Task, when=_open):
    """Give a task another time by which it is due."""

    due: When = Field(description=DUE)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Task = load(Task, self.id)
        due = last_of(self.due)
        settings, version = in_force(load, TaskSettings, at)
        for event in state.reschedule(due, at, settings.remind_at(due, at), version):
            yield self.stream, event


class ReassignTask(Command, of=Task, when=_open):
    """Hand a task over to another person, who is reminded of it from then on."""

    owner: Id
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Task = load(Task, self.id)
        state.live()
        for event in state.reassign(assignee(load, self.owner), self.reason):
            yield self.stream, event


class OpenTaskCommand(Command):
    """What may be told of a task later than it was: an overdue mark in between does not count."""

    def follows(self, load: Load) -> datetime | None:
        state: Task = load(Task, self.id)
        return state.open_since


class ReportTaskProgress(OpenTaskCommand, of=Task, when=_open):
    """Tell how far a task is, in percent, and what there is to say."""

    percent: Annotated[Whole, Field(ge=0, le=100)]
    comment: LongText | None = None

    def decide(self, state: Task, at: datetime) -> Iterator[TaskEvent]:
        return state.report(self.percent, self.comment)


class TickTaskItem(Command, of=Task, when=lambda task: _open(task) and bool(task.checklist)):
    """Tick an item of a task's checklist, or take the tick back."""

    item: Annotated[Whole, Field(ge=1, le=50, description="Its number in the list, from 1.")]
    done: Truth = True

    def decide(self, state: Task, at: datetime) -> Iterator[TaskEvent]:
        return state.tick(self.item, done=self.done)


class CompleteTask(OpenTaskCommand, of=Task, when=lambda task: _open(task) and not task.unticked):
    """Say that a task is done, and what came of it."""

    result: LongText | None = None

    def decide(self, state: Task, at: datetime) -> Iterator[TaskEvent]:
        return state.complete(self.result, at)


class CancelTask(OpenTaskCommand, of=Task, when=_open):
    """Call a task off, and say why."""

    reason: Text

    def decide(self, state: Task, at: datetime) -> Iterator[TaskEvent]:
        return state.cancel(self.reason)


class ReopenTask(Command, of=Task, when=lambda task: not _open(task)):
    """Open a task again that was done or cancelled. It is due when it was."""

    reason: Text

    def decide(self, state: Task, at: datetime) -> Iterator[TaskEvent]:
        return state.reopen(self.reason, at)


class RemindOfTask(Command):
    """Remind the owner of a task that it will be due.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Task

    def decide(self, state: Task, at: datetime) -> Iterator[TaskEvent]:
        return state.remind(at)


class MarkTaskOverdue(Command):
    """Say that a task is due and not done.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Task

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Task = load(Task, self.id)
        settings, version = in_force(load, TaskSettings, at)
        next_at = state.due and settings.next_overdue(state.due, at, state.times_overdue + 1)
        for event in state.mark_overdue(at, next_at, version):
            yield self.stream, event


def about(load: Load, customer: str | None, opportunity: str | None, order: str | None) -> None:
    """Refuse to name what there is not, and what is of several customers."""
    registers.customer(load, customer)
    registers.opportunity(load, opportunity)
    registers.order(load, order)
    together(load, customer, opportunity=opportunity, order=order)
