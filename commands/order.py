"""What may be asked about sales orders; one decision covers the order and its stock."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Aggregate, Refused
from aggregates.customer import Customer
from aggregates.order import (
    OrderDrafted,
    OrderLine,
    OrderReturned,
    OrderShipped,
    SalesOrder,
    ShippedLine,
    Shortage,
    by_item,
    priced,
)
from aggregates.product import Product
from aggregates.stock import Stock
from commands import Amount, Command, Decision, Id, Load, Quantity, Text, Whole
from commands.business import business


class MixedCurrencies(Refused):
    """An order has one currency."""


class Line(BaseModel):
    """What is wanted, and at which price if not the list price."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Id
    quantity: Quantity
    unit_price: Amount | None = Field(None, description="The list price, unless given.")
    discount_bp: Annotated[Whole, Field(ge=0, le=10_000)] = Field(
        0, description="Discount in basis points: 250 is 2.5 %."
    )


class LinePart(BaseModel):
    """So many of one line of the order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: Annotated[Whole, Field(ge=1)]
    quantity: Quantity


Lines = Annotated[tuple[Line, ...], Field(min_length=1, max_length=500)]
Parts = Annotated[tuple[LinePart, ...], Field(min_length=1, max_length=500)]


class DraftOrder(Command, of=SalesOrder):
    """Draft an order of a customer from a warehouse."""

    customer: Id
    warehouse: Id
    lines: Lines
    rep: Id | None = Field(None, description="The customer's owner, unless told otherwise.")
    opportunity: Id | None = None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield SalesOrder, self.id
        yield Customer, self.customer
        for line in self.lines:
            yield Product, line.item

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        asked = tuple((line.item, line.quantity) for line in self.lines)
        if order.repeats(self.customer, self.warehouse, asked):
            return
        customer, who = business(load, self.customer, self.rep)
        lines, currency = price(self.lines, load)
        whose = self.customer, customer.customer_kind, self.warehouse, currency
        drafted = OrderDrafted(*whose, lines, *who, self.opportunity)
        for event in order.draft(drafted):
            yield self.stream, event


class RedraftOrder(Command, of=SalesOrder):
    """Change the lines of an order that is not approved; it must be submitted again."""

    lines: Lines

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        lines, _ = price(self.lines, load, order.known().currency)
        for event in order.redraft(lines):
            load(Customer, order.known().customer).served()
            yield self.stream, event
            yield from lets_go(self.id, order, load)


class SubmitOrder(Command, of=SalesOrder):
    """Submit an order for approval."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        for event in order.submit():
            load(Customer, order.known().customer).served()
            yield self.stream, event


class ApproveOrder(Command, of=SalesOrder):
    """Approve a submitted order and reserve all its lines, or none of them."""

    approver: Id | None = None
    content: str | None = Field(
        None, description="The content that was read; if it changed since, nothing is approved."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        return approval(self.id, load, self.approver, self.content)


class RejectOrder(Command, of=SalesOrder):
    """Reject a submitted order."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        for event in order.reject(self.reason):
            yield self.stream, event
            yield from lets_go(self.id, order, load)


class ShipOrder(Command, of=SalesOrder):
    """Ship an approved order, whole or in part; what goes to a dealer is then on its way there."""

    shipment: Id
    lines: Parts | None = Field(None, description="All that is open, unless told otherwise.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        parts = None if self.lines is None else summed(self.lines)
        for event in order.ship(self.shipment, parts):
            load(Customer, order.known().customer).served()
            yield self.stream, event
            if isinstance(event, OrderShipped):
                yield from self._moves(event, load, at)

    def _moves(self, shipped: OrderShipped, load: Load, at: datetime) -> Iterator[Decision]:
        for item, quantity in quantities(shipped.lines).items():
            here = Stock.id_of(shipped.warehouse, item)
            for left in load(Stock, here).ship(self.id, self.shipment, quantity, at):
                yield Stock.stream(here), left
            if shipped.customer_kind == "dealer":
                there = Stock.id_of(shipped.customer, item)
                what = self.shipment, shipped.warehouse, quantity, "dealer"
                for expected in load(Stock, there).expect(*what):
                    yield Stock.stream(there), expected


class CancelOrder(Command, of=SalesOrder):
    """Cancel what is not shipped of an order and let its reservations go."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        for event in order.cancel(self.reason, held(self.id, order, load)):
            yield self.stream, event
            yield from lets_go(self.id, order, load)


class ReturnOrder(Command, of=SalesOrder):
    """Take back goods that were shipped; they are in the warehouse again."""

    return_id: Id
    lines: Parts
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        for event in order.take_back(self.return_id, summed(self.lines), self.reason):
            yield self.stream, event
            if isinstance(event, OrderReturned):
                yield from self._moves(event, load, at)

    def _moves(self, returned: OrderReturned, load: Load, at: datetime) -> Iterator[Decision]:
        reference = f"{self.id}:{self.return_id}"
        for item, quantity in quantities(returned.lines).items():
            here = Stock.id_of(returned.warehouse, item)
            for back in load(Stock, here).receive(quantity, "return", reference, at, None):
                yield Stock.stream(here), back
            if returned.customer_kind == "dealer":
                there = Stock.id_of(returned.customer, item)
                for left in load(Stock, there).issue(quantity, "return", reference, at):
                    yield Stock.stream(there), left


def approval(id: str, load: Load, approver: str | None, content: str | None) -> Iterator[Decision]:
    """Approve an order and reserve all its lines, or record what it is short of."""
    order: SalesOrder = load(SalesOrder, id)
    if order.status == "submitted":
        load(Customer, order.known().customer).served()
    for event in order.approve(approver, content, shortages(id, order, load)):
        yield SalesOrder.stream(id), event
        for item, quantity in wanted(order).items() if not event.refusal else ():
            place = Stock.id_of(order.known().warehouse, item)
            for reserved in load(Stock, place).hold(id, quantity):
                yield Stock.stream(place), reserved


def shortages(id: str, order: SalesOrder, load: Load) -> tuple[Shortage, ...]:
    """What its warehouse lacks for the order as it is now; what it holds it does not lack."""
    found = []
    for item, quantity in wanted(order).items():
        there = _stock(order, item, load).reach(id)
        if there < quantity:
            found.append(Shortage(item, quantity, there))
    return tuple(found)


def held(id: str, order: SalesOrder, load: Load) -> dict[str, int]:
    """What is set aside for the order of each of its items."""
    every = {item: _stock(order, item, load).orders.get(id, 0) for item in wanted(order)}
    return {item: quantity for item, quantity in every.items() if quantity}


def lets_go(id: str, before: SalesOrder, load: Load) -> Iterator[Decision]:
    """Let go what was held for the order as it was before, and what it now may not hold."""
    order: SalesOrder = load(SalesOrder, id)
    where = order.known().warehouse
    for item, quantity in held(id, before, load).items():
        place = Stock.id_of(where, item)
        for released in load(Stock, place).hold(id, min(quantity, order.due(where, item))):
            yield Stock.stream(place), released


def _stock(order: SalesOrder, item: str, load: Load) -> Stock:
    found: Stock = load(Stock, Stock.id_of(order.known().warehouse, item))
    return found


def wanted(order: SalesOrder) -> dict[str, int]:
    return by_item((line.item, line.quantity) for line in order.lines)


def price(
    lines: Iterable[Line], load: Load, currency: str | None = None
) -> tuple[tuple[OrderLine, ...], str]:
    """Price and cost as the products have them now; all in one currency."""
    result = []
    for number, line in enumerate(lines, 1):
        product: Product = load(Product, line.item)
        product.sold()
        currency = currency or product.currency
        if product.currency != currency:
            raise MixedCurrencies(
                f"{line.item} is not sold in {currency}. Order it apart.",
                f"{line.item} 不以 {currency} 销售。请另下订单。",
            )
        each = product.list_price if line.unit_price is None else line.unit_price
        what = line.item, line.quantity, each, line.discount_bp, product.cost
        result.append(priced(number, *what))
    return tuple(result), currency or ""


def summed(parts: Iterable[LinePart]) -> dict[int, int]:
    total: dict[int, int] = {}
    for part in parts:
        total[part.line] = total.get(part.line, 0) + part.quantity
    return total


def quantities(lines: Iterable[ShippedLine]) -> dict[str, int]:
    return by_item((line.item, line.quantity) for line in lines)
