"""Representatives: where they work, and since when they do not any more."""

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.organisation.rep import (
    PositionLeft,
    PositionTaken,
    Rep,
    RepHired,
    RepLeft,
    RepReturned,
    RepWithdrawn,
)
from aggregates.organisation.rep.assignments import (
    AssignmentBegan,
    AssignmentLapsed,
    AssignmentPlanned,
    PlannedAssignmentCancelled,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import (
    HIDES,
    INSTANT,
    OF_PERSON,
    Name,
    names,
    taking,
)
from projections.engine.scopes import PLACE


class PlannedAssignment(TypedDict):
    """What the person will do from a day on."""

    from_day: str
    department: str | None
    region: str | None
    position: str | None
    main: bool
    gives_up: str | None


class Row(NamedTuple):
    name: Annotated[Name | None, OF_PERSON] = None
    title: str | None = None
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    sells: Literal["yes", "no"] = "yes"
    positions: tuple[str, ...] = ()
    main_position: Annotated[str | None, names("position")] = None
    left: str | None = None
    hired_at: Annotated[int, INSTANT] = 0
    withdrawn: Annotated[str | None, HIDES] = None
    planned: tuple[PlannedAssignment, ...] = ()


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case RepWithdrawn(reason):
            return row._replace(withdrawn=reason)
        case RepHired():
            sells: Literal["yes", "no"] = "yes" if event.sells else "no"
            hired = taking(Row(), event, "sells")
            return hired._replace(sells=sells, hired_at=recorded.occurred_at)
        case RepLeft(reason):
            return row._replace(left=reason, positions=(), main_position=None, planned=())
        case PositionTaken(position, main):
            others = tuple(one for one in row.positions if one != position)
            now = position if main else row.main_position
            return row._replace(positions=(*others, position), main_position=now)
        case PositionLeft(position):
            left = tuple(one for one in row.positions if one != position)
            now = row.main_position if row.main_position != position else next(iter(left), None)
            return row._replace(positions=left, main_position=now)
        case AssignmentPlanned():
            plans = (*_without(row, event.from_day), _planned(event))
            return row._replace(planned=tuple(sorted(plans, key=lambda one: one["from_day"])))
        case PlannedAssignmentCancelled() | AssignmentBegan() | AssignmentLapsed():
            return row._replace(planned=_without(row, event.from_day))
        case RepReturned():
            return taking(row, event)._replace(left=None)
        case _:
            return taking(row, event)


def _without(row: Row, day: date) -> tuple[PlannedAssignment, ...]:
    return tuple(one for one in row.planned if one["from_day"] != day.isoformat())


def _planned(event: AssignmentPlanned) -> PlannedAssignment:
    return PlannedAssignment(
        from_day=event.from_day.isoformat(),
        department=event.department,
        region=event.region,
        position=event.position,
        main=event.main,
        gives_up=event.gives_up,
    )


scope = {**PLACE, "owner": "id"}
record = Record("reps", Rep, Row, fold, scope=scope)
