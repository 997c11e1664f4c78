"""Contracts: what is agreed with whom until when, and how much of each line is ordered."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.pricing.contract import Contract
from aggregates.pricing.contract.events import (
    ContractCancelled,
    ContractDrafted,
    ContractEnded,
    ContractFreed,
    ContractLine,
    ContractOrderDivided,
    ContractOrdered,
    ContractRevised,
    ContractSentBack,
    ContractSigned,
    ContractSubmitted,
    ContractTerminated,
    DrawnLine,
)
from aggregates.pricing.quotation_terms import QuotationTerm
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import DAY, INDEXED, INSTANT, MONEY, names, plain, taking
from projections.engine.scopes import OF_CUSTOMER

ContractStatus = Literal["draft", "submitted", "signed", "ended", "cancelled", "terminated"]
STATUS: dict[type[Any], ContractStatus] = {
    ContractSubmitted: "submitted",
    ContractSentBack: "draft",
    ContractSigned: "signed",
    ContractEnded: "ended",
    ContractCancelled: "cancelled",
    ContractTerminated: "terminated",
}


@dataclass(frozen=True)
class FollowedLine(ContractLine):
    """`quantity` is what is agreed of it."""

    ordered: int = 0
    left: int = 0


class ContractOrder(TypedDict):
    """What an order has of it."""

    order: Annotated[str, names("order")]
    lines: tuple[DrawnLine, ...]


class Row(NamedTuple):
    """`amount` is what is agreed, `ordered` and `left` are parts of it."""

    customer: Annotated[str, names("customer")] = ""
    customer_kind: str = ""
    warehouse: Annotated[str, names("warehouse")] = ""
    status: Annotated[ContractStatus, INDEXED] = "draft"
    revision: int = 0
    amount: Annotated[int, MONEY, INDEXED] = 0
    ordered: Annotated[int, MONEY] = 0
    left: Annotated[int, MONEY] = 0
    currency: str = ""
    valid_from: Annotated[str, DAY, INDEXED] = ""
    valid_until: Annotated[str, DAY, INDEXED] = ""
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    opportunity: Annotated[str | None, names("opportunity")] = None
    quotation: Annotated[str | None, names("quotation")] = None
    quotation_revision: int | None = None
    reference: str | None = None
    reason: str | None = None
    note: str | None = None
    terms: tuple[QuotationTerm, ...] = ()
    lines: tuple[FollowedLine, ...] = ()
    orders: tuple[ContractOrder, ...] = ()
    drafted_at: Annotated[int, INSTANT, INDEXED] = 0
    signed_at: Annotated[int | None, INSTANT, INDEXED] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case ContractDrafted():
            drafted = taking(row, event)._replace(revision=1, drafted_at=recorded.occurred_at)
            return _followed(drafted._replace(amount=sum(one.amount for one in event.lines)))
        case ContractRevised():
            revised = taking(row, event)._replace(status="draft", reason=None)
            return _followed(revised._replace(amount=sum(one.amount for one in event.lines)))
        case ContractOrdered() | ContractFreed():
            return _followed(_drawn(row, event.order, event.lines))
        case ContractOrderDivided():
            kept = _drawn(row, event.order, event.lines)
            return _followed(_drawn(kept, event.rest, event.left))
    status = STATUS[type(event)]
    moved = taking(row, event, "amount", "content")._replace(status=status)
    return moved._replace(signed_at=recorded.occurred_at) if status == "signed" else moved


def _drawn(row: Row, order: str, lines: tuple[DrawnLine, ...]) -> Row:
    others = tuple(one for one in row.orders if one["order"] != order)
    return row._replace(orders=(*others, ContractOrder(order=order, lines=plain(lines))))


def _followed(row: Row) -> Row:
    """With how much of each line is in orders."""
    ordered: dict[int, int] = {}
    for order in row.orders:
        for one in order["lines"]:
            ordered[one["line"]] = ordered.get(one["line"], 0) + one["quantity"]  # type: ignore[index]
    lines: list[Any] = []
    amount = 0
    for line in plain(row.lines):
        done = ordered.get(line["line"], 0)
        amount += line["amount"] * done // line["quantity"]
        lines.append({**line, "ordered": done, "left": line["quantity"] - done})
    return row._replace(lines=tuple(lines), ordered=amount, left=row.amount - amount)


record = Record("contracts", Contract, Row, fold, scope=OF_CUSTOMER)
"""How far each contract is."""
