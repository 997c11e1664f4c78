"""Why a receipt says no."""

from aggregates import Refused
from aggregates.currency import money


class BeyondReceipt(Refused):
    """No more of a payment is used than was received."""

    def __init__(self, amount: int, left: int, currency: str) -> None:
        wanted, most = money(amount, currency), money(left, currency)
        super().__init__(
            f"{most} of the payment is left, not {wanted}. Give {most} at most, or undo an"
            " allocation first: undo-allocation.",
            f"该收款剩余 {most}，不足 {wanted}。最多可填 {most}，"
            "或先撤销一笔核销：undo-allocation。",
        )


class BouncedPayment(Refused):
    """Money that never came settles nothing."""

    def __init__(self) -> None:
        super().__init__(
            "The payment bounced. Record the payment that came instead: receive-payment.",
            "该笔收款已被退票。请登记重新收到的款项：receive-payment。",
        )


class PaidBack(Refused):
    """What was paid back cannot bounce any more."""

    def __init__(self, amount: int, currency: str) -> None:
        super().__init__(
            f"{money(amount, currency)} of the payment was paid back, so it did not bounce."
            " Check the id of the receipt, or take the refund back: undo-refund.",
            f"该笔收款已退还 {money(amount, currency)}，不可能退票。请检查收款单编号，"
            "或先撤销退款：undo-refund。",
        )
