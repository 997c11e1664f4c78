"""Stock of one item at one location: nobody is promised what is not there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, DateFlagged, ReferenceTaken, Unknown, taken
from aggregates.inventory.stock import lotted
from aggregates.inventory.stock.asked import Asked as Asked
from aggregates.inventory.stock.events import Document as Document
from aggregates.inventory.stock.events import Holder as Holder
from aggregates.inventory.stock.events import IssueReason as IssueReason
from aggregates.inventory.stock.events import LotPart as LotPart
from aggregates.inventory.stock.events import LotsExpected as LotsExpected
from aggregates.inventory.stock.events import LotsHeld as LotsHeld
from aggregates.inventory.stock.events import LotsMoved as LotsMoved
from aggregates.inventory.stock.events import ReceiptReason as ReceiptReason
from aggregates.inventory.stock.events import SellOutReturned as SellOutReturned
from aggregates.inventory.stock.events import StockAdjusted as StockAdjusted
from aggregates.inventory.stock.events import StockArrived as StockArrived
from aggregates.inventory.stock.events import StockCounted as StockCounted
from aggregates.inventory.stock.events import StockDispatched as StockDispatched
from aggregates.inventory.stock.events import StockDiverted as StockDiverted
from aggregates.inventory.stock.events import StockEvent as StockEvent
from aggregates.inventory.stock.events import StockExpected as StockExpected
from aggregates.inventory.stock.events import StockHolderCorrected as StockHolderCorrected
from aggregates.inventory.stock.events import StockIssued as StockIssued
from aggregates.inventory.stock.events import StockMoved as StockMoved
from aggregates.inventory.stock.events import StockReceived as StockReceived
from aggregates.inventory.stock.events import StockRecounted as StockRecounted
from aggregates.inventory.stock.events import StockReleased as StockReleased
from aggregates.inventory.stock.events import StockReserved as StockReserved
from aggregates.inventory.stock.events import StockReversed as StockReversed
from aggregates.inventory.stock.events import StockShipped as StockShipped
from aggregates.inventory.stock.events import StockSold as StockSold
from aggregates.inventory.stock.events import StockTakenBack as StockTakenBack
from aggregates.inventory.stock.lots import NO_LOTS, LotChoice, StockLots
from aggregates.inventory.stock.lotted import Going, Way
from aggregates.inventory.stock.refusals import (
    BeforeItWasSent,
    CountedOtherwise,
    CountTooOld,
    MovementTooOld,
    NotEnough,
    NotEnoughThen,
    NotReserved,
    ReceiptMissing,
    TooMuch,
    WrongHolder,
)
from aggregates.inventory.stock.timeline import EMPTY, Count, Timeline

Held = Holder | None
Yielded = Iterator[StockEvent | DateFlagged]
NEXT = timedelta(microseconds=1)
UNBOUND = None
"""What there is to have of a movement that no rule holds back: it happened."""


class Whose(NamedTuple):
    """Whose work a dealer's sale counts for."""

    rep: str | None = None
    department: str | None = None
    region: str | None = None


NOBODYS = Whose()


@dataclass(frozen=True)
class Stock(Aggregate):
    kind: ClassVar[str] = "stock"
    id_names = "place", "product"

    holder: Holder | None = None
    on_hand: int = 0
    reserved: int = 0
    orders: Mapping[str, int] = field(default_factory=dict)  # what each order still holds
    transit: Mapping[str, int] = field(default_factory=dict)  # what each transfer still brings
    past: Timeline = EMPTY
    lots: StockLots = NO_LOTS

    @staticmethod
    def id_of(location: str, item: str) -> str:
        return f"{location}:{item}"

    @classmethod
    @lru_cache(maxsize=16_384)  # every view of stock asks this of every event
    def parts(cls, stream: str) -> tuple[str, str]:
        """The location and the item of a stock's stream."""
        location, _, item = stream[len(cls.kind) + 1 :].partition(":")
        return location, item

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    def receive(
        self, quantity: int, reason: ReceiptReason, reference: str, holder: Held, asked: Asked
    ) -> Yielded:
        at = self.moment(asked)
        event = StockReceived(self.held_by(holder), quantity, reason, reference, at)
        if new := asked.anew(event):
            yield from self.post(
                new, quantity, asked, lots=Going(reference, asked.brought(quantity))
            )

    def issue(self, quantity: int, reason: IssueReason, reference: str, asked: Asked) -> Yielded:
        at = self.moment(asked)
        event = StockIssued(self.held_by(), quantity, reason, reference, at)
        if new := asked.anew(event):
            way: Way = "remove" if reason in ("return", "scrap") else "use"
            lots = Going(reference, lotted.taken(self, quantity, asked.choice(at), way))
            yield from self.post(new, -quantity, asked, self.available, lots)

    def adjust(self, quantity: int, reason: str, reference: str, asked: Asked) -> Yielded:
        at = self.moment(asked)
        event = StockAdjusted(self.held_by(), quantity, reason, reference, at)
        if new := asked.anew(event):
            parts = asked.brought(quantity)
            if quantity < 0:
                parts = lotted.taken(self, -quantity, asked.choice(at), "miss")
            yield from self.post(new, quantity, asked, self.available, Going(reference, parts))

    def reserve(self, order: str, quantity: int, lots: LotChoice) -> Yielded:
        """Let an order hold so many in all; what it holds already is not set aside again."""
        if (held := self.orders.get(order, 0)) > quantity:
            raise ReferenceTaken(
                f"Order {order} holds {held} here, more than {quantity}. Release them first.",
                f"订单 {order} 在此已预留 {held}，多于 {quantity}。请先释放预留。",
            )
        mine = self.lots.held.get(order, {})
        if held == quantity and lots.named is not None and lots.named not in mine:
            raise taken([("lot", ", ".join(mine) or None, lots.named)])
        yield from self.hold(order, quantity, lots)

    def hold(self, order: str, quantity: int, lots: LotChoice) -> Yielded:
        """Let an order hold exactly so many: some more are set aside, or some let go."""
        more = quantity - self.orders.get(order, 0)
        if more > 0:
            self.spare(more)
            parts = lotted.taken(self, more, lots)
            yield StockReserved(self.held_by(), order, more)
            if parts:
                yield LotsHeld(self.held_by(), order, lotted.opposite(parts))
        elif more < 0:
            yield StockReleased(self.held_by(), order, -more)
            if parts := lotted.let_go(self, order, -more, lots):
                yield LotsHeld(self.held_by(), order, parts)

    def reach(self, order: str, lots: LotChoice) -> int:
        """How many the order can have: what it holds, and what nobody holds."""
        mine = self.orders.get(order, 0) - lotted.held_back(self, order, lots)
        return mine + lotted.reach(self, lots)

    def release(self, order: str, lots: LotChoice) -> Yielded:
        """Let go whatever the order still holds."""
        return self.hold(order, 0, lots)

    def ship(
        self, order: str, shipment: str, quantity: int, asked: Asked, customer: str | None = None
    ) -> Yielded:
        at = self.moment(asked)
        event = StockShipped(self.held_by(), order, shipment, quantity, at)
        if asked.once(event) is None:
            return
        if (held := self.orders.get(order, 0)) < quantity:
            raise NotReserved(order, held, quantity)
        instead, parts = lotted.shipped(self, order, quantity, asked.choice(at))
        if instead:
            yield LotsHeld(event.holder, order, instead)
        lots = Going(shipment, parts, order, customer=customer)
        yield from self.post(event, -quantity, asked, self.on_hand, lots)

    def dispatch(self, transfer: str, to_location: str, quantity: int, asked: Asked) -> Yielded:
        at = self.moment(asked)
        event = StockDispatched(self.held_by(), transfer, to_location, quantity, at)
        if asked.once(event) is not None:
            way: Way = "use" if asked.lot is None else "remove"
            parts = lotted.taken(self, quantity, asked.choice(at), way)
            lots = Going(transfer, parts, to_location=to_location)
            yield from self.post(event, -quantity, asked, self.available, lots)

    def expect(
        self,
        transfer: str,
        from_location: str,
        quantity: int,
        holder: Held,
        asked: Asked,
        order: str | None = None,
    ) -> Yielded:
        """Two transfers of one name would become one on arrival: the second is refused."""
        held = self.held_by(holder)
        event = StockExpected(held, transfer, from_location, quantity, asked.at, order)
        if transfer in self.transit or asked.recorded(event.recorded_under()) is not None:
            raise ReferenceTaken(
                f"{transfer} came this way before. Choose another id.",
                f"{transfer} 已发往此处。请换一个编号。",
            )
        yield event
        yield from lotted.expected(event.holder, transfer, asked.parts)

    def arrive(
        self, transfer: str, quantity: int, lost: int, receipt: str | None, asked: Asked
    ) -> Yielded:
        name, left = receipt or transfer, self.transit.get(transfer, 0)
        sent = asked.recorded(StockExpected("warehouse", transfer, "", 0).recorded_under())
        order, at = sent and sent.order, self.moment(asked)
        event = StockArrived(self.held_by(), transfer, quantity, lost, name, at, order)
        before = asked.recorded(event.recorded_under())
        if before is not None and receipt is None and left:
            raise ReceiptMissing(transfer, before.quantity, before.lost, left)
        if asked.once(event, "order") is None:
            return
        if not left:
            raise _not_on_its_way(transfer)
        if left < quantity + lost:
            raise TooMuch(
                f"Only {left} of {transfer} are on their way. Adjust what is beyond.",
                f"{transfer} 只有 {left} 在途。超出的部分请用库存调整。",
            )
        yield from self.follows(event, sent, f"{transfer}", asked)
        parts, gone = lotted.arriving(self, transfer, quantity, lost)
        yield from self.post(event, quantity, asked, lots=Going(transfer, parts))
        yield from lotted.expected(event.holder, transfer, gone)

    def divert(self, transfer: str, to_location: str, reason: str, asked: Asked) -> Yielded:
        """Send elsewhere what is still on its way here."""
        left, at = self.transit.get(transfer, 0), self.moment(asked)
        event = StockDiverted(self.held_by(), transfer, to_location, left, reason, at)
        if asked.once(event, "quantity") is None:
            return
        if not left:
            raise _not_on_its_way(transfer)
        sent = asked.recorded(StockExpected("warehouse", transfer, "", 0).recorded_under())
        yield from self.follows(event, sent, transfer, asked)
        yield event
        _, gone = lotted.arriving(self, transfer, left, 0)
        yield from lotted.expected(event.holder, transfer, gone)

    def bring_back(self, transfer: str, quantity: int, asked: Asked) -> Yielded:
        """Have back what of a transfer never arrived."""
        at = self.moment(asked)
        event = StockTakenBack(self.held_by(), transfer, quantity, at)
        if asked.once(event) is not None:
            yield from self.post(event, quantity, asked, lots=Going(transfer, asked.parts))

    def count(self, counted: int, reference: str, holder: Held, asked: Asked) -> Yielded:
        """Compare with the book as it was when counted; what moved since stays moved."""
        at, lot = self.moment(asked), asked.lot
        shelf = self if lot is None else self.lots.of(lot)
        past, book = shelf.past, shelf.past.book(shelf.on_hand, at)
        held, found = self.held_by(holder), counted - book
        event = StockCounted(held, counted, book, found, at, reference, at, lot=lot)
        new = asked.anew(event, "book", "difference")
        if new is None:
            return
        if past.forgotten is not None and at < past.forgotten:
            raise CountTooOld(at, past.forgotten)
        for other in past.counts:
            if other.at == at and other.counted != counted:
                raise CountedOtherwise(at, other.reference, other.counted, counted)
        lots = Going(reference, lotted.found(self, found, asked.choice(at)))
        yield from self.post(new, found, asked, lots=lots)

    def sell(
        self,
        sale: str,
        quantity: int,
        amount: int,
        currency: str,
        member: str | None,
        asked: Asked,
        whose: Whose = NOBODYS,
    ) -> Yielded:
        held, at = self.held_by("dealer"), self.moment(asked)
        event = StockSold(held, sale, quantity, amount, currency, member, at, *whose)
        if new := asked.anew(event, *Whose._fields):
            parts = lotted.taken(self, quantity, asked.choice(at), "sell")
            yield from self.post(new, -quantity, asked, lots=Going(sale, parts))

    def moment(self, asked: Asked) -> datetime:
        """When it happens. What is entered as of now comes after what was counted before."""
        counts = self.past.counts
        if asked.told or not counts or asked.at > counts[-1].at:
            return asked.at
        return counts[-1].at + NEXT

    def held_by(self, holder: Held = None) -> Holder:
        """Who holds this stock: as it always was, as told, or else a warehouse."""
        if self.holder and holder and holder != self.holder:
            raise WrongHolder(self.holder, holder)
        return self.holder or holder or "warehouse"

    def spare(self, quantity: int) -> None:
        if quantity > max(self.available, 0):
            raise NotEnough(self.available, quantity)

    def post(
        self,
        event: StockMoved,
        change: int,
        asked: Asked,
        have: int | None = UNBOUND,
        lots: Going | None = None,
    ) -> Yielded:
        """A movement, however late, and the lots that go with it."""
        yield from self._post(event, change, asked, have)
        if lots is not None and lots.parts:
            yield from lotted.moved(self, event, lots)

    def _post(self, event: StockMoved, change: int, asked: Asked, have: int | None) -> Yielded:
        """The first count after it knew of it and stands: what its difference was, it is less the
        change. What leaves is limited by what there is to `have`.
        """
        at = event.moved_at
        if not self.past.late(at):
            if have is not None and -change > max(have, 0):
                raise NotEnough(have, -change)
            yield event
            return
        count = self._counted(event)
        if have is not None and change < 0:
            if count is None and -change > max(have, 0):
                raise NotEnough(have, -change)
            if event.holder == "warehouse":
                yield from self._there(event, -change, count, asked)
        yield event
        if count is not None and change:
            cause = event.recorded_under() or ""
            yield StockRecounted(event.holder, count.reference, -change, cause, count.at)

    def follows(self, event: StockEvent, cause: Any, what: str, asked: Asked) -> Yielded:
        """Nothing is dated before what it follows from."""
        limit, given = cause and cause.moved_at, getattr(event, "moved_at", None)
        if limit is not None and given is not None and given < limit and asked.told:
            yield from asked.refuse(event, given, limit, BeforeItWasSent(what, given, limit))

    def _counted(self, event: StockMoved) -> Count | None:
        """The first count that knew of the event, but for the one that it reverses."""
        at, past = event.moved_at, self.past
        if past.uncounted is not None and at <= past.uncounted:
            raise MovementTooOld(at, past.uncounted)
        if isinstance(event, StockReversed) and event.document == "counted":
            past = past.without_count(at, event.reference)
        return past.counted(at)

    def _there(
        self, event: StockMoved, quantity: int, count: Count | None, asked: Asked
    ) -> Yielded:
        """So many were there at that instant, and since then until they were counted."""
        at, past, until = event.moved_at, self.past, count and count.at
        if past.forgotten is not None and at < past.forgotten:
            why: Any = MovementTooOld(at, past.forgotten)
            yield from asked.refuse(event, at, past.forgotten, why)
            return
        enough = until
        for instant, there in past.balances(self.on_hand, at, until):
            if there < quantity:
                limit = enough or instant
                why = NotEnoughThen(at, quantity, there, limit)
                yield from asked.refuse(event, at, limit, why)
                return
            enough = instant

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": OWN_ID}

    def evolve(self, event: StockEvent) -> Self:
        # `replace` sets every field anew, which costs five times as much; stocks move all day.
        after = object.__new__(type(self))
        after.__dict__.update(self.__dict__, holder=event.holder, **self._change(event))
        return after

    def _change(self, event: StockEvent) -> dict[str, Any]:
        match event:  # what happens most stands first
            case StockIssued() | StockDispatched() | StockSold():
                return self._moved(event.moved_at, -event.quantity)
            case StockReceived() | StockAdjusted() | StockTakenBack() | SellOutReturned():
                return self._moved(event.moved_at, event.quantity)
            case StockReserved(_, order, quantity):
                return self._holding(order, quantity)
            case StockReleased(_, order, quantity):
                return self._holding(order, -quantity)
            case StockShipped(_, order, _, quantity, at):
                return self._holding(order, -quantity) | self._moved(at, -quantity)
            case StockExpected(_, transfer, _, quantity):
                return {"transit": {**self.transit, transfer: quantity}}
            case StockArrived(_, transfer, quantity, lost):
                transit = _changed(self.transit, transfer, -quantity - lost)
                return {"transit": transit} | self._moved(event.moved_at, quantity)
            case StockDiverted(_, transfer, _, quantity):
                return {"transit": _changed(self.transit, transfer, -quantity)}
            case StockCounted():
                return self._counting(event)
            case StockRecounted() | StockReversed():
                return self._counted_otherwise(event)
            case StockHolderCorrected():
                return {}
            case LotsMoved() | LotsHeld() | LotsExpected():
                return {"lots": self.lots.after(event)}

    def _counted_otherwise(self, event: StockRecounted | StockReversed) -> dict[str, Any]:
        at, changes = event.moved_at, self._moved(event.moved_at, event.quantity)
        if isinstance(event, StockRecounted):
            past = changes["past"].recounted(at, event.count, event.quantity)
            return changes | {"past": past}
        if event.document == "counted":
            changes["past"] = changes["past"].without_count(at, event.reference)
            if self.lots:
                changes["lots"] = self.lots.without_count(at, event.reference)
        return changes

    def _counting(self, event: StockCounted) -> dict[str, Any]:
        count = Count(event.counted_at, event.reference, event.counted, event.difference)
        # Dated when it was counted: older builds gave the same instant twice.
        changes = self._moved(event.counted_at, event.difference)
        if event.lot is not None:
            return changes | {"lots": self.lots.counted(event.lot, count)}
        return changes | {"past": changes["past"].with_count(count)}

    def _holding(self, order: str, quantity: int) -> dict[str, Any]:
        orders = _changed(self.orders, order, quantity)
        return {"reserved": self.reserved + quantity, "orders": orders}

    def _moved(self, at: datetime, quantity: int) -> dict[str, Any]:
        return {"on_hand": self.on_hand + quantity, "past": self.past.moved(at, quantity)}


def _not_on_its_way(transfer: str) -> Unknown:
    return Unknown(
        f"No transfer {transfer} is on its way here. Check its id.",
        f"没有发往此处的调拨 {transfer}。请检查其编号。",
    )


def _changed(quantities: Mapping[str, int], key: str, by: int) -> Mapping[str, int]:
    if left := quantities.get(key, 0) + by:
        return {**quantities, key: left}
    return {other: quantity for other, quantity in quantities.items() if other != key}
