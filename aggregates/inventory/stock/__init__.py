"""Stock of one item at one location: nobody is promised what is not there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, ReferenceTaken, taken
from aggregates.inventory.stock import folding, lotted, posting
from aggregates.inventory.stock.asked import Asked as Asked
from aggregates.inventory.stock.events import Condition as Condition
from aggregates.inventory.stock.events import Document as Document
from aggregates.inventory.stock.events import Holder as Holder
from aggregates.inventory.stock.events import IssueReason as IssueReason
from aggregates.inventory.stock.events import LotPart as LotPart
from aggregates.inventory.stock.events import LotsExpected as LotsExpected
from aggregates.inventory.stock.events import LotsHeld as LotsHeld
from aggregates.inventory.stock.events import LotsMoved as LotsMoved
from aggregates.inventory.stock.events import ReceiptCostCorrected as ReceiptCostCorrected
from aggregates.inventory.stock.events import ReceiptReason as ReceiptReason
from aggregates.inventory.stock.events import SellOutReturned as SellOutReturned
from aggregates.inventory.stock.events import SellOutReturnUndone as SellOutReturnUndone
from aggregates.inventory.stock.events import ShortOrder as ShortOrder
from aggregates.inventory.stock.events import StockAdjusted as StockAdjusted
from aggregates.inventory.stock.events import StockArrivalReversed as StockArrivalReversed
from aggregates.inventory.stock.events import StockArrived as StockArrived
from aggregates.inventory.stock.events import StockBlocked as StockBlocked
from aggregates.inventory.stock.events import StockCounted as StockCounted
from aggregates.inventory.stock.events import StockDispatched as StockDispatched
from aggregates.inventory.stock.events import StockDiverted as StockDiverted
from aggregates.inventory.stock.events import StockEvent as StockEvent
from aggregates.inventory.stock.events import StockExpected as StockExpected
from aggregates.inventory.stock.events import StockFellShort as StockFellShort
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
from aggregates.inventory.stock.events import StockUnblocked as StockUnblocked
from aggregates.inventory.stock.lots import NO_LOTS, LotChoice, StockLots
from aggregates.inventory.stock.lotted import Going, Way
from aggregates.inventory.stock.posting import Yielded as Yielded
from aggregates.inventory.stock.refusals import (
    CountedOtherwise,
    CountTooOld,
    NotEnough,
    NotReserved,
    WrongHolder,
)
from aggregates.inventory.stock.timeline import EMPTY, Timeline
from aggregates.long_mapping import LongMapping
from aggregates.packs import Packed

Held = Holder | None
NEXT = timedelta(microseconds=1)


class Whose(NamedTuple):
    """Whose work a dealer's sale counts for."""

    rep: str | None = None
    department: str | None = None
    region: str | None = None


NOBODYS = Whose()


class Cost(NamedTuple):
    """What all of a receipt cost; not `told` where it follows from the product."""

    cost: int | None = None
    currency: str | None = None
    told: bool = False


NOT_TOLD = Cost()


@dataclass(frozen=True)
class Stock(Aggregate):
    kind: ClassVar[str] = "stock"
    id_names = "place", "product"

    holder: Holder | None = None
    on_hand: int = 0
    reserved: int = 0
    orders: LongMapping[int] = field(default_factory=LongMapping)
    """What each order still holds."""
    transit: Mapping[str, int] = field(default_factory=dict)  # what each transfer still brings
    past: Timeline = EMPTY
    lots: StockLots = NO_LOTS
    blocks: Mapping[str, int] = field(default_factory=dict)  # what is held back, by reference

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
        return self.on_hand - self.reserved - self.blocked

    @property
    def blocked(self) -> int:
        return sum(self.blocks.values()) if self.blocks else 0

    @property
    def short(self) -> int:
        """By how many fewer are here than are set aside and blocked."""
        return max(-self.available, 0)

    def fell_short(self, before: int) -> Yielded:
        """Name the orders that go without, where it is short by more than before."""
        if (left := self.short) <= before or self.holder != "warehouse":
            return
        orders = list[ShortOrder]()
        for order, held in [*self.orders.items()][::-1]:
            if lacks := min(left, held):
                orders.append(ShortOrder(order, lacks))
                left -= lacks
        yield StockFellShort(self.held_by(), self.short, tuple(orders))

    def receive(
        self,
        quantity: int,
        reason: ReceiptReason,
        reference: str,
        holder: Held,
        asked: Asked,
        condition: Condition | None = None,
        cost: Cost = NOT_TOLD,
    ) -> Yielded:
        what = quantity, reason, reference, self.moment(asked)
        told = asked.packed, condition, *cost[:2]
        event = StockReceived(self.held_by(holder), *what, None, *told)
        left_open = () if condition else ("condition",)
        if new := asked.anew(event, *left_open, *(() if cost.told else Cost._fields[:2])):
            yield from posting.post(
                self, new, quantity, asked, lots=Going(reference, asked.brought(quantity))
            )

    def issue(self, quantity: int, reason: IssueReason, reference: str, asked: Asked) -> Yielded:
        at = self.moment(asked)
        event = StockIssued(self.held_by(), quantity, reason, reference, at, packed=asked.packed)
        if new := asked.anew(event):
            way: Way = "remove" if reason in ("return", "scrap") else "use"
            lots = Going(reference, lotted.taken(self, quantity, asked.choice(at), way))
            yield from posting.post(self, new, -quantity, asked, self.available, lots)

    def adjust(self, quantity: int, reason: str, reference: str, asked: Asked) -> Yielded:
        at = self.moment(asked)
        event = StockAdjusted(self.held_by(), quantity, reason, reference, at, packed=asked.packed)
        if new := asked.anew(event):
            parts = asked.brought(quantity)
            if quantity < 0:
                parts = lotted.taken(self, -quantity, asked.choice(at), "miss")
            yield from posting.post(
                self, new, quantity, asked, self.available, Going(reference, parts)
            )

    def reserve(
        self, order: str, quantity: int, lots: LotChoice, packed: Packed | None = None
    ) -> Yielded:
        """Let an order hold so many in all; what it holds already is not set aside again."""
        if (held := self.orders.get(order, 0)) > quantity:
            raise ReferenceTaken(
                f"Order {order} holds {held} here, more than {quantity}. Release them first.",
                f"订单 {order} 在此已预留 {held}，多于 {quantity}。请先释放预留。",
            )
        mine = self.lots.held.get(order, {})
        if held == quantity and lots.named is not None and lots.named not in mine:
            raise taken([("lot", ", ".join(mine) or None, lots.named)])
        yield from self.hold(order, quantity, lots, packed)

    def hold(
        self, order: str, quantity: int, lots: LotChoice, packed: Packed | None = None
    ) -> Yielded:
        """Let an order hold exactly so many: some more are set aside, or some let go."""
        more = quantity - self.orders.get(order, 0)
        if more > 0:
            self.spare(more)
            parts = lotted.taken(self, more, lots)
            said = packed if packed is not None and packed.whole == more else None
            yield StockReserved(self.held_by(), order, more, said)
            if parts:
                yield LotsHeld(self.held_by(), order, lotted.opposite(parts))
        elif more < 0:
            yield StockReleased(self.held_by(), order, -more)
            if parts := lotted.let_go(self, order, -more, lots):
                yield LotsHeld(self.held_by(), order, parts)

    def reach(self, order: str, lots: LotChoice) -> int:
        """How many the order can have: what it holds, and what nobody holds."""
        mine = self.orders.get(order, 0)
        if self.lots:
            mine -= lotted.held_back(self, order, lots)
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
        yield from posting.post(self, event, -quantity, asked, self.on_hand, lots)

    def dispatch(self, transfer: str, to_location: str, quantity: int, asked: Asked) -> Yielded:
        at = self.moment(asked)
        event = StockDispatched(self.held_by(), transfer, to_location, quantity, at, asked.packed)
        if asked.once(event) is not None:
            way: Way = "use" if asked.lot is None else "remove"
            parts = lotted.taken(self, quantity, asked.choice(at), way)
            lots = Going(transfer, parts, to_location=to_location)
            yield from posting.post(self, event, -quantity, asked, self.available, lots)

    def count(self, counted: int, reference: str, holder: Held, asked: Asked) -> Yielded:
        """Compare with the book as it was when counted; what moved since stays moved."""
        at, lot = self.moment(asked), asked.lot
        shelf = self if lot is None else self.lots.of(lot)
        past, book = shelf.past, shelf.past.book(shelf.on_hand, at)
        held, found = self.held_by(holder), counted - book
        event = StockCounted(
            held, counted, book, found, at, reference, at, lot=lot, packed=asked.packed
        )
        new = asked.anew(event, "book", "difference")
        if new is None:
            return
        if past.forgotten is not None and at < past.forgotten:
            raise CountTooOld(at, past.forgotten)
        for other in past.counts:
            if other.at == at and other.counted != counted:
                raise CountedOtherwise(at, other.reference, other.counted, counted)
        lots = Going(reference, lotted.found(self, found, asked.choice(at)))
        yield from posting.post(self, new, found, asked, lots=lots)

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
        event = StockSold(
            held, sale, quantity, amount, currency, member, at, *whose, packed=asked.packed
        )
        if new := asked.anew(event, *Whose._fields):
            parts = lotted.taken(self, quantity, asked.choice(at), "sell")
            yield from posting.post(self, new, -quantity, asked, lots=Going(sale, parts))

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

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": OWN_ID}

    def evolve(self, event: StockEvent) -> Self:
        return self.having(holder=event.holder, **folding.change(self, event))
