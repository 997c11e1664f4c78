"""Tasks: one owner each, open until they are done or cancelled, and reminded of until then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scenario import NOON, World, given

from aggregates import OutOfOrder, ReferenceTaken, Unknown
from aggregates.fieldwork.planning import TaskSettings
from aggregates.fieldwork.task import Task
from aggregates.fieldwork.task.events import (
    TaskCompleted,
    TaskCreated,
    TaskItemTicked,
    TaskOverdue,
    TaskProgressReported,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskRescheduled,
)
from aggregates.fieldwork.task.refusals import (
    ChecklistOpen,
    DueInThePast,
    NoSuchItem,
    TaskEnded,
    TaskStillOpen,
)
from commands import registers
from commands.fields import Begun
from commands.fieldwork.task import (
    CancelTask,
    ChangeTaskDetails,
    CompleteTask,
    CreateTask,
    MarkTaskOverdue,
    ReassignTask,
    RemindOfTask,
    ReopenTask,
    ReportTaskProgress,
    RescheduleTask,
    TickTaskItem,
)
from commands.organisation.rep import DismissRep, HireRep
from commands.organisation.settings import ChangeSettings

DAY = timedelta(days=1)
DUE = NOON + 3 * DAY
WHO = "li", "sales", "east"
created = TaskCreated(
    "Call",
    None,
    *WHO,
    None,
    DUE,
    "normal",
    *(None, None, None),
    (),
    DUE - DAY,
    NOON,
    None,
)
done = TaskCompleted(*WHO, DUE, overdue=False, late=False, result=None)


def overdue(times: int, next_at: datetime | None = None) -> TaskOverdue:
    return TaskOverdue(*WHO, "Call", DUE, times, next_at or DUE + times * DAY, None)


def company() -> World:
    world = World()
    for person, department in (("li", "sales"), ("wu", "service")):
        world.ask(HireRep(id=person, name=person, department=department, region="east"))
    return world


def create(**more: Any) -> CreateTask:
    return CreateTask(**{"id": "T", "title": "Call", "owner": "li", "due": DUE, **more})


def test_a_task_is_its_owners_where_that_person_works() -> None:
    assert company().ask(create()) == (created,)


def test_a_task_may_be_due_at_the_end_of_a_day() -> None:
    asked = CreateTask.model_validate(
        {"id": "T", "title": "Call", "owner": "li", "due": "2026-03-05"}
    )
    assert isinstance(asked.due, Begun)
    (event,) = company().ask(asked)
    assert event == replace(
        created, due=datetime(2026, 3, 5, 15, 59, 59, 999999, tzinfo=UTC), remind_at=event.remind_at
    )


def test_nobody_has_a_task_who_does_not_work_here() -> None:
    world = company()
    world.refuses(create(owner="zhao"), Unknown)
    world.ask(DismissRep(id="wu", reason="retired"))
    world.refuses(create(owner="wu"), Unknown)
    world.refuses(create(asked_by="wu"), Unknown)


def test_nothing_is_asked_for_by_a_time_that_has_passed() -> None:
    company().refuses(create(due=NOON), DueInThePast)
    given(created).when(RescheduleTask(id="T", due=NOON)).refused(DueInThePast)


def test_a_task_names_only_what_there_is() -> None:
    registers.use(checked=True)
    try:
        for name in ("customer", "opportunity", "order"):
            company().refuses(create(**{name: "X"}), Unknown)
            given(created).when(ChangeTaskDetails(id="T", **{name: "X"})).refused(Unknown)
    finally:
        registers.use(checked=False)


def test_a_task_is_reminded_of_once_before_it_is_due() -> None:
    remind = RemindOfTask(id="T")
    reminded = TaskReminded("li", "Call", DUE)
    given(created).when(remind, at=DUE - 2 * DAY).then()
    given(created).when(remind, at=DUE - DAY).then(reminded)
    given(created, reminded).when(remind, at=DUE - DAY).then()
    given(created).when(remind, at=DUE).then()
    given(created, done).when(remind, at=DUE - DAY).then()


def test_an_open_task_is_overdue_when_it_is_due_and_again_each_day() -> None:
    mark = MarkTaskOverdue(id="T")
    given(created).when(mark, at=DUE - DAY).then()
    given(created).when(mark, at=DUE).then(overdue(1))
    given(created, overdue(1)).when(mark, at=DUE + DAY / 2).then()
    given(created, overdue(1)).when(mark, at=DUE + DAY).then(overdue(2))
    given(created, overdue(1), done).when(mark, at=DUE + DAY).then()


def test_after_a_standstill_it_is_overdue_once_and_then_again_at_its_time_of_day() -> None:
    late = DUE + 7 * DAY + timedelta(hours=5)
    mark = MarkTaskOverdue(id="T")
    given(created).when(mark, at=late).then(overdue(1, DUE + 8 * DAY))


def test_how_often_it_is_overdue_again_is_the_companys_to_say() -> None:
    settings = TaskSettings(repeat_days=3, repeats=2)
    at = [DUE + n * DAY for n in (0, 3, 6)]
    following = [settings.next_overdue(DUE, one, times) for times, one in enumerate(at, 1)]
    assert following == [DUE + 3 * DAY, DUE + 6 * DAY, None]
    assert TaskSettings(remind_hours=None).remind_at(DUE, NOON) is None
    assert settings.remind_at(NOON + DAY / 2, NOON) is None


def test_an_overdue_mark_goes_by_the_settings_of_its_day() -> None:
    world = company()
    world.ask(create())
    change = ChangeSettings(
        id="fieldwork.tasks", values={"repeat_days": 5}, valid_from=DUE + DAY, reason="less noise"
    )
    world.ask(change)
    mark = MarkTaskOverdue(id="T")
    assert world.ask(mark, at=DUE) == (overdue(1),)
    (second,) = world.ask(mark, at=DUE + DAY)
    assert second == replace(overdue(2), next_at=DUE + 5 * DAY, settings="fieldwork.tasks:1")


def test_a_task_that_is_due_later_is_overdue_no_more() -> None:
    later = DUE + 4 * DAY
    world = company()
    world.ask(create(), MarkTaskOverdue(id="T"), at=NOON)
    world.ask(MarkTaskOverdue(id="T"), at=DUE)
    (moved,) = world.ask(RescheduleTask(id="T", due=later), at=DUE + DAY)
    assert moved == TaskRescheduled(*WHO, DUE, later, later - DAY, overdue=True, settings=None)
    assert world.ask(MarkTaskOverdue(id="T"), at=DUE + 2 * DAY) == ()


def test_a_task_is_handed_over_to_where_the_other_person_works() -> None:
    world = company()
    world.ask(create())
    (moved,) = world.ask(ReassignTask(id="T", owner="wu", reason="ill"))
    assert moved == TaskReassigned(*WHO, "wu", "service", "east", overdue=False, reason="ill")
    world.refuses(ReassignTask(id="T", owner="zhao", reason="ill"), Unknown)


def test_a_task_that_is_done_late_says_so() -> None:
    complete = CompleteTask(id="T")
    given(created, overdue(1)).when(complete, at=DUE + DAY).then(
        replace(done, overdue=True, late=True)
    )


def test_a_task_may_be_told_to_be_done_in_time_after_it_was_marked_as_overdue() -> None:
    """The mark is no obstacle, as nobody had told of it yet."""
    assert TaskCompleted.anytime
    given(created, overdue(1)).when(CompleteTask(id="T"), at=DUE - DAY).then(
        replace(done, overdue=True)
    )
    given(created).when(CompleteTask(id="T"), at=NOON - DAY).refused(OutOfOrder)
    given(created).when(CancelTask(id="T", reason="moot"), at=NOON - DAY).refused(OutOfOrder)


def test_what_has_ended_stays_until_it_is_reopened() -> None:
    for command in (
        ChangeTaskDetails(id="T", title="Ask"),
        RescheduleTask(id="T", due=DUE + DAY),
        ReassignTask(id="T", owner="wu", reason="ill"),
        ReportTaskProgress(id="T", percent=50),
        TickTaskItem(id="T", item=1),
        CancelTask(id="T", reason="moot"),
    ):
        world = company()
        world.ask(create(), CompleteTask(id="T"))
        world.refuses(command, TaskEnded)
    reopen = ReopenTask(id="T", reason="again")
    given(created).when(reopen).refused(TaskStillOpen)
    reopened = TaskReopened(*WHO, DUE, "done", late=False, reason="again", reopened_at=NOON)
    given(created, done).when(reopen).then(reopened)
    given(created, done, reopened).when(reopen).then()
    given(created, done, reopened).when(CompleteTask(id="T")).then(done)


def test_a_result_is_not_replaced_by_another() -> None:
    ended = replace(done, result="sold")
    given(created, ended).when(CompleteTask(id="T", result="sold")).then()
    given(created, ended).when(CompleteTask(id="T", result="lost")).refused(ReferenceTaken)


def test_a_task_is_done_when_its_whole_checklist_is() -> None:
    listed = replace(created, checklist=("look", "ask"))
    first = TaskItemTicked(1, done=True)
    said = World({"task-T": (listed, first)}).refuses(CompleteTask(id="T"), ChecklistOpen)
    assert "1 of 2 items are open: ask." in said
    given(listed, first, TaskItemTicked(2, done=True)).when(CompleteTask(id="T")).then(done)
    given(listed, first).when(TickTaskItem(id="T", item=1, done=False)).then(
        TaskItemTicked(1, done=False)
    )
    given(listed).when(TickTaskItem(id="T", item=3)).refused(NoSuchItem)
    given(created).when(TickTaskItem(id="T", item=1)).refused(NoSuchItem)


def test_progress_is_told_in_percent_and_words() -> None:
    report = ReportTaskProgress(id="T", percent=40, comment="called twice")
    told = TaskProgressReported("li", 40, "called twice")
    given(created).when(report).then(told)
    given(created, told).when(report).then()


@pytest.mark.parametrize("command", [CompleteTask(id="T"), ReopenTask(id="T", reason="x")])
def test_what_was_never_created_cannot_end(command: Any) -> None:
    World().refuses(command, Unknown)
    assert not Task().exists
