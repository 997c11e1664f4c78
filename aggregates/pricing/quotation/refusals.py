"""Why a quotation is not taken, revised, accepted or ordered."""

from collections.abc import Iterable
from datetime import date

from aggregates import Refused

ZH = {
    "draft": "草稿",
    "submitted": "待审批",
    "sent": "已发出",
    "accepted": "已接受",
    "refused": "已拒绝",
    "expired": "已过期",
    "ordered": "已下单",
    "contracted": "已转合同",
    "cancelled": "已取消",
}


class QuotationNotNow(Refused):
    """What may be done with a quotation depends on how far it is."""


class QuotationSuperseded(Refused):
    """Only the newest revision is offered."""


class QuotationOver(Refused):
    """After its last day a quotation is offered no longer."""


class QuotationChanged(Refused):
    """What is sent is what was read."""


class NoSuchRevision(Refused):
    """A quotation has the revisions that were made of it."""


NEXT = {
    "draft": ("Send it first: send-quotation.", "请先发送：send-quotation。"),
    "submitted": ("It waits for signatures: have them sign.", "正在等待签批：请先完成签批。"),
    "sent": ("Have it accepted first: accept-quotation.", "请先登记客户接受：accept-quotation。"),
}
"""What leads on from where a quotation is."""
REVISE = "Revise it, or draft another.", "请修订报价单，或另行起草。"


def not_now(status: str, allowed: Iterable[str]) -> QuotationNotNow:
    wanted = list(allowed)
    what, zh = NEXT.get(status, REVISE)
    return QuotationNotNow(
        f"The quotation is {status}. This can be done while it is {' or '.join(wanted)}. {what}",
        f"报价单{ZH[status]}。此操作仅适用于{'或'.join(ZH[one] for one in wanted)}的报价单。{zh}",
    )


def superseded(revision: int, newest: int) -> QuotationSuperseded:
    return QuotationSuperseded(
        f"Revision {revision} was superseded by revision {newest}. Go on with that one, or revise"
        " the quotation, taking up the older one with from_revision.",
        f"第 {revision} 版已被第 {newest} 版取代。请使用新版，"
        "或通过 from_revision 重新采用旧版进行修订。",
    )


def over(valid_until: date, day: date) -> QuotationOver:
    return QuotationOver(
        f"The quotation is valid until {valid_until}, and it is {day}. Revise it with a later day.",
        f"报价单有效期至 {valid_until}，而现在是 {day}。请修订并填写更晚的日期。",
    )


def no_such_revision(revision: int, newest: int) -> NoSuchRevision:
    return NoSuchRevision(
        f"There is no revision {revision} of this quotation. Give a number up to {newest}.",
        f"此报价单没有第 {revision} 版。请填写不大于 {newest} 的版本号。",
    )


def content_changed(revision: int) -> QuotationChanged:
    return QuotationChanged(
        f"The quotation was changed since you read it, and is in revision {revision}. Read it"
        " again, and send that content.",
        f"报价单在您阅读后已变更，现为第 {revision} 版。请重新阅读后再发送。",
    )
