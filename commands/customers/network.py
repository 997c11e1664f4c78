"""What may be asked about where partners stand in the sales network."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pydantic import Field

from aggregates import Refused
from aggregates.customers.customer import Customer, PartnerPlaced
from aggregates.customers.customer.network import PartnerType
from aggregates.plain import circle
from commands import Command, Decision, Id, Load
from commands.naming import that_name

MOST_TIERS = 9


class NotPlaced(Refused):
    """A partner lies below one that is in the network itself."""


class TooManyTiers(Refused):
    """Nobody follows goods through more tiers than these."""


class PlacePartner(Command, of=Customer):
    """Say what a customer is in the sales network, and below whom; all below it go along.

    The tier follows: 1 where nobody is above, and else one more than that of the partner above.
    """

    partner_type: PartnerType
    parent: Id | None = Field(None, description="The partner above, who is in the network already.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        customer.known()
        tier, before = _tier_below(load, self.id, self.parent), customer.placed
        placed = PartnerPlaced(self.partner_type, self.parent, tier)
        if placed != before:
            yield self.stream, placed
            if before is not None and before.tier != tier:
                yield from _moved_along(load, self.id)


def _tier_below(load: Load, id: str, parent: str | None) -> int:
    """The tier of a partner who lies below that one, and has not come to lie below himself."""
    above, tier = parent, 1
    while above is not None:
        if above == id:
            raise circle(id)
        placed = load(Customer, above).placed
        if placed is None:
            raise NotPlaced(
                f"{above} is not in the sales network. Place it first: place-partner.",
                f"{above} 不在渠道网络中。请先用 place-partner 设置其位置。",
            )
        above, tier = placed.parent, tier + 1
    if tier > MOST_TIERS:
        raise TooManyTiers(
            f"{id} would be of tier {tier}, and {MOST_TIERS} are allowed. Name a higher partner.",
            f"{id} 将处于第 {tier} 级，最多允许 {MOST_TIERS} 级。请指定更高级的上级。",
        )
    return tier


def _moved_along(load: Load, id: str) -> Iterator[Decision]:
    """The partners right below, and all below them, with the tiers that they have now."""
    for one in that_name(load, Customer, id, Customer):
        below: Customer = load(Customer, one)
        if below.placed is not None and below.placed.parent == id:
            yield Customer.stream(one), replace(below.placed, tier=_tier_below(load, one, id))
            yield from _moved_along(load, one)
