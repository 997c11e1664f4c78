"""What stands ready for a shipment goes out with it, and with no other."""

from collections.abc import Iterable, Mapping

from aggregates.orders.lines import NO_PACKS, PartsSaid, PickedLine, ShippedLine
from aggregates.orders.order import BeyondLine, SalesOrder, Tolerance
from aggregates.orders.shipment import PickCancelled, PickedAlready, PickedOtherwise
from aggregates.packs import Packed


def ready_for(
    order: SalesOrder, shipment: str, parts: PartsSaid | None
) -> tuple[Mapping[int, int] | None, Mapping[int, Packed]]:
    """What is to go out with a shipment, and in which packs: what was picked for it, or else what
    is asked for, which is what stands ready for no other unless told.
    """
    picked = order.ready.get(shipment)
    if picked is None:
        if parts is not None:
            return parts
        return left(order) if any(order.ready.values()) else None, NO_PACKS
    if not picked:
        raise PickCancelled
    ready = PartsSaid.of(picked)
    if parts is not None and parts.quantities != ready.quantities:
        raise PickedOtherwise(shipment)
    return ready if parts is None else parts


def left(order: SalesOrder) -> dict[int, int]:
    """What can be picked, or go out, still."""
    found = {line: quantity for line, quantity in order.not_ready.items() if quantity > 0}
    if not found and order.open:
        raise PickedAlready(min(order.open), 0)
    return found


def may_go_too(
    order: SalesOrder, lines: Iterable[PickedLine | ShippedLine], tolerance: Tolerance
) -> None:
    """Refuse to take what stands ready for another shipment."""
    ready, left = order.standing_ready, order.not_ready
    for one in lines:
        if there := ready.get(one.line, 0):
            try:
                order.cut({one.line: there + one.quantity}, tolerance)
            except BeyondLine:
                raise PickedAlready(one.line, max(left.get(one.line, 0), 0)) from None
