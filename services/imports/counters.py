"""What takes back a row of an import: one counter-command for the event that tells of it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aggregates import Event
from aggregates.catalog.product import ProductAdded, ProductDiscontinued, ProductRepriced
from aggregates.channel.goods_flow import GoodsFlowReported
from aggregates.channel.stock_report import StockReported
from aggregates.customers.customer import ContactAdded, CustomerFrozen, CustomerRegistered
from aggregates.fieldwork.appointment.events import AppointmentPlanned
from aggregates.fieldwork.task.events import TaskCreated
from aggregates.inventory.lot import LotQuarantined, ProductLot
from aggregates.inventory.movement import MovementPosted
from aggregates.inventory.stock import Stock, StockArrived, StockDispatched
from aggregates.inventory.stock.events import (
    Document,
    StockAdjusted,
    StockCounted,
    StockIssued,
    StockReceived,
    StockSold,
)
from aggregates.loyalty.member import MemberEnrolled, PointsEarned, PointsRedeemed
from aggregates.loyalty.member.deposit import DepositSpent, DepositToppedUp
from aggregates.orders.claim import ClaimFiled
from aggregates.orders.order import OrderDrafted
from aggregates.orders.order.events import OrderLossCredited, OrderReturned
from aggregates.organisation.rep import RepHired, RepLeft
from aggregates.plain import Plain
from aggregates.pricing.contract.events import ContractDrafted
from aggregates.pricing.quotation.events import QuotationDrafted
from aggregates.receivables.credit_note import CreditNoteIssued
from aggregates.receivables.invoice.events import InvoiceWrittenOff
from aggregates.receivables.receipt.events import PaymentAllocated, PaymentRefunded
from aggregates.targets.target import TargetSet
from commands import Command
from commands.catalog.product import RepriceProduct, ResumeProduct, WithdrawProduct
from commands.channel.goods_flow import CorrectGoodsFlow
from commands.channel.stock_report import RejectStockReport
from commands.customers.customer import RemoveContact, UnfreezeCustomer, WithdrawCustomer
from commands.fieldwork.appointment import CancelAppointment
from commands.fieldwork.task import CancelTask
from commands.inventory.lot import ReleaseLot
from commands.inventory.movement import CancelMovement
from commands.inventory.stock_corrections import CancelTransfer, ReverseArrival, ReverseMovement
from commands.loyalty.deposit import ReverseDeposit
from commands.loyalty.member import ReverseRedemption, WithdrawMember
from commands.loyalty.purchase import ReturnPurchase, ReverseEarning
from commands.orders.claim import RejectClaim
from commands.orders.order import CancelOrder
from commands.orders.undone_return import UndoLoss, UndoReturn
from commands.organisation.rep import ReturnRep, WithdrawRep
from commands.plain import verbs
from commands.pricing.contract import CancelContract
from commands.pricing.quotation import CancelQuotation
from commands.receivables.allocation import UndoAllocation
from commands.receivables.credit_note import CancelCreditNote
from commands.receivables.invoice import UndoWriteOff
from commands.receivables.receipt import UndoRefund
from commands.targets.target import WithdrawTarget
from services.bootstrap import CONTEXTS

REASON = "the import was undone"
Made = Callable[[str, Any], Command]


class Counter(NamedTuple):
    """The event that tells that a row was done, and what takes it back."""

    event: type[Event]
    made: Made


def _reversed(document: Document) -> Made:
    def made(stream: str, event: Any) -> Command:
        location, item = Stock.parts(stream)
        name = event.sale if isinstance(event, StockSold) else event.reference
        where = {"location": location, "item": item}
        return ReverseMovement(**where, document=document, reference=name, reason=REASON)

    return made


def _called_back(stream: str, event: Any) -> Command:
    _, item = Stock.parts(stream)
    what = {"location": event.to_location, "item": item, "transfer": event.transfer}
    return CancelTransfer(**what, reason=REASON)


def _lot_released(stream: str) -> Command:
    item, lot = ProductLot.parts(stream)
    return ReleaseLot(item=item, lot=lot, reason=REASON)  # type: ignore[call-arg]


def _on_its_way_again(stream: str, event: StockArrived) -> Command:
    location, item = Stock.parts(stream)
    what = {"location": location, "item": item, "transfer": event.transfer}
    receipt = None if event.receipt == event.transfer else event.receipt
    return ReverseArrival(**what, receipt=receipt, reason=REASON)


def _purchase(event: PointsEarned) -> dict[str, Any]:
    which = {"dealer": event.dealer, "day": event.day, "till": event.till}
    return {"purchase": event.purchase, "reason": REASON, **which}


def _id(stream: str) -> str:
    return stream.partition("-")[2]


def _withdrawn(event: type[Event], command: type[Command], number: str | None = None) -> Counter:
    """By a command that is asked with a reason, and with the `number` of what was told."""

    def made(stream: str, told: Any) -> Command:
        which = {} if number is None else {number: getattr(told, number)}
        return command(id=_id(stream), **which, reason=REASON)  # type: ignore[call-arg]

    return Counter(event, made)


def _report(stream: str) -> dict[str, str]:
    dealer, report = _id(stream).split(":")
    return {"dealer": dealer, "report": report, "reason": REASON}


def _plain(kind: type[Plain[Any]]) -> Counter:
    return _withdrawn(kind.events.registered, verbs(kind).withdraw)


PLAIN = {verbs(kind).register.slug(): _plain(kind) for each in CONTEXTS for kind in each.plain}
COUNTERS: Mapping[str, Counter] = {
    **PLAIN,
    "register-customer": _withdrawn(CustomerRegistered, WithdrawCustomer),
    "add-product": _withdrawn(ProductAdded, WithdrawProduct),
    "enrol-member": _withdrawn(MemberEnrolled, WithdrawMember),
    "hire-rep": _withdrawn(RepHired, WithdrawRep),
    "receive-stock": Counter(StockReceived, _reversed("received")),
    "issue-stock": Counter(StockIssued, _reversed("issued")),
    "adjust-stock": Counter(StockAdjusted, _reversed("adjusted")),
    "count-stock": Counter(StockCounted, _reversed("counted")),
    "sell-out": Counter(StockSold, _reversed("sold")),
    "receive-transfer": Counter(StockArrived, _on_its_way_again),
    "transfer-stock": Counter(StockDispatched, _called_back),
    "post-movement": Counter(MovementPosted, lambda s, _: CancelMovement(id=_id(s), reason=REASON)),
    "quarantine-lot": Counter(LotQuarantined, lambda s, _: _lot_released(s)),
    "earn-points": Counter(
        PointsEarned, lambda stream, event: ReverseEarning(id=_id(stream), **_purchase(event))
    ),
    "record-purchase": Counter(
        PointsEarned,
        lambda stream, event: ReturnPurchase(
            id=_id(stream), return_id="import-undone", **_purchase(event)
        ),
    ),
    "redeem-points": Counter(
        PointsRedeemed,
        lambda stream, event: ReverseRedemption(id=_id(stream), redemption=event.redemption),
    ),
    "freeze-customer": Counter(CustomerFrozen, lambda s, _: UnfreezeCustomer(id=_id(s))),
    "add-contact": Counter(
        ContactAdded, lambda stream, event: RemoveContact(id=_id(stream), contact=event.contact)
    ),
    "reprice-product": Counter(
        ProductRepriced,
        lambda stream, event: RepriceProduct(
            id=_id(stream), list_price=event.from_price, cost=event.from_cost
        ),
    ),
    "discontinue-product": Counter(ProductDiscontinued, lambda s, _: ResumeProduct(id=_id(s))),
    "draft-order": Counter(OrderDrafted, lambda s, _: CancelOrder(id=_id(s), reason=REASON)),
    "draft-quotation": _withdrawn(QuotationDrafted, CancelQuotation),
    "draft-contract": _withdrawn(ContractDrafted, CancelContract),
    "file-claim": _withdrawn(ClaimFiled, RejectClaim),
    "return-order": _withdrawn(OrderReturned, UndoReturn, "return_id"),
    "credit-loss": _withdrawn(OrderLossCredited, UndoLoss, "loss"),
    "issue-credit-note": _withdrawn(CreditNoteIssued, CancelCreditNote),
    "write-off-invoice": _withdrawn(InvoiceWrittenOff, UndoWriteOff, "write_off"),
    "allocate-receipt": _withdrawn(PaymentAllocated, UndoAllocation, "allocation"),
    "refund-receipt": _withdrawn(PaymentRefunded, UndoRefund, "refund"),
    "top-up-deposit": _withdrawn(DepositToppedUp, ReverseDeposit, "top_up"),
    "spend-deposit": _withdrawn(DepositSpent, ReverseDeposit, "spend"),
    "create-task": _withdrawn(TaskCreated, CancelTask),
    "plan-appointment": _withdrawn(AppointmentPlanned, CancelAppointment),
    "set-target": _withdrawn(TargetSet, WithdrawTarget),
    "report-dealer-stock": Counter(
        StockReported, lambda stream, _: RejectStockReport(**_report(stream))
    ),
    "report-goods-flow": Counter(
        GoodsFlowReported, lambda stream, _: CorrectGoodsFlow(**_report(stream), lines=())
    ),
    "dismiss-rep": Counter(RepLeft, lambda stream, _: ReturnRep(id=_id(stream))),
}
"""By the command that was imported; what is not here stands for ever."""
