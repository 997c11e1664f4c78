"""Credit notes: for which return or loss, and against which invoices."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.receivables.credit_note import (
    CreditedLine,
    CreditNote,
    CreditNoteCancelled,
    CreditNoteIssued,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, MONEY, names, taking
from projections.engine.scopes import OF_CUSTOMER


class Row(NamedTuple):
    order: Annotated[str, names("order")] = ""
    return_id: str | None = None
    loss: str | None = None
    customer: Annotated[str, names("customer")] = ""
    customer_kind: str = ""
    amount: Annotated[int, MONEY, INDEXED] = 0
    currency: str = ""
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    reason: str | None = None
    lines: tuple[CreditedLine, ...] = ()
    issued_at: Annotated[int, INSTANT, INDEXED] = 0
    status: Annotated[Literal["issued", "cancelled"], INDEXED] = "issued"


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    if isinstance(event, CreditNoteCancelled):
        return row._replace(status="cancelled", reason=event.reason)
    if not isinstance(event, CreditNoteIssued):
        raise TypeError(f"{type(event).__name__} is no event of a credit note")
    issued = taking(taking(row, event), event.debtor)
    return issued._replace(issued_at=recorded.occurred_at)


record = Record("credit_notes", CreditNote, Row, fold, scope=OF_CUSTOMER)
