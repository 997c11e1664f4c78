"""Quotations: what is offered to whom until when, how far it is, and every revision of it."""

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.pricing.quotation import Quotation
from aggregates.pricing.quotation.events import (
    QuotationAccepted,
    QuotationCancelled,
    QuotationContracted,
    QuotationDrafted,
    QuotationExpired,
    QuotationOrdered,
    QuotationRefused,
    QuotationRevised,
    QuotationSent,
    QuotationSentBack,
    QuotationSubmitted,
    QuotedLine,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import DAY, INDEXED, INSTANT, MONEY, names, plain, taking
from projections.engine.scopes import OF_CUSTOMER

QuotationStatus = Literal[
    "draft",
    "submitted",
    "sent",
    "accepted",
    "refused",
    "expired",
    "ordered",
    "contracted",
    "cancelled",
]
STATUS: dict[type[Any], QuotationStatus] = {
    QuotationSubmitted: "submitted",
    QuotationSentBack: "draft",
    QuotationSent: "sent",
    QuotationAccepted: "accepted",
    QuotationRefused: "refused",
    QuotationExpired: "expired",
    QuotationOrdered: "ordered",
    QuotationContracted: "contracted",
    QuotationCancelled: "cancelled",
}


class QuotationRevision(TypedDict):
    """What one revision offers, and what became of it."""

    revision: int
    revision_status: Literal[
        "draft",
        "submitted",
        "sent",
        "accepted",
        "refused",
        "expired",
        "ordered",
        "contracted",
        "cancelled",
        "superseded",
    ]
    amount: Annotated[int, MONEY]
    valid_until: date
    note: str | None
    lines: tuple[QuotedLine, ...]


class Row(NamedTuple):
    """`amount`, `valid_until`, `note` and `lines` are those of the newest revision."""

    customer: Annotated[str, names("customer")] = ""
    customer_kind: str = ""
    warehouse: Annotated[str, names("warehouse")] = ""
    status: Annotated[QuotationStatus, INDEXED] = "draft"
    revision: int = 0
    amount: Annotated[int, MONEY, INDEXED] = 0
    currency: str = ""
    valid_until: Annotated[str, DAY, INDEXED] = ""
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    opportunity: Annotated[str | None, names("opportunity")] = None
    order: Annotated[str | None, names("order")] = None
    contract: Annotated[str | None, names("contract")] = None
    reference: str | None = None
    reason: str | None = None
    note: str | None = None
    lines: tuple[QuotedLine, ...] = ()
    revisions: tuple[QuotationRevision, ...] = ()
    drafted_at: Annotated[int, INSTANT, INDEXED] = 0
    sent_at: Annotated[int | None, INSTANT, INDEXED] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case QuotationDrafted():
            drafted = taking(row, event)._replace(drafted_at=recorded.occurred_at)
            return _offering(drafted, 1, event)
        case QuotationRevised():
            before = row.revisions
            if event.supersedes is not None:
                before = _marked(before, "superseded")
            kept = tuple(one for one in before if one["revision"] != event.revision)
            fresh = row._replace(revisions=kept, reference=None, reason=None, sent_at=None)
            return _offering(taking(fresh, event), event.revision, event)
    status = STATUS[type(event)]
    told = taking(row, event, "amount", "content")
    moved = told._replace(status=status, revisions=_marked(row.revisions, status))
    return moved._replace(sent_at=recorded.occurred_at) if status == "sent" else moved


def _offering(row: Row, number: int, event: Any) -> Row:
    made: Any = {
        "revision": number,
        "revision_status": "draft",
        "amount": sum(line.amount for line in event.lines),
        "valid_until": plain(event.valid_until),
        "note": event.note,
        "lines": plain(event.lines),
    }
    told = {name: made[name] for name in ("revision", "amount", "valid_until", "note", "lines")}
    return row._replace(status="draft", revisions=(*row.revisions, made), **told)


def _marked(revisions: tuple[Any, ...], status: str) -> tuple[Any, ...]:
    """The newest one so, and the others as they were."""
    return *revisions[:-1], {**revisions[-1], "revision_status": status}


record = Record("quotations", Quotation, Row, fold, scope=OF_CUSTOMER)
