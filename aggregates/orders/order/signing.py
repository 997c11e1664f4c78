"""Which step of an order can be signed: one that it has reached."""

from collections.abc import Collection, Mapping
from typing import Protocol

from aggregates import Refused
from aggregates.orders.steps import OF_SHIPMENT, SignedStep
from aggregates.orders.words import STATES, STEPS


class StepNotReached(Refused):
    """What has not happened is not signed."""


class HasSteps(Protocol):
    @property
    def status(self) -> str: ...

    @property
    def shipments(self) -> Mapping[str, object]: ...

    @property
    def invoices(self) -> Mapping[str, str]: ...


def may_be_signed(order: HasSteps, step: SignedStep, shipment: str | None) -> None:
    if step not in OF_SHIPMENT:
        reached = shipment is None and order.status in PAYABLE
        wants, zh = "an approved order, and no shipment", "已批准的订单，且不填发货单"
    else:
        done: Collection[str] = order.shipments if step == "shipping" else order.invoices
        reached = shipment in done
        wants = "a shipment of the order that has left"
        wants, zh = wants + (" and is invoiced" if step == "invoice" else ""), "订单已发出的发货单"
        zh += "，且已开票" if step == "invoice" else ""
    if not reached:
        raise StepNotReached(
            f"To sign the {step} takes {wants}. Check the order: it is {order.status}.",
            f"签核{STEPS[step]}环节需要{zh}。请检查订单：其状态是“{STATES[order.status]}”。",
        )


PAYABLE = frozenset({"approved", "partly_shipped", "shipped"})
