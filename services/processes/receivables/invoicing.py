"""Invoicing: for a company that wants it, shipments are invoiced and returns credited."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.orders.order import (
    OrderLossCredited,
    OrderReturned,
    OrderShipped,
    OrderStepSigned,
)
from commands import Command
from commands.receivables.credit_note import CreditReturn
from commands.receivables.invoice import InvoiceShipment
from infra.events import Recorded
from services.processes import Process

Heard = OrderShipped | OrderStepSigned | OrderReturned | OrderLossCredited


def react(recorded: Recorded, event: Heard) -> Iterator[Command]:
    match event:
        case OrderShipped(shipment):
            yield InvoiceShipment(id=recorded.key, shipment=shipment)
        case OrderStepSigned("shipping", shipment) if shipment is not None:
            yield InvoiceShipment(id=recorded.key, shipment=shipment)
        case OrderReturned(return_id):
            yield CreditReturn(id=recorded.key, return_id=return_id)
        case OrderLossCredited(loss):
            yield CreditReturn(id=recorded.key, loss=loss)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, InvoiceShipment) and command.shipment in state.invoices


process = Process("invoicing", get_args(Heard), react, idle)
