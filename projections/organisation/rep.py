"""Representatives: where they work, and since when they do not any more."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.organisation.rep import (
    PositionLeft,
    PositionTaken,
    Rep,
    RepHired,
    RepLeft,
    RepReturned,
    RepWithdrawn,
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


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case RepWithdrawn(reason):
            return row._replace(withdrawn=reason)
        case RepHired():
            sells: Literal["yes", "no"] = "yes" if event.sells else "no"
            hired = taking(Row(), event, "sells")
            return hired._replace(sells=sells, hired_at=recorded.occurred_at)
        case RepLeft(reason):
            return row._replace(left=reason, positions=(), main_position=None)
        case PositionTaken(position, main):
            others = tuple(one for one in row.positions if one != position)
            now = position if main else row.main_position
            return row._replace(positions=(*others, position), main_position=now)
        case PositionLeft(position):
            left = tuple(one for one in row.positions if one != position)
            now = row.main_position if row.main_position != position else next(iter(left), None)
            return row._replace(positions=left, main_position=now)
        case RepReturned():
            return taking(row, event)._replace(left=None)
        case _:
            return taking(row, event)


scope = {"department": "department", "region": "region", "owner": "id"}
record = Record("reps", Rep, Row, fold, scope=scope)
