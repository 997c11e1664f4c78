"""A shipment is picked, goes out with a carrier, and arrives: each once, and in this order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self

from aggregates import NO_DIMENSIONS, Aggregate, Event, Refused, Unknown, again, anew, repeats
from aggregates.assignee import of_business
from aggregates.orders.lines import PickedLine as PickedLine


@dataclass(frozen=True)
class Consignment:
    """Which goods of an order go to whom, and whose business it is."""

    order: str
    shipment: str
    customer: str
    warehouse: str
    rep: str
    department: str
    region: str

    @property
    def dimensions(self) -> Mapping[str, str]:
        return of_business(self)


class ShipmentPicked(Event):
    """The goods stand ready; they are reserved still, and in stock."""

    consignment: Consignment
    lines: tuple[PickedLine, ...]

    def recorded_under(self) -> str:
        return "picked"


class ShipmentPickCancelled(Event):
    """The goods lie in their place again."""

    order: str
    shipment: str
    reason: str

    def recorded_under(self) -> str:
        return "pick cancelled"


class ShipmentDispatched(Event):
    """A carrier has the goods, which are in stock no longer."""

    consignment: Consignment
    carrier: str
    tracking_number: str | None
    dispatched_at: datetime | None = None

    def recorded_under(self) -> str:
        return "dispatched"


class ShipmentTrackingCorrected(Event):
    carrier: str
    tracking_number: str | None


class ShipmentDelivered(Event, anytime=True):
    """The customer has the goods; `proof` is a file that hangs on the order.

    It is told after the dispatch, and may be dated before an earlier word of it that was wrong.
    """

    order: str
    shipment: str
    proof: str | None
    note: str | None
    delivered_at: datetime | None = None
    revision: int | None = None

    def recorded_under(self) -> str:
        return anew("delivered", self.revision)

    @property
    def receipt(self) -> str:
        """Under what a dealer's stock takes in what was still on its way."""
        return anew(f"{self.shipment}-rest", self.revision).replace(":", "-")


class ShipmentDeliveryUndone(Event, anytime=True):
    """What was told to be delivered is on its way; its instant is that of what was told."""

    order: str
    shipment: str
    reason: str
    delivered_at: datetime | None
    revision: int | None

    @staticmethod
    def under(revision: int | None) -> str:
        return f"undone {anew('delivered', revision)}"

    def recorded_under(self) -> str:
        return self.under(self.revision)

    def happened(self) -> datetime | None:
        return self.delivered_at


ShipmentEvent = (
    ShipmentPicked
    | ShipmentPickCancelled
    | ShipmentDispatched
    | ShipmentTrackingCorrected
    | ShipmentDelivered
    | ShipmentDeliveryUndone
)


class NotUnderWay(Refused):
    """What arrives was sent."""


class PickedAlready(Refused):
    """What stands ready for one shipment is not picked for another."""

    def __init__(self, line: int, left: int) -> None:
        super().__init__(
            f"Of line {line} {left} can be picked: the others stand ready already. Dispatch those"
            " first, or put them back: cancel-pick.",
            f"第 {line} 行还可拣货 {left}，其余已备好待发。请先发运，或放回：cancel-pick。",
        )


class PickedOtherwise(Refused):
    """A shipment has in it what was picked for it."""

    def __init__(self, shipment: str) -> None:
        super().__init__(
            f"Other goods stand ready for {shipment}. Leave the lines out, or put the goods back"
            " first: cancel-pick.",
            f"为 {shipment} 备好的是其他货物。请不填明细行，或先放回：cancel-pick。",
        )


class PickCancelled(Refused):
    """What was put back is picked anew, under another id."""

    def __init__(self) -> None:
        super().__init__(
            "The goods of this shipment were put back. Pick them again under another id.",
            "该发货单的货物已放回。请以其他编号重新拣货。",
        )


@dataclass(frozen=True)
class Shipment(Aggregate):
    """Its id is that of the order, a colon, and its own."""

    kind: ClassVar[str] = "shipment"
    id_names = ("order",)

    consignment: Consignment | None = None
    picked: ShipmentPicked | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    put_back: ShipmentPickCancelled | None = None
    dispatched: ShipmentDispatched | None = None
    delivered: ShipmentDelivered | None = None
    deliveries: int = 0

    @staticmethod
    def id_of(order: str, shipment: str) -> str:
        return f"{order}:{shipment}"

    def pick(self, picked: ShipmentPicked) -> Iterator[ShipmentEvent]:
        """A pick that is asked once more is looked up before."""
        if self.dispatched is not None:
            raise NotUnderWay(
                "The shipment has left already. Pick another one.",
                "该发货单已发出。请另行拣货。",
            )
        yield picked

    @property
    def waits(self) -> bool:
        """Whether goods stand ready for it."""
        return self.picked is not None and self.put_back is None and self.dispatched is None

    def cancel_pick(
        self, cancelled: ShipmentPickCancelled, *, left: bool = False
    ) -> Iterator[ShipmentEvent]:
        """Unless the goods have `left`, with a carrier or without."""
        if repeats(self.put_back, cancelled):
            return
        if self.picked is None:
            raise Unknown(
                "Nothing was picked for this shipment. Check its id.",
                "该发货单没有拣货。请检查其编号。",
            )
        if left or self.dispatched is not None:
            raise NotUnderWay(
                "The shipment has left already. Take the goods back instead: return-order.",
                "该发货单已发出。请改为退货：return-order。",
            )
        yield cancelled

    def dispatch(self, sent: ShipmentDispatched) -> Iterator[ShipmentEvent]:
        if self.put_back is not None:
            raise PickCancelled
        if not repeats(self.dispatched, sent, but={"dispatched_at"}):
            yield sent

    def correct(self, **told: str | None) -> Iterator[ShipmentEvent]:
        """The carrier, or the number by which it is tracked; what is not told stays."""
        self.under_way()
        known: dict[str, Any] = {
            "carrier": self.carrier,
            "tracking_number": self.tracking_number,
        }
        if known | told != known:
            yield ShipmentTrackingCorrected(**known | told)

    def deliver(self, delivered: ShipmentDelivered) -> Iterator[ShipmentEvent]:
        self.under_way()
        if not repeats(self.delivered, delivered, but={"delivered_at", "revision"}):
            yield replace(delivered, revision=again(self.deliveries))

    def undo_delivery(self, reason: str) -> Iterator[ShipmentEvent]:
        self.under_way()
        if (told := self.delivered) is None:
            raise NotUnderWay(
                "The shipment is on its way: nothing was delivered by mistake.",
                "该发货单仍在途，没有误录的签收。",
            )
        when = told.delivered_at, told.revision
        yield ShipmentDeliveryUndone(told.order, told.shipment, reason, *when)

    def under_way(self) -> None:
        if self.consignment is None:
            raise Unknown(
                "There is no such shipment. Check its id, or dispatch it first: dispatch-shipment.",
                "没有这张发货单。请检查其编号，或先发运：dispatch-shipment。",
            )
        if self.put_back is not None:
            raise PickCancelled
        if self.dispatched is None:
            raise NotUnderWay(
                "The shipment is picked and has not left. Dispatch it first: dispatch-shipment.",
                "该发货单已拣货，尚未发运。请先发运：dispatch-shipment。",
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.consignment is None else self.consignment.dimensions

    def evolve(self, event: ShipmentEvent) -> Self:
        match event:
            case ShipmentPicked(consignment):
                return replace(self, consignment=consignment, picked=event)
            case ShipmentPickCancelled():
                return replace(self, put_back=event)
            case ShipmentDispatched(consignment, carrier, tracking_number):
                sent = replace(self, consignment=consignment, dispatched=event)
                return replace(sent, carrier=carrier, tracking_number=tracking_number)
            case ShipmentTrackingCorrected(carrier, tracking_number):
                return replace(self, carrier=carrier, tracking_number=tracking_number)
            case ShipmentDelivered():
                return replace(self, delivered=event, deliveries=self.deliveries + 1)
            case ShipmentDeliveryUndone():
                return replace(self, delivered=None)
