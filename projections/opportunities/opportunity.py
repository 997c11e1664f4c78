"""Opportunities: where each deal stands, what it is worth and how it ended."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.opportunities.opportunity import (
    LostReason,
    Opportunity,
    OpportunityAdvanced,
    OpportunityCorrected,
    OpportunityDocumentAdded,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
    StageTaskCompleted,
    StageTaskReopened,
)
from aggregates.opportunities.stage_tasks import Gate, StageTask
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import (
    BY_READING,
    DAY,
    INDEXED,
    INSTANT,
    MONEY,
    SEARCHED,
    names,
    taking,
)
from projections.engine.scopes import OF_CUSTOMER

Status = Literal["open", "won", "lost"]


class TaskOfStage(TypedDict):
    stage: str
    stage_task: str
    title: str
    milestone: bool
    done: bool
    result: str | None


class Row(NamedTuple):
    title: Annotated[str, SEARCHED, BY_READING] = ""
    customer: Annotated[str, names("customer")] = ""
    customer_kind: str | None = None
    source: str | None = None
    products: tuple[str, ...] = ()
    pipeline: Annotated[str, INDEXED] = ""
    stage: Annotated[str, INDEXED] = ""
    stage_since: Annotated[int, INSTANT, INDEXED] = 0
    status: Annotated[Status, INDEXED] = "open"
    amount: Annotated[int, MONEY, INDEXED] = 0
    currency: str = ""
    expected_close: Annotated[str | None, DAY, INDEXED] = None
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    order: Annotated[str | None, names("order")] = None
    lost_reason: LostReason | None = None
    opened_at: Annotated[int, INSTANT, INDEXED] = 0
    deal_type: Annotated[str | None, INDEXED] = None
    gate: Gate = "free"
    tasks: tuple[TaskOfStage, ...] = ()


def fold(row: Row, _: Recorded, event: Any) -> Row:
    match event:
        case OpportunityOpened():
            products = tuple(event.products or ())
            opened = micros(event.entered_at)
            begun = taking(row, event)._replace(products=products, opened_at=opened)
            return begun._replace(stage_since=opened, tasks=_tasks(event.tasks))
        case OpportunityCorrected(pipeline=pipeline) if pipeline != row.pipeline:
            return taking(row, event)._replace(tasks=_tasks(event.tasks))
        case OpportunityCorrected():
            return taking(row, event, "tasks")
        case StageTaskCompleted(task, result=result):
            return row._replace(tasks=_told(row.tasks, task, done=True, result=result))
        case StageTaskReopened(task):
            return row._replace(tasks=_told(row.tasks, task, done=False, result=None))
        case OpportunityAdvanced(entered_at=entered):
            return taking(row, event)._replace(stage_since=micros(entered))
        case OpportunityWon():
            return taking(row, event)._replace(status="won")
        case OpportunityLost(reason=reason):
            return taking(row, event)._replace(status="lost", lost_reason=reason)
        case OpportunityReopened():
            return row._replace(status="open", order=None, lost_reason=None)
        case OpportunityDocumentAdded():  # its order is the one that it was won with
            return row
        case _:
            return taking(row, event)


def _tasks(tasks: Iterable[StageTask] | None) -> tuple[TaskOfStage, ...]:
    return tuple(
        TaskOfStage(
            stage=one.stage,
            stage_task=one.stage_task,
            title=one.title,
            milestone=one.milestone,
            done=False,
            result=None,
        )
        for one in tasks or ()
    )


def _told(
    tasks: Iterable[TaskOfStage], task: str, *, done: bool, result: str | None
) -> tuple[TaskOfStage, ...]:
    """One of them is done now, or is not after all."""
    found = []
    for one in tasks:
        if one["stage_task"] == task:
            one = one.copy()
            one["done"], one["result"] = done, result
        found.append(one)
    return tuple(found)


record = Record("opportunities", Opportunity, Row, fold, scope=OF_CUSTOMER)
