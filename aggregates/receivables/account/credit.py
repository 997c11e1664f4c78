"""How much a customer may owe at once, and what becomes of orders beyond that."""

from datetime import date
from typing import ClassVar, Literal

from aggregates import Event, Refused
from aggregates.currency import money
from aggregates.marks import Money
from aggregates.settings import SettingsModel


class CreditSettings(SettingsModel, id="receivables.credit"):
    """An order that would take a customer beyond the limit is refused, or goes on where all have
    signed it whom an approval route names (`signed`).
    """

    over_limit: Literal["refuse", "signed"] = "refuse"


class CreditLimitSet(Event):
    """What the customer may owe in a currency, with orders that are not invoiced yet.

    `exposure` is what it was then.
    """

    currency: str
    limit: Money
    valid_from: date
    valid_until: date | None
    exposure: Money
    reason: str


class CreditHeld(Event):
    """Nothing is approved or shipped for the customer until the hold is released."""

    reason: str


class CreditHoldReleased(Event):
    reason: str


class OrderCreditRefused(Event, anytime=True):
    """An order that would have taken the customer beyond the limit, with the figures of then.

    `ended` is the last day of a limit that was over.
    """

    refusal: ClassVar[bool] = True
    order: str
    currency: str
    limit: Money
    exposure: Money
    amount: Money
    ended: date | None = None

    @property
    def excess(self) -> int:
        return self.exposure + self.amount - self.limit

    def said(self) -> tuple[str, str]:
        limit, exposure, amount, over = (
            money(one, self.currency)
            for one in (self.limit, self.exposure, self.amount, self.excess)
        )
        if self.ended is not None:
            return (
                f"The customer's credit limit in {self.currency} ended on {self.ended}. Order"
                f" {self.order} is worth {amount}, and {exposure} are used already. Set a limit"
                " anew: set-credit-limit.",
                f"客户的 {self.currency} 信用额度已于 {self.ended} 到期。订单 {self.order} 金额为"
                f" {amount}，已占用 {exposure}。请重新设置额度：set-credit-limit。",
            )
        return (
            f"The customer's credit limit is {limit}, {exposure} of it are used, and order"
            f" {self.order} is worth {amount}: {over} too much. Have invoices paid, shorten the"
            " order, or have the limit raised: set-credit-limit.",
            f"客户信用额度为 {limit}，已占用 {exposure}，订单 {self.order} 金额为 {amount}，"
            f"超出 {over}。请先催收回款、缩减订单，或提高额度：set-credit-limit。",
        )


class OverCreditLimit(Refused):
    """What waited for goods is not approved beyond the limit either."""


class BelowExposure(Refused):
    """A limit is not set below what the customer owes already."""

    def __init__(self, limit: int, exposure: int, currency: str) -> None:
        wanted, least = money(limit, currency), money(exposure, currency)
        super().__init__(
            f"{least} of credit are used already, more than {wanted}. Set {least} at least, or"
            " stop new orders with hold-credit.",
            f"已占用信用 {least}，超过 {wanted}。额度至少设为 {least}，"
            "或用 hold-credit 停止新订单。",
        )


class CreditOnHold(Refused):
    """While the credit of a customer is held, nothing is released to it."""

    def __init__(self, customer: str, reason: str) -> None:
        super().__init__(
            f"The credit of {customer} is on hold: {reason}. Have the hold released first:"
            " release-credit-hold.",
            f"客户 {customer} 的信用已冻结：{reason}。请先解除：release-credit-hold。",
        )


class ValidBackwards(Refused):
    """A limit ends after it begins."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            f"The limit would be valid from {first} to {last}. Give a last day after the first.",
            f"额度有效期为 {first} 至 {last}。请填写晚于起始日的截止日。",
        )
