"""An order is approved as it stands, ships what it reserved, and its parts sum to its lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Self

from aggregates import NO_DIMENSIONS, Aggregate, Unknown, again, refuse_unequal
from aggregates.assignee import of_business
from aggregates.orders.lines import (
    NO_PACKS,
    OrderLine,
    PartsSaid,
    PickedLine,
    ShippedLine,
    added,
    content_of,
    divided,
    less,
    part,
)
from aggregates.orders.order.events import OrderApprovalRefused as OrderApprovalRefused
from aggregates.orders.order.events import OrderApproved as OrderApproved
from aggregates.orders.order.events import OrderCancelled as OrderCancelled
from aggregates.orders.order.events import OrderClaimed as OrderClaimed
from aggregates.orders.order.events import OrderClaimSettled as OrderClaimSettled
from aggregates.orders.order.events import OrderCreditUndone as OrderCreditUndone
from aggregates.orders.order.events import OrderDrafted as OrderDrafted
from aggregates.orders.order.events import OrderEvent as OrderEvent
from aggregates.orders.order.events import OrderExchanged as OrderExchanged
from aggregates.orders.order.events import OrderInvoiced as OrderInvoiced
from aggregates.orders.order.events import OrderLossCredited as OrderLossCredited
from aggregates.orders.order.events import OrderLossUndone as OrderLossUndone
from aggregates.orders.order.events import OrderPicked as OrderPicked
from aggregates.orders.order.events import OrderRedrafted as OrderRedrafted
from aggregates.orders.order.events import OrderRejected as OrderRejected
from aggregates.orders.order.events import OrderReservationLapsed as OrderReservationLapsed
from aggregates.orders.order.events import OrderReturnCredited as OrderReturnCredited
from aggregates.orders.order.events import OrderReturned as OrderReturned
from aggregates.orders.order.events import OrderReturnUndone as OrderReturnUndone
from aggregates.orders.order.events import OrderShipped as OrderShipped
from aggregates.orders.order.events import OrderSignatureUndone as OrderSignatureUndone
from aggregates.orders.order.events import OrderSplit as OrderSplit
from aggregates.orders.order.events import OrderStepSigned as OrderStepSigned
from aggregates.orders.order.events import OrderSubmitted as OrderSubmitted
from aggregates.orders.order.events import Released as Released
from aggregates.orders.order.events import Shortage as Shortage
from aggregates.orders.order.parts import EXACT, cut
from aggregates.orders.order.parts import Tolerance as Tolerance
from aggregates.orders.order.refusals import AlreadyOver as AlreadyOver
from aggregates.orders.order.refusals import BeyondDelivered as BeyondDelivered
from aggregates.orders.order.refusals import BeyondLine as BeyondLine
from aggregates.orders.order.refusals import BeyondOrder as BeyondOrder
from aggregates.orders.order.refusals import ContentChanged as ContentChanged
from aggregates.orders.order.refusals import LaterFirst as LaterFirst
from aggregates.orders.order.refusals import LinesContracted as LinesContracted
from aggregates.orders.order.refusals import LinesQuoted as LinesQuoted
from aggregates.orders.order.refusals import NotNow as NotNow
from aggregates.orders.order.refusals import StandsReady as StandsReady
from aggregates.orders.order.refusals import StillNeeded as StillNeeded
from aggregates.orders.order.repeats import approved_again as approved_again
from aggregates.orders.order.repeats import as_quoted as as_quoted
from aggregates.orders.order.repeats import drafted_again as drafted_again
from aggregates.orders.order.repeats import parts_again as parts_again
from aggregates.orders.order.repeats import refuse_others as refuse_others
from aggregates.orders.order.signing import may_be_signed, not_signed, refuse_if_gone_on
from aggregates.orders.order.terms import NO_TERMS as NO_TERMS
from aggregates.orders.order.terms import ApprovalTerms as ApprovalTerms
from aggregates.orders.steps import SignedStep
from aggregates.packs import Packed

PROMISED = frozenset({"approved", "partly_shipped"})
"""An order in one of these states holds exactly what is open on it."""
FollowedUp = (
    OrderStepSigned
    | OrderSignatureUndone
    | OrderInvoiced
    | OrderReturnCredited
    | OrderCreditUndone
    | OrderPicked
    | OrderClaimed
    | OrderClaimSettled
)
REDRAFTED = "draft", "submitted", "rejected"
SHIPPED = "approved", "partly_shipped"
CANCELLED = *REDRAFTED, *SHIPPED
"""What an order may be, so that it can be redrafted, shipped or cancelled."""
WAITING = PROMISED | {"draft", "submitted"}
"""An order in one of these states may hold what is open on it, or less."""


@dataclass(frozen=True)
class SalesOrder(Aggregate):
    kind: ClassVar[str] = "order"

    drafted: OrderDrafted | None = None
    status: str = "unknown"
    lines: tuple[OrderLine, ...] = ()
    content: str = ""  # as submitted
    needs: str | None = None  # the approval that it was submitted with
    whole: str | None = None  # what that approval is of, where this is a part of it
    rejected: str = ""  # why, while it is
    shipped: tuple[int, ...] = ()  # line by line
    closed: frozenset[int] = frozenset()  # lines that are served, though some are missing
    returned: tuple[int, ...] = ()  # and what was lost on its way
    shipments: Mapping[str, tuple[ShippedLine, ...]] = field(default_factory=dict)
    returns: Mapping[str, tuple[ShippedLine, ...]] = field(default_factory=dict)
    losses: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # by shipment
    invoices: Mapping[str, str] = field(default_factory=dict)  # by shipment
    to_credit: Mapping[str, int] = field(default_factory=dict)  # by what it was recorded under
    claims: Mapping[str, OrderClaimed] = field(default_factory=dict)  # those that are open
    ready: Mapping[str, tuple[PickedLine, ...]] = field(default_factory=dict)  # by shipment
    hold_until: datetime | None = None
    lapses: int = 0
    deferred: OrderReservationLapsed | None = None  # where its goods were let go before their time
    signed: Mapping[str, OrderStepSigned] = field(default_factory=dict)
    """By step, and shipment where it is of one."""
    signings: Mapping[str, int] = field(default_factory=dict)
    """How often each was ever signed."""

    def redraft(self, lines: tuple[OrderLine, ...]) -> Iterator[OrderEvent]:
        """Put other lines in; a rejected order is a draft again, whatever its lines."""
        status = self.must_be(*REDRAFTED)
        if lines != self.lines:
            self._refuse_if_ready()
        if lines != self.lines or status == "rejected":
            yield OrderRedrafted(lines)

    def submit(self, approval: str | None = None, whole: str | None = None) -> Iterator[OrderEvent]:
        if self.must_be("draft", "submitted") == "draft":
            amount = sum(line.amount for line in self.lines)
            yield OrderSubmitted(amount, content_of(self.lines), approval, whole)

    def read(self, content: str | None) -> None:
        """Refuse to approve what is not submitted, or other `content` than the approver read."""
        self.must_be("submitted")
        if content not in (None, self.content):
            raise ContentChanged

    def approve(
        self,
        approver: str | None,
        content: str | None,
        shortages: tuple[Shortage, ...],
        terms: ApprovalTerms = NO_TERMS,
    ) -> Iterator[OrderEvent]:
        self.read(content)
        if shortages:
            stopped = shortages, self.known().warehouse, self.content, approver
            yield OrderApprovalRefused(*stopped, terms.wait_until)
        else:
            revision = again(self.lapses)
            yield OrderApproved(self.content, approver, terms.hold_until, revision, terms.settings)

    def sign(
        self, step: SignedStep, shipment: str | None, role: str | None, note: str | None
    ) -> Iterator[OrderEvent]:
        self.known()
        key = OrderStepSigned.under(step, shipment)
        before = self.signed.get(key)
        if before is not None:
            refuse_unequal(("note", before.note, note))
            return
        may_be_signed(self, step, shipment)
        yield OrderStepSigned(step, shipment, role, note, again(self.signings.get(key, 0)))

    def undo_signature(
        self, step: SignedStep, shipment: str | None, reason: str
    ) -> Iterator[OrderEvent]:
        """Unless what waited for it has gone on."""
        self.known()
        signed = self.signed.get(OrderStepSigned.under(step, shipment))
        if signed is None:
            raise not_signed(step, shipment)
        refuse_if_gone_on(self, step, shipment)
        yield OrderSignatureUndone(step, shipment, reason, signed.revision)

    @property
    def wanted(self) -> tuple[int, ...]:
        """How many of each line are still meant to leave, or left."""
        return tuple(
            done if self.status == "cancelled" or line.line in self.closed else line.quantity
            for line, done in zip(self.lines, self.shipped, strict=True)
        )

    @property
    def agreed_elsewhere(self) -> bool:
        """Whether its lines are those of a quotation or a contract."""
        first = self.known()
        return first.quotation is not None or first.contract is not None

    @property
    def to_be_approved(self) -> str:
        """The content that has to be signed: that of the whole order, where it was split."""
        return self.whole or self.content

    @property
    def approval(self) -> str:
        """What the approval is recorded under that stands, or is still to come."""
        return OrderApproved.under(again(self.lapses))

    def lapse(self, at: datetime, held: Mapping[str, int]) -> Iterator[OrderEvent]:
        """Let go what is held, if nothing was shipped for as long as it was to be held."""
        if self.status == "approved" and self.hold_until is not None and self.hold_until <= at:
            released = tuple(Released(*each) for each in held.items())
            yield OrderReservationLapsed(self.hold_until, released)

    def defer(
        self, reason: str, at: datetime, held: Mapping[str, int], *, partial: bool
    ) -> Iterator[OrderEvent]:
        """Let go what is held, before its time."""
        self.must_be("approved")
        self._refuse_if_ready()
        released = tuple(Released(*each) for each in held.items())
        yield OrderReservationLapsed(at, released, reason, partial)

    def split(self, rest: str, kept: Mapping[int, int]) -> OrderSplit:
        """Keep so many of each line; the rest is to be an order of its own."""
        self._refuse_if_ready()
        lines, left = divided(self.lines, kept)
        return OrderSplit(rest, lines, left, self.content, content_of(lines))

    def reject(self, reason: str) -> Iterator[OrderEvent]:
        if self.must_be("submitted", "rejected") == "submitted":
            yield OrderRejected(reason)
        else:
            refuse_unequal(("reason", self.rejected, reason))

    def ship(
        self,
        shipment: str,
        parts: Mapping[int, int] | None,
        tolerance: Tolerance = EXACT,
        packs: Mapping[int, Packed] = NO_PACKS,
    ) -> Iterator[OrderEvent]:
        """Ship these quantities of these lines, or all that is open."""
        self.must_be(*SHIPPED)
        lines = self.cut(self.open if parts is None else parts, tolerance, packs)
        done, missing = added(self.shipped, lines), tolerance.under or (0,) * len(self.lines)
        closed = tuple(
            one.line
            for one in lines
            if 0 < self.lines[one.line - 1].quantity - done[one.line - 1] <= missing[one.line - 1]
        )
        served = self.closed.union(closed)
        complete = all(
            line.line in served or line.quantity <= so_many
            for line, so_many in zip(self.lines, done, strict=True)
        )
        yield OrderShipped(shipment, *self._stamp(), lines, complete, closed, tolerance.settings)

    def cut(
        self,
        parts: Mapping[int, int],
        tolerance: Tolerance,
        packs: Mapping[int, Packed] = NO_PACKS,
    ) -> tuple[ShippedLine, ...]:
        """What may go out of its lines now."""
        ordered = tuple(line.quantity for line in self.lines)
        return cut(self.lines, parts, self.shipped, ordered, tolerance.over, packs)

    def beyond(self, lines: Sequence[ShippedLine]) -> int:
        """The amount of what these parts would bring beyond what is open of their lines."""
        return sum(
            line.amount - part(self.lines[line.line - 1], self.shipped[line.line - 1], left).amount
            for line in lines
            if line.quantity > (left := self.open.get(line.line, 0))
        )

    def cancel(self, reason: str, held: Mapping[str, int]) -> Iterator[OrderEvent]:
        """Cancel what is not shipped; what is `held` for it of each item is let go."""
        self.must_be(*CANCELLED)
        yield OrderCancelled(reason, tuple(Released(*each) for each in held.items()))

    def take_back(
        self, return_id: str, parts: PartsSaid, reason: str, condition: str | None = None
    ) -> Iterator[OrderEvent]:
        self.known()
        lines = cut(self.lines, parts.quantities, self.returned, self.shipped, packs=parts.packs)
        yield OrderReturned(return_id, *self._stamp(), lines, reason, condition)

    def undo_return(
        self, return_id: str, reason: str, returned_at: datetime | None
    ) -> Iterator[OrderEvent]:
        """Have the goods with the customer again, as if they had not come back."""
        self.known()
        lines = self.returns.get(return_id)
        if lines is None:
            raise Unknown(
                f"The order has no return {return_id}. Check its id.",
                f"订单没有退货 {return_id}。请检查其编号。",
            )
        self._must_be_last(return_id, lines)
        yield OrderReturnUndone(return_id, *self._stamp(), lines, reason, returned_at)

    def undo_loss(self, lost: OrderLossCredited, reason: str) -> Iterator[OrderEvent]:
        self._must_be_last(lost.loss, lost.lines)
        yield OrderLossUndone(lost.loss, lost.shipment, *self._stamp(), lost.lines, reason)

    def _must_be_last(self, name: str, lines: tuple[ShippedLine, ...]) -> None:
        """What is left of each line is worth what it would be without these."""
        for one in lines:
            before = self.returned[one.line - 1] - one.quantity
            if part(self.lines[one.line - 1], before, one.quantity, one.packed) != one:
                raise LaterFirst(name)

    def credit(self, loss: str, shipment: str, parts: PartsSaid) -> Iterator[OrderEvent]:
        """Credit what was lost of a shipment, once for each piece."""
        sent = {line.line: line.quantity for line in self.sent(shipment)}
        gone = self.losses.get(shipment, (0,) * len(self.lines))
        limit = tuple(sent.get(line.line, 0) for line in self.lines)
        cut(self.lines, parts.quantities, gone, limit)
        lines = cut(self.lines, parts.quantities, self.returned, self.shipped, packs=parts.packs)
        yield OrderLossCredited(loss, shipment, *self._stamp(), lines)

    def lose(self, loss: str, shipment: str, item: str, quantity: int) -> Iterator[OrderEvent]:
        """Credit so many of an item of a shipment; what was given back has been credited before."""
        parts: dict[int, int] = {}
        for sent in self.sent(shipment):
            take = min(quantity, self._unpaid(shipment, sent))
            if sent.item == item and take:
                parts[sent.line] = take
                quantity -= take
        if parts:
            yield from self.credit(loss, shipment, PartsSaid(parts, NO_PACKS))

    def claim(self, claim: str, shipment: str, line: int, quantity: int) -> Iterator[OrderEvent]:
        """Have so many of a line of a shipment amiss, each piece once."""
        sent = {one.line: one for one in self.sent(shipment)}
        most = 0
        if line in sent:
            mine = [one for one in self.claims.values() if one.line == line]
            here = sum(one.quantity for one in mine if one.shipment == shipment)
            gone = self.losses.get(shipment, (0,) * len(self.lines))[line - 1]
            back = self.returned[line - 1] + sum(one.quantity for one in mine)
            most = min(sent[line].quantity - gone - here, self.shipped[line - 1] - back)
        if quantity > most:
            raise BeyondDelivered(shipment, line, max(most, 0), quantity)
        yield OrderClaimed(claim, shipment, line, quantity)

    def settle_claim(self, claim: str, given: str | None = None) -> Iterator[OrderEvent]:
        if claim in self.claims:
            yield OrderClaimSettled(claim, given)

    def sent(self, shipment: str) -> tuple[ShippedLine, ...]:
        self.known()
        if shipment not in self.shipments:
            raise Unknown(
                f"The order has no shipment {shipment}. Check its id.",
                f"订单没有发货单 {shipment}。请检查其编号。",
            )
        return self.shipments[shipment]

    @property
    def returnable(self) -> bool:
        """Whether something was shipped that has not come back."""
        return self.shipped != self.returned

    @property
    def creditable(self) -> bool:
        """Whether something was shipped to somebody else than a dealer that can still be lost."""
        if self.known().customer_kind == "dealer":
            return False
        return any(
            self._unpaid(shipment, sent) > 0
            for shipment, lines in self.shipments.items()
            for sent in lines
        )

    def _unpaid(self, shipment: str, sent: ShippedLine) -> int:
        """How many of a line of a shipment were neither lost nor given back."""
        gone = self.losses.get(shipment, (0,) * len(self.lines))
        line = sent.line - 1
        return min(sent.quantity - gone[line], self.shipped[line] - self.returned[line])

    def _refuse_if_ready(self) -> None:
        """What stands ready is known by the numbers of the lines as they are."""
        for shipment, lines in self.ready.items():
            if lines:
                raise StandsReady(shipment)

    @property
    def open(self) -> Mapping[int, int]:
        """What is still to be shipped, by line."""
        pairs = zip(self.lines, self.shipped, strict=True)
        left = {line.line: line.quantity - done for line, done in pairs if done < line.quantity}
        return {line: quantity for line, quantity in left.items() if line not in self.closed}

    @property
    def standing_ready(self) -> Mapping[int, int]:
        """What was picked and has not left, by line."""
        return {
            number: sum(
                one.quantity for lines in self.ready.values() for one in lines if one.line == number
            )
            for number in range(1, len(self.lines) + 1)
        }

    @property
    def not_ready(self) -> Mapping[int, int]:
        """What is open and was not picked, by line; below nothing where more stands ready."""
        ready = self.standing_ready
        return {line: quantity - ready[line] for line, quantity in self.open.items()}

    @property
    def uninvoiced(self) -> int:
        """What is owed for it, or will be, and is on no invoice; what is to be credited is not."""
        promised = (
            line.amount - line.amount * done // line.quantity
            for line, done in zip(self.lines, self.shipped, strict=True)
            if self.status in PROMISED and done < line.quantity and line.line not in self.closed
        )
        sent = (
            line.amount
            for shipment, lines in self.shipments.items()
            if shipment not in self.invoices
            for line in lines
        )
        return sum(promised) + sum(sent) - sum(self.to_credit.values())

    def due(self, location: str, item: str) -> int:
        """How many of an item the order may hold at a location; an approved one holds them all."""
        if self.status not in WAITING or location != self.known().warehouse:
            return 0
        return sum(left for line, left in self.open.items() if self.lines[line - 1].item == item)

    def may_hold(self, location: str, item: str, quantity: int) -> None:
        """Refuse what the order does not want; of an order that is not known, nobody knows."""
        if self.drafted is None or quantity <= (most := self.due(location, item)):
            return
        raise BeyondOrder(self.status, location, item, most, quantity)

    def may_let_go(self, location: str, item: str) -> None:
        if self.status in PROMISED and (needed := self.due(location, item)):
            raise StillNeeded(self.status, location, item, needed)

    def known(self) -> OrderDrafted:
        if self.drafted is None:
            raise Unknown(
                "There is no such order. Draft the order first.", "没有这张订单。请先起草订单。"
            )
        return self.drafted

    def must_be(self, *allowed: str) -> str:
        self.known()
        if self.status not in allowed:
            raise NotNow(self.status, allowed)
        return self.status

    def _stamp(self) -> tuple[str, str, str, str, str, str, str]:
        order = self.known()
        who = order.rep, order.department, order.region
        return order.customer, order.customer_kind, order.warehouse, order.currency, *who

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.drafted is None else of_business(self.drafted)

    def evolve(self, event: OrderEvent) -> Self:
        match event:
            case OrderDrafted():
                return self.having(drafted=event).holding(event.lines)
            case OrderRedrafted(lines):
                return self.holding(lines)
            case OrderSubmitted(_, content, approval, whole):
                signing = {"needs": approval, "whole": whole}
                return self.having(status="submitted", content=content, **signing)
            case OrderSplit(lines=lines, kept=content):
                kept = replace(self.holding(lines), status="submitted", content=content)
                return replace(kept, needs=self.needs, whole=self.to_be_approved)
            case OrderApproved(hold_until=hold_until):
                return self.having(status="approved", hold_until=hold_until)
            case OrderReservationLapsed():
                lapsed = replace(self, status="submitted", hold_until=None, lapses=self.lapses + 1)
                return replace(lapsed, deferred=event if event.reason else self.deferred)
            case OrderApprovalRefused() | OrderExchanged():
                return self
            case OrderRejected(reason):
                return replace(self, status="rejected", rejected=reason)
            case OrderShipped(shipment, lines=lines, complete=complete):
                status = "shipped" if complete else "partly_shipped"
                shipments = {**self.shipments, shipment: lines}
                ready = {name: one for name, one in self.ready.items() if name != shipment}
                sent = replace(self, status=status, shipped=added(self.shipped, lines))
                return replace(
                    sent,
                    shipments=shipments,
                    ready=ready,
                    closed=self.closed.union(event.lines_closed),
                )
            case OrderCancelled():
                return replace(self, status="cancelled")
            case OrderReturned(return_id, lines=lines):
                returns = {**self.returns, return_id: lines}
                owing, back = self._owing(event), added(self.returned, lines)
                return replace(self, returns=returns, returned=back, to_credit=owing)
            case OrderReturnUndone() | OrderLossUndone():
                return self._kept(event)
            case OrderLossCredited(_, shipment, lines=lines):
                before = self.losses.get(shipment, (0,) * len(self.lines))
                losses = {**self.losses, shipment: added(before, lines)}
                owing, back = self._owing(event), added(self.returned, lines)
                return replace(self, losses=losses, returned=back, to_credit=owing)
            case _:
                return self._followed_up(event)

    def _kept(self, event: OrderReturnUndone | OrderLossUndone) -> Self:
        """With what did not come back, or was not lost."""
        returns, losses, owing = {**self.returns}, {**self.losses}, {**self.to_credit}
        if isinstance(event, OrderReturnUndone):
            del returns[event.return_id]
            owing.pop(f"return:{event.return_id}", None)
        else:
            losses[event.shipment] = less(losses[event.shipment], event.lines)
            owing.pop(f"loss:{event.loss}", None)
        kept = replace(self, returns=returns, losses=losses, to_credit=owing)
        return replace(kept, returned=less(self.returned, event.lines))

    def _owing(self, event: OrderReturned | OrderLossCredited) -> Mapping[str, int]:
        """What is to be credited, with what came back or was lost now."""
        amount = sum(line.amount for line in event.lines)
        return {**self.to_credit, event.recorded_under(): amount}

    def _signed(self, event: OrderStepSigned | OrderSignatureUndone) -> Self:
        key = OrderStepSigned.under(event.step, event.shipment)
        if isinstance(event, OrderStepSigned):
            signings = {**self.signings, key: self.signings.get(key, 0) + 1}
            return replace(self, signed={**self.signed, key: event}, signings=signings)
        left = {name: one for name, one in self.signed.items() if name != key}
        return replace(self, signed=left)

    def _followed_up(self, event: FollowedUp) -> Self:
        match event:
            case OrderStepSigned() | OrderSignatureUndone():
                return self._signed(event)
            case OrderClaimed():
                return replace(self, claims={**self.claims, event.claim: event})
            case OrderClaimSettled():
                still = {name: one for name, one in self.claims.items() if name != event.claim}
                return replace(self, claims=still)
            case OrderPicked():
                return replace(self, ready={**self.ready, event.shipment: event.lines})
            case OrderInvoiced():
                return replace(self, invoices={**self.invoices, event.shipment: event.invoice})
            case OrderReturnCredited():
                left = {name: one for name, one in self.to_credit.items() if name != event.credited}
                return replace(self, to_credit=left)
            case OrderCreditUndone():
                owing = {**self.to_credit, event.credited: event.amount}
                return replace(self, to_credit=owing)

    def holding(self, lines: tuple[OrderLine, ...]) -> Self:
        none = (0,) * len(lines)
        fresh = {"status": "draft", "content": "", "rejected": "", "closed": frozenset[int]()}
        return self.having(lines=lines, shipped=none, returned=none, signed={}, **fresh)
