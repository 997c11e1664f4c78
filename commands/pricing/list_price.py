"""What may be asked about the prices of a price list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Refused
from aggregates.calendar import business_day
from aggregates.catalog.product import Product
from aggregates.pricing.list_price import (
    ListPrice,
    ListPriceRemoved,
    ListPriceSet,
    QuantityBreak,
)
from aggregates.pricing.price_list import PriceList
from commands import Amount, Command, Currency, Day, Decision, Id, Load, Quantity, registers

SINCE = Field(None, description="The day from which it counts: today, unless told otherwise.")


class OtherCurrency(Refused):
    """All prices of a list are in its currency."""


class PriceBreak(BaseModel):
    """The price of one unit for whoever takes this quantity or more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: Quantity = 1
    unit_price: Amount


Breaks = Annotated[tuple[PriceBreak, ...], Field(min_length=1, max_length=50)]


class ListPriceCommand(Command):
    """A request about one product on one list; both together are the price's id."""

    # A class variable is no field: nobody is asked for an id that follows from the rest.
    id: ClassVar[Any] = property(lambda self: ListPrice.id_of(self.price_list, self.product))  # type: ignore[misc]
    goes_on: ClassVar[bool] = True

    price_list: Id
    product: Id
    valid_from: Day | None = SINCE


class SetListPrice(ListPriceCommand, of=ListPrice):
    """Set what a product costs by a price list, by the quantity that is taken.

    Earlier versions count for their days, and documents that were priced by them stay as they are.
    """

    begins: ClassVar[bool] = True

    breaks: Breaks = Field(description="From the smallest quantity up.")
    unit: Id | None = Field(
        None, description="What one is priced by: the product's own unit, and no other."
    )
    currency: Currency | None = Field(None, description="The list's own, and no other.")
    floor: Amount | None = Field(
        None, description="The lowest price of one unit that needs no approval."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        registers.there(load, PriceList.kind, self.price_list)
        product: Product = registers.found(load, Product, self.product)
        product.sold()
        currency = load(PriceList, self.price_list).current().currency
        if self.currency not in (None, currency):
            raise OtherCurrency(
                f"{self.price_list} is a list in {currency}, not {self.currency}. Give its prices"
                f" in {currency}, or set them in a list of that currency.",
                f"{self.price_list} 是 {currency} 价格表，不是 {self.currency}。"
                f"请填写 {currency} 价格，或改用该货币的价格表。",
            )
        breaks = (QuantityBreak(one.quantity, one.unit_price) for one in self.breaks)
        asked = ListPriceSet(
            self.price_list,
            self.product,
            0,
            self.unit or product.unit,
            currency,
            tuple(breaks),
            self.floor,
            self.valid_from or business_day(at),
        )
        for event in load(ListPrice, self.id).set(asked, product.unit):
            yield self.stream, event


class RemoveListPrice(ListPriceCommand, of=ListPrice, when=lambda price: price.priced):
    """Take the price of a product off a price list, from a day on."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        since = self.valid_from or business_day(at)
        asked = ListPriceRemoved(self.price_list, self.product, 0, since)
        for event in load(ListPrice, self.id).remove(asked):
            yield self.stream, event
