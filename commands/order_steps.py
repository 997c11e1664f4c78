"""Steps of an order that are signed: the next one waits for them, whoever asks it."""

from datetime import datetime

from aggregates import Refused
from aggregates.orders.order import SalesOrder
from aggregates.orders.order.events import OrderStepSigned
from aggregates.orders.steps import OrderSteps, SignedStep
from aggregates.orders.words import STEPS
from commands import Load
from commands.settings import in_force


class StepNotSigned(Refused):
    """A step waits until the one before it is signed."""


def signer_of(load: Load, step: SignedStep, at: datetime) -> str | None:
    """The role that signs a step; None where nobody has to."""
    role: str | None = getattr(in_force(load, OrderSteps, at).settings, step)
    return role


def waits_for(
    load: Load, order: str, step: SignedStep, shipment: str | None, at: datetime
) -> str | None:
    """The role whose signature is missing; None where the step is signed, or needs no signature."""
    role, state = signer_of(load, step, at), load(SalesOrder, order)
    signed = OrderStepSigned.under(step, shipment)
    return None if role is None or signed in state.signed else role


def must_be_signed(
    load: Load, order: str, step: SignedStep, shipment: str | None, at: datetime
) -> None:
    if (role := waits_for(load, order, step, shipment, at)) is not None:
        what = order if shipment is None else f"{order}, {shipment}"
        raise StepNotSigned(
            f"The {step} of {what} is not signed. Have the role {role} sign it first:"
            " sign-order-step.",
            f"{what} 的{STEPS[step]}环节尚未签核。请先由角色 {role} 签核：sign-order-step。",
        )
