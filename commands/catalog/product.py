"""What may be asked about products."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates import Refused
from aggregates.catalog.archive import Archive, SalesRoute
from aggregates.catalog.category import Category
from aggregates.catalog.product import Product, ProductAdded, ProductEvent
from aggregates.catalog.product_line import ProductLine
from aggregates.catalog.unit import Unit
from commands import Amount, Command, Currency, Decision, Id, Load, Text, registers
from commands.change import Change, Kept
from commands.fields import DayText
from commands.withdrawal import Withdrawal


class Archived(Command):
    """What is kept of a product, so that it is found again, and sold in its season."""

    added: ClassVar[tuple[str, ...]] = (*Command.added, *sorted(Archive.names()))

    brand: Text | None = None
    product_line: Id | None = None
    sales_route: SalesRoute | None = None
    transport: Text | None = Field(None, description="How it travels, such as chilled.")
    on_sale_from: DayText | None = None
    on_sale_until: DayText | None = None
    successor: Id | None = Field(None, description="What is sold in its place afterwards.")


class AddProduct(Archived, of=Product):
    """Add a product with its list price and what it costs."""

    begins: ClassVar[bool] = True

    name: Text
    category: Text
    unit: Text
    supplier: Id | None = None
    list_price: Amount
    cost: Amount | None = None
    currency: Currency

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Product = load(Product, self.id)
        if first := state.added:
            load.event(Product, self.id, first.recorded_under())  # so that the answer tells of it
        what = self.name, self.category, self.unit, self.supplier
        price = self.list_price, self.cost, self.currency, None
        kept = Archive(**{name: getattr(self, name) for name in Archive.names()})
        for event in state.add(ProductAdded(*what, *price, kept)):
            registers.customer(load, self.supplier)
            _listed(load, self.category, self.unit)
            _archived(load, self.id, self.product_line, self.successor)
            yield self.stream, event


class ChangeProductDetails(Archived, Change, of=Product):
    """Correct what is known of a product; what is left out stays, and null clears it.

    Orders drafted before keep their currency; a new currency leaves the figures of the prices.
    """

    name: Kept[Text] = None
    category: Kept[Text] = None
    unit: Kept[Text] = None
    supplier: Id | None = None
    currency: Kept[Currency] = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Product = load(Product, self.id)
        kept = {"category", "unit", "supplier", *Archive.names()}
        told = self.told("name", "category", "unit", "supplier", "currency", *Archive.names())
        for event in state.change(**told):
            before = {**vars(state), **vars(state.archive)}
            news = {name: told[name] for name in kept & told.keys() if told[name] != before[name]}
            _listed(load, news.get("category"), news.get("unit"))
            registers.customer(load, news.get("supplier"))
            _archived(load, self.id, news.get("product_line"), news.get("successor"))
            yield self.stream, event


class RepriceProduct(Change, of=Product):
    """Change a product's list price or cost; orders drafted before keep theirs."""

    list_price: Kept[Amount] = Field(None, description="As before, unless given.")
    cost: Amount | None = Field(None, description="As before, unless given; null is unknown.")

    def decide(self, state: Product, at: datetime) -> Iterator[ProductEvent]:
        return state.reprice(**self.told("list_price", "cost"))


class DiscontinueProduct(Command, of=Product):
    """Stop selling a product, or correct why; orders drafted before may still ship."""

    reason: Text

    def decide(self, state: Product, at: datetime) -> Iterator[ProductEvent]:
        return state.discontinue(self.reason)


class ResumeProduct(Command, of=Product, when=lambda product: product.discontinued is not None):
    """Sell a discontinued product again."""

    def decide(self, state: Product, at: datetime) -> Iterator[ProductEvent]:
        return state.resume()


class WithdrawProduct(Withdrawal, of=Product):
    """Take back a product that was added by mistake, where nothing names it yet.

    It is in no list unless asked for, and its id may be added anew. Asked again with another
    reason, it corrects the reason.
    """


def _listed(load: Load, category: str | None, unit: str | None) -> None:
    """From the first category or unit on, products name those that are registered."""
    registers.listed(load, Category, category)
    registers.listed(load, Unit, unit)


class OwnSuccessor(Refused):
    """What is sold in place of a product is another one."""


def _archived(load: Load, id: str, product_line: str | None, successor: str | None) -> None:
    if product_line is not None:
        registers.there(load, ProductLine.kind, product_line)
    if successor == id:
        raise OwnSuccessor(
            f"{id} cannot be sold in its own place. Name another product as successor, or none.",
            f"{id} 不能作为自己的后继产品。请指定其他产品，或不填。",
        )
    if successor is not None:
        registers.item(load, successor)
