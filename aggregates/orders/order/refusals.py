"""Why an order says no."""

from collections.abc import Sequence
from datetime import datetime

from aggregates import Refused
from aggregates.calendar import format_instant
from aggregates.orders.words import STATES


class NotNow(Refused):
    """An order takes one step after the other."""

    def __init__(self, status: str, allowed: Sequence[str]) -> None:
        super().__init__(
            f"The order is {status}; that needs an order that is {' or '.join(allowed)}.",
            f"订单的状态是“{STATES[status]}”；"
            f"此操作要求状态为{'或'.join(f'“{STATES[one]}”' for one in allowed)}。",
        )


class ContentChanged(Refused):
    """What is approved is what was read."""

    def __init__(self) -> None:
        super().__init__(
            "The order was changed after you read it. Read it again.",
            "您读取之后订单已被修改。请重新读取。",
        )


class LinesQuoted(Refused):
    """An order has the lines and prices of the quotation that it was made from."""

    def __init__(
        self, quotation: str | None, revision: int | None, name: str, before: object, now: object
    ) -> None:
        super().__init__(
            f"The order was made from revision {revision} of quotation {quotation}, with {name}"
            f" {before}, not {now}. Keep its lines; or cancel it, and quote anew.",
            f"此订单由报价单 {quotation} 第 {revision} 版生成，{name} 为 {before}，而不是 {now}。"
            "请保留原有行；或取消订单后重新报价。",
        )


class LinesContracted(Refused):
    """An order has the lines and prices of the contract that it was drawn on."""

    def __init__(self, contract: str, name: str, before: object, now: object) -> None:
        super().__init__(
            f"The order was drawn on contract {contract}, with {name} {before}, not {now}. Keep"
            " its lines; or cancel it, and order anew: order-contract.",
            f"此订单依合同 {contract} 下单，{name} 为 {before}，而不是 {now}。"
            "请保留原有行；或取消订单后重新按合同下单：order-contract。",
        )


class BeyondDelivered(Refused):
    """No more is claimed than was delivered, and neither came back nor was claimed before."""

    def __init__(self, shipment: str, line: int, most: int, asked: int) -> None:
        super().__init__(
            f"Of line {line} of shipment {shipment} {most} may be claimed, not {asked}: the rest"
            " was not in it, came back, or was claimed before. Check shipment, line and quantity.",
            f"发货单 {shipment} 第 {line} 行最多可索赔 {most}，而不是 {asked}："
            "其余未在其中、已退回或已索赔。请检查发货单、行号与数量。",
        )


class AlreadyOver(Refused):
    """Nothing waits, or is set aside, until a moment that has passed."""

    def __init__(self, until: datetime, at: datetime) -> None:
        super().__init__(
            f"{format_instant(until)} has passed: it is {format_instant(at)}."
            " Give a later moment, or none.",
            f"{format_instant(until)} 已过：现在是 {format_instant(at)}。"
            "请给出更晚的时间，或不填。",
        )


class BeyondLine(Refused):
    """No more is shipped than was ordered and is allowed beyond, and no more comes back or is lost
    than was shipped.
    """

    def __init__(self, line: int, left: int, quantity: int, most: int) -> None:
        if most <= left:
            en, zh = f"has {left} left, not {quantity}", f"只剩 {left}，不足 {quantity}"
        else:
            en = f"has {left} left and may exceed that up to {most}, not to {quantity}"
            zh = f"只剩 {left}，最多可超发至 {most}，而不是 {quantity}"
        super().__init__(f"Line {line} {en}. Take fewer.", f"第 {line} 行{zh}。请减少数量。")


class LaterFirst(Refused):
    """Parts of a line sum to it, and lots come back in their order: the last goes first."""

    def __init__(self, return_id: str) -> None:
        super().__init__(
            f"Something of the same lines came back, or was lost, after {return_id}, and its amount"
            " or its lots follow from that. Undo the later returns first.",
            f"{return_id} 之后同一订单行还有退货或损失，其金额或批次据此得出。请先撤销较晚的退货。",
        )


class BeyondOrder(Refused):
    """Nothing is set aside for an order that it does not want."""

    def __init__(self, status: str, location: str, item: str, most: int, quantity: int) -> None:
        super().__init__(
            f"The order is {status} and may hold {most} of {item} at {location}, not"
            f" {quantity}. Reserve no more than that, or change its lines first.",
            f"订单的状态是“{STATES[status]}”，在 {location} 最多可预留 {most} 件 {item}，"
            f"而不是 {quantity}。请减少预留数量，或先修改订单行。",
        )


class StillNeeded(Refused):
    """What an approved order was promised is not let go behind its back."""

    def __init__(self, status: str, location: str, item: str, needed: int) -> None:
        super().__init__(
            f"The order is {status} and needs {needed} of {item} at {location}."
            " Ship the order, or cancel it.",
            f"订单的状态是“{STATES[status]}”，需要 {location} 的 {needed} 件 {item}。"
            "请将订单发货，或取消订单。",
        )


class StandsReady(Refused):
    """Other goods are not put under a pick."""

    def __init__(self, shipment: str) -> None:
        super().__init__(
            f"Goods of the order stand ready for shipment {shipment}. Put them back first:"
            " cancel-pick.",
            f"订单的货物已为发货单 {shipment} 备好。请先放回：cancel-pick。",
        )
