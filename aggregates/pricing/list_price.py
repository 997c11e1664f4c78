"""What a product costs by one price list: every version of it, and from which day each counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown
from aggregates.currency import money
from aggregates.marks import Money, names


@dataclass(frozen=True)
class QuantityBreak:
    """The price of one unit for whoever takes this quantity or more."""

    quantity: int
    unit_price: Money


class ListPriceSet(Event):
    """Version `number`: what counts from `valid_from` on, until another version begins.

    Nothing is to be sold below `floor` without the right to it or an approval.
    """

    price_list: Annotated[str, names("price_list")]
    product: str
    number: int
    unit: str
    currency: str
    breaks: tuple[QuantityBreak, ...]
    floor: Money | None
    valid_from: date


class ListPriceRemoved(Event):
    """From `valid_from` on the list has no price of the product."""

    price_list: Annotated[str, names("price_list")]
    product: str
    number: int
    valid_from: date


ListPriceVersion = ListPriceSet | ListPriceRemoved


class BadBreaks(Refused):
    """Each quantity has one price, and small quantities have one as well."""


class FloorAbovePrice(Refused):
    """A price of the list itself is never below its floor."""


class OtherUnit(Refused):
    """A product is priced by the unit that it is counted in."""


@dataclass(frozen=True)
class ListPrice(Aggregate):
    kind: ClassVar[str] = "list_price"
    id_names = "price_list", "product"

    prices: tuple[ListPriceSet, ...] = ()
    removals: tuple[ListPriceRemoved, ...] = ()

    @staticmethod
    def id_of(price_list: str, product: str) -> str:
        return f"{price_list}:{product}"

    @property
    def versions(self) -> list[ListPriceVersion]:
        return sorted((*self.prices, *self.removals), key=lambda one: one.number)

    def on(self, day: date) -> ListPriceVersion | None:
        """The version that counts on a day: of those that have begun the last, and of several
        from one day on the newest.
        """
        every: tuple[ListPriceVersion, ...] = (*self.prices, *self.removals)
        begun = [one for one in every if one.valid_from <= day]
        if len(begun) < 2:  # most have one, and are asked for each line of an order
            return begun[0] if begun else None
        return max(begun, key=lambda one: (one.valid_from, one.number))

    def set(self, price: ListPriceSet, unit: str) -> Iterator[ListPriceVersion]:
        """Let another price count from a day on; what is older stays as it was."""
        _check(price, unit)
        before = self.on(price.valid_from)
        number = len(self.versions) + 1
        if before is None or _content(before) != _content(price):
            yield replace(price, number=number)

    def remove(self, removed: ListPriceRemoved) -> Iterator[ListPriceVersion]:
        before = self.on(removed.valid_from)
        if not self.versions:
            raise Unknown(
                f"{removed.price_list} has no price of {removed.product}. Check both ids.",
                f"{removed.price_list} 中没有 {removed.product} 的价格。请检查两个编号。",
            )
        if isinstance(before, ListPriceSet):
            yield replace(removed, number=len(self.versions) + 1)

    @property
    def priced(self) -> bool:
        """Whether the newest version has a price."""
        return bool(self.versions) and isinstance(self.versions[-1], ListPriceSet)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: ListPriceVersion) -> Self:
        if isinstance(event, ListPriceRemoved):
            return replace(self, removals=(*self.removals, event))
        return replace(self, prices=(*self.prices, event))


def price_for(price: ListPriceSet, quantity: int) -> QuantityBreak | None:
    """The break that a quantity reaches; None where even the first asks for more."""
    reached = [one for one in price.breaks if one.quantity <= quantity]
    return reached[-1] if reached else None  # they stand from the smallest up


def _content(version: ListPriceVersion) -> tuple[object, ...]:
    if isinstance(version, ListPriceRemoved):
        return ()
    return version.unit, version.currency, version.breaks, version.floor


def _check(price: ListPriceSet, unit: str) -> None:
    if price.unit != unit:
        raise OtherUnit(
            f"{price.product} is counted in {unit}, not {price.unit}. Give the price of one {unit},"
            " or change the product's unit first.",
            f"{price.product} 的计量单位是 {unit}，不是 {price.unit}。"
            f"请填写每 {unit} 的价格，或先更改产品的计量单位。",
        )
    quantities = [one.quantity for one in price.breaks]
    if quantities != sorted(set(quantities)):
        shown = ", ".join(map(str, quantities))
        raise BadBreaks(
            f"The quantities of the breaks are {shown}. Name each once, from the smallest up.",
            f"数量档为 {shown}。每档数量只能出现一次，并按从小到大排列。",
        )
    lowest = min(price.breaks, key=lambda one: one.unit_price)
    if price.floor is not None and lowest.unit_price < price.floor:
        least, floor = money(lowest.unit_price, price.currency), money(price.floor, price.currency)
        raise FloorAbovePrice(
            f"From {lowest.quantity} on the price is {least}, below the floor {floor}. Lower the"
            " floor, or raise that price.",
            f"自 {lowest.quantity} 起的价格为 {least}，低于底价 {floor}。请降低底价或提高该价格。",
        )
