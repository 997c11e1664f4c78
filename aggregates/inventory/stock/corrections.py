"""What was entered wrong is put right, and what was sold comes back: by events of their own."""

from collections.abc import Mapping
from typing import Any

from aggregates import TakenBack, Unknown, refuse_unequal
from aggregates.inventory.stock import Stock, Yielded
from aggregates.inventory.stock.asked import Asked
from aggregates.inventory.stock.events import (
    Document,
    Holder,
    ReceiptCostCorrected,
    SellOutReturned,
    SellOutReturnUndone,
    StockAdjusted,
    StockCounted,
    StockHolderCorrected,
    StockIssued,
    StockReceived,
    StockReversed,
    StockSold,
)
from aggregates.inventory.stock.kinds import kind_of
from aggregates.inventory.stock.lotted import Going, came_back, opposite
from aggregates.inventory.stock.posting import follows, post
from aggregates.inventory.stock.refusals import (
    CountTooOld,
    FoundAndGone,
    HeldAlready,
    LaterReturnFirst,
    NotEnough,
    OnItsWay,
    ReturnedInPart,
    TooMuch,
)

DOCUMENTS: Mapping[Document, str] = {
    "received": "入库",
    "issued": "出库",
    "adjusted": "调整",
    "sold": "销售",
    "counted": "盘点",
}
"""In Chinese."""


def reverse(stock: Stock, document: Document, reference: str, reason: str, asked: Asked) -> Yielded:
    """Undo the whole of what was recorded last under a reference, at its own instant."""
    known, undone = asked.last(document, reference)
    if known is None:
        raise _unknown(document, reference)
    event = _reversal(stock, known, document, reason)
    if undone is not None:
        asked.once(event, "quantity", "outflow", "movement")
        return
    if document == "sold":
        for part, gone in _parts(reference, asked):
            if gone is None:
                raise ReturnedInPart(reference, part.return_id)
    of_fact = stock.holder == "dealer" or document == "sold"
    went = asked.recorded(f"lots {known.recorded_under()}")
    back = Going(reference, opposite(went.lots)) if went else None
    have = None if of_fact else stock.available
    try:
        yield from post(stock, event, event.quantity, asked, have, back)
    except NotEnough as no:
        raise FoundAndGone(reference) if document == "counted" else no from None


def _reversal(stock: Stock, known: Any, document: Document, reason: str) -> StockReversed:
    quantity, outflow, whose = _effect(stock, known), 0, dict[str, Any]()
    match known:
        case StockReceived(reason="return"):
            outflow = known.quantity
        case StockIssued(reason="sale"):
            outflow = -known.quantity
        case StockSold():
            outflow = -known.quantity
            names = "amount", "currency", "member", "rep", "department", "region"
            whose = {name: getattr(known, name) for name in names}
    name = known.sale if isinstance(known, StockSold) else known.reference
    what = name, -quantity, outflow, reason, known.moved_at, known.again
    return StockReversed(stock.held_by(), document, *what, **whose, movement=kind_of(known))


def _effect(stock: Stock, known: Any) -> int:
    """What on hand changed by when it was recorded."""
    match known:
        case StockReceived() | StockAdjusted():
            return known.quantity
        case StockCounted(lot=lot, difference=difference) if lot is not None:
            return difference
        case StockCounted(counted_at=at):
            for count in stock.past.counts:
                if (count.at, count.reference) == (at, known.reference):
                    return count.effect
            if stock.past.uncounted is not None and at <= stock.past.uncounted:
                raise CountTooOld(at, stock.past.uncounted)
            return 0
        case _:
            return -int(known.quantity)


def correct_cost(
    stock: Stock, reference: str, cost: int, currency: str, reason: str, asked: Asked
) -> Yielded:
    """What came in under a reference cost another amount, from its own instant on."""
    known, undone = asked.last("received", reference)
    if known is None or undone is not None:
        raise _unknown("received", reference)
    before, number, told = known, 1, None
    while (
        found := asked.recorded(ReceiptCostCorrected.under(reference, known.again, number))
    ) is not None:
        before = told = found
        number += 1
    if (before.cost, before.currency) == (cost, currency):
        if told is not None:
            refuse_unequal(("reason", told.reason, reason))
        return
    what = known.quantity, before.cost, cost, currency, reason, known.moved_at
    yield ReceiptCostCorrected(stock.held_by(), reference, *what, known.again, number)


def correct_holder(stock: Stock, holder: Holder, reason: str, asked: Asked) -> Yielded:
    """The stock was always another's; what is there is his from now on."""
    if stock.holder is None:
        raise Unknown(
            "Nothing is known of this stock. Check the location and the item.",
            "没有此库存的记录。请检查地点和商品。",
        )
    last, number = None, 1
    while (found := asked.recorded(f"holder {number}")) is not None:
        last, number = found, number + 1
    if holder == stock.holder:
        if last is None:
            raise HeldAlready(holder)
        refuse_unequal(("reason", last.reason, reason))
        return
    if stock.transit:
        raise OnItsWay(min(stock.transit))
    there = stock.on_hand, stock.reserved
    yield StockHolderCorrected(holder, stock.holder, reason, *there, number, stock.blocked)


def take_back(
    stock: Stock, sale: str, return_id: str, quantity: int, amount: int | None, asked: Asked
) -> Yielded:
    """Goods of a sale come back, whole or in part; the parts never sum to more than was sold."""
    sold, undone = asked.last("sold", sale)
    if sold is None or undone is not None:
        raise _unknown("sold", sale)
    part, goods, money = 1, sold.quantity, sold.amount
    for before, gone in _parts(sale, asked):
        if before.return_id == return_id:
            if gone is not None:
                raise TakenBack(return_id)
            break
        part += 1
        if gone is None:
            goods, money = goods - before.quantity, money - before.amount
    worth = _worth(sold, goods, money, quantity) if amount is None else amount
    whose = sold.rep, sold.department, sold.region
    what = quantity, worth, sold.currency, sold.member, stock.moment(asked), *whose
    event = SellOutReturned(stock.held_by("dealer"), sale, return_id, *what, part, asked.packed)
    if asked.once(event, *(() if amount is not None else ("amount",))) is None:
        return
    if quantity > goods or worth > money:
        raise TooMuch(
            f"{goods} of {sale} for {money} are sold and not returned, not {quantity} for {worth}."
            " Check the sale and what came back.",
            f"{sale} 已售未退的是 {goods}，金额 {money}，而不是 {quantity}，金额 {worth}。"
            "请核对该销售和退货。",
        )
    yield from follows(event, sold, sale, asked)
    went = asked.recorded(f"lots {sold.recorded_under()}")
    parts = came_back(went.lots, sold.quantity - goods, quantity) if went else ()
    yield from post(stock, event, quantity, asked, lots=Going(return_id, parts))


def undo_take_back(stock: Stock, sale: str, return_id: str, reason: str, asked: Asked) -> Yielded:
    """Goods of a sale did not come back, which they were told to."""
    known = _parts(sale, asked)
    found = next((each for each in known if each[0].return_id == return_id), None)
    if found is None:
        raise Unknown(
            f"Nothing of {sale} came back here as {return_id}. Check both.",
            f"此处没有 {sale} 以 {return_id} 退回的记录。请检查两者。",
        )
    back, gone = found
    if gone is not None:
        refuse_unequal(("reason", gone.reason, reason))
        return
    went = asked.recorded(f"lots {back.recorded_under()}")
    for later, undone in known[known.index(found) + 1 :] if went else ():
        if undone is None:
            raise LaterReturnFirst(return_id, later.return_id)
    whose = back.rep, back.department, back.region, back.part or 1, reason
    what = -back.quantity, -back.amount, back.currency, back.member, back.moved_at
    event = SellOutReturnUndone(stock.held_by(), sale, return_id, *what, *whose)
    lots = Going(return_id, opposite(went.lots)) if went else None
    yield from post(stock, event, event.quantity, asked, lots=lots)


def _parts(sale: str, asked: Asked) -> list[tuple[SellOutReturned, SellOutReturnUndone | None]]:
    """All that came back of a sale, and what took that back."""
    found = list[tuple[SellOutReturned, SellOutReturnUndone | None]]()
    while (part := asked.recorded(_back(sale, len(found) + 1))) is not None:
        found.append((part, asked.recorded(SellOutReturnUndone.under(sale, len(found) + 1))))
    return found


def _worth(sold: StockSold, goods: int, money: int, quantity: int) -> int:
    """The part's share of the amount; with the last part all is returned, to the last fen."""
    left = max(goods - quantity, 0)
    return max(money - sold.amount * left // sold.quantity, 0)


def _back(sale: str, part: int) -> str:
    return f"returned:{sale} {part}"


def _unknown(document: Document, reference: str) -> Unknown:
    return Unknown(
        f"Nothing that was {document} here has the reference {reference}. Check it.",
        f"此处没有单据号为 {reference} 的{DOCUMENTS[document]}记录。请检查。",
    )
