"""What customers owe: invoiced, credited, written off and open, by the day it is due."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.receivables.invoice import InvoiceCredited, InvoiceIssued, InvoiceWrittenOff
from projections.engine import EventHeader, View
from projections.engine.figure import Figure


class Change(NamedTuple):
    customer: str
    customer_kind: str
    currency: str
    rep: str
    department: str
    region: str
    due: str
    invoiced: int = 0
    credited: int = 0
    written_off: int = 0
    open: int = 0


MEASURES = ("invoiced", "credited", "written_off", "open")


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case InvoiceIssued(amount=amount):
            yield _of(event, invoiced=amount, open=amount)
        case InvoiceCredited(amount=amount):
            yield _of(event, credited=amount, open=-amount)
        case InvoiceWrittenOff(amount=amount):
            yield _of(event, written_off=amount, open=-amount)


def _of(event: Any, **measures: int) -> Change:
    who = event.debtor
    return Change(
        who.customer,
        who.customer_kind,
        event.currency,
        who.rep,
        who.department,
        who.region,
        event.due.isoformat(),
        **measures,
    )


view = View(
    name="receivables",
    kinds=frozenset({"invoice"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("customer",), ("due",)),
    scope={"department": "department", "region": "region", "owner": "rep", "dealer": "customer"},
)


figure = Figure(
    "receivables",
    "/receivables",
    view,
    """What customers owe: invoiced, less what was credited and written off, is open.""",
    key=("customer", "currency"),
    days=True,
)
