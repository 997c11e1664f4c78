"""What stands ready for a shipment goes out with it, and with no other."""

from collections.abc import Iterable, Mapping

from aggregates.orders.lines import PickedLine, ShippedLine
from aggregates.orders.order import BeyondLine, SalesOrder, Tolerance
from aggregates.orders.shipment import PickCancelled, PickedAlready, PickedOtherwise


def ready_for(
    order: SalesOrder, shipment: str, parts: Mapping[int, int] | None
) -> Mapping[int, int] | None:
    """What is to go out with a shipment: what was picked for it, or else what is asked for, which
    is what stands ready for no other unless told.
    """
    picked = order.ready.get(shipment)
    if picked is None:
        return left(order) if parts is None and any(order.ready.values()) else parts
    if not picked:
        raise PickCancelled
    if parts not in (None, numbers(picked)):
        raise PickedOtherwise(shipment)
    return numbers(picked)


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


def numbers(lines: Iterable[PickedLine]) -> dict[int, int]:
    return {line.line: line.quantity for line in lines}
