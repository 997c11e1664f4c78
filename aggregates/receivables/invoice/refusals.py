"""Why an invoice says no."""

from aggregates import Refused
from aggregates.currency import money


class BeyondOpen(Refused):
    """No more is settled of an invoice than is open."""

    def __init__(self, amount: int, left: int, currency: str) -> None:
        wanted, most = money(amount, currency), money(left, currency)
        super().__init__(
            f"{most} of the invoice is open, not {wanted}. Give {most} at most.",
            f"发票未结金额为 {most}，不足 {wanted}。最多可填 {most}。",
        )


class WrittenOff(Refused):
    """What was written off is not credited as well."""

    def __init__(self, amount: int, left: int, currency: str) -> None:
        wanted, most = money(amount, currency), money(left, currency)
        super().__init__(
            f"Of the invoice {most} is not written off, less than the {wanted} to be credited."
            " Take back what was written off first: undo-write-off.",
            f"发票未核销坏账的金额为 {most}，少于要冲销的 {wanted}。"
            "请先撤销坏账核销：undo-write-off。",
        )


class BeyondInvoice(Refused):
    """No more comes off a line than was invoiced."""

    def __init__(self, line: int, left: int, quantity: int) -> None:
        super().__init__(
            f"{left} of line {line} are invoiced and not credited, and {quantity} came back or"
            " were lost. Invoice their shipment first: issue-invoice.",
            f"第 {line} 行已开票且未冲销的数量为 {left}，而退回或损失的数量为 {quantity}。"
            "请先对其发货开票：issue-invoice。",
        )
