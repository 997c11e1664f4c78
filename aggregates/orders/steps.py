"""Which steps of an order somebody signs before the next one may go on."""

from typing import Annotated, Literal

from aggregates.marks import names
from aggregates.settings import SettingsModel

SignedStep = Literal["payment", "shipping", "invoice"]
OF_SHIPMENT: tuple[SignedStep, ...] = ("shipping", "invoice")
"""Signed for each shipment; the payment is signed for the order."""
Signer = Annotated[str | None, names("role")]


class OrderSteps(SettingsModel, id="orders.steps"):
    """Whoever has the role `payment` signs what is paid, or agreed, before an approved order
    ships; `shipping` each shipment before it is invoiced; `invoice` its invoice, the last step. A
    step without a role needs no signature.
    """

    payment: Signer = None
    shipping: Signer = None
    invoice: Signer = None
