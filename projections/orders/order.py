"""Sales orders: their lines, what they are worth, and how far they are."""

from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.marks import Money
from aggregates.orders.lines import OrderLine, ShippedLine
from aggregates.orders.order import (
    OrderApprovalRefused,
    OrderApproved,
    OrderCancelled,
    OrderClaimed,
    OrderClaimSettled,
    OrderCreditUndone,
    OrderDrafted,
    OrderExchanged,
    OrderInvoiced,
    OrderLossCredited,
    OrderLossUndone,
    OrderPicked,
    OrderRedrafted,
    OrderRejected,
    OrderReservationLapsed,
    OrderReturnCredited,
    OrderReturned,
    OrderReturnUndone,
    OrderShipped,
    OrderSignatureUndone,
    OrderSplit,
    OrderStepSigned,
    OrderSubmitted,
    SalesOrder,
)
from infra.clock import iso
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, MONEY, names, plain, taking
from projections.engine.scopes import OF_CUSTOMER

Status = Literal[
    "draft", "submitted", "approved", "rejected", "partly_shipped", "shipped", "cancelled"
]


class SentShipment(TypedDict):
    shipment: str
    lines: tuple[ShippedLine, ...]


Return = TypedDict("Return", {"return": str, "reason": str, "lines": tuple[ShippedLine, ...]})


class Exchange(TypedDict):
    exchange: str
    replacement: str
    returned: Money
    amount: Money
    difference: Money
    reason: str


class SignedOff(TypedDict):
    step: str
    shipment: str | None
    role: str | None
    note: str | None
    signed_by: str
    signed_at: str


class Row(NamedTuple):
    """`amount` is that of the lines; `shipped`, `returned` and `lost` are amounts as well.

    What is nested is kept as objects, with the fields that its type tells.
    """

    customer: Annotated[str, names("customer")] = ""
    customer_kind: str = ""
    warehouse: Annotated[str, names("warehouse")] = ""
    status: Annotated[Status, INDEXED] = "draft"
    amount: Annotated[int, MONEY, INDEXED] = 0
    shipped: Annotated[int, MONEY] = 0
    returned: Annotated[int, MONEY] = 0
    lost: Annotated[int, MONEY] = 0
    currency: str = ""
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    opportunity: Annotated[str | None, names("opportunity")] = None
    split_from: Annotated[str | None, names("order")] = None
    quotation: Annotated[str | None, names("quotation")] = None
    quotation_revision: int | None = None
    exchange_of: Annotated[str | None, names("order")] = None
    contract: Annotated[str | None, names("contract")] = None
    reason: str | None = None
    lines: tuple[OrderLine, ...] = ()
    shipments: tuple[SentShipment, ...] = ()
    returns: tuple[Return, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    signatures: tuple[SignedOff, ...] = ()
    drafted_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case OrderDrafted():
            drafted = taking(row, event)._replace(drafted_at=recorded.occurred_at)
            return _lined(drafted, "draft", event.lines)
        case OrderRedrafted():
            return _lined(row, "draft", event.lines)._replace(reason=None, signatures=())
        case OrderSplit():
            return _lined(row, "submitted", event.lines)
        case OrderSubmitted() | OrderReservationLapsed():
            return row._replace(status="submitted", reason=None)
        case OrderApprovalRefused() | OrderClaimed() | OrderClaimSettled():
            return row
        case OrderApproved():
            return row._replace(status="approved")
        case OrderRejected(reason) | OrderCancelled(reason):
            status: Status = "rejected" if isinstance(event, OrderRejected) else "cancelled"
            return row._replace(status=status, reason=reason)
        case OrderShipped():
            status = "shipped" if event.complete else "partly_shipped"
            sent = SentShipment(shipment=event.shipment, lines=plain(event.lines))
            shipped = row.shipped + _amount(event.lines)
            return row._replace(status=status, shipped=shipped, shipments=(*row.shipments, sent))
        case OrderReturned() | OrderReturnUndone():
            return _returned(row, event)
        case OrderExchanged():
            made = Exchange(
                exchange=event.exchange,
                replacement=event.replacement,
                returned=event.returned,
                amount=event.amount,
                difference=event.difference,
                reason=event.reason,
            )
            return row._replace(exchanges=(*row.exchanges, made))
        case OrderLossCredited() | OrderLossUndone():
            sign = 1 if isinstance(event, OrderLossCredited) else -1
            return row._replace(lost=row.lost + sign * _amount(event.lines))
        case OrderStepSigned() | OrderSignatureUndone():
            return row._replace(signatures=_signatures(row, recorded, event))
        case OrderInvoiced() | OrderReturnCredited() | OrderCreditUndone() | OrderPicked():
            return row
    raise TypeError(f"{type(event).__name__} is no event of an order")


def _returned(row: Row, event: OrderReturned | OrderReturnUndone) -> Row:
    if isinstance(event, OrderReturnUndone):
        kept = tuple(one for one in row.returns if one["return"] != event.return_id)
        return row._replace(returned=row.returned - _amount(event.lines), returns=kept)
    back: Return = {
        "return": event.return_id,
        "reason": event.reason,
        "lines": plain(event.lines),
    }
    returned = row.returned + _amount(event.lines)
    return row._replace(returned=returned, returns=(*row.returns, back))


def _lined(row: Row, status: Status, lines: Any) -> Row:
    return row._replace(status=status, lines=plain(lines), amount=_amount(lines))


def _signatures(
    row: Row, recorded: Recorded, event: OrderStepSigned | OrderSignatureUndone
) -> tuple[SignedOff, ...]:
    if isinstance(event, OrderSignatureUndone):
        undone = event.step, event.shipment
        return tuple(one for one in row.signatures if (one["step"], one["shipment"]) != undone)
    signed = SignedOff(
        step=event.step,
        shipment=event.shipment,
        role=event.role,
        note=event.note,
        signed_by=recorded.actor,
        signed_at=iso(recorded.occurred_at),
    )
    return *row.signatures, signed


def _amount(lines: Any) -> int:
    return sum(line.amount for line in lines)


record = Record("orders", SalesOrder, Row, fold, scope=OF_CUSTOMER)
