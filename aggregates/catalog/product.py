"""A product has one list price at a time, and what is discontinued is not sold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown, again, anew, repeats
from aggregates.catalog.archive import BLANK, Archive, OnSale
from aggregates.marks import Money
from aggregates.validity import not_valid

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
    archive: Archive = BLANK

    def recorded_under(self) -> str:
        return anew(ADDED, self.revision)


class ProductDetailsChanged(Event):
    """All details as they are from now on; orders drafted before keep what they say."""

    name: str
    category: str
    unit: str
    supplier: str | None
    currency: str
    archive: Archive = BLANK


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


class NotOnSale(Refused):
    """What has a season is sold within it."""


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
    archive: Archive = BLANK
    discontinued: str | None = None  # the reason, while it lasts
    withdrawn: str | None = None  # the reason, while it lasts
    registrations: int = 0

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    def add(self, product: ProductAdded) -> Iterator[ProductEvent]:
        if self.added is not None:
            self.added.archive.refuse_other(product.archive)
        if not repeats(self.added, product, but=("revision", "archive")):
            product.archive.check()
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
        kept = {name: told.pop(name) for name in Archive.names() & told.keys()}
        after = replace(self, **told, archive=replace(self.archive, **kept))
        if after != self:
            after.archive.check()
            what = after.name, after.category, after.unit, after.supplier, after.currency
            yield ProductDetailsChanged(*what, after.archive)

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

    def on_sale(self, season: OnSale, day: date) -> None:
        """Refuse to sell before the season begins, or after it is over; `successor` may be."""
        if not_valid(season.on_sale_from, season.on_sale_until, day) is None:
            return
        first, last = season.on_sale_from or "…", season.on_sale_until or "…"
        instead = self.archive.successor
        raise NotOnSale(
            f"{self.name} is on sale from {first} to {last}, not on {day}. "
            + (f"Take {instead} in its place." if instead else "Take it off."),
            f"{self.name} 的销售期为 {first} 至 {last}，不含 {day}。"
            + (f"请改用 {instead}。" if instead else "请将其去掉。"),
        )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: ProductEvent) -> Self:
        match event:
            case ProductAdded(name, category, unit, supplier, price, cost, currency):
                born = type(self)(event, name, category, unit, supplier, price, cost, currency)
                registrations = max(1, event.revision or 0)
                return replace(born, archive=event.archive, registrations=registrations)
            case ProductDetailsChanged(name, category, unit, supplier, currency, archive):
                changed = replace(self, name=name, category=category, unit=unit)
                return replace(changed, supplier=supplier, currency=currency, archive=archive)
            case ProductRepriced(_, price, _, cost):
                return replace(self, list_price=price, cost=cost)
            case ProductDiscontinued(reason):
                return replace(self, discontinued=reason)
            case ProductResumed():
                return replace(self, discontinued=None)
            case ProductWithdrawn(reason):
                return type(self)(withdrawn=reason, registrations=self.registrations)
