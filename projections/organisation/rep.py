"""Representatives: where they work, and since when they do not any more."""

from typing import Annotated, Any, NamedTuple

from aggregates.organisation.rep import Rep, RepHired, RepLeft, RepReturned, RepWithdrawn
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import HIDES, INDEXED, INSTANT, OF_PERSON, SEARCHED, taking


class Row(NamedTuple):
    name: Annotated[str | None, OF_PERSON, SEARCHED, INDEXED] = None
    title: str | None = None
    department: Annotated[str, INDEXED] = ""
    region: Annotated[str, INDEXED] = ""
    left: str | None = None
    hired_at: Annotated[int, INSTANT] = 0
    withdrawn: Annotated[str | None, HIDES] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case RepWithdrawn(reason):
            return row._replace(withdrawn=reason)
        case RepHired():
            return taking(Row(), event)._replace(hired_at=recorded.occurred_at)
        case RepLeft(reason):
            return row._replace(left=reason)
        case RepReturned():
            return taking(row, event)._replace(left=None)
        case _:
            return taking(row, event)


record = Record("reps", Rep, Row, fold)
