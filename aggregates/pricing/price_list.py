"""A price list says for whom its prices are, in which currency, and on which days."""

from dataclasses import dataclass
from typing import ClassVar

from aggregates import Event
from aggregates.plain import Closed, Events, Plain, Registered, Withdrawn
from aggregates.pricing.terms import PriceListDetails


class PriceListRegistered(PriceListDetails, Registered, Event):
    pass


class PriceListChanged(PriceListDetails, Event):
    pass


class PriceListClosed(Closed, Event):
    pass


class PriceListReopened(Event):
    pass


class PriceListWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class PriceList(Plain[PriceListDetails]):
    """Of the lists that hold for a customer, the one with the highest priority counts."""

    kind: ClassVar[str] = "price_list"
    plural = "price_lists"
    noun = ("price list", "价格表")
    details = PriceListDetails
    events = Events(
        *(PriceListRegistered, PriceListChanged, PriceListClosed),
        *(PriceListReopened, PriceListWithdrawn),
    )
