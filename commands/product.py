"""What may be asked about products."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from aggregates.product import Product, ProductAdded, ProductEvent
from commands import Amount, Command, Currency, Id, Text
from commands.change import Change, Kept


class AddProduct(Command, of=Product):
    """Add a product with its list price and what it costs."""

    name: Text
    category: Text
    unit: Text
    supplier: Id | None = None
    list_price: Amount
    cost: Amount | None = None
    currency: Currency

    def decide(self, state: Product, at: datetime) -> Iterator[ProductEvent]:
        what = self.name, self.category, self.unit, self.supplier
        return state.add(ProductAdded(*what, self.list_price, self.cost, self.currency))


class RepriceProduct(Change, of=Product):
    """Change a product's list price or cost; orders drafted before keep theirs."""

    list_price: Kept[Amount] = Field(None, description="As before, unless given.")
    cost: Amount | None = Field(None, description="As before, unless given; null is unknown.")

    def decide(self, state: Product, at: datetime) -> Iterator[ProductEvent]:
        return state.reprice(**self.told("list_price", "cost"))


class DiscontinueProduct(Command, of=Product):
    """Stop selling a product; orders drafted before may still ship."""

    reason: Text

    def decide(self, state: Product, at: datetime) -> Iterator[ProductEvent]:
        return state.discontinue(self.reason)


class ResumeProduct(Command, of=Product):
    """Sell a discontinued product again."""

    def decide(self, state: Product, at: datetime) -> Iterator[ProductEvent]:
        return state.resume()
