"""What can happen to stock: it moves, is promised and counted, and what was wrong is put right.

A movement stands at the instant at which it happened, however late it was told. Where it was told
in packs, `packed` has what was said; all quantities are in the product's own unit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from aggregates import Event
from aggregates.marks import Money, names
from aggregates.packs import Packed

Holder = Literal["warehouse", "dealer"]
ReceiptReason = Literal["purchase", "opening", "return", "production", "found"]
IssueReason = Literal["sale", "return", "production", "scrap", "sample", "promotion"]
Condition = Literal["resalable", "inspect", "damaged"]
"""Of goods that come back."""
BlockReason = Literal["inspect", "damaged", "quarantine", "other"]
UnblockOutcome = Literal["released", "scrapped"]
Document = Literal["received", "issued", "adjusted", "sold", "counted"]
"""What has a reference of its own, and can be reversed by it."""


def under(document: str, name: str, again: int | None = None) -> str:
    """What an event is recorded under; `again` counts how often the name was entered."""
    return f"{document}:{name}" if again is None else f"{document}:{name} {again}"


class Moved:
    """Happens at an instant of its own, which is that of its envelope."""

    moved_at: datetime

    def happened(self) -> datetime:
        return self.moved_at


class StockReceived(Moved, Event, anytime=True):
    """`condition` is that of goods that came back, where somebody said it. `cost` is what all of it
    cost, in minor units of `currency`; None where nobody knew.
    """

    holder: Holder
    quantity: int
    reason: ReceiptReason
    reference: str
    moved_at: datetime
    again: int | None = None
    packed: Packed | None = None
    condition: Condition | None = None
    cost: Money | None = None
    currency: str | None = None

    def recorded_under(self) -> str:
        return under("received", self.reference, self.again)


class StockIssued(Moved, Event, anytime=True):
    holder: Holder
    quantity: int
    reason: IssueReason
    reference: str
    moved_at: datetime
    again: int | None = None
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return under("issued", self.reference, self.again)


class StockReserved(Event, anytime=True):
    """`packed` is how it was said, where all that the order holds was said so."""

    holder: Holder
    order: str
    quantity: int
    packed: Packed | None = None


class StockReleased(Event, anytime=True):
    holder: Holder
    order: str
    quantity: int


class StockShipped(Moved, Event, anytime=True):
    """What was reserved for an order left the house."""

    holder: Holder
    order: str
    shipment: str
    quantity: int
    moved_at: datetime

    def recorded_under(self) -> str:
        return f"shipped:{self.order}:{self.shipment}"


class StockDispatched(Moved, Event, anytime=True):
    holder: Holder
    transfer: str
    to_location: str
    quantity: int
    moved_at: datetime
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return under("dispatched", self.transfer)


class StockExpected(Event, anytime=True):
    """A transfer is on its way here; where it is a shipment, `order` names whose."""

    holder: Holder
    transfer: str
    from_location: str
    quantity: int
    moved_at: datetime | None = None
    order: str | None = None

    def recorded_under(self) -> str:
        return under("expected", self.transfer)

    def happened(self) -> datetime | None:
        return self.moved_at


class StockArrived(Moved, Event, anytime=True):
    """`order` is the one that it was sent for, where it is a shipment. What was lost was said in
    the same packs.
    """

    holder: Holder
    transfer: str
    quantity: int
    lost: int
    receipt: str
    moved_at: datetime
    order: str | None = None
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return f"arrived:{self.transfer}:{self.receipt}"


class StockArrivalReversed(Moved, Event, anytime=True):
    """What was told of a transfer's arrival did not happen; its instant is that of what was.

    `quantity` and `lost` are what was told, below zero: so many are on their way again.
    """

    holder: Holder
    transfer: str
    receipt: str
    quantity: int
    lost: int
    reason: str
    moved_at: datetime
    order: str | None = None

    def recorded_under(self) -> str:
        return f"reversed arrived:{self.transfer}:{self.receipt}"


class StockDiverted(Moved, Event, anytime=True):
    """What was still on its way here goes elsewhere, or back to where it came from."""

    holder: Holder
    transfer: str
    to_location: str
    quantity: int
    reason: str
    moved_at: datetime

    def recorded_under(self) -> str:
        return under("diverted", self.transfer)


class StockTakenBack(Moved, Event, anytime=True):
    """A transfer was cancelled: what was still on its way is here again."""

    holder: Holder
    transfer: str
    quantity: int
    moved_at: datetime

    def recorded_under(self) -> str:
        return under("taken back", self.transfer)


class StockAdjusted(Moved, Event, anytime=True):
    holder: Holder
    quantity: int
    reason: str
    reference: str
    moved_at: datetime
    again: int | None = None
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return under("adjusted", self.reference, self.again)


class StockCounted(Moved, Event, anytime=True):
    """`book` is what was on hand at `counted_at`, as known now; later movements stand.

    Where it names a lot, that lot alone was counted, and `book` is what was on hand of it.
    """

    holder: Holder
    counted: int
    book: int
    difference: int
    counted_at: datetime
    reference: str
    moved_at: datetime
    again: int | None = None
    lot: Annotated[str | None, names("lot")] = None
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return under("counted", self.reference, self.again)


class StockRecounted(Moved, Event, anytime=True):
    """The difference of a count is another by that much: something before it was told late."""

    holder: Holder
    count: str
    quantity: int
    cause: str
    moved_at: datetime


class StockSold(Moved, Event, anytime=True):
    """A dealer reports a sale: it happened, so it is never refused.

    It counts for whoever looked after the dealer then, where the dealer is a known customer.
    """

    holder: Holder
    sale: str
    quantity: int
    amount: Money
    currency: str
    member: str | None
    moved_at: datetime
    rep: str | None = None
    department: str | None = None
    region: str | None = None
    again: int | None = None
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return under("sold", self.sale, self.again)


class SellOutReturned(Moved, Event, anytime=True):
    """Goods of a sale came back to the dealer: it counts less for whom the sale counted.

    `part` counts the returns of the sale.
    """

    holder: Holder
    sale: str
    return_id: str
    quantity: int
    amount: Money
    currency: str
    member: str | None
    moved_at: datetime
    rep: str | None = None
    department: str | None = None
    region: str | None = None
    part: int | None = None
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return f"returned:{self.sale} {self.part or 1}"


class SellOutReturnUndone(Moved, Event, anytime=True):
    """Goods of a sale that were told to have come back did not; its instant is that of the return.

    `quantity` and `amount` are what was told, below zero; the sale counts for whom it counted.
    """

    holder: Holder
    sale: str
    return_id: str
    quantity: int
    amount: Money
    currency: str
    member: str | None
    moved_at: datetime
    rep: str | None
    department: str | None
    region: str | None
    part: int
    reason: str

    @staticmethod
    def under(sale: str, part: int) -> str:
        return f"reversed returned:{sale} {part}"

    def recorded_under(self) -> str:
        return self.under(self.sale, self.part)


class StockReversed(Moved, Event, anytime=True):
    """What was recorded under a reference did not happen; its instant is that of what was.

    `quantity` and `outflow` are what on hand and what left for customers change by, `movement` is
    the kind that it was of. What a sale counted for is here where a sale is reversed.
    """

    holder: Holder
    document: Document
    reference: str
    quantity: int
    outflow: int
    reason: str
    moved_at: datetime
    again: int | None = None
    amount: Money | None = None
    currency: str | None = None
    member: str | None = None
    rep: str | None = None
    department: str | None = None
    region: str | None = None
    movement: str | None = None

    def recorded_under(self) -> str:
        return "reversed " + under(self.document, self.reference, self.again)


class ReceiptCostCorrected(Moved, Event, anytime=True):
    """What came in under a reference cost another amount; its instant is that of the receipt.

    `number` counts the corrections of the receipt.
    """

    holder: Holder
    reference: str
    quantity: int
    from_cost: Money | None
    cost: Money
    currency: str
    reason: str
    moved_at: datetime
    again: int | None = None
    number: int = 1

    @staticmethod
    def under(reference: str, again: int | None, number: int) -> str:
        return f"cost {number} {under('received', reference, again)}"

    def recorded_under(self) -> str:
        return self.under(self.reference, self.again, self.number)


class StockHolderCorrected(Event, anytime=True):
    """The stock was always another's: what is there counts for him from now on."""

    holder: Holder
    from_holder: Holder
    reason: str
    on_hand: int
    reserved: int
    number: int = 1
    blocked: int = 0

    def recorded_under(self) -> str:
        return f"holder {self.number}"


@dataclass(frozen=True)
class LotPart:
    """So many of a lot; what goes out is below zero."""

    lot: Annotated[str, names("lot")]
    quantity: int


class LotsMoved(Moved, Event, anytime=True):
    """Of which lots the movement before this event was; what it names of none was of no lot.

    `cause` is what that movement is recorded under, `document` the paper it was of.
    """

    holder: Holder
    cause: str
    lots: tuple[LotPart, ...]
    movement: str
    document: str
    moved_at: datetime
    order: str | None = None
    to_location: str | None = None
    customer: str | None = None

    def recorded_under(self) -> str:
        return f"lots {self.cause}"


class LotsHeld(Event, anytime=True):
    """Which lots are set aside for an order, or let go."""

    holder: Holder
    order: str
    lots: tuple[LotPart, ...]


class LotsExpected(Event, anytime=True):
    """Which lots of a transfer are on their way here, or no more."""

    holder: Holder
    transfer: str
    lots: tuple[LotPart, ...]


class StockBlocked(Moved, Event, anytime=True):
    """So many that are here are held back: they are on hand, and available to nobody."""

    holder: Holder
    reference: str
    quantity: int
    reason: BlockReason
    moved_at: datetime
    lots: tuple[LotPart, ...] = ()
    note: str | None = None
    packed: Packed | None = None

    @staticmethod
    def under(reference: str) -> str:
        return f"blocked:{reference}"

    def recorded_under(self) -> str:
        return self.under(self.reference)


@dataclass(frozen=True)
class ShortOrder:
    """So many of what is set aside for an order are not there."""

    order: str
    quantity: int


class StockFellShort(Event, anytime=True):
    """Fewer are here than are set aside and blocked, by `short`. Of the orders that hold them, the
    last ones that were served go without.
    """

    holder: Holder
    short: int
    orders: tuple[ShortOrder, ...]


class StockUnblocked(Moved, Event, anytime=True):
    """So many of what was held back under a reference are not any more: they may be sold, or leave
    for good by the movement after this event.
    """

    holder: Holder
    reference: str
    document: str
    quantity: int
    outcome: UnblockOutcome
    moved_at: datetime
    lots: tuple[LotPart, ...] = ()
    note: str | None = None
    packed: Packed | None = None

    def recorded_under(self) -> str:
        return f"unblocked:{self.reference} {self.document}"


StockMoved = (
    StockReceived
    | StockIssued
    | StockShipped
    | StockDispatched
    | StockArrived
    | StockArrivalReversed
    | StockTakenBack
    | StockAdjusted
    | StockCounted
    | StockRecounted
    | StockSold
    | SellOutReturned
    | SellOutReturnUndone
    | StockReversed
)
StockEvent = (
    StockMoved
    | StockReserved
    | StockReleased
    | StockExpected
    | StockDiverted
    | StockHolderCorrected
    | ReceiptCostCorrected
    | StockBlocked
    | StockUnblocked
    | StockFellShort
    | LotsMoved
    | LotsHeld
    | LotsExpected
)
