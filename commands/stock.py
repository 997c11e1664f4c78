"""What may be asked about stock, in a warehouse or at a dealer's."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from aggregates import Aggregate, Refused
from aggregates.customer import Customer
from aggregates.order import SalesOrder
from aggregates.stock import NOBODYS, Held, IssueReason, ReceiptReason, Stock, StockEvent, Whose
from commands import Amount, Command, Currency, Decision, Id, Instant, Load, Quantity, Text, Whole

Change = Annotated[Whole, Field(ge=-1_000_000_000, le=1_000_000_000)]
Counted = Annotated[Whole, Field(ge=0, le=1_000_000_000)]
HOLDER = Field(None, description="A warehouse, unless told otherwise or known already.")


class NothingMoves(Refused):
    """A movement moves something, from one place to another."""


class StockCommand(Command):
    """A request about one item at one location; both together are the stock's id."""

    # A class variable is no field: nobody is asked for an id that follows from the rest.
    id: ClassVar[Any] = property(lambda self: Stock.id_of(self.location, self.item))  # type: ignore[misc]

    location: Id
    item: Id


class ReceiveStock(StockCommand, of=Stock):
    """Take goods in: bought, counted at the opening, returned, produced or found."""

    quantity: Quantity
    reason: ReceiptReason = "purchase"
    reference: Id = Field(description="The document; received once, however often it is sent.")
    holder: Held = HOLDER

    def decide(self, state: Stock, at: datetime) -> Iterator[StockEvent]:
        return state.receive(self.quantity, self.reason, self.reference, at, self.holder)


class IssueStock(StockCommand, of=Stock):
    """Take goods out: sold, returned, used in production, scrapped or given as a sample."""

    quantity: Quantity
    reason: IssueReason
    reference: Id

    def decide(self, state: Stock, at: datetime) -> Iterator[StockEvent]:
        return state.issue(self.quantity, self.reason, self.reference, at)


class ReserveStock(StockCommand, of=Stock):
    """Set stock aside for an order, up to a quantity: no more than the order wants there."""

    order: Id
    quantity: Quantity = Field(description="How many the order shall hold here in all.")

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Stock, self.id
        yield SalesOrder, self.order

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.order)
        order.may_hold(self.location, self.item, self.quantity)
        for event in load(Stock, self.id).reserve(self.order, self.quantity):
            yield self.stream, event


class ReleaseStock(StockCommand, of=Stock):
    """Let go whatever is set aside for an order, unless it is approved and needs it."""

    order: Id

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Stock, self.id
        yield SalesOrder, self.order

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.order)
        order.may_let_go(self.location, self.item)
        for event in load(Stock, self.id).release(self.order):
            yield self.stream, event


class TransferStock(Command, of=Stock):
    """Send goods to another location: they leave here and are on their way, in one step."""

    id: ClassVar[Any] = property(lambda self: Stock.id_of(self.from_location, self.item))  # type: ignore[misc]

    transfer: Id
    from_location: Id
    to_location: Id
    item: Id
    quantity: Quantity
    to_holder: Held = HOLDER

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        if self.from_location == self.to_location:
            raise NothingMoves(
                "A transfer needs two locations. Choose another destination.",
                "调拨需要两个不同的地点。请选择另一个目的地。",
            )
        source: Stock = load(Stock, self.id)
        for event in source.dispatch(self.transfer, self.to_location, self.quantity, at):
            yield self.stream, event
            target = Stock.id_of(self.to_location, self.item)
            what = self.transfer, self.from_location, self.quantity, self.to_holder
            for expected in load(Stock, target).expect(*what):
                yield Stock.stream(target), expected


class ReceiveTransfer(StockCommand, of=Stock):
    """Record what arrived of a transfer or a shipment, and what was lost on the way."""

    transfer: Id
    quantity: Counted
    lost: Counted = 0
    receipt: Id | None = Field(
        None, description="Tells the parts apart when a transfer arrives in several."
    )

    def decide(self, state: Stock, at: datetime) -> Iterator[StockEvent]:
        if self.quantity + self.lost == 0:
            raise NothingMoves(
                "Nothing arrived and nothing was lost. Give a quantity.",
                "既没有到货也没有损失。请给出数量。",
            )
        receipt = self.receipt or self.transfer
        return state.arrive(self.transfer, self.quantity, self.lost, receipt, at)


class AdjustStock(StockCommand, of=Stock):
    """Correct the book by a signed quantity, with the reason."""

    quantity: Change
    reason: Text
    reference: Id

    def decide(self, state: Stock, at: datetime) -> Iterator[StockEvent]:
        if self.quantity == 0:
            raise NothingMoves(
                "An adjustment of nothing is none. Give a quantity.",
                "调整数量不能为零。请给出数量。",
            )
        return state.adjust(self.quantity, self.reason, self.reference, at)


class CountStock(StockCommand, of=Stock):
    """Record a stocktake: the book becomes what was counted, as of when it was counted."""

    counted: Counted
    counted_at: Instant | None = Field(None, description="Now, unless told otherwise.")
    reference: Id
    holder: Held = HOLDER

    def decide(self, state: Stock, at: datetime) -> Iterator[StockEvent]:
        return state.count(self.counted, self.counted_at or at, self.reference, at, self.holder)


class SellOut(StockCommand, of=Stock):
    """Report what a dealer sold; the location is the dealer."""

    sale: Id
    quantity: Quantity
    amount: Amount
    currency: Currency
    member: Id | None = None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Stock, self.id
        yield Customer, self.location

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Stock = load(Stock, self.id)
        what = self.quantity, self.amount, self.currency, self.member
        for event in state.sell(self.sale, *what, at, whose(load, self.location)):
            yield self.stream, event


def whose(load: Load, dealer: str) -> Whose:
    """Who looks after a dealer; nobody where the dealer is no known customer."""
    customer: Customer = load(Customer, dealer)
    if customer.registered is None:
        return NOBODYS
    return Whose(customer.owner, customer.department, customer.region)
