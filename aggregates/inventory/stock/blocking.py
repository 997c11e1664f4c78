"""Goods that are here and may not be sold: what came back and is looked at, what is damaged."""

from typing import get_args

from aggregates import Refused, Unknown
from aggregates.inventory.stock import Stock, Yielded, lotted
from aggregates.inventory.stock.asked import Asked
from aggregates.inventory.stock.events import (
    BlockReason,
    Condition,
    LotPart,
    StockBlocked,
    StockReceived,
    StockUnblocked,
    UnblockOutcome,
)
from aggregates.inventory.stock.posting import follows
from aggregates.inventory.stock.refusals import TooMuch


class NotFreeToBlock(Refused):
    """What stands ready for an order, or is the rest of one, is not held back behind its back."""

    def __init__(self, free: int, quantity: int, orders: str) -> None:
        super().__init__(
            f"Only {free} can be held back, not {quantity}. The others are held for"
            f" {orders or '-'}, of which a part has left or stands ready: put back what was"
            " picked (cancel-pick), or cancel the rest (cancel-order), and block these then.",
            f"可冻结的仅 {free}，不足 {quantity}。其余已为 {orders or '-'} 预留，"
            "这些订单已部分发货或已拣货：请先用 cancel-pick 放回已拣的货物，"
            "或用 cancel-order 取消剩余部分，再冻结。",
        )


def reason_of(condition: Condition) -> BlockReason | None:
    """Why goods that came back in such a condition are held back; None where they may be sold."""
    return next((one for one in get_args(BlockReason) if one == condition), None)


def block(
    stock: Stock, reference: str, quantity: int, reason: BlockReason, note: str | None, asked: Asked
) -> Yielded:
    """Hold back so many, of a lot where one is named, under a reference of its own."""
    held, at = stock.held_by(), stock.moment(asked)
    event = StockBlocked(held, reference, quantity, reason, at, (), note, asked.packed)
    if asked.once(event, "lots") is None:
        return
    if quantity > max(stock.available, 0):
        raise NotFreeToBlock(max(stock.available, 0), quantity, ", ".join(sorted(stock.orders)))
    parts = asked.brought(quantity) or lotted.taken(stock, quantity, asked.choice(at), "miss")
    for part in parts:
        if (free := stock.lots.of(part.lot).free) < abs(part.quantity):
            raise NotFreeToBlock(free, quantity, ", ".join(sorted(stock.lots.holders(part.lot))))
    lots = tuple(LotPart(part.lot, abs(part.quantity)) for part in parts)
    yield StockBlocked(held, reference, quantity, reason, at, lots, note, asked.packed)


def unblock(
    stock: Stock,
    reference: str,
    document: str,
    quantity: int | None,
    outcome: UnblockOutcome,
    note: str | None,
    asked: Asked,
) -> Yielded:
    """Let go of what is held back under a reference, or of a part of it."""
    there, at = stock.blocks.get(reference, 0), stock.moment(asked)
    many = there if quantity is None else quantity
    event = StockUnblocked(
        stock.held_by(), reference, document, many, outcome, at, (), note, asked.packed
    )
    left_open = ("lots",) if quantity is not None else ("lots", "quantity")
    if asked.once(event, *left_open) is None:
        return
    blocked = asked.recorded(StockBlocked.under(reference))
    if blocked is None:
        raise Unknown(
            f"Nothing is blocked here under {reference}. GET /stock/blocked lists what is.",
            f"此处没有以 {reference} 冻结的库存。GET /stock/blocked 列出已冻结的库存。",
        )
    if not 0 < many <= there:
        raise TooMuch(
            f"{there} are blocked under {reference}, not {many}. Let go of no more than these.",
            f"{reference} 名下冻结的是 {there}，而不是 {many}。请不要超出该数量。",
        )
    yield from follows(event, blocked, reference, asked)
    parts = lotted.unblocked(stock, reference, many, asked.choice(at))
    yield StockUnblocked(
        stock.held_by(), reference, document, many, outcome, at, parts, note, asked.packed
    )


def undone(reference: str) -> str:
    """The document that lets go of goods that never came back; no one's own is named so."""
    return f"{reference}:undone"


def came_back(stock: Stock, received: StockReceived, condition: Condition, asked: Asked) -> Yielded:
    """Hold back what just came in, of the lots that it is of, unless it may be sold at once."""
    if (reason := reason_of(condition)) is not None:
        parts = asked.brought(received.quantity)
        lots = asked._replace(at=received.moved_at, parts=parts)
        yield from block(stock, received.reference, received.quantity, reason, None, lots)
