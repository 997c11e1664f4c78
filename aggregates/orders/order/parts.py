"""Parts of the lines of an order: shipped, given back or lost, never more than there is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aggregates import Unknown
from aggregates.orders.lines import NO_PACKS, OrderLine, ShippedLine, part
from aggregates.orders.order.refusals import BeyondLine
from aggregates.packs import Packed


class Tolerance(NamedTuple):
    """Line by line, how many may go out beyond what was ordered, and how many may be missing.

    `settings` is the version that says so.
    """

    over: tuple[int, ...] = ()
    under: tuple[int, ...] = ()
    settings: str | None = None


EXACT = Tolerance()


def cut(
    lines: Sequence[OrderLine],
    parts: Mapping[int, int],
    done: Sequence[int],
    limit: Sequence[int],
    over: Sequence[int] = (),
    packs: Mapping[int, Packed] = NO_PACKS,
) -> tuple[ShippedLine, ...]:
    """So many of each line by its number, after what is done of it and up to its limit, and `over`
    that by no more than is told.
    """
    for number, quantity in parts.items():
        if not 1 <= number <= len(lines):
            raise Unknown(
                f"The order has no line {number}. Choose 1 to {len(lines)}.",
                f"订单没有第 {number} 行。请选择 1 至 {len(lines)}。",
            )
        left, more = limit[number - 1] - done[number - 1], over[number - 1] if over else 0
        if left + more < quantity:
            raise BeyondLine(number, max(left, 0), quantity, left + more)
    return tuple(
        part(lines[number - 1], done[number - 1], quantity, packs.get(number))
        for number, quantity in sorted(parts.items())
    )
