"""Representatives: where they work, and since when they do not any more."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.organisation.rep import Rep, RepHired, RepLeft, RepReturned, RepWithdrawn
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
            return row._replace(left=reason)
        case RepReturned():
            return taking(row, event)._replace(left=None)
        case _:
            return taking(row, event)


scope = {"department": "department", "region": "region", "owner": "id"}
record = Record("reps", Rep, Row, fold, scope=scope)
