"""Handovers: who gave what to whom, why, and whether it was taken back."""

from typing import Annotated, Any, NamedTuple

from aggregates.customers.handover import Handover, HandoverMade, HandoverUndone
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names, taking
from projections.engine.scopes import BY_REP


class Row(NamedTuple):
    rep: Annotated[str, names("rep")] = ""
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    reason: str = ""
    customers: tuple[str, ...] = ()
    opportunities: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    appointments: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    leads_left: tuple[str, ...] = ()
    made_at: Annotated[int, INSTANT, INDEXED] = 0
    undone: str | None = None
    kept: tuple[str, ...] = ()


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case HandoverMade():
            return taking(row, event)._replace(made_at=recorded.occurred_at)
        case HandoverUndone(reason, kept):
            return row._replace(undone=reason, kept=kept)
    raise TypeError(f"{type(event).__name__} is no event of a handover")


record = Record("handovers", Handover, Row, fold, scope=BY_REP)
