"""Shares: which customers are shared, with whom, by whom, and until when."""

from typing import Annotated, Any, NamedTuple

from aggregates.customers.share import CustomerShared, Level, Share, ShareEnded
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import BLANK, INDEXED, INSTANT, names, taking
from projections.engine.scopes import BY_OWNER


class Row(NamedTuple):
    customer: Annotated[str, names("customer")] = ""
    with_person: Annotated[str | None, names("rep")] = None
    with_department: Annotated[str | None, names("department")] = None
    level: Annotated[Level, INDEXED] = BLANK
    until: Annotated[int | None, INSTANT] = None
    reason: str = ""
    shared_by: Annotated[str, names("account")] = ""
    shared_at: Annotated[int, INSTANT, INDEXED] = 0
    end_reason: str | None = None
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case CustomerShared(until=until):
            shared = taking(Row(), event, "until")
            shared = shared._replace(until=None if until is None else micros(until))
            return shared._replace(shared_by=recorded.actor, shared_at=recorded.occurred_at)
        case ShareEnded(reason):
            return row._replace(end_reason=reason)
    raise TypeError(f"{type(event).__name__} is no event of a share")


scope = {**BY_OWNER, "dealer": "customer"}
record = Record("shares", Share, Row, fold, scope=scope)
