"""Claims: what is wrong with goods that were delivered, since when, and what was given for it."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.orders.claim import (
    Claim,
    ClaimAccepted,
    ClaimFiled,
    ClaimReopened,
    Fault,
    Remedy,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names, taking
from projections.engine.scopes import OF_CUSTOMER

ClaimStatus = Literal["open", "accepted", "rejected"]


class Row(NamedTuple):
    """`rejection` says why nothing is given, `reopening` why what was given was taken back;
    `given` is the loss, return or exchange of the order that it is.
    """

    order: Annotated[str, names("order")] = ""
    customer: Annotated[str, names("customer")] = ""
    customer_kind: str = ""
    shipment: str = ""
    line: int = 0
    item: Annotated[str, names("product")] = ""
    quantity: int = 0
    fault: Fault = "other"
    reason: str = ""
    status: Annotated[ClaimStatus, INDEXED] = "open"
    remedy: Remedy | None = None
    replacement: Annotated[str | None, names("order")] = None
    given: str | None = None
    rejection: str | None = None
    reopening: str | None = None
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    filed_at: Annotated[int, INSTANT, INDEXED] = 0
    settled_at: Annotated[int | None, INSTANT, INDEXED] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    if isinstance(event, ClaimFiled):
        return taking(row, event)._replace(filed_at=recorded.occurred_at)
    if isinstance(event, ClaimReopened):
        back = row._replace(status="open", remedy=None, replacement=None, given=None)
        return back._replace(reopening=event.reason, settled_at=None)
    settled = row._replace(settled_at=recorded.occurred_at)
    if isinstance(event, ClaimAccepted):
        return taking(settled, event)._replace(status="accepted")
    return settled._replace(status="rejected", rejection=event.reason)


record = Record("claims", Claim, Row, fold, scope=OF_CUSTOMER)
