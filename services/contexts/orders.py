"""Sales orders: drafted, approved with their stock, shipped and returned."""

from collections.abc import Iterator

from aggregates.orders.backlog import Backlog
from aggregates.orders.claim import (
    Claim,
    ClaimAccepted,
    ClaimFiled,
    ClaimRejected,
    ClaimReopened,
)
from aggregates.orders.delivering import DeliverySettings
from aggregates.orders.numbers import ClaimNumbers, OrderNumbers
from aggregates.orders.order import SalesOrder
from aggregates.orders.order.events import (
    OrderApprovalRefused,
    OrderRejected,
    OrderReservationLapsed,
)
from aggregates.orders.shipment import Shipment
from aggregates.orders.steps import OrderSteps
from commands.orders import (
    backlog,
    blocking,
    claim,
    deferral,
    exchange,
    order,
    shipment,
    steps,
    undone_return,
)
from projections.orders import backlog as backlog_record
from projections.orders import claim as claim_record
from projections.orders import order as order_record
from projections.orders import shipment as shipment_record
from services.contexts import Context
from services.notices.declared import Notice, NoticedEvent, Recipient, owner
from services.processes.orders import backorders, reservations


def whose_claim(noticed: NoticedEvent) -> Iterator[Recipient]:
    """Whose business it is, and the dealer whose goods they are."""
    yield from owner(noticed)
    filed = noticed.load(Claim, noticed.recorded.key).known()
    if filed.customer_kind == "dealer":
        yield Recipient("dealer", filed.customer)


orders = Context(
    "orders",
    kinds=(SalesOrder, Backlog, Shipment, Claim),
    commands=(order, deferral, blocking, backlog, exchange, shipment, steps, undone_return, claim),
    records=(
        order_record.record,
        backlog_record.record,
        shipment_record.record,
        claim_record.record,
    ),
    processes=(backorders.process, reservations.process),
    settings=(OrderNumbers, ClaimNumbers, OrderSteps, DeliverySettings),
    notices=(
        Notice("order-refused", (OrderRejected, OrderApprovalRefused), owner),
        Notice("reservation-lapsed", (OrderReservationLapsed,), owner),
        Notice("claim-filed", (ClaimFiled, ClaimReopened), owner),
        Notice("claim-settled", (ClaimAccepted, ClaimRejected), whose_claim),
    ),
)
