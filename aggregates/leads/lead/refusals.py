"""Why a lead is not taken, given away or converted."""

from datetime import date

from aggregates import Refused


class LeadClosed(Refused):
    """Converted is final; what is disqualified has to be resumed first."""


class NotQualified(Refused):
    """What is converted was looked at before."""


class NobodyToTalkTo(Refused):
    """A lead names a company, or a person."""


class AmountWithoutCurrency(Refused):
    """An amount is in a currency."""

    def __init__(self) -> None:
        super().__init__(
            "An amount is in a currency. Give its code as currency, such as CNY.",
            "金额须有币种。请在 currency 中填写币种代码，例如 CNY。",
        )


class NotLater(Refused):
    """What is nurtured comes back on a day to come."""


class LeadReasonMissing(Refused):
    """A lead that is given up is explained, and "other" explains nothing."""


class FullLoad(Refused):
    """Nobody has more open leads than the company allows."""


class NobodysLead(Refused):
    """What nobody has, nobody converts."""


class NotPut(Refused):
    """What is followed up cannot be taken up again."""


def closed(status: str, why: str | None) -> LeadClosed:
    if status == "converted":
        return LeadClosed(
            f"This lead was converted into {why}, once for all. Capture another.",
            f"此线索已转为 {why}，不能再变更。请另行登记线索。",
        )
    return LeadClosed(
        f"This lead is disqualified ({why}). Resume it first.",
        f"此线索已判为无效（{why}）。请先恢复跟进。",
    )


def not_qualified() -> NotQualified:
    return NotQualified(
        "This lead is not qualified yet. Qualify it first: qualify-lead.",
        "此线索尚未鉴别为有效。请先鉴别：qualify-lead。",
    )


def nobody_to_talk_to() -> NobodyToTalkTo:
    return NobodyToTalkTo(
        "A lead names a company or a person. Fill company, contact_name or customer.",
        "线索须有公司或联系人。请填写 company、contact_name 或 customer。",
    )


def not_later(until: date, today: date) -> NotLater:
    return NotLater(
        f"It would come back on {until}, and it is {today}. Give a later day.",
        f"培育截止日 {until} 不晚于今天 {today}。请填写更晚的日期。",
    )


def reason_missing() -> LeadReasonMissing:
    return LeadReasonMissing(
        'Say in the detail why it comes to nothing: "other" explains nothing.',
        '请在说明中写明无效原因："other" 等于没有说明。',
    )


def full_load(owner: str, load: int, cap: int) -> FullLoad:
    return FullLoad(
        f"{owner} has {load} open leads and may have {cap}. Give it to somebody else, or have"
        " whoever settles leads.assignment raise the cap.",
        f"{owner} 已有 {load} 条未结线索，最多允许 {cap} 条。"
        "请分配给其他人，或由负责 leads.assignment 设置的人员提高上限。",
    )


def nobodys() -> NobodysLead:
    return NobodysLead(
        "Nobody has this lead yet. Assign it first: assign-lead.",
        "此线索尚无负责人。请先分配：assign-lead。",
    )


def not_put() -> NotPut:
    return NotPut(
        "This lead is being followed up. Only one that is nurtured or disqualified is resumed.",
        "此线索正在跟进。只有培育中或已判为无效的线索才能恢复。",
    )
