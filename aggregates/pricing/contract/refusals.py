"""Why a contract is not changed or signed, or nothing is ordered on it."""

from collections.abc import Iterable
from datetime import date

from aggregates import Refused

ZH = {
    "draft": "草稿",
    "submitted": "已提交",
    "signed": "已签订",
    "ended": "已到期",
    "cancelled": "已取消",
    "terminated": "已终止",
}


class ContractNotNow(Refused):
    """What may be done with a contract depends on how far it is."""


class ContractNotValid(Refused):
    """A contract counts from its first day to its last."""


class BeyondContract(Refused):
    """No more is ordered on a contract than it says, in all."""


class NoSuchLine(Refused):
    """A contract has the lines that were agreed."""


class NothingDrawn(Refused):
    """An order on a contract has something of it."""


NEXT = {
    "draft": ("Submit it first: submit-contract.", "请先提交：submit-contract。"),
    "submitted": ("Record that it was signed: sign-contract.", "请先登记签订：sign-contract。"),
    "signed": ("End it with terminate-contract.", "如需结束请使用 terminate-contract。"),
}
"""What leads on from where a contract is."""
ANOTHER = "Make or draft another contract.", "请另行生成或起草合同。"


def not_now(status: str, allowed: Iterable[str]) -> ContractNotNow:
    wanted = list(allowed)
    what, zh = NEXT.get(status, ANOTHER)
    return ContractNotNow(
        f"The contract is {status}. This can be done while it is {' or '.join(wanted)}. {what}",
        f"合同{ZH[status]}。此操作仅适用于{'或'.join(ZH[one] for one in wanted)}的合同。{zh}",
    )


def not_valid(valid_from: date, valid_until: date, day: date) -> ContractNotValid:
    return ContractNotValid(
        f"The contract is valid from {valid_from} until {valid_until}, and it is {day}. Order"
        " within these days, or make another contract.",
        f"合同有效期为 {valid_from} 至 {valid_until}，而现在是 {day}。"
        "请在有效期内下单，或另签合同。",
    )


def over(valid_until: date, day: date) -> ContractNotValid:
    return ContractNotValid(
        f"The contract would be valid until {valid_until}, and it is {day}. Give a later day.",
        f"合同有效期至 {valid_until}，而现在是 {day}。请填写更晚的日期。",
    )


def backwards(valid_from: date, valid_until: date) -> ContractNotValid:
    return ContractNotValid(
        f"The contract would begin on {valid_from}, after its last day {valid_until}. Give a"
        " first day that is not after the last.",
        f"合同起始日 {valid_from} 晚于到期日 {valid_until}。请填写不晚于到期日的起始日。",
    )


def beyond(line: int, item: str, left: int, asked: int) -> BeyondContract:
    return BeyondContract(
        f"Of line {line} of the contract ({item}) {left} are left, not {asked}. Order {left} at"
        " most, cancel an order on it, or make another contract for the rest.",
        f"合同第 {line} 行（{item}）还剩 {left}，不足 {asked}。"
        f"请最多下单 {left}，取消其上的订单，或就差额另签合同。",
    )


def no_such_line(line: int, lines: int) -> NoSuchLine:
    return NoSuchLine(
        f"The contract has no line {line}. Give the number of one of its lines, 1 to {lines}.",
        f"合同没有第 {line} 行。请填写 1 到 {lines} 之间的行号。",
    )


def nothing_left() -> NothingDrawn:
    return NothingDrawn(
        "All of the contract is ordered. Cancel an order on it, or make another contract.",
        "合同已全部下单。请取消其上的订单，或另签合同。",
    )
