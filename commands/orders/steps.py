"""What may be asked about the steps of an order that somebody signs."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from pydantic import Field

from aggregates import Refused, again
from aggregates.orders.order import OrderSignatureUndone, OrderStepSigned, SalesOrder
from aggregates.orders.order.signing import PAYABLE
from aggregates.orders.steps import SignedStep
from aggregates.orders.words import STEPS
from commands import Command, Decision, Id, Load, Text
from commands.approvals.identities import ROLE, may_sign_as, of
from commands.authorisation import rights_now
from commands.order_steps import signer_of
from commands.receivables.deliveries import sent_at
from commands.taken_back import is_taken_back


class NotTheirStep(Refused):
    """A step is signed by whom the company names."""


class NobodySigns(Refused):
    """Only what the company has signed is."""


class SignOrderStep(Command, of=SalesOrder, when=lambda order: order.status in PAYABLE):
    """Sign a step of an order, so that the next may go on: its payment, one of its shipments, or
    the invoice of one. Who may is said in the settings `orders.steps`.
    """

    step: SignedStep
    shipment: Id | None = Field(None, description="Of a shipment, or of its invoice: which one.")
    note: Text | None = None

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        """Only where the company has steps signed."""
        signed = (signer_of(load, step, at) for step in get_args(SignedStep))
        return super().possible(load, id, at) and any(signed)

    def follows(self, load: Load) -> datetime | None:
        if self.shipment is not None:
            return sent_at(self.id, self.shipment, load)
        return load.latest(SalesOrder, self.id)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        role = signer_of(load, self.step, at)
        for event in order.sign(self.step, self.shipment, role, self.note):
            if role is None:
                raise NobodySigns(
                    f"Nobody signs the {self.step} of orders here. Go on with the order, or name a"
                    " role in the settings orders.steps.",
                    f"本公司的订单无需签核{STEPS[self.step]}环节。请继续处理订单，"
                    "或在设置 orders.steps 中指定角色。",
                )
            if rights_now(load, load.actor) is not None:
                _refuse_others(load, self.step, role)
            yield from self.in_order(event, at, load)


class UndoStepSignature(Command, of=SalesOrder, when=lambda order: bool(order.signed)):
    """Take back the signature of a step that was signed by mistake, while nothing has gone on by
    it: the step waits for whoever signs it.
    """

    step: SignedStep
    shipment: Id | None = Field(None, description="Of a shipment, or of its invoice: which one.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        what = self.step, self.shipment
        key = OrderStepSigned.under(*what)
        times = order.signings.get(key, 0)
        if key not in order.signed and times:
            undoing = OrderSignatureUndone.under(*what, again(times - 1))
            if is_taken_back(load, SalesOrder, self.id, undoing, self.reason):
                return
        for event in order.undo_signature(*what, self.reason):
            role = order.signed[key].role
            if role is not None and rights_now(load, load.actor) is not None:
                _refuse_others(load, self.step, role)
            yield self.stream, event


def _refuse_others(load: Load, step: SignedStep, role: str) -> None:
    if of(ROLE, role) not in may_sign_as(load, load.actor):
        raise NotTheirStep(
            f"The {step} of an order is signed by the role {role}. Ask somebody who has it.",
            f"订单的{STEPS[step]}环节由角色 {role} 签核。请由具有该角色的人员签核。",
        )
