"""What may be asked about quotations, up to the order that one becomes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Aggregate, ReferenceTaken, refuse_unequal
from aggregates.calendar import business_day
from aggregates.catalog.product import Product
from aggregates.customers.customer import Customer
from aggregates.line_pricing import PricedLine
from aggregates.orders.lines import OrderLine, Said, other_lines
from aggregates.orders.order import OrderDrafted, SalesOrder, refuse_others
from aggregates.pricing.numbers import QuotationNumbers
from aggregates.pricing.quotation import ACTIVE, Quotation, refusals
from aggregates.pricing.quotation.events import QuotationDrafted, QuotationEvent, QuotedLine
from commands import Command, Currency, Day, Decision, Id, Load, Text, Whole, registers
from commands.approvals.asking import must_be_approved, needed, voided
from commands.business import business, carried_on, documented, not_lost, paying, served
from commands.change import Change, Kept
from commands.fields import LongText
from commands.numbers import Numbered
from commands.orders.order import DraftOrder, Line, Lines
from commands.prices import price_lines, refuse_below_floor

VALID_UNTIL = "The last day on which the customer can accept it."
REVISION = Field(description="The one that is meant: the newest, or it is refused.")
Number = Annotated[Whole, Field(ge=1, le=10_000)]


class DraftQuotation(Numbered, of=Quotation):
    """Draft a quotation for a customer: what is offered, at which prices, and until when."""

    numbers = QuotationNumbers

    customer: Id
    warehouse: Id = Field(description="From where it would be shipped.")
    lines: Lines
    valid_until: Day = Field(description=VALID_UNTIL)
    currency: Currency | None = Field(None, description="That of the first product, unless told.")
    rep: Id | None = Field(None, description="The customer's owner, unless told otherwise.")
    opportunity: Id | None = None
    note: LongText | None = Field(None, description="Printed below the lines.")

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Quotation, self.id
        yield Customer, self.customer
        for line in self.lines:
            yield Product, line.item

    def apart(self, load: Load, _: str) -> str:
        return business(load, self.customer, self.rep)[1][1]

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: QuotationDrafted | None = load.event(Quotation, self.id, "drafted")
        if before is not None:
            refuse_others(before, self._told(), other_lines(ordered(before.lines), self._said()))
            return
        customer, who = business(load, self.customer, self.rep)
        registers.holder_at(load, self.warehouse)
        not_lost(load, self.opportunity, self.customer)
        lines, currency = price_lines(load, self.lines, self.customer, at, self.currency)
        if self.valid_until < business_day(at):
            raise refusals.over(self.valid_until, business_day(at))
        yield (
            self.stream,
            QuotationDrafted(
                self.customer,
                customer.customer_kind,
                self.warehouse,
                currency,
                _quoted(lines),
                self.valid_until,
                *who,
                self.opportunity,
                self.note,
            ),
        )
        yield from documented(load, self.opportunity, quotation=self.id)

    def _said(self) -> tuple[Said, ...]:
        return tuple(line.said() for line in self.lines)

    def _told(self) -> dict[str, object]:
        open_ones = {"rep": self.rep, "currency": self.currency}
        told = {name: value for name, value in open_ones.items() if value is not None}
        names = "customer", "warehouse", "valid_until", "opportunity", "note"
        return {name: getattr(self, name) for name in names} | told


def _revisable(state: Quotation) -> bool:
    return state.status in (*ACTIVE, "refused", "expired")


class ReviseQuotation(Change, of=Quotation, when=_revisable):
    """Offer something else. What was sent before stays readable, and is superseded.

    Lines that are given are priced as of now; those of an earlier revision are taken up with the
    prices that they had.
    """

    lines: Kept[Lines] = None
    from_revision: Number | None = Field(
        None, description="An earlier revision whose lines are taken up again."
    )
    valid_until: Kept[Day] = Field(None, description=VALID_UNTIL)
    note: LongText | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Quotation = load(Quotation, self.id)
        first = state.known()
        lines = state.of(self.from_revision or state.revision).lines
        if self.lines is not None and not _same(lines, self.lines):
            priced, _ = price_lines(load, self.lines, first.customer, at, first.currency)
            lines = _quoted(priced)
        told = self.told("valid_until", "note")
        content = state.current._replace(lines=lines, **told)
        for event in state.revise(content, self.from_revision, business_day(at)):
            served(load, first.customer)
            not_lost(load, first.opportunity, first.customer)
            yield self.stream, event
            if state.status == "submitted":
                yield from voided(load, state.needs, "changed")


class SendQuotation(Command, of=Quotation, when=lambda one: one.status in ("draft", "submitted")):
    """Give a quotation to the customer. Where approval routes ask for signatures, they are asked
    first, and it is sent by itself after the last one.
    """

    content: str | None = Field(
        None, description="The content that was read; if it changed since, it is not sent."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Quotation = load(Quotation, self.id)
        first = state.known()
        if state.status in ("draft", "submitted"):
            served(load, first.customer)
            not_lost(load, first.opportunity, first.customer)
        if self.content not in (None, state.current.content):
            raise refusals.content_changed(state.revision)
        if state.status == "submitted":
            must_be_approved(load, state.needs, state.current.content)
        asked = needed(load, Quotation.kind, self.id, at) if state.status == "draft" else None
        if asked is not None:
            for event in state.submit(asked.id):
                yield self.stream, event
            yield from asked.decisions(at)
            return
        if state.status == "draft":
            refuse_below_floor(load, ordered(state.current.lines), at)
        for event in state.send(at):
            yield self.stream, event


class AcceptQuotation(Command, of=Quotation, when=lambda one: one.status == "sent"):
    """Record that the customer accepted a quotation, in time and in its newest revision."""

    revision: Number = REVISION
    reference: Text | None = Field(None, description="The customer's own, such as a number.")

    def decide(self, state: Quotation, at: datetime) -> Iterator[QuotationEvent]:
        return state.accept(self.revision, self.reference, at)


class RefuseQuotation(Command, of=Quotation, when=lambda one: one.status in ("sent", "accepted")):
    """Record that the customer does not want what a quotation offers, and why."""

    revision: Number = REVISION
    reason: Text

    def decide(self, state: Quotation, at: datetime) -> Iterator[QuotationEvent]:
        return state.refuse(self.revision, self.reason, at)


class CancelQuotation(Command, of=Quotation, when=lambda one: one.active):
    """Offer a quotation no more, and say why."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Quotation = load(Quotation, self.id)
        for event in state.cancel(self.reason):
            yield self.stream, event
            if state.status == "submitted":
                yield from voided(load, state.needs, "cancelled")


class OrderQuotation(Command, of=Quotation, when=lambda one: one.status == "accepted"):
    """Make an order of an accepted quotation, once: customer, lines and prices are taken over.

    Nothing is typed again. Asked once more, it changes nothing; after the order was cancelled it
    makes another.
    """

    makes = frozenset({"order"})

    revision: Number = REVISION
    order: Id | None = Field(None, description="The order's id: the next number, unless told.")

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        return super().possible(load, id, at) or _came_to_nothing(load, load(Quotation, id))

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Quotation = load(Quotation, self.id)
        anew = self.order != state.order and _came_to_nothing(load, state)
        if state.order is not None and not anew:
            state.newest(self.revision)
            if self.order is not None:
                refuse_unequal(("order", state.order, self.order))
            return
        first, order = state.known(), self.order
        state.newest(self.revision)
        if (state.status == "accepted" or anew) and order is None:
            who = carried_on(load, first.customer, (first.rep, first.department, first.region))
            lines = ordered(state.current.lines)
            order, drawn = order_number(load, at, first.customer, who[0], first.warehouse, lines)
            yield drawn
        for event in state.become(self.revision, order or "", anew=anew):
            served(load, first.customer)
            yield self.stream, event
            yield from self._drafted(load, order or "", first, state)

    def _drafted(
        self, load: Load, order: str, first: QuotationDrafted, state: Quotation
    ) -> Iterator[Decision]:
        refuse_taken(load, order)
        whose = first.customer, first.customer_kind, first.warehouse, first.currency
        who = carried_on(load, first.customer, (first.rep, first.department, first.region))
        lines = ordered(state.current.lines)
        carried = {"quotation": self.id, "quotation_revision": state.revision}
        made = OrderDrafted(*whose, lines, *who, first.opportunity, **carried)  # type: ignore[arg-type]
        yield SalesOrder.stream(order), made
        yield from documented(load, first.opportunity, order=order)


def _came_to_nothing(load: Load, state: Quotation) -> bool:
    """Whether the order that a quotation became was cancelled, and nothing of it went anywhere."""
    if state.status != "ordered" or state.order is None:
        return False
    order: SalesOrder = load(SalesOrder, state.order)
    divided = load.event(SalesOrder, state.order, "split") is not None
    return order.status == "cancelled" and not any(order.shipped) and not divided


class ExpireQuotation(Command):
    """Say that a quotation can be accepted no longer.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Quotation

    def decide(self, state: Quotation, at: datetime) -> Iterator[QuotationEvent]:
        return state.expire(at)


def order_number(
    load: Load, at: datetime, customer: str, rep: str, warehouse: str, lines: Sequence[OrderLine]
) -> tuple[str, Decision]:
    """The next number of orders, drawn as if the order had been drafted by itself."""
    whose = {"customer": paying(load, customer), "rep": rep}
    draft = DraftOrder(**whose, warehouse=warehouse, lines=asked_anew(lines))
    numbered, drawn = draft.numbered(load, at)
    return numbered.id, drawn


def asked_anew(lines: Sequence[PricedLine]) -> tuple[Line, ...]:
    """The lines as somebody would ask for them."""
    return tuple(Line(item=one.item, quantity=one.quantity) for one in lines)


def refuse_taken(load: Load, order: str) -> None:
    """Refuse to make an order that is there already."""
    if load(SalesOrder, order).drafted is not None:
        raise ReferenceTaken(
            f"There is an order {order} already. Give another id, or none.",
            f"已有订单 {order}。请换一个编号，或不填。",
        )


def _quoted(lines: Sequence[OrderLine]) -> tuple[QuotedLine, ...]:
    return tuple(QuotedLine(**vars(line)) for line in lines)


def ordered(lines: Sequence[PricedLine]) -> tuple[OrderLine, ...]:
    """Lines as an order has them."""
    return tuple(OrderLine(**vars(line)) for line in lines)


def _same(before: Sequence[QuotedLine], asked: Sequence[Line]) -> bool:
    """Whether lines are asked as they were quoted: then they keep their prices."""
    return not [*other_lines(ordered(before), tuple(line.said() for line in asked))]
