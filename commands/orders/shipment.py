"""What may be asked about shipments: pick, dispatch, deliver, and correct who carries them."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from aggregates import Aggregate, again, refuse_unequal
from aggregates.files.attachments import Attached, Attachments
from aggregates.files.file import File
from aggregates.files.media_types import EXTENSIONS
from aggregates.inventory.stock import Stock, transfers
from aggregates.orders.lines import NO_PACKS, PartsSaid, ShippedLine, by_item
from aggregates.orders.order import SHIPPED, OrderPicked, SalesOrder
from aggregates.orders.shipment import (
    Consignment,
    PickCancelled,
    PickedLine,
    Shipment,
    ShipmentDelivered,
    ShipmentDeliveryUndone,
    ShipmentDispatched,
    ShipmentEvent,
    ShipmentPickCancelled,
    ShipmentPicked,
)
from commands import Command, Decision, Id, Load, Text
from commands.change import Change, Kept
from commands.files.attachments import Digest
from commands.inventory.stock import asking
from commands.orders.order import ShipOrder, quantities
from commands.orders.parts import Parts, parts_said
from commands.orders.picks import left, may_go_too
from commands.orders.tolerance import holds_otherwise, tolerance_of
from commands.receivables.deliveries import sent_at
from commands.taken_back import is_taken_back


class ShipmentCommand(Command):
    """A request about a shipment of an order; both together are its id."""

    id: ClassVar[Any] = property(lambda self: Shipment.id_of(self.order, self.shipment))  # type: ignore[misc]

    order: Id
    shipment: Id

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Shipment, self.id
        yield SalesOrder, self.order

    def consignment(self, order: SalesOrder) -> Consignment:
        told = order.known()
        who = told.customer, told.warehouse, told.rep, told.department, told.region
        return Consignment(self.order, self.shipment, *who)


class PickShipment(ShipmentCommand, of=Shipment):
    """Put goods of an approved order ready to leave; they stay reserved and in stock, and are not
    picked for another shipment.
    """

    begins: ClassVar[bool] = True

    lines: Parts | None = Field(
        None, description="All that is open and stands not ready yet, unless told otherwise."
    )

    def follows(self, load: Load) -> datetime | None:
        """What was last done with the order, such as its approval."""
        return load.latest(SalesOrder, self.order)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.order)
        state: Shipment = load(Shipment, self.id)
        told = () if state.picked is None else state.picked.lines
        parts = None if self.lines is None else parts_said(load, order, self.lines, told)
        if state.picked is not None:
            if state.put_back is not None:
                raise PickCancelled
            refuse_unequal(*(() if parts is None else PartsSaid.of(told).others(parts)))
            return
        order.must_be(*SHIPPED)
        tolerance = tolerance_of(load, order, at)
        asked = parts or PartsSaid(left(order), NO_PACKS)
        lines = _picked(order.cut(asked.quantities, tolerance, asked.packs))
        may_go_too(order, lines, tolerance)
        self._check_free(order, lines, load, at)
        for event in state.pick(ShipmentPicked(self.consignment(order), lines)):
            yield from self.in_order(event, at, load)
            yield SalesOrder.stream(self.order), OrderPicked(self.shipment, lines)

    def _check_free(
        self, order: SalesOrder, lines: tuple[PickedLine, ...], load: Load, at: datetime
    ) -> None:
        """What goes beyond the order is taken of what nobody holds; it is set aside when it goes.

        Refused before it is carried to the door.
        """
        left = order.not_ready
        more = ((one.item, one.quantity - left.get(one.line, 0)) for one in lines)
        for item, beyond in by_item((item, max(one, 0)) for item, one in more).items():
            place = Stock.id_of(order.known().warehouse, item)
            deque(holds_otherwise(load, self.order, place, beyond, at), maxlen=0)


class CancelPick(ShipmentCommand, of=Shipment, when=lambda shipment: shipment.waits):
    """Put goods back that were picked and do not leave, or not as they were picked."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Shipment = load(Shipment, self.id)
        order: SalesOrder = load(SalesOrder, self.order)
        cancelled = ShipmentPickCancelled(self.order, self.shipment, self.reason)
        for event in state.cancel_pick(cancelled, left=self.shipment in order.shipments):
            yield self.stream, event
            if order.ready.get(self.shipment):
                yield SalesOrder.stream(self.order), OrderPicked(self.shipment, ())


class DispatchShipment(
    ShipmentCommand,
    of=Shipment,
    when=lambda one: one.dispatched is None and one.put_back is None,
):
    """Hand a shipment over to a carrier: what was picked for it, or all that is open and stands
    ready for no other shipment, leaves the warehouse, unless it was shipped before.
    """

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    carrier: Text
    tracking_number: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.order)
        state: Shipment = load(Shipment, self.id)
        what = self.carrier, self.tracking_number, at
        for event in state.dispatch(ShipmentDispatched(self.consignment(order), *what)):
            if self.shipment not in order.shipments:
                ships = ShipOrder(id=self.order, shipment=self.shipment, **self.dated())
                yield from ships.across(load, at)
            yield self.stream, event


class CorrectTracking(
    ShipmentCommand, Change, of=Shipment, when=lambda one: one.dispatched is not None
):
    """Correct who carries a shipment, or by which number it is tracked; what is left out stays,
    and null clears it.
    """

    carrier: Kept[Text] = None
    tracking_number: Text | None = None

    def decide(self, state: Shipment, at: datetime) -> Iterator[ShipmentEvent]:
        return state.correct(**self.told("carrier", "tracking_number"))


class DeliverShipment(
    ShipmentCommand,
    of=Shipment,
    when=lambda one: one.dispatched is not None and one.delivered is None,
):
    """Record that the customer has the goods, with the proof of it; a dealer's stock takes in what
    was still on its way to him.
    """

    proof: Digest | None = Field(
        None, description="The SHA-256 of a signed slip or a photo, as POST /files answers it."
    )
    note: Text | None = None

    def follows(self, load: Load) -> datetime | None:
        """When it was dispatched; an older build told when the goods left alone."""
        state: Shipment = load(Shipment, self.id)
        if state.dispatched is not None and state.dispatched.dispatched_at is not None:
            return state.dispatched.dispatched_at
        return sent_at(self.order, self.shipment, load)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Shipment = load(Shipment, self.id)
        what = self.order, self.shipment, self.proof, self.note, at
        for event in state.deliver(ShipmentDelivered(*what)):
            yield from self.in_order(event, at, load)
            yield from self._proven(load)
            yield from self._taken_in(event, load, at)

    def _proven(self, load: Load) -> Iterator[Decision]:
        """The proof hangs on the order, for everybody who may see that."""
        if self.proof is None:
            return
        file: File = load(File, self.proof)
        file.there(self.proof)
        key = Attachments.id_of(SalesOrder.kind, self.order)
        attachments: Attachments = load(Attachments, key)
        if self.proof not in attachments.files:
            name = f"{self.shipment}{EXTENSIONS[file.media_type][0]}"
            for hung in attachments.attach(
                self.proof, Attached(name, file.media_type, file.size, self.note)
            ):
                yield Attachments.stream(key), hung

    def _taken_in(self, told: Any, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.order)
        if order.known().customer_kind != "dealer":
            return
        for item in quantities(order.sent(self.shipment)):
            place = Stock.id_of(order.known().customer, item)
            stock: Stock = load(Stock, place)
            if left := stock.transit.get(self.shipment, 0):
                entry = asking(self, load, place, at)
                what = self.shipment, left, 0, told.receipt, entry
                for came in transfers.arrive(stock, *what):
                    yield Stock.stream(place), came


class UndoDelivery(ShipmentCommand, of=Shipment, when=lambda one: one.delivered is not None):
    """Take back what was told of a delivery by mistake, such as its day or its proof: the shipment
    is on its way, as is what a dealer's stock took in with it, and is delivered anew.
    """

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Shipment = load(Shipment, self.id)
        if state.delivered is None and state.deliveries:
            undoing = ShipmentDeliveryUndone.under(again(state.deliveries - 1))
            if is_taken_back(load, Shipment, self.id, undoing, self.reason):
                return
        for event in state.undo_delivery(self.reason):
            yield self.stream, event
            yield from self._under_way(state, load, at)

    def _under_way(self, state: Shipment, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.order)
        told = state.delivered
        if told is None or order.known().customer_kind != "dealer":
            return
        for item in quantities(order.sent(self.shipment)):
            place = Stock.id_of(order.known().customer, item)
            if load.event(Stock, place, f"arrived:{self.shipment}:{told.receipt}") is None:
                continue
            what = self.shipment, told.receipt, self.reason, asking(self, load, place, at)
            for event in transfers.reverse_arrival(load(Stock, place), *what):
                yield Stock.stream(place), event


def _picked(lines: Iterable[ShippedLine]) -> tuple[PickedLine, ...]:
    return tuple(PickedLine(one.line, one.item, one.quantity, one.packed) for one in lines)
