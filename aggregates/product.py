"""A product has one list price at a time, and what is discontinued is not sold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown


class ProductAdded(Event):
    name: str
    category: str
    unit: str
    supplier: str | None
    list_price: int
    cost: int | None
    currency: str


class ProductRepriced(Event):
    from_price: int
    list_price: int
    from_cost: int | None
    cost: int | None


class ProductDiscontinued(Event):
    reason: str


class ProductResumed(Event):
    pass


ProductEvent = ProductAdded | ProductRepriced | ProductDiscontinued | ProductResumed


class ProductTaken(Refused):
    """The id belongs to a product added with other details."""


class Discontinued(Refused):
    """What is discontinued is not sold."""


@dataclass(frozen=True)
class Product(Aggregate):
    kind: ClassVar[str] = "product"

    added: ProductAdded | None = None  # as it was at first, to know a repeat
    list_price: int = 0
    cost: int | None = None
    currency: str = ""
    discontinued: str | None = None  # the reason, while it lasts

    def add(self, product: ProductAdded) -> Iterator[ProductEvent]:
        if self.added is None:
            yield product
        elif self.added != product:
            raise ProductTaken(
                f"This id belongs to {self.added.name}. Choose another id.",
                f"此编号属于 {self.added.name}。请换一个编号。",
            )

    def reprice(self, **told: Any) -> Iterator[ProductEvent]:
        """Set what is told of list price and cost, and keep the rest."""
        self.known()
        after = replace(self, **told)
        if after != self:
            yield ProductRepriced(self.list_price, after.list_price, self.cost, after.cost)

    def discontinue(self, reason: str) -> Iterator[ProductEvent]:
        self.known()
        if self.discontinued is None:
            yield ProductDiscontinued(reason)

    def resume(self) -> Iterator[ProductEvent]:
        self.known()
        if self.discontinued is not None:
            yield ProductResumed()

    def known(self) -> "ProductAdded":
        if self.added is None:
            raise Unknown(
                "There is no such product. Add the product first.", "没有这个产品。请先添加产品。"
            )
        return self.added

    def sold(self) -> None:
        """Refuse to sell what is unknown or discontinued."""
        name = self.known().name
        if self.discontinued is not None:
            raise Discontinued(
                f"{name} is discontinued ({self.discontinued}). Take it off.",
                f"{name} 已停售（{self.discontinued}）。请将其去掉。",
            )

    def evolve(self, event: ProductEvent) -> Self:
        match event:
            case ProductAdded(list_price=price, cost=cost, currency=currency):
                return replace(self, added=event, list_price=price, cost=cost, currency=currency)
            case ProductRepriced(_, price, _, cost):
                return replace(self, list_price=price, cost=cost)
            case ProductDiscontinued(reason):
                return replace(self, discontinued=reason)
            case ProductResumed():
                return replace(self, discontinued=None)
