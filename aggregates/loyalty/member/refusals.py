"""Why a member's account says no."""

from datetime import date

from aggregates import Refused


class NotYet(Refused):
    """Points live through their last day."""

    def __init__(self, on: date, today: date) -> None:
        super().__init__(
            f"{on} has not come. Expire points up to {today}.",
            f"{on} 还未到。请使截至 {today} 的积分过期。",
        )


class BornDead(Refused):
    """Points that are earned can be spent."""

    def __init__(self, day: date, expires_on: date) -> None:
        super().__init__(
            f"Points of {day} cannot end on {expires_on}, before they are earned."
            " Give a later last day.",
            f"{day} 获得的积分不能在获得之前的 {expires_on} 到期。请给出更晚的到期日。",
        )


class CashBackOfNothing(Refused):
    """A cash-back pays money out."""

    def __init__(self) -> None:
        super().__init__(
            "A cash-back says how much money is paid out. Give amount and currency.",
            "返现须说明支付的金额。请填写 amount 和 currency。",
        )


class MoneyOfNoCurrency(Refused):
    """An amount is of a currency."""

    def __init__(self) -> None:
        super().__init__(
            "An amount is in a currency. Give its code, such as CNY.",
            "金额需要货币。请填写货币代码，例如 CNY。",
        )


class HasPurchases(Refused):
    """Who has bought something stays a member."""

    def __init__(self, purchase: str) -> None:
        super().__init__(
            f"Points stand for the purchase {purchase}. Take its points back first.",
            f"消费 {purchase} 的积分仍有效。请先收回其积分。",
        )


class PartlyReturned(Refused):
    """Points are given anew for all of a purchase, or for none of it."""

    def __init__(self, purchase: str) -> None:
        super().__init__(
            f"Part of {purchase} came back. Return the rest, and record what was kept as a"
            " purchase of its own.",
            f"{purchase} 已部分退货。请退回其余部分，并将留下的商品另行记录为一笔消费。",
        )


class HasDeposit(Refused):
    """Who has money here stays a member."""

    def __init__(self) -> None:
        super().__init__(
            "The member has a deposit. Let it be spent or paid back first.",
            "该会员有储值余额。请先使用或退还。",
        )
