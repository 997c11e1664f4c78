"""Which step of an order can be signed: one that it has reached."""

from collections.abc import Collection, Mapping
from typing import Protocol

from aggregates import Refused, Unknown
from aggregates.orders.steps import OF_SHIPMENT, SignedStep
from aggregates.orders.words import STATES, STEPS


class StepNotReached(Refused):
    """What has not happened is not signed."""


class GoneOn(Refused):
    """A signature that something rests on is not taken back."""


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


def refuse_if_gone_on(order: HasSteps, step: SignedStep, shipment: str | None) -> None:
    """Refuse where what waited for the signature went on: nothing waits for that of an invoice."""
    if step == "payment" and order.shipments:
        what, zh = f"shipment {next(iter(order.shipments))} has left", "货物已经发出"
    elif step == "shipping" and (invoice := order.invoices.get(shipment or "")):
        what, zh = f"invoice {invoice} is issued", f"发票 {invoice} 已开具"
    else:
        return
    raise GoneOn(
        f"The {step} of the order stays signed: {what} on it. Put that right itself: return-order"
        " takes goods back.",
        f"{STEPS[step]}环节的签核不能撤销：{zh}。请直接更正后续事项：退货用 return-order。",
    )


def not_signed(step: SignedStep, shipment: str | None) -> Unknown:
    what = step if shipment is None else f"{step} of {shipment}"
    return Unknown(
        f"The {what} is not signed. GET /orders/{{id}} lists what is, in `signatures`.",
        f"{STEPS[step]}环节尚未签核。GET /orders/{{id}} 的 `signatures` 列出已有签核。",
    )


PAYABLE = frozenset({"approved", "partly_shipped", "shipped"})
