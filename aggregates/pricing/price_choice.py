"""Which price list gives the price of a product: one rule, from what is told alone."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from aggregates.line_pricing import ListConsidered, ListOutcome
from aggregates.pricing.list_price import ListPriceSet, ListPriceVersion, QuantityBreak, price_for
from aggregates.pricing.terms import PriceListDetails
from aggregates.validity import not_valid


class OfferedPrice(NamedTuple):
    """A price list as it is, and what it says of the product on the day, if anything."""

    price_list: str
    version: int
    details: PriceListDetails
    closed: bool
    price: ListPriceVersion | None


class Wanted(NamedTuple):
    """So much of a product, to be paid in a currency."""

    product: str
    quantity: int
    unit: str
    currency: str


class PriceChoice(NamedTuple):
    """The price that was found, of which list, and every list that was looked at."""

    offered: OfferedPrice | None
    reached: QuantityBreak | None
    considered: tuple[ListConsidered, ...]

    @property
    def price(self) -> ListPriceSet | None:
        found = self.offered.price if self.offered else None
        return found if isinstance(found, ListPriceSet) else None


def choose_price(ranked: Iterable[OfferedPrice], wanted: Wanted, day: date) -> PriceChoice:
    """The price of the first list that has one.

    They are those for the customer, as he ranks them: nobody is told of lists for others.
    """
    chosen, reached, considered = None, None, list[ListConsidered]()
    for offer in ranked:
        outcome, found = _looked_at(offer, wanted, day)
        if outcome == "chosen" and chosen is None:
            chosen, reached = offer, found
        elif outcome == "chosen":
            outcome = "lower_priority"
        number = offer.price.number if offer.price else None
        considered.append(ListConsidered(offer.price_list, offer.version, number, outcome))
    return PriceChoice(chosen, reached, tuple(considered))


def _looked_at(
    offer: OfferedPrice, wanted: Wanted, day: date
) -> tuple[ListOutcome, QuantityBreak | None]:
    details, price = offer.details, offer.price
    if offer.closed:
        return "closed", None
    if why := not_valid(details.valid_from, details.valid_until, day):
        return why, None
    if details.currency != wanted.currency:
        return "other_currency", None
    if not isinstance(price, ListPriceSet):
        return "no_price", None
    if price.currency != wanted.currency:
        return "other_currency", None
    if price.unit != wanted.unit:
        return "other_unit", None
    found = price_for(price, wanted.quantity)
    return ("chosen", found) if found else ("quantity_too_small", None)
