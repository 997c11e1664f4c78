"""Parts of the lines of an order: shipped, given back or lost, never more than there is."""

from collections.abc import Mapping, Sequence

from aggregates import Unknown
from aggregates.orders.lines import OrderLine, ShippedLine, part
from aggregates.orders.order.refusals import BeyondLine


def cut(
    lines: Sequence[OrderLine], parts: Mapping[int, int], done: Sequence[int], limit: Sequence[int]
) -> tuple[ShippedLine, ...]:
    """So many of each line by its number, after what is done of it and up to its limit."""
    for number, quantity in parts.items():
        if not 1 <= number <= len(lines):
            raise Unknown(
                f"The order has no line {number}. Choose 1 to {len(lines)}.",
                f"订单没有第 {number} 行。请选择 1 至 {len(lines)}。",
            )
        if (left := limit[number - 1] - done[number - 1]) < quantity:
            raise BeyondLine(number, left, quantity)
    return tuple(
        part(lines[number - 1], done[number - 1], quantity)
        for number, quantity in sorted(parts.items())
    )
