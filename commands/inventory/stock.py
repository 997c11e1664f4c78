"""What may be asked about stock, in a warehouse or at a dealer's."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import Field

from aggregates import Aggregate, Event, Refused
from aggregates.bounds import MOST, within
from aggregates.catalog.product import Product
from aggregates.catalog.unit import Unit
from aggregates.customers.customer import Customer
from aggregates.inventory.adjustment import AdjustmentRequested
from aggregates.inventory.lot import ProductLot
from aggregates.inventory.stock import (
    NOBODYS,
    NOT_TOLD,
    Asked,
    Condition,
    Cost,
    Held,
    IssueReason,
    LotsExpected,
    LotsMoved,
    ReceiptReason,
    Stock,
    StockArrived,
    StockDispatched,
    StockExpected,
    StockReceived,
    Whose,
    transfers,
)
from aggregates.inventory.stock.lots import Parts
from aggregates.inventory.stock.lotted import opposite
from aggregates.orders.order import SalesOrder
from aggregates.packs import Packed
from commands import (
    Amount,
    Command,
    Currency,
    Day,
    Decision,
    Id,
    Instant,
    Load,
    Quantity,
    Text,
    Whole,
    registers,
)
from commands.fields import MOST_AT_ONCE
from commands.inventory.adjustment_approval import refuse_unsigned
from commands.inventory.lot import LOT, choosing, lot_id, lot_terms, must_be_told, registered
from commands.inventory.recount import checked
from commands.inventory.returns import CONDITION, looked_at
from commands.packs import UNIT, meant, part_of
from commands.receivables.credit import order_entered

Change = Annotated[Whole, Field(ge=-MOST_AT_ONCE, le=MOST_AT_ONCE)]
Counted = Annotated[Whole, Field(ge=0, le=MOST_AT_ONCE)]
HOLDER = Field(
    None, description="As it was, or a dealer's where the location is a dealer, or a warehouse's."
)


UNIT_COST = Field(
    None,
    description="What one of it cost, by the unit that the quantity is in, in minor units of the"
    " product's currency. The product's cost, unless told.",
    exclude_if=lambda cost: cost is None,
)
OUTSIDE: tuple[ReceiptReason, ...] = ("purchase", "opening", "production")
"""What comes back, or is found, costs what such goods cost here."""


class NothingMoves(Refused):
    """A movement moves something, from one place to another."""


class ExpiryOfNoLot(Refused):
    """What expires is a lot."""


@contextmanager
def one_of(place: str) -> Iterator[None]:
    """Let a refusal say which goods it is about, where several are asked for at once."""
    try:
        yield
    except Refused as no:
        location, item = Stock.parts(Stock.stream(place))
        if item not in str(no):
            no.args = (f"{item} at {location}: {no}",)
            no.zh = f"{location} 的 {item}：{no.zh}"
        raise


class ConditionOfNoReturn(Refused):
    """What comes back may have been damaged."""

    def __init__(self) -> None:
        super().__init__(
            "Only goods that come back have a condition. Leave condition out.",
            "只有退回的货物需要填写状况。请去掉 condition。",
        )


class StockCommand(Command):
    """A request about one item at one location; both together are the stock's id."""

    # A class variable is no field: nobody is asked for an id that follows from the rest.
    id: ClassVar[Any] = property(lambda self: Stock.id_of(self.location, self.item))  # type: ignore[misc]
    goes_on: ClassVar[bool] = True

    location: Id
    item: Id

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        key = self.id
        stream, stock = Stock.stream(key), load(Stock, key)
        if stock.holder is None:  # once something has lain there, it was looked up
            registers.kept_at(load, self.location, self.item)
        for event in self.on(stock, asking(self, load, key, at), load):
            registers.listed(load, Unit, getattr(self, "unit", None))
            yield stream, event
        after: Stock = load(Stock, key)
        for event in after.fell_short(stock.short):  # what was counted may be less than promised
            yield stream, event

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        """What happens to the stock, or a refusal."""
        raise NotImplementedError


def asking(command: Command, load: Load, key: str, at: datetime) -> Asked:
    """What a command brings to one of the stocks that it asks."""
    told, flag = command.occurred_at is not None, command.dates == "flag"
    terms, (location, _) = partial(lot_terms, load), Stock.parts(Stock.stream(key))
    into = partial(registers.takes_in, load, location)
    return Asked(at, partial(load.event, Stock, key), told, flag, terms, takes_in=into)


def held(load: Load, location: str, stock: Stock, told: Held) -> Held:
    """Who holds a stock of which nothing is known yet: a registered dealer's stock is his."""
    if told is not None or stock.holder is not None:
        return told
    return registers.holder_at(load, location)


class ReceiveStock(StockCommand, of=Stock):
    """Take goods in: bought, counted at the opening, returned, produced or found."""

    added = (*Command.added, "lot", "expires_on", "condition", "unit_cost")
    begins: ClassVar[bool] = True

    quantity: Quantity
    unit: Text | None = UNIT
    reason: ReceiptReason = "purchase"
    reference: Id = Field(description="The document; received once, however often it is sent.")
    holder: Held = HOLDER
    lot: Id | None = Field(None, description="The lot that the goods are of.")
    expires_on: Day | None = Field(
        None, description="The last day on which the lot is sold, where it is not known yet."
    )
    condition: Condition | None = CONDITION
    unit_cost: Amount | None = UNIT_COST

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        if self.lot is None and self.expires_on is not None:
            raise ExpiryOfNoLot(
                "A day of expiry belongs to a lot. Name the lot.",
                "有效期属于批次。请填写批次。",
            )
        if self.reason != "return" and self.condition is not None:
            raise ConditionOfNoReturn
        received = False
        for stream, event in super().across(load, at):
            received = received or isinstance(event, StockReceived)
            yield stream, event
        yield from registered(load, self.item, self.lot, self.expires_on)
        if received and self.reason == "return":
            entry = asking(self, load, self.id, at)._replace(lot=lot_id(self.item, self.lot))
            yield from looked_at(load, self.id, self.reference, self.condition, entry)

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        holder = held(load, self.location, stock, self.holder)
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity)
        what = quantity, self.reason, self.reference, holder
        asked = asked._replace(lot=lot_id(self.item, self.lot))
        cost = cost_of(load, self.item, self.reason, self.quantity, quantity, self.unit_cost)
        for event in stock.receive(*what, asked, self.condition, cost):
            if self.lot is None and isinstance(event, StockReceived) and holder != "dealer":
                must_be_told(load, self.item, asked.at)
            yield event


class IssueStock(StockCommand, of=Stock, when=lambda stock: stock.available > 0):
    """Take goods out: sold, returned, used in production, scrapped or given as a sample."""

    added = (*Command.added, "lot")
    begins: ClassVar[bool] = True

    quantity: Quantity
    unit: Text | None = UNIT
    reason: IssueReason
    reference: Id
    lot: Id | None = LOT

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        asked = named(asked, load, self.item, self.lot)
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity)
        return stock.issue(quantity, self.reason, self.reference, asked)


class ReserveStock(StockCommand, of=Stock, when=lambda stock: stock.available > 0):
    """Set stock aside for an order, up to a quantity: no more than the order wants there."""

    added = (*Command.added, "lot")
    begins: ClassVar[bool] = True

    order: Id
    quantity: Quantity = Field(description="How many the order shall hold here in all.")
    unit: Text | None = UNIT
    lot: Id | None = LOT

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Stock, self.id
        yield SalesOrder, self.order

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        order: SalesOrder = load(SalesOrder, self.order)
        registers.order(load, self.order)
        quantity, packed = meant(load, self.item, self.unit, self.quantity)
        order.may_hold(self.location, self.item, quantity)
        choice = choosing(load, asked.at, self.item, self.lot)
        return stock.reserve(self.order, quantity, choice, packed)


class ReleaseStock(StockCommand, of=Stock, when=lambda stock: any(stock.orders.values())):
    """Let go whatever is set aside for an order, unless it is approved and needs it."""

    order: Id

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Stock, self.id
        yield SalesOrder, self.order

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        order: SalesOrder = load(SalesOrder, self.order)
        registers.order(load, self.order)
        order.may_let_go(self.location, self.item)
        return stock.release(self.order, choosing(load, asked.at))


class TransferStock(Command, of=Stock, when=lambda stock: stock.available > 0):
    """Send goods to another location: they leave here and are on their way, in one step."""

    added = (*Command.added, "lot")

    id: ClassVar[Any] = property(lambda self: Stock.id_of(self.from_location, self.item))  # type: ignore[misc]

    transfer: Id
    from_location: Id
    to_location: Id
    item: Id
    quantity: Quantity
    unit: Text | None = UNIT
    to_holder: Held = HOLDER
    lot: Id | None = LOT

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        different(self.from_location, self.to_location)
        source: Stock = load(Stock, self.id)
        asked = named(asking(self, load, self.id, at), load, self.item, self.lot)
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity)
        what = self.transfer, self.to_location, quantity
        events = list(source.dispatch(*what, asked))
        for event in events:
            registers.listed(load, Unit, self.unit)
            yield self.stream, event
            if isinstance(event, StockDispatched):
                where = self.from_location, self.to_location, self.item
                sent = self.transfer, quantity, self.to_holder, event.moved_at
                yield from on_its_way(self, load, where, *sent, lots=lots_of(events))
        held_there(load, self.to_location, self.item, self.to_holder)


def cost_of(
    load: Load, item: str, reason: ReceiptReason, said: int, quantity: int, unit_cost: int | None
) -> Cost:
    """What is told, by the unit in which the quantity is; else what the product costs now."""
    product: Product = load(Product, item)
    currency = product.currency or None
    if unit_cost is not None:
        amount = within(unit_cost * said, f"The cost of {item}", f"{item} 的成本")
        return Cost(amount, currency, told=True)
    known = reason in OUTSIDE and product.cost is not None
    if known and (amount := (product.cost or 0) * quantity) <= MOST:
        return Cost(amount, currency)
    return NOT_TOLD


def named(asked: Asked, load: Load, item: str, lot: str | None) -> Asked:
    """The same, of a lot, which is known."""
    if lot is None:
        return asked
    registers.found(load, ProductLot, ProductLot.id_of(item, lot))
    return asked._replace(lot=lot_id(item, lot))


def told(
    asked: Asked,
    load: Load,
    item: str,
    unit: str | None,
    quantity: int,
    whole: Packed | None = None,
) -> tuple[Asked, int]:
    """The same, said in a unit, and how many that is: of a part as of the `whole`. Whether the unit
    is in use still is looked at once it is known to be no repeat.
    """
    known = (part_of(whole, unit, quantity),)
    so_many = meant(load, item, unit, quantity, known, closed=True)
    return asked._replace(packed=so_many.packed), so_many.quantity


def lots_of(events: Iterable[Event]) -> Parts:
    """The lots that went with what happened, to arrive elsewhere."""
    moved = (event.lots for event in events if isinstance(event, LotsMoved | LotsExpected))
    return opposite(next(moved, ()))


def held_there(load: Load, location: str, item: str, holder: Held) -> None:
    """Refuse another holder than the destination has, even of what was sent before."""
    target: Stock = load(Stock, Stock.id_of(location, item))
    target.held_by(holder)


def different(source: str, target: str) -> None:
    if source == target:
        raise NothingMoves(
            "A transfer needs two locations. Choose another destination.",
            "调拨需要两个不同的地点。请选择另一个目的地。",
        )


def on_its_way(
    command: Command,
    load: Load,
    where: tuple[str, str, str],
    transfer: str,
    quantity: int,
    holder: Held,
    at: datetime,
    order: str | None = None,
    lots: Parts = (),
) -> Iterator[Decision]:
    """Let the destination expect what was sent; `where` is from, to, and the item."""
    source, location, item = where
    key = Stock.id_of(location, item)
    target: Stock = load(Stock, key)
    if target.holder is None:
        registers.kept_at(load, location, item)
    holder = held(load, location, target, holder)
    asked = asking(command, load, key, at)._replace(parts=lots)
    what = transfer, source, quantity, holder, asked
    for expected in transfers.expect(target, *what, order):
        yield Stock.stream(key), expected


class ReceiveTransfer(StockCommand, of=Stock, when=lambda stock: any(stock.transit.values())):
    """Record what arrived of a transfer or a shipment, and what was lost on the way.

    What was lost of an order's shipment is credited to its customer at once.
    """

    transfer: Id
    quantity: Counted
    lost: Counted = 0
    unit: Text | None = UNIT
    receipt: Id | None = Field(
        None, description="Tells the parts apart when a transfer arrives in several."
    )

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        if self.quantity + self.lost == 0:
            raise NothingMoves(
                "Nothing arrived and nothing was lost. Give a quantity.",
                "既没有到货也没有损失。请给出数量。",
            )
        whole = self._sent(load) if self.unit else None
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity, whole)
        lost = told(asked, load, self.item, self.unit, self.lost, whole)[1]
        return transfers.arrive(stock, self.transfer, quantity, lost, self.receipt, asked)

    def _sent(self, load: Load) -> Packed | None:
        """In which packs it was sent, of a shipment those of the order's line."""
        sent: StockExpected | None = load.event(Stock, self.id, f"expected:{self.transfer}")
        if sent is None:
            return None
        if sent.order is not None:
            lines = load(SalesOrder, sent.order).lines
            return next((one.packed for one in lines if one.item == self.item), None)
        source = Stock.id_of(sent.from_location, self.item)
        left: StockDispatched | None = load.event(Stock, source, f"dispatched:{self.transfer}")
        return None if left is None else left.packed

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for stream, event in super().across(load, at):
            yield stream, event
            if isinstance(event, StockArrived) and event.lost:
                yield from self._credit(event, load)

    def _credit(self, arrived: StockArrived, load: Load) -> Iterator[Decision]:
        sent: StockExpected | None = load.event(Stock, self.id, f"expected:{self.transfer}")
        if sent is not None and sent.order is not None:
            order: SalesOrder = load(SalesOrder, sent.order)
            name = f"{self.transfer}:{self.item}:{arrived.receipt}"
            for credited in order.lose(name, self.transfer, self.item, arrived.lost):
                yield SalesOrder.stream(sent.order), credited
            yield from order_entered(load, sent.order)


class AdjustStock(StockCommand, of=Stock):
    """Correct the book by a signed quantity, with the reason; what others have to sign is asked
    for with `request-adjustment`.
    """

    added = (*Command.added, "lot")
    begins: ClassVar[bool] = True

    quantity: Change
    unit: Text | None = UNIT
    reason: Text
    reference: Id
    lot: Id | None = Field(None, description="The lot that is put right.")

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterator[Event]:
        if self.quantity == 0:
            raise NothingMoves(
                "An adjustment of nothing is none. Give a quantity.",
                "调整数量不能为零。请给出数量。",
            )
        asked = named(asked, load, self.item, self.lot)
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity)
        wanted = AdjustmentRequested(self.location, self.item, quantity, self.reason)
        for event in stock.adjust(quantity, self.reason, self.reference, asked):
            refuse_unsigned(load, wanted, asked.at)
            yield event


class CountStock(StockCommand, of=Stock):
    """Record a stocktake: the book becomes what was counted, as of when it was counted. What is
    further off the book than the settings `inventory.counting` allow waits until another person has
    counted it, under the same reference.
    """

    added = (*Command.added, "lot")
    begins: ClassVar[bool] = True

    counted: Counted
    unit: Text | None = UNIT
    counted_at: Instant | None = Field(None, description="Now, unless told otherwise.")
    reference: Id
    holder: Held = HOLDER
    lot: Id | None = Field(None, description="The lot that was counted, where it is one alone.")

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        if self.counted_at is not None:
            asked = asked._replace(at=self.counted_at, told=True)
        holder = held(load, self.location, stock, self.holder)
        asked = named(asked, load, self.item, self.lot)
        asked, counted = told(asked, load, self.item, self.unit, self.counted)
        return stock.count(counted, self.reference, holder, asked)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        return checked(load, self.location, self.item, super().across(load, at), at)


class SellOut(StockCommand, of=Stock, when=lambda stock: stock.holder != "warehouse"):
    """Report what a dealer sold; the location is the dealer."""

    begins: ClassVar[bool] = True

    sale: Id
    quantity: Quantity
    unit: Text | None = UNIT
    amount: Amount
    currency: Currency
    member: Id | None = None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Stock, self.id
        yield Customer, self.location

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity)
        what = quantity, self.amount, self.currency, self.member
        for event in stock.sell(self.sale, *what, asked, whose(load, self.location)):
            registers.member(load, self.member)
            registers.dealer(load, self.location)
            yield event


def whose(load: Load, dealer: str) -> Whose:
    """Who looks after a dealer; nobody where the dealer is no known customer."""
    customer: Customer = load(Customer, dealer)
    if customer.registered is None:
        return NOBODYS
    return Whose(customer.owner, customer.department, customer.region)
