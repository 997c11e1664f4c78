"""Opportunities: where each deal stands, what it is worth and how it ended."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.opportunities.opportunity import (
    LostReason,
    Opportunity,
    OpportunityAdvanced,
    OpportunityDocumentAdded,
    OpportunityLost,
    OpportunityOpened,
    OpportunityWon,
)
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

Status = Literal["open", "won", "lost"]


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


def fold(row: Row, _: Recorded, event: Any) -> Row:
    match event:
        case OpportunityOpened():
            products = tuple(event.products or ())
            opened = micros(event.entered_at)
            begun = taking(row, event)._replace(products=products, opened_at=opened)
            return begun._replace(stage_since=opened)
        case OpportunityAdvanced(entered_at=entered):
            return taking(row, event)._replace(stage_since=micros(entered))
        case OpportunityWon():
            return taking(row, event)._replace(status="won")
        case OpportunityLost(reason=reason):
            return taking(row, event)._replace(status="lost", lost_reason=reason)
        case OpportunityDocumentAdded():  # its order is the one that it was won with
            return row
        case _:
            return taking(row, event)


scope = {"department": "department", "region": "region", "owner": "rep", "dealer": "customer"}
record = Record("opportunities", Opportunity, Row, fold, scope=scope)
