"""By how much a shipment may differ from what was ordered."""

from dataclasses import dataclass
from typing import Annotated, Literal

from aggregates.line_pricing import WHOLE
from aggregates.marks import BasisPoints, between, names
from aggregates.settings import SettingsModel

ShareOfLine = Annotated[BasisPoints, between(0, WHOLE)]


@dataclass(frozen=True)
class DeliveryException:
    """What holds for a product, for customers of a kind, or for the product with these."""

    over_bp: ShareOfLine = 0
    under_bp: ShareOfLine = 0
    product: Annotated[str | None, names("product")] = None
    customer_kind: (
        Literal["dealer", "retailer", "wholesaler", "end_customer", "supplier"] | None
    ) = None

    def is_for(self, product: str, customer_kind: str) -> bool:
        return self.product in (None, product) and self.customer_kind in (None, customer_kind)


class DeliverySettings(SettingsModel, id="orders.deliveries"):
    """Shipments may bring `over_bp` more of a line than was ordered; a line is served by a
    shipment that leaves no more than `under_bp` of it. The first of `exceptions` that is for a line
    counts instead. Fractions of a unit are left out.
    """

    over_bp: ShareOfLine = 0
    under_bp: ShareOfLine = 0
    exceptions: tuple[DeliveryException, ...] = ()

    def shares(self, product: str, customer_kind: str) -> tuple[int, int]:
        """What holds for a line: how much more, and how much less."""
        every = (one for one in self.exceptions if one.is_for(product, customer_kind))
        share: DeliveryException | DeliverySettings = next(every, self)
        return share.over_bp, share.under_bp
