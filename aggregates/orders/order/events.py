"""What may happen to an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from aggregates import Event, anew
from aggregates.marks import Money, names
from aggregates.orders.lines import OrderLine, PickedLine, ShippedLine
from aggregates.orders.steps import SignedStep


@dataclass(frozen=True)
class Shortage:
    item: str
    wanted: int
    available: int


@dataclass(frozen=True)
class Released:
    item: str
    quantity: int


class OrderDrafted(Event):
    """`split_from` names the order that these lines were the rest of; `quotation` and its revision
    what they were taken over from; `exchange_of` the order whose goods these replace; `contract`
    what they are part of.
    """

    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    lines: tuple[OrderLine, ...]
    rep: str
    department: str
    region: str
    opportunity: str | None
    split_from: str | None = None
    quotation: str | None = None
    quotation_revision: int | None = None
    exchange_of: Annotated[str | None, names("order")] = None
    contract: str | None = None

    def recorded_under(self) -> str:
        return "drafted"


class OrderRedrafted(Event):
    """Other lines; what was submitted before is void."""

    lines: tuple[OrderLine, ...]


class OrderSubmitted(Event):
    """`approval` is the one that it waits for, by its company's routes.

    `whole` is the content that was approved, where this order is the rest of another.
    """

    amount: Money
    content: str
    approval: str | None = None
    whole: str | None = None


class OrderSplit(Event):
    """`lines` stay in this order, `left` are those of the order `rest`; both sum to it exactly.

    `content` is what was submitted; `kept` is the content of what stays.
    """

    rest: str
    lines: tuple[OrderLine, ...]
    left: tuple[OrderLine, ...]
    content: str
    kept: str

    def recorded_under(self) -> str:
        return "split"


class OrderApproved(Event):
    """Its goods are held for it until they are shipped, or until `hold_until`.

    `settings` is the version that says until when, where nobody did.
    """

    content: str
    approver: str | None
    hold_until: datetime | None = None
    revision: int | None = None
    settings: str | None = None

    @staticmethod
    def under(revision: int | None = None) -> str:
        """The first approval, or one after the goods were let go."""
        return anew("approved", revision)

    def recorded_under(self) -> str:
        return self.under(self.revision)


class OrderReservationLapsed(Event):
    """The goods are held no more, and the order is to be approved anew: nothing was shipped until
    `hold_until`, or somebody let them go then for a `reason`; `partial` says that what is there is
    approved at once.
    """

    hold_until: datetime
    released: tuple[Released, ...]
    reason: str | None = None
    partial: bool = False


class OrderApprovalRefused(Event):
    """What was to be approved, by whom, and where it was short: enough to try again later.

    It waits for its goods `wait_until` then, or for as long as it takes.
    """

    refusal: ClassVar[bool] = True
    shortages: tuple[Shortage, ...]
    warehouse: str
    content: str
    approver: str | None
    wait_until: datetime | None = None

    def said(self) -> tuple[str, str]:
        en = "; ".join(f"{s.item}: {s.wanted} wanted, {s.available} there" for s in self.shortages)
        zh = "；".join(f"{s.item}：需要 {s.wanted}，现有 {s.available}" for s in self.shortages)
        return (
            f"{self.warehouse} lacks goods for the order. {en}. It waits, and is approved when"
            " the goods have come; or change its lines, and submit it again.",
            f"{self.warehouse} 的货物不足。{zh}。订单将等待，到货后自动批准；"
            "也可以修改订单行后重新提交。",
        )


class OrderRejected(Event):
    reason: str


class OrderShipped(Event):
    """`lines_closed` are those of which less than ordered is enough, by the version `settings`."""

    shipment: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]
    complete: bool
    lines_closed: tuple[int, ...] = ()
    settings: str | None = None

    def recorded_under(self) -> str:
        return f"shipment:{self.shipment}"


class OrderCancelled(Event):
    reason: str
    released: tuple[Released, ...]

    def recorded_under(self) -> str:
        return "cancelled"


class OrderReturned(Event):
    """`condition` is that of the goods, where somebody said it; the company's settings say it
    otherwise.
    """

    return_id: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]
    reason: str
    condition: str | None = None

    def recorded_under(self) -> str:
        return f"return:{self.return_id}"


class OrderReturnUndone(Event, anytime=True):
    """What was told to have come back did not: it is with the customer. Its instant is that of the
    return, of which its lines are.
    """

    return_id: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]
    reason: str
    returned_at: datetime | None

    @staticmethod
    def under(return_id: str) -> str:
        return f"return-undone:{return_id}"

    def recorded_under(self) -> str:
        return self.under(self.return_id)

    def happened(self) -> datetime | None:
        return self.returned_at


class OrderExchanged(Event):
    """Goods came back, and `replacement` is the order of what goes out in their place. `returned`
    and `amount` are what both are worth; the customer owes the difference, or has it back.
    """

    exchange: str
    replacement: Annotated[str, names("order")]
    returned: Money
    amount: Money
    currency: str
    reason: str

    @property
    def difference(self) -> int:
        return self.amount - self.returned

    def recorded_under(self) -> str:
        return f"exchanged:{self.exchange}"


class OrderClaimed(Event, anytime=True):
    """So many of a line of a shipment are claimed to be amiss."""

    claim: str
    shipment: str
    line: int
    quantity: int


class OrderClaimSettled(Event, anytime=True):
    """The claim is open no more; what was given for it is told apart, as the loss, return or
    exchange `given`.
    """

    claim: str
    given: str | None = None

    @staticmethod
    def under(given: str) -> str:
        return f"claim-settled:{given}"

    def recorded_under(self) -> str | None:
        return None if self.given is None else self.under(self.given)


class OrderLossCredited(Event, anytime=True):
    """Goods of a shipment never came: their share of the money is the customer's again.

    It is told when the shipment arrives, which may be after what the order did later.
    """

    loss: str
    shipment: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]

    def recorded_under(self) -> str:
        return f"loss:{self.loss}"


class OrderLossUndone(Event, anytime=True):
    """What was told to be lost of a shipment was not: the customer owes it."""

    loss: str
    shipment: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]
    reason: str

    @staticmethod
    def under(loss: str) -> str:
        return f"loss-undone:{loss}"

    def recorded_under(self) -> str:
        return self.under(self.loss)


class OrderInvoiced(Event, anytime=True):
    """A shipment is on an invoice, whole; the order may have gone on since it left."""

    shipment: str
    invoice: str

    def recorded_under(self) -> str:
        return f"invoiced:{self.shipment}"


class OrderReturnCredited(Event, anytime=True):
    """A return, or a loss, is on a credit note, whole."""

    return_id: str | None
    loss: str | None
    credit_note: str
    revision: int | None = None

    @staticmethod
    def under(credited: str, revision: int | None = None) -> str:
        return f"credited:{credited}" + (f" {revision}" if revision else "")

    @property
    def credited(self) -> str:
        """Under what the return, or the loss, was recorded."""
        return f"return:{self.return_id}" if self.return_id else f"loss:{self.loss}"

    def recorded_under(self) -> str:
        return self.under(self.credited, self.revision)


class OrderCreditUndone(Event, anytime=True):
    """The credit note of a return or a loss was issued by mistake: `amount` is to be credited."""

    return_id: str | None
    loss: str | None
    credit_note: str
    amount: Money
    currency: str

    @property
    def credited(self) -> str:
        return f"return:{self.return_id}" if self.return_id else f"loss:{self.loss}"

    def recorded_under(self) -> str:
        return f"credit-undone:{self.credit_note}"


class OrderStepSigned(Event, anytime=True):
    """Somebody answers for a step of the order, or of one of its shipments; `role` is as what."""

    step: SignedStep
    shipment: str | None
    role: str | None
    note: str | None = None
    revision: int | None = None

    @staticmethod
    def under(step: str, shipment: str | None, revision: int | None = None) -> str:
        return anew(f"signed:{step}" + (f":{shipment}" if shipment else ""), revision)

    def recorded_under(self) -> str:
        return self.under(self.step, self.shipment, self.revision)


class OrderSignatureUndone(Event, anytime=True):
    """A step was signed by mistake: it waits for its signature again."""

    step: SignedStep
    shipment: str | None
    reason: str
    revision: int | None = None

    @staticmethod
    def under(step: str, shipment: str | None, revision: int | None = None) -> str:
        return f"undone:{OrderStepSigned.under(step, shipment, revision)}"

    def recorded_under(self) -> str:
        return self.under(self.step, self.shipment, self.revision)


class OrderPicked(Event, anytime=True):
    """What stands ready for a shipment; nothing, where it was put back."""

    shipment: str
    lines: tuple[PickedLine, ...]


OrderEvent = (
    OrderDrafted
    | OrderRedrafted
    | OrderSubmitted
    | OrderSplit
    | OrderApproved
    | OrderReservationLapsed
    | OrderApprovalRefused
    | OrderRejected
    | OrderShipped
    | OrderCancelled
    | OrderReturned
    | OrderReturnUndone
    | OrderExchanged
    | OrderLossCredited
    | OrderInvoiced
    | OrderReturnCredited
    | OrderCreditUndone
    | OrderLossUndone
    | OrderStepSigned
    | OrderSignatureUndone
    | OrderPicked
    | OrderClaimed
    | OrderClaimSettled
)
