"""A product has one list price at a time, and what is discontinued is not sold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown, again, anew, repeats
from aggregates.marks import Money

ADDED = "added"


class ProductAdded(Event):
    name: str
    category: str
    unit: str
    supplier: str | None
    list_price: Money
    cost: Money | None
    currency: str
    revision: int | None = None

    def recorded_under(self) -> str:
        return anew(ADDED, self.revision)


class ProductDetailsChanged(Event):
    """All details as they are from now on; orders drafted before keep what they say."""

    name: str
    category: str
    unit: str
    supplier: str | None
    currency: str


class ProductRepriced(Event):
    from_price: Money
    list_price: Money
    from_cost: Money | None
    cost: Money | None


class ProductDiscontinued(Event):
    """Once more with another reason, it corrects the reason."""

    reason: str


class ProductResumed(Event):
    pass


class ProductWithdrawn(Event):
    """It was entered by mistake. Once more with another reason, it corrects the reason."""

    reason: str


ProductEvent = (
    ProductAdded
    | ProductDetailsChanged
    | ProductRepriced
    | ProductDiscontinued
    | ProductResumed
    | ProductWithdrawn
)


class Discontinued(Refused):
    """What is discontinued is not sold."""


@dataclass(frozen=True)
class Product(Aggregate):
    kind: ClassVar[str] = "product"

    added: ProductAdded | None = None  # as it was at first, to know a repeat
    name: str = ""
    category: str = ""
    unit: str = ""
    supplier: str | None = None
    list_price: Money = 0
    cost: Money | None = None
    currency: str = ""
    discontinued: str | None = None  # the reason, while it lasts
    withdrawn: str | None = None  # the reason, while it lasts
    registrations: int = 0

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    def add(self, product: ProductAdded) -> Iterator[ProductEvent]:
        if not repeats(self.added, product, but=("revision",)):
            yield replace(product, revision=again(self.registrations))

    def withdraw(self, reason: str) -> Iterator[ProductEvent]:
        """Nothing may be built on it: whoever asks has looked."""
        if not self.gone:
            self.known()
        if self.withdrawn != reason:
            yield ProductWithdrawn(reason)

    def change(self, **told: Any) -> Iterator[ProductEvent]:
        """Change what is told of the details, and keep the rest."""
        self.known()
        after = replace(self, **told)
        if after != self:
            what = after.name, after.category, after.unit, after.supplier, after.currency
            yield ProductDetailsChanged(*what)

    def reprice(self, **told: Any) -> Iterator[ProductEvent]:
        """Set what is told of list price and cost, and keep the rest."""
        self.known()
        after = replace(self, **told)
        if after != self:
            yield ProductRepriced(self.list_price, after.list_price, self.cost, after.cost)

    def discontinue(self, reason: str) -> Iterator[ProductEvent]:
        self.known()
        if self.discontinued != reason:
            yield ProductDiscontinued(reason)

    def resume(self) -> Iterator[ProductEvent]:
        self.known()
        if self.discontinued is not None:
            yield ProductResumed()

    def known(self) -> None:
        if self.added is None:
            raise Unknown(
                "There is no such product. Add the product first.", "没有这个产品。请先添加产品。"
            )

    def sold(self) -> None:
        """Refuse to sell what is unknown or discontinued."""
        self.known()
        if self.discontinued is not None:
            raise Discontinued(
                f"{self.name} is discontinued ({self.discontinued}). Take it off.",
                f"{self.name} 已停售（{self.discontinued}）。请将其去掉。",
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: ProductEvent) -> Self:
        match event:
            case ProductAdded(name, category, unit, supplier, price, cost, currency):
                born = type(self)(event, name, category, unit, supplier, price, cost, currency)
                return replace(born, registrations=max(1, event.revision or 0))
            case ProductDetailsChanged(name, category, unit, supplier, currency):
                changed = replace(self, name=name, category=category, unit=unit)
                return replace(changed, supplier=supplier, currency=currency)
            case ProductRepriced(_, price, _, cost):
                return replace(self, list_price=price, cost=cost)
            case ProductDiscontinued(reason):
                return replace(self, discontinued=reason)
            case ProductResumed():
                return replace(self, discontinued=None)
            case ProductWithdrawn(reason):
                return type(self)(withdrawn=reason, registrations=self.registrations)
