"""What a dealer's own user may order: for the dealer, at his prices, and what is agreed."""

from collections.abc import Sequence
from datetime import datetime

from aggregates import Refused
from aggregates.channel.ordering import DealerOrderSettings
from aggregates.organisation.account import Account
from commands import Load
from commands.channel.agreement import agreement_on
from commands.prices import RequestedLine
from commands.settings import in_force


class NotHisOrder(Refused):
    """A dealer's user orders for the dealer."""


class OwnPrice(Refused):
    """What a dealer pays is said by the company's lists and rules."""


class NoAgreement(Refused):
    """Where an agreement is needed, none that has ended is used."""


class NotAgreed(Refused):
    """A dealer orders what is agreed with him."""


def check_own_order(
    load: Load, customer: str, lines: Sequence[RequestedLine], at: datetime
) -> None:
    """Refuse what whoever asks may not order, where that is a dealer's user."""
    account: Account = load(Account, load.actor)
    dealer = account.opened.dealer if account.opened else None
    if dealer is None:
        return
    if customer != dealer:
        raise NotHisOrder(
            f"You order for {dealer}, not for {customer}. Name {dealer} as the customer.",
            f"您只能为 {dealer} 下单，不能为 {customer} 下单。请将客户填写为 {dealer}。",
        )
    for line in lines:
        if line.unit_price is not None or line.discount_bp:
            raise OwnPrice(
                f"The price of {line.item} is yours by the price lists. Leave unit_price and"
                " discount_bp out.",
                f"{line.item} 按您的价格表定价。请不要填写 unit_price 和 discount_bp。",
            )
    _check_agreed(load, dealer, lines, at)


def _check_agreed(load: Load, dealer: str, lines: Sequence[RequestedLine], at: datetime) -> None:
    found = agreement_on(load, dealer, at)
    if found is None:
        if in_force(load, DealerOrderSettings, at).settings.agreement_needed:
            raise NoAgreement(
                "No agreement with you holds today. Ask your contact here to sign one.",
                "目前没有有效的合作协议。请联系您的业务代表签署协议。",
            )
        return
    name, agreement = found
    products = agreement.known().products
    for line in lines:
        if products and line.item not in products:
            raise NotAgreed(
                f"{line.item} is not among the products of {name}: {', '.join(products)}. Order"
                " these, or have the agreement changed.",
                f"{line.item} 不在协议 {name} 的产品范围内：{'、'.join(products)}。"
                "请订购这些产品，或变更协议。",
            )
