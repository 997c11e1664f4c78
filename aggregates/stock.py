"""Stock of one item at one location: nobody is promised what is not there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown

Holder = Literal["warehouse", "dealer"]
ReceiptReason = Literal["purchase", "opening", "return", "production", "found"]
IssueReason = Literal["sale", "return", "production", "scrap", "sample"]
Held = Holder | None
KEPT, LOT = 64, 16
"""A stock remembers its last references and movements, at least so many, and forgets them in lots:
each change copies a lot, not all. A command's key protects for ever."""


class StockReceived(Event, anytime=True):
    holder: Holder
    quantity: int
    reason: ReceiptReason
    reference: str
    moved_at: datetime


class StockIssued(Event, anytime=True):
    holder: Holder
    quantity: int
    reason: IssueReason
    reference: str
    moved_at: datetime


class StockReserved(Event, anytime=True):
    holder: Holder
    order: str
    quantity: int


class StockReleased(Event, anytime=True):
    holder: Holder
    order: str
    quantity: int


class StockShipped(Event, anytime=True):
    """What was reserved for an order left the house."""

    holder: Holder
    order: str
    shipment: str
    quantity: int
    moved_at: datetime


class StockDispatched(Event, anytime=True):
    holder: Holder
    transfer: str
    to_location: str
    quantity: int
    moved_at: datetime


class StockExpected(Event, anytime=True):
    """A transfer is on its way here."""

    holder: Holder
    transfer: str
    from_location: str
    quantity: int


class StockArrived(Event, anytime=True):
    holder: Holder
    transfer: str
    quantity: int
    lost: int
    receipt: str
    moved_at: datetime


class StockAdjusted(Event, anytime=True):
    holder: Holder
    quantity: int
    reason: str
    reference: str
    moved_at: datetime


class StockCounted(Event, anytime=True):
    """`book` is what was on hand at `counted_at`, as known now; later movements stand."""

    holder: Holder
    counted: int
    book: int
    difference: int
    counted_at: datetime
    reference: str
    moved_at: datetime


class StockSold(Event, anytime=True):
    """A dealer reports a sale: it happened, so it is never refused.

    It counts for whoever looked after the dealer then, where the dealer is a known customer.
    """

    holder: Holder
    sale: str
    quantity: int
    amount: int
    currency: str
    member: str | None
    moved_at: datetime
    rep: str | None = None
    department: str | None = None
    region: str | None = None


class SellOutReturned(Event):
    """Goods of a sale came back to the dealer: it counts less for whom the sale counted."""

    holder: Holder
    sale: str
    return_id: str
    quantity: int
    amount: int
    currency: str
    member: str | None
    moved_at: datetime
    rep: str | None = None
    department: str | None = None
    region: str | None = None


StockMoved = (
    StockReceived
    | StockIssued
    | StockShipped
    | StockDispatched
    | StockArrived
    | StockAdjusted
    | StockCounted
    | StockSold
    | SellOutReturned
)
StockEvent = StockMoved | StockReserved | StockReleased | StockExpected


class NotEnough(Refused):
    """Nobody is promised what is not there."""


class NotReserved(Refused):
    """Only what was set aside for an order leaves for it."""


class ReferenceTaken(Refused):
    """A reference stands for one thing."""


class WrongHolder(Refused):
    """A location is a warehouse or a dealer, never both."""


class TooMuch(Refused):
    """No more arrives than is on its way."""


class CountTooOld(Refused):
    """A count needs the movements since."""


class Whose(NamedTuple):
    """Whose work a dealer's sale counts for."""

    rep: str | None = None
    department: str | None = None
    region: str | None = None


NOBODYS = Whose()


class Movement(NamedTuple):
    at: datetime
    quantity: int


@dataclass(frozen=True)
class Stock(Aggregate):
    kind: ClassVar[str] = "stock"

    holder: Holder | None = None
    on_hand: int = 0
    reserved: int = 0
    orders: Mapping[str, int] = field(default_factory=dict)  # what each order still holds
    transit: Mapping[str, int] = field(default_factory=dict)  # what each transfer still brings
    recent: tuple[Mapping[str, int], ...] = ({},)  # the last references, and how many
    movements: tuple[tuple[Movement, ...], ...] = ((),)  # the last ones
    forgotten: datetime | None = None  # the latest movement no longer among them

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
        self, quantity: int, reason: ReceiptReason, reference: str, at: datetime, holder: Held
    ) -> Iterator[StockEvent]:
        event = StockReceived(self.held_by(holder), quantity, reason, reference, at)
        if self.new(event):
            yield event

    def issue(
        self, quantity: int, reason: IssueReason, reference: str, at: datetime
    ) -> Iterator[StockEvent]:
        event = StockIssued(self.held_by(), quantity, reason, reference, at)
        if self.new(event):
            self.spare(quantity)
            yield event

    def reserve(self, order: str, quantity: int) -> Iterator[StockEvent]:
        """Let an order hold so many in all; what it holds already is not set aside again."""
        if (held := self.orders.get(order, 0)) > quantity:
            raise ReferenceTaken(
                f"Order {order} holds {held} here, more than {quantity}. Release them first.",
                f"订单 {order} 在此已预留 {held}，多于 {quantity}。请先释放预留。",
            )
        yield from self.hold(order, quantity)

    def hold(self, order: str, quantity: int) -> Iterator[StockEvent]:
        """Let an order hold exactly so many: some more are set aside, or some let go."""
        more = quantity - self.orders.get(order, 0)
        if more > 0:
            self.spare(more)
            yield StockReserved(self.held_by(), order, more)
        elif more < 0:
            yield StockReleased(self.held_by(), order, -more)

    def reach(self, order: str) -> int:
        """How many the order can have: what it holds, and what nobody holds."""
        return self.orders.get(order, 0) + max(self.available, 0)

    def release(self, order: str) -> Iterator[StockEvent]:
        """Let go whatever the order still holds."""
        return self.hold(order, 0)

    def ship(self, order: str, shipment: str, quantity: int, at: datetime) -> Iterator[StockEvent]:
        event = StockShipped(self.held_by(), order, shipment, quantity, at)
        if not self.new(event):
            return
        if (held := self.orders.get(order, 0)) < quantity:
            raise NotReserved(
                f"Order {order} holds {held}, not {quantity}. Reserve the rest.",
                f"订单 {order} 只预留了 {held}，不足 {quantity}。请预留其余部分。",
            )
        if self.on_hand < quantity:  # a count may find less than was promised
            raise NotEnough(
                f"Only {self.on_hand} are on hand. Receive more, or ship fewer.",
                f"现有库存仅 {self.on_hand}。请先入库，或减少发货。",
            )
        yield event

    def dispatch(
        self, transfer: str, to_location: str, quantity: int, at: datetime
    ) -> Iterator[StockEvent]:
        event = StockDispatched(self.held_by(), transfer, to_location, quantity, at)
        if self.new(event):
            self.spare(quantity)
            yield event

    def expect(
        self, transfer: str, from_location: str, quantity: int, holder: Held
    ) -> Iterator[StockEvent]:
        """Two transfers of one name would become one on arrival: the second is refused."""
        event = StockExpected(self.held_by(holder), transfer, from_location, quantity)
        if transfer in self.transit or not self.new(event):
            raise ReferenceTaken(
                f"{transfer} came this way before. Choose another id.",
                f"{transfer} 已发往此处。请换一个编号。",
            )
        yield event

    def arrive(
        self, transfer: str, quantity: int, lost: int, receipt: str, at: datetime
    ) -> Iterator[StockEvent]:
        event = StockArrived(self.held_by(), transfer, quantity, lost, receipt, at)
        if not self.new(event):
            return
        if transfer not in self.transit:
            raise Unknown(
                f"No transfer {transfer} is on its way here. Check its id.",
                f"没有发往此处的调拨 {transfer}。请检查其编号。",
            )
        if (left := self.transit[transfer]) < quantity + lost:
            raise TooMuch(
                f"Only {left} of {transfer} are on their way. Adjust what is beyond.",
                f"{transfer} 只有 {left} 在途。超出的部分请用库存调整。",
            )
        yield event

    def adjust(
        self, quantity: int, reason: str, reference: str, at: datetime
    ) -> Iterator[StockEvent]:
        event = StockAdjusted(self.held_by(), quantity, reason, reference, at)
        if self.new(event):
            self.spare(-quantity)
            yield event

    def count(
        self, counted: int, counted_at: datetime, reference: str, at: datetime, holder: Held
    ) -> Iterator[StockEvent]:
        """Compare with the book as it was when counted; what moved since stays moved."""
        since = (m.quantity for lot in self.movements for m in lot if m.at > counted_at)
        book = self.on_hand - sum(since)
        found, held = counted - book, self.held_by(holder)
        event = StockCounted(held, counted, book, found, counted_at, reference, counted_at)
        if not self.new(event):
            return
        if counted_at > at:
            raise CountTooOld(
                "A count cannot lie in the future. Give the time it was taken.",
                "盘点时间不能晚于现在。请给出盘点的实际时间。",
            )
        if self.forgotten is not None and counted_at < self.forgotten:
            raise CountTooOld(
                "Too much has moved since this count. Count again.",
                "盘点之后的库存变动过多。请重新盘点。",
            )
        yield event

    def sell(
        self,
        sale: str,
        quantity: int,
        amount: int,
        currency: str,
        member: str | None,
        at: datetime,
        whose: Whose = NOBODYS,
    ) -> Iterator[StockEvent]:
        held = self.held_by("dealer")
        event = StockSold(held, sale, quantity, amount, currency, member, at, *whose)
        if self.new(event):
            yield event

    def take_back(
        self,
        sale: str,
        return_id: str,
        quantity: int,
        amount: int,
        currency: str,
        member: str | None,
        at: datetime,
        whose: Whose = NOBODYS,
    ) -> Iterator[StockEvent]:
        """Goods of a sale came back; whoever asks knows that no more come than were sold."""
        what = quantity, amount, currency, member, at
        event = SellOutReturned(self.held_by("dealer"), sale, return_id, *what, *whose)
        if self.new(event):
            yield event

    def held_by(self, holder: Held = None) -> Holder:
        """Who holds this stock: as it always was, as told, or else a warehouse."""
        if self.holder and holder and holder != self.holder:
            raise WrongHolder(
                f"This is a {self.holder}'s stock, not a {holder}'s. Check the id.",
                f"这是 {self.holder} 的库存，不是 {holder} 的。请检查编号。",
            )
        return self.holder or holder or "warehouse"

    def spare(self, quantity: int) -> None:
        if quantity > max(self.available, 0):
            raise NotEnough(
                f"Only {self.available} are available, not {quantity}. Receive more or take fewer.",
                f"可用库存仅 {self.available}，不足 {quantity}。请先入库，或减少数量。",
            )

    def new(self, event: StockEvent) -> bool:
        """Whether it was not recorded before; one reference for two things is refused."""
        key, quantity = _reference(event)
        for lot in self.recent:
            if key in lot:
                if lot[key] == quantity:
                    return False
                raise ReferenceTaken(
                    f"{key} was recorded with {lot[key]}. Use another reference.",
                    f"{key} 已按 {lot[key]} 记录。请换一个单据号。",
                )
        return True

    def evolve(self, event: StockEvent) -> Self:
        # `replace` sets every field anew, which costs five times as much; stocks move all day.
        after = object.__new__(type(self))
        changes = self._change(event)
        after.__dict__.update(
            self.__dict__, holder=event.holder, recent=self._remembering(event), **changes
        )
        return after

    def _change(self, event: StockEvent) -> dict[str, Any]:
        match event:  # what happens most stands first
            case StockIssued() | StockDispatched() | StockSold():
                return self._moved(event.moved_at, -event.quantity)
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
            case StockReceived() | StockAdjusted() | SellOutReturned():
                return self._moved(event.moved_at, event.quantity)
            case StockCounted():
                return self._moved(event.moved_at, event.difference)

    def _holding(self, order: str, quantity: int) -> dict[str, Any]:
        orders = _changed(self.orders, order, quantity)
        return {"reserved": self.reserved + quantity, "orders": orders}

    def _moved(self, at: datetime, quantity: int) -> dict[str, Any]:
        *full, last = self.movements
        changes: dict[str, Any] = {"on_hand": self.on_hand + quantity}
        if len(last) == LOT:
            full, last = [*full, last], ()
            if len(full) * LOT > KEPT:
                latest = max(movement.at for movement in full.pop(0))
                changes["forgotten"] = max(self.forgotten or latest, latest)
        changes["movements"] = (*full, (*last, Movement(at, quantity)))
        return changes

    def _remembering(self, event: StockEvent) -> tuple[Mapping[str, int], ...]:
        """What was let go may be reserved again; everything else happens once."""
        if isinstance(event, StockReleased):
            again = f"{StockReserved.__name__}:{event.order}"
            return tuple(_without(lot, again) for lot in self.recent)
        key, quantity = _reference(event)
        *full, last = self.recent
        if len(last) >= LOT:
            full, last = [*full, last][-KEPT // LOT :], {}
        return (*full, {**last, key: quantity})


def _changed(quantities: Mapping[str, int], key: str, by: int) -> Mapping[str, int]:
    if left := quantities.get(key, 0) + by:
        return {**quantities, key: left}
    return _without(quantities, key)


def _without(quantities: Mapping[str, int], key: str) -> Mapping[str, int]:
    return {other: quantity for other, quantity in quantities.items() if other != key}


def _reference(event: StockEvent) -> tuple[str, int]:
    """What the event answers to, and how many it was asked for."""
    verb = type(event).__name__
    match event:
        case StockReceived() | StockIssued() | StockAdjusted():
            return f"{verb}:{event.reference}", event.quantity
        case StockReserved() | StockReleased():
            return f"{verb}:{event.order}", event.quantity
        case StockShipped(_, order, shipment, quantity):
            return f"{verb}:{order}:{shipment}", quantity
        case StockDispatched() | StockExpected():
            return f"{verb}:{event.transfer}", event.quantity
        case StockArrived(_, transfer, quantity, lost, receipt):
            return f"{verb}:{transfer}:{receipt}", quantity + lost
        case StockSold(_, sale, quantity):
            return f"{verb}:{sale}", quantity
        case SellOutReturned(_, sale, return_id, quantity):
            return f"{verb}:{sale}:{return_id}", quantity
        case StockCounted():
            return f"{verb}:{event.reference}", event.counted
