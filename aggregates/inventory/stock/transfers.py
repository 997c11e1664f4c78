"""What is sent from one location to another: it is on its way, and arrives, is lost or diverted."""

from aggregates import ReferenceTaken, Unknown
from aggregates.inventory.stock import Held, Stock, Yielded, lotted
from aggregates.inventory.stock.asked import Asked
from aggregates.inventory.stock.events import (
    StockArrivalReversed,
    StockArrived,
    StockDiverted,
    StockExpected,
    StockTakenBack,
)
from aggregates.inventory.stock.lotted import Going
from aggregates.inventory.stock.posting import follows, post
from aggregates.inventory.stock.refusals import NotReversible, ReceiptMissing, TooMuch


def expect(
    stock: Stock,
    transfer: str,
    from_location: str,
    quantity: int,
    holder: Held,
    asked: Asked,
    order: str | None = None,
) -> Yielded:
    """Two transfers of one name would become one on arrival: the second is refused, and so is a
    shipment that is called as that of another order.
    """
    held = stock.held_by(holder)
    event = StockExpected(held, transfer, from_location, quantity, asked.at, order)
    if (before := asked.recorded(event.recorded_under())) is not None:
        raise _sent_before(before, order)
    if held == "warehouse":
        asked.takes_in()
    yield event
    yield from lotted.expected(event.holder, transfer, asked.parts)


def arrive(
    stock: Stock, transfer: str, quantity: int, lost: int, receipt: str | None, asked: Asked
) -> Yielded:
    name, left = receipt or transfer, stock.transit.get(transfer, 0)
    sent = asked.recorded(StockExpected("warehouse", transfer, "", 0).recorded_under())
    order, at = sent and sent.order, stock.moment(asked)
    event = StockArrived(stock.held_by(), transfer, quantity, lost, name, at, order, asked.packed)
    before = asked.recorded(event.recorded_under())
    if before is not None and asked.recorded(f"reversed {event.recorded_under()}") is not None:
        raise ReferenceTaken(
            f"What was told of {transfer} under {name} is reversed. Give this part another"
            " receipt.",
            f"{transfer} 以 {name} 记录的到货已冲销。请为本次到货另填收货单号。",
        )
    if before is not None and receipt is None and left:
        raise ReceiptMissing(transfer, before.quantity, before.lost, left)
    if asked.once(event, "order") is None:
        return
    if not left:
        raise _not_on_its_way(transfer, sent)
    if left < quantity + lost:
        raise TooMuch(
            f"Only {left} of {transfer} are on their way. Adjust what is beyond.",
            f"{transfer} 只有 {left} 在途。超出的部分请用库存调整。",
        )
    yield from follows(event, sent, transfer, asked)
    parts, gone = lotted.arriving(stock, transfer, quantity, lost)
    yield from post(stock, event, quantity, asked, lots=Going(transfer, parts))
    yield from lotted.expected(event.holder, transfer, gone)


def reverse_arrival(
    stock: Stock, transfer: str, receipt: str | None, reason: str, asked: Asked
) -> Yielded:
    """So many of a transfer are on their way again, as if nothing had been told of that part."""
    name = receipt or transfer
    arrived: StockArrived | None = asked.recorded(f"arrived:{transfer}:{name}")
    if arrived is None:
        raise Unknown(
            f"Nothing of {transfer} arrived here with the receipt {name}. Check both.",
            f"此处没有 {transfer} 以收货单号 {name} 到货的记录。请检查两者。",
        )
    told = -arrived.quantity, -arrived.lost, reason, arrived.moved_at, arrived.order
    event = StockArrivalReversed(stock.held_by(), transfer, name, *told)
    if asked.once(event) is None:
        return
    went = asked.recorded(f"lots {arrived.recorded_under()}")
    if arrived.lost and (arrived.order is not None or stock.lots):
        raise NotReversible(transfer, arrived.order)
    have = None if stock.holder == "dealer" else stock.available
    back = Going(name, lotted.opposite(went.lots)) if went else None
    yield from post(stock, event, event.quantity, asked, have, back)
    yield from lotted.expected(event.holder, transfer, went.lots if went else ())


def divert(stock: Stock, transfer: str, to_location: str, reason: str, asked: Asked) -> Yielded:
    """Send elsewhere what is still on its way here."""
    left, at = stock.transit.get(transfer, 0), stock.moment(asked)
    event = StockDiverted(stock.held_by(), transfer, to_location, left, reason, at)
    if asked.once(event, "quantity") is None:
        return
    sent = asked.recorded(StockExpected("warehouse", transfer, "", 0).recorded_under())
    if not left:
        raise _not_on_its_way(transfer, sent)
    yield from follows(event, sent, transfer, asked)
    yield event
    _, gone = lotted.arriving(stock, transfer, left, 0)
    yield from lotted.expected(event.holder, transfer, gone)


def bring_back(stock: Stock, transfer: str, quantity: int, asked: Asked) -> Yielded:
    """Have back what of a transfer never arrived."""
    at = stock.moment(asked)
    event = StockTakenBack(stock.held_by(), transfer, quantity, at)
    if asked.once(event) is not None:
        yield from post(stock, event, quantity, asked, lots=Going(transfer, asked.parts))


def _sent_before(before: StockExpected, order: str | None) -> ReferenceTaken:
    name, source = before.transfer, before.from_location
    if before.order is None:
        return ReferenceTaken(
            f"{name} is a transfer from {source} that came this way before. Choose another id.",
            f"{name} 是从 {source} 发往此处的调拨，编号已用过。请换一个编号。",
        )
    another = f"{order or before.order}-{name}"
    return ReferenceTaken(
        f"{name} is the shipment of order {before.order} from {source}: what arrives is received"
        f" under that id. Give this one another, such as {another}.",
        f"{name} 是订单 {before.order} 从 {source} 发出的发货单，到货即按此编号登记。"
        f"请换一个编号，例如 {another}。",
    )


def _not_on_its_way(transfer: str, sent: StockExpected | None) -> Unknown:
    if sent is None:
        return Unknown(
            f"No transfer {transfer} is on its way here. Check its id.",
            f"没有发往此处的调拨 {transfer}。请检查其编号。",
        )
    return Unknown(
        f"Nothing of {transfer} is on its way here any more: all has arrived, is lost or was sent"
        " elsewhere. Undo what was told wrongly with reverse-arrival.",
        f"{transfer} 已无在途货物：均已到货、损失或改道。如有误录，请用 reverse-arrival 冲销。",
    )
