"""Where a dealer, an agent or a shop stands in the sales network: below whom, and as what."""

from typing import Annotated, Literal

from aggregates import Event
from aggregates.marks import names

PartnerType = Literal["dealer", "agent", "wholesaler", "supermarket", "direct_store", "consignment"]


class PartnerPlaced(Event):
    """`tier` is one more than that of the partner above; who has none above him is of tier 1."""

    partner_type: PartnerType
    parent: Annotated[str | None, names("customer")]
    tier: int
