"""What may be asked about sales orders; one decision covers the order and its stock."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Aggregate, Refused, repeats
from aggregates.catalog.product import Product
from aggregates.customers.customer import Customer
from aggregates.inventory.stock import Condition, Stock
from aggregates.orders.lines import Said, ShippedLine, by_item
from aggregates.orders.numbers import OrderNumbers
from aggregates.orders.order import (
    CANCELLED,
    REDRAFTED,
    SHIPPED,
    ApprovalTerms,
    OrderApproved,
    OrderCancelled,
    OrderDrafted,
    OrderLossCredited,
    OrderLossUndone,
    OrderPicked,
    OrderReturned,
    OrderReturnUndone,
    OrderShipped,
    SalesOrder,
    approved_again,
    as_quoted,
    drafted_again,
    parts_again,
)
from aggregates.orders.shipment import Shipment
from commands import (
    Amount,
    Command,
    Decision,
    Id,
    Instant,
    Load,
    Quantity,
    Share,
    Text,
    Truth,
    registers,
)
from commands.approvals.asking import needed
from commands.business import business, documented, not_lost, served
from commands.channel.ordering import check_own_order
from commands.inventory.lot import choosing
from commands.inventory.returns import CONDITION, looked_at
from commands.inventory.stock import asking, lots_of, on_its_way, one_of
from commands.numbers import Numbered
from commands.order_steps import must_be_signed
from commands.orders.on_contract import kept_on_contract
from commands.orders.order_approval import may_approve, no_longer_approved
from commands.orders.order_stock import (
    approval,
    approval_of_a_part,
    held,
    lets_go,
    lots_back,
    with_settings,
)
from commands.orders.parts import LinePart as LinePart
from commands.orders.parts import Parts, parts_said
from commands.orders.picks import may_go_too, ready_for
from commands.orders.tolerance import check_credit, holds_otherwise, tolerance_of
from commands.packs import UNIT
from commands.prices import price_lines, refuse_below_floor
from commands.receivables.credit import not_held, order_entered
from commands.receivables.deliveries import sent_at
from commands.taken_back import refuse_taken_back


class DealersLoss(Refused):
    """What a dealer never got is known where he receives."""


class Line(BaseModel):
    """What is wanted, and at which price if not the list price."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Id
    quantity: Quantity
    unit: Text | None = UNIT
    unit_price: Amount | None = Field(
        None,
        description="Of one of these: that of the price lists and discount rules, unless given.",
    )
    discount_bp: Share = Field(0, description="Discount in basis points: 250 is 2.5 %.")

    def said(self) -> Said:
        return Said(self.item, self.quantity, self.unit, self.unit_price, self.discount_bp)


Lines = Annotated[tuple[Line, ...], Field(min_length=1, max_length=500)]


class DraftOrder(Numbered, of=SalesOrder):
    """Draft an order of a customer from a warehouse."""

    numbers = OrderNumbers

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
        before: OrderDrafted | None = load.event(SalesOrder, self.id, "drafted")
        if before is not None:
            drafted_again(before, self._said(), tuple(line.said() for line in self.lines))
            return
        customer, who = business(load, self.customer, self.rep)
        registers.holder_at(load, self.warehouse)
        not_lost(load, self.opportunity, self.customer)
        check_own_order(load, self.customer, self.lines, at)
        lines, currency = price_lines(load, self.lines, self.customer, at)
        whose = self.customer, customer.customer_kind, self.warehouse, currency
        yield self.stream, OrderDrafted(*whose, lines, *who, self.opportunity)
        yield from documented(load, self.opportunity, order=self.id)

    def apart(self, load: Load, dimension: str) -> str:
        if dimension == "warehouse":
            return self.warehouse
        return business(load, self.customer, self.rep)[1][1]

    def _said(self) -> dict[str, str | None]:
        said = {"customer": self.customer, "warehouse": self.warehouse}
        rep = {} if self.rep is None else {"rep": self.rep}
        return {**said, **rep, "opportunity": self.opportunity}


class RedraftOrder(Command, of=SalesOrder, when=lambda order: order.status in REDRAFTED):
    """Change the lines of an order that is not approved, or was rejected, and submit it again."""

    lines: Lines

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        drafted = order.known()
        check_own_order(load, drafted.customer, self.lines, at)
        if not order.agreed_elsewhere:
            lines, _ = price_lines(load, self.lines, drafted.customer, at, drafted.currency)
        else:
            lines = as_quoted(drafted, order.lines, tuple(line.said() for line in self.lines))
        for event in order.redraft(lines):
            served(load, order.known().customer)
            yield self.stream, event
            yield from lets_go(self.id, order, load)
            yield from no_longer_approved(order, load, "changed")


class SubmitOrder(Command, of=SalesOrder, when=lambda order: order.status == "draft"):
    """Submit an order for approval; whom the company's routes name are asked to sign it."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        asked = needed(load, SalesOrder.kind, self.id, at) if order.status == "draft" else None
        if asked is None and order.status == "draft" and not order.agreed_elsewhere:
            refuse_below_floor(load, order.lines, at)
        for event in order.submit(asked and asked.id):
            served(load, order.known().customer)
            yield self.stream, event
            yield from asked.decisions(at) if asked else ()


class ApproveOrder(Command, of=SalesOrder, when=lambda order: order.status == "submitted"):
    """Approve a submitted order and reserve all its lines, or none of them.

    `partial` approves what is there. What is not becomes an order of its own, at the same prices
    and discounts, and waits for its goods.
    """

    added: ClassVar[tuple[str, ...]] = (*Command.added, "wait_until", "hold_until")

    approver: Id | None = None
    content: str | None = Field(
        None, description="The content that was read; if it changed since, nothing is approved."
    )
    partial: Truth = False
    rest: Id | None = Field(
        None, description="The id of the order that gets the rest: ID-rest, unless told otherwise."
    )
    wait_until: Instant | None = Field(
        None,
        description="How long the order waits where goods are missing: as long as it takes, unless"
        " told otherwise.",
    )
    hold_until: Instant | None = Field(
        None,
        description="How long its goods are held where none are shipped: then it is to be approved"
        " anew. As the settings say, unless told.",
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        before: OrderApproved | None = load.event(SalesOrder, self.id, order.approval)
        asked = self.approver, self.content
        if before is not None:
            split = load.event(SalesOrder, self.id, "split")
            more: dict[str, Any] = {"partial": self.partial, "hold_until": self.hold_until}
            approved_again(before, split, *asked, rest=self.rest, **more)
            return
        if self.approver is not None:
            may_approve(load, order, self.approver)
        terms = ApprovalTerms(self.wait_until, self.hold_until)
        terms.must_lie_ahead(at)
        terms = with_settings(terms, load, at)
        if self.partial:
            yield from approval_of_a_part(self.id, load, at, *asked, self.rest, terms)
        else:
            yield from approval(self.id, load, at, *asked, terms)


class LapseReservation(Command):
    """Let go what was held for an order for as long as it was to be held.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = SalesOrder

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        goods = held(self.id, order, load)
        for event in order.lapse(at, goods):
            yield self.stream, event
            for item in goods:
                place = Stock.id_of(order.known().warehouse, item)
                for released in load(Stock, place).release(self.id, choosing(load, at)):
                    yield Stock.stream(place), released
        yield from order_entered(load, self.id)


class RejectOrder(Command, of=SalesOrder, when=lambda order: order.status == "submitted"):
    """Reject a submitted order."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        for event in order.reject(self.reason):
            yield self.stream, event
            yield from lets_go(self.id, order, load)
            yield from no_longer_approved(order, load, "rejected")


class ShipOrder(Command, of=SalesOrder, when=lambda order: order.status in SHIPPED):
    """Ship an approved order, whole or in part; what goes to a dealer is then on its way there.

    The settings `orders.deliveries` say whether a line may get more than was ordered, and when
    less is enough.
    """

    shipment: Id
    lines: Parts | None = Field(
        None,
        description="All that is open and stands ready for no other, unless told otherwise.",
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        before = load.event(SalesOrder, self.id, f"shipment:{self.shipment}")
        told = () if before is None else before.lines
        parts = None if self.lines is None else parts_said(load, order, self.lines, told)
        if before is not None:
            parts_again(before, parts)
            return
        waits: Shipment = load(Shipment, Shipment.id_of(self.id, self.shipment))
        if waits.waits and waits.picked is not None and self.shipment not in order.ready:
            # An older build told the shipment alone of its pick.
            yield self.stream, OrderPicked(self.shipment, waits.picked.lines)
            order = load(SalesOrder, self.id)
        goes, packs = ready_for(order, self.shipment, parts)
        tolerance = tolerance_of(load, order, at)
        for event in order.ship(self.shipment, goes, tolerance, packs):
            must_be_signed(load, self.id, "payment", None, at)
            customer = order.known().customer
            served(load, customer)
            not_held(load, customer)
            if isinstance(event, OrderShipped):
                if self.shipment not in order.ready:
                    may_go_too(order, event.lines, tolerance)
                check_credit(load, self.id, order.beyond(event.lines))
                yield self.stream, event
                yield from self._moves(order, event, load, at)
                yield from kept_on_contract(load, self.id)
        yield from order_entered(load, self.id)

    def _moves(
        self, before: SalesOrder, shipped: OrderShipped, load: Load, at: datetime
    ) -> Iterator[Decision]:
        after: SalesOrder = load(SalesOrder, self.id)
        for item, quantity in quantities(shipped.lines).items():
            place = shipped.warehouse, item
            here = Stock.id_of(*place)
            entry = asking(self, load, here, at)
            more = after.due(*place) + quantity - before.due(*place)
            yield from holds_otherwise(load, self.id, here, more, at)
            what = self.id, self.shipment, quantity, entry, shipped.customer
            with one_of(here):
                events = list(load(Stock, here).ship(*what))
            for left in events:
                yield Stock.stream(here), left
            if shipped.customer_kind == "dealer":
                where = shipped.warehouse, shipped.customer, item
                sent = where, self.shipment, quantity
                came = self.id, lots_of(events)
                yield from on_its_way(self, load, *sent, "dealer", at, *came)


class CancelOrder(Command, of=SalesOrder, when=lambda order: order.status in CANCELLED):
    """Cancel what is not shipped of an order and let its reservations go."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        before: OrderCancelled | None = load.event(SalesOrder, self.id, "cancelled")
        if repeats(before, OrderCancelled(self.reason, ()), but={"released"}):
            return
        for event in order.cancel(self.reason, held(self.id, order, load)):
            yield self.stream, event
            yield from lets_go(self.id, order, load)
            yield from no_longer_approved(order, load, "cancelled")
            yield from kept_on_contract(load, self.id)
        yield from order_entered(load, self.id)


class ReturnOrder(Command, of=SalesOrder, when=lambda order: order.returnable):
    """Take back goods that were shipped; they are in the warehouse again. Those that cannot be
    sold as they are, or have to be looked at first, are blocked there.
    """

    added = (*Command.added, "condition")

    return_id: Id
    lines: Parts
    reason: Text
    condition: Condition | None = CONDITION

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        before = load.event(SalesOrder, self.id, f"return:{self.return_id}")
        if before is not None:
            said = {"reason": self.reason, "condition": self.condition}
            parts_again(before, parts_said(load, order, self.lines, before.lines), **said)
            undoing = OrderReturnUndone.under(self.return_id)
            refuse_taken_back(load, SalesOrder, self.id, undoing, self.return_id)
            return
        parts = parts_said(load, order, self.lines)
        what = self.return_id, parts, self.reason, self.condition
        for event in order.take_back(*what):
            yield self.stream, event
            if isinstance(event, OrderReturned):
                yield from self._moves(event, load, at)
        yield from order_entered(load, self.id)

    def _moves(self, returned: OrderReturned, load: Load, at: datetime) -> Iterator[Decision]:
        reference = f"{self.id}:{self.return_id}"
        for item, quantity in quantities(returned.lines).items():
            here = Stock.id_of(returned.warehouse, item)
            lots = lots_back(load, self.id, here, item, quantity)
            entry = asking(self, load, here, at)._replace(parts=lots)
            for back in load(Stock, here).receive(quantity, "return", reference, None, entry):
                yield Stock.stream(here), back
            yield from looked_at(load, here, reference, self.condition, entry)
            if returned.customer_kind == "dealer":
                there = Stock.id_of(returned.customer, item)
                entry = asking(self, load, there, at)._replace(parts=lots)
                with one_of(there):
                    for left in load(Stock, there).issue(quantity, "return", reference, entry):
                        yield Stock.stream(there), left


class CreditLoss(Command, of=SalesOrder, when=lambda order: order.creditable):
    """Credit what was lost of a shipment on its way to a customer.

    Of what is on its way to a dealer, `receive-transfer` says what was lost, and it is credited.
    """

    loss: Id
    shipment: Id
    lines: Parts

    def follows(self, load: Load) -> datetime | None:
        return sent_at(self.id, self.shipment, load)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        before: OrderLossCredited | None = load.event(SalesOrder, self.id, f"loss:{self.loss}")
        if before is not None:
            parts = parts_said(load, order, self.lines, before.lines)
            parts_again(before, parts, shipment=self.shipment)
            undoing = OrderLossUndone.under(self.loss)
            refuse_taken_back(load, SalesOrder, self.id, undoing, self.loss)
            return
        if order.known().customer_kind == "dealer":
            raise DealersLoss(
                f"Goods on their way to {order.known().customer} are a dealer's."
                " Record what was lost with receive-transfer.",
                f"发往 {order.known().customer} 的货物属于经销商在途。"
                "请用 receive-transfer 记录损失。",
            )
        for event in order.credit(self.loss, self.shipment, parts_said(load, order, self.lines)):
            yield from self.in_order(event, at, load)
        yield from order_entered(load, self.id)


def quantities(lines: Iterable[ShippedLine]) -> dict[str, int]:
    return by_item((line.item, line.quantity) for line in lines)
