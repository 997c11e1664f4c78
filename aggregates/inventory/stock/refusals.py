"""Why stock says no."""

from collections.abc import Sequence
from datetime import datetime

from aggregates import OutOfOrder, Refused
from aggregates.calendar import format_instant
from aggregates.words import in_chinese


class NotEnough(Refused):
    """Nobody is promised what is not there."""

    def __init__(self, there: int, quantity: int, *, undoes: bool = False) -> None:
        en, zh = "Receive more or take fewer.", "请先入库，或减少数量。"
        if undoes:
            en = "Undo what took the others first, or enter an adjustment."
            zh = "请先撤销占用其余部分的单据，或录入库存调整。"
        super().__init__(
            f"Only {there} are available, not {quantity}. {en}",
            f"可用库存仅 {there}，不足 {quantity}。{zh}",
        )


class NotEnoughOfLot(Refused):
    """What is named is taken, and no other lot instead."""

    def __init__(self, lot: str, there: int, quantity: int) -> None:
        super().__init__(
            f"Only {there} of lot {lot} are free, not {quantity}. Name another lot, or none: then"
            " what expires first is taken.",
            f"批次 {lot} 可用仅 {there}，不足 {quantity}。请指定其他批次，"
            "或不指定：将先取最早到期的。",
        )


class Withheld(Refused):
    """What has expired or is in quarantine is not issued."""

    def __init__(self, there: int, quantity: int, lots: Sequence[str]) -> None:
        named = ", ".join(lots)
        super().__init__(
            f"Only {there} may be issued, not {quantity}: {named} expired or are in quarantine."
            " Receive more, or release what was checked: release-lot.",
            f"可出库仅 {there}，不足 {quantity}：{named} 已过期或被隔离。"
            "请补货，或放行已检验的批次：release-lot。",
        )


class LotCountedSince(OutOfOrder):
    """What a count found of lots is not told otherwise later."""

    def __init__(self, at: datetime, reference: str, counted: datetime) -> None:
        super().__init__(
            f"{reference} counted these goods on {format_instant(counted)}, so nothing is told of"
            f" their lots on {format_instant(at)}. Reverse the count, or give a later date.",
            f"{reference} 已于 {format_instant(counted)} 盘点这些货物，"
            f"不能再补录其批次在 {format_instant(at)} 的变动。请冲销盘点，或填写更晚的日期。",
        )


class NotEnoughThen(OutOfOrder):
    """Nothing leaves a warehouse before it came."""

    def __init__(self, at: datetime, quantity: int, there: int, since: datetime) -> None:
        given, first = format_instant(at), format_instant(since)
        super().__init__(
            f"{quantity} cannot have left on {given}: only {there} were there before {first}."
            ' Correct the date, enter what came before, or send "dates": "flag" to take it'
            " all the same.",
            f"{given} 不可能出库 {quantity}：在 {first} 之前库存仅 {there}。请更正日期，补录此前的"
            '入库，或发送 "dates": "flag" 仍然接受。',
        )


class CountedTooFew(OutOfOrder):
    """What left after a count was there when it was counted."""

    def __init__(self, at: datetime, counted: int, short: int, since: datetime) -> None:
        given, later = format_instant(at), format_instant(since)
        super().__init__(
            f"If {counted} were there on {given}, {short} of those that left by {later} were not."
            ' Count again, enter what came in between, or send "dates": "flag" to take it all the'
            " same.",
            f"若 {given} 盘得 {counted}，则到 {later} 为止的出库多出 {short}。请重新盘点，"
            '补录其间的入库，或发送 "dates": "flag" 仍然接受。',
        )


class BeforeItWasSent(OutOfOrder):
    """What follows from a movement is not dated before it."""

    def __init__(self, what: str, given: datetime, limit: datetime) -> None:
        super().__init__(
            f"{format_instant(given)} is before {what} happened, on {format_instant(limit)}."
            ' Correct the date, or send "dates": "flag" to take it all the same.',
            f"{format_instant(given)} 早于 {what} 发生的时间 {format_instant(limit)}。"
            '请更正日期，或发送 "dates": "flag" 仍然接受。',
        )


class MovementTooOld(OutOfOrder):
    """What is told late must meet what is remembered since."""

    def __init__(self, at: datetime, known: datetime) -> None:
        super().__init__(
            f"Too much has happened since {format_instant(at)}: what happened up to"
            f" {format_instant(known)} stands. Enter an adjustment of today instead.",
            f"自 {format_instant(at)} 以来的变动过多："
            f"{format_instant(known)} 及以前的记录不再更改。"
            "请改为录入当前的库存调整。",
        )


class CountTooOld(MovementTooOld):
    """A count needs the movements since."""


class CountedOtherwise(Refused):
    """One instant has one count."""

    def __init__(self, at: datetime, reference: str, before: int, counted: int) -> None:
        super().__init__(
            f"{before} were counted at {format_instant(at)} by {reference}, not {counted}."
            " Reverse that count, or give the time of this one.",
            f"{reference} 在 {format_instant(at)} 盘点的数量是 {before}，而不是 {counted}。"
            "请冲销该次盘点，或给出本次盘点的时间。",
        )


class NotReserved(Refused):
    """Only what was set aside for an order leaves for it."""

    def __init__(self, order: str, held: int, quantity: int) -> None:
        super().__init__(
            f"Order {order} holds {held}, not {quantity}. Reserve the rest.",
            f"订单 {order} 只预留了 {held}，不足 {quantity}。请预留其余部分。",
        )


class WrongHolder(Refused):
    """A location is a warehouse or a dealer, never both."""

    def __init__(self, holder: str, asked: str) -> None:
        super().__init__(
            f"This is a {holder}'s stock, not a {asked}'s. Check the id, or correct the holder.",
            f"这是{in_chinese(holder)}的库存，不是{in_chinese(asked)}的。请检查编号，或更正库存归属。",
        )


class TooMuch(Refused):
    """No more arrives than is on its way, and no more comes back than was sold."""


class ReceiptMissing(Refused):
    """Parts of a transfer that arrive without a receipt look alike."""

    def __init__(self, transfer: str, quantity: int, lost: int, left: int) -> None:
        super().__init__(
            f"{quantity} of {transfer} arrived before without a receipt, {lost} were lost, and"
            f" {left} are still on their way. Give this part a receipt of its own.",
            f"{transfer} 此前无收货单号到货 {quantity}，损失 {lost}，另有 {left} 在途。"
            "请为本次到货填写收货单号。",
        )


class NotReversible(Refused):
    """What an arrival has led to elsewhere is not undone with it."""

    def __init__(self, transfer: str, order: str | None) -> None:
        if order is not None:
            en, zh = (
                f"What of {transfer} was lost, a shipment of order {order}, is credited",
                f"{transfer} 是订单 {order} 的发货，其损失已记入贷项",
            )
        else:
            en, zh = f"Of lots of {transfer} some were lost", f"{transfer} 有批次损失"
        super().__init__(
            f"{en}. Put the stock right with count-stock or adjust-stock instead.",
            f"{zh}。请改用 count-stock 或 adjust-stock 更正库存。",
        )


class FoundAndGone(Refused):
    """What a count found, and has left or is promised since, is not unfound."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"Of what {reference} found some has left since, or is set aside. Count again instead:"
            " count-stock.",
            f"{reference} 盘点出的部分货物此后已出库或已预留。请改为重新盘点：count-stock。",
        )


class ReturnedInPart(Refused):
    """A sale whose goods came back is not reversed as well."""

    def __init__(self, sale: str, return_id: str) -> None:
        super().__init__(
            f"Goods of {sale} came back with {return_id}. Return the rest of it instead; or, where"
            " they did not come back, undo that: undo-sell-out-return.",
            f"{sale} 的商品已随 {return_id} 退回。请改为退回其余部分；"
            "如并未退回，请先撤销退回：undo-sell-out-return。",
        )


class LaterReturnFirst(Refused):
    """Lots come back in the order in which they went."""

    def __init__(self, return_id: str, later: str) -> None:
        super().__init__(
            f"{later} came back after {return_id}, of the lots that were left. Undo that first.",
            f"{later} 在 {return_id} 之后退回，其批次据此得出。请先撤销 {later}。",
        )


class HeldAlready(Refused):
    """A correction corrects."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"This is a {holder}'s stock already. Check the location and the item.",
            f"这已经是{in_chinese(holder)}的库存。请检查地点和商品。",
        )


class OnItsWay(Refused):
    """What is on its way was sent to the holder there was."""

    def __init__(self, transfer: str) -> None:
        super().__init__(
            f"{transfer} is on its way here. Receive or cancel it first.",
            f"{transfer} 正在发往此处。请先收货或取消调拨。",
        )
